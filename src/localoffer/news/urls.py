from django.urls import path

from localoffer.news import views

app_name = "news"
urlpatterns = [path("news/feed.atom", views.atom, name="feed")]

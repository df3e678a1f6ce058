from django.urls import path

from localoffer.authority import views

app_name = "authority"
urlpatterns = [
    path("theme.css", views.theme, name="theme"),
    path("r/<str:reference>", views.short_address, name="short_address"),
]

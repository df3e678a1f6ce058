from django.urls import path

from localoffer.directory import views

app_name = "directory"
urlpatterns = [
    path("service/<slug:slug>/", views.service, name="service"),
    path("shortlist/", views.shortlist_page, name="shortlist"),
    path("save/<str:reference>/", views.save, name="save"),
]

from django.urls import path

from localoffer.mail import views

app_name = "mail_services"
urlpatterns = [
    path("notify/", views.notify, name="notify"),
    path("service/", views.service, name="service"),
]

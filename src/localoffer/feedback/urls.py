from django.urls import path

from localoffer.feedback import views

app_name = "feedback"
urlpatterns = [
    path("", views.give, name="give"),
    path("thanks/<str:reference>/", views.thanks, name="thanks"),
]

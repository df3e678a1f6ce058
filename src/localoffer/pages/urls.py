from django.urls import path, re_path

from localoffer.pages import views

app_name = "pages"
urlpatterns = [
    path("favicon.ico", views.icon, name="icon"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    re_path(r"^media/images/(?P<name>[^/]+)$", views.picture, name="picture"),
    path("media/video/<int:pk>/<str:name>", views.film, name="film"),
]

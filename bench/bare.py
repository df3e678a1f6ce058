"""The least that Django does for a page: our middleware, and a view that has the bytes ready."""

from django.http import HttpResponse
from django.urls import re_path

body = b""


def same_bytes(request):
    return HttpResponse(body)


urlpatterns = [re_path("", same_bytes)]

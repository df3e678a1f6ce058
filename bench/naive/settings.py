"""The shipped settings, with the plain ways in place of ours."""

from localoffer.settings import *

INSTALLED_APPS = ["bench.naive.apps.NaiveConfig", *INSTALLED_APPS]
ROOT_URLCONF = "bench.naive.urls"
MIDDLEWARE = [
    name.replace(
        "localoffer.authority.middleware.authority_middleware", "bench.naive.site.middleware"
    )
    for name in MIDDLEWARE
]
TEMPLATES[0]["OPTIONS"]["context_processors"] = [
    name.replace("localoffer.pages.context_processors.site", "bench.naive.site.context")
    for name in TEMPLATES[0]["OPTIONS"]["context_processors"]
]

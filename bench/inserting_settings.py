"""The shipped settings of the database, and one view with nothing before it."""

from localoffer.settings import *

ROOT_URLCONF = "bench.inserting"
MIDDLEWARE = []
INSTALLED_APPS = []

"""Puts the plain ways in place of ours when this, and only this, settings module is used."""

from django.apps import AppConfig


class NaiveConfig(AppConfig):
    name = "bench.naive"

    def ready(self):
        from bench.naive import contexts

        contexts.put_in_place()

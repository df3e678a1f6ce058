from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PlacesConfig(AppConfig):
    name = "localoffer.places"
    verbose_name = "Places"

    def ready(self):
        from localoffer.places import actions

        post_migrate.connect(
            actions.load_after_migrate,
            dispatch_uid="places.load_areas",
            sender=self,
        )

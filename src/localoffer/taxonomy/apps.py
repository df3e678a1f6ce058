from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TaxonomyConfig(AppConfig):
    name = "localoffer.taxonomy"
    verbose_name = "Words and lists"

    def ready(self):
        from localoffer.authority import roles
        from localoffer.taxonomy import actions

        post_migrate.connect(
            actions.load_after_migrate,
            dispatch_uid="taxonomy.load_reference_data",
            sender=self,
        )
        for model in self.get_models():
            for role in roles.ROLES:
                roles.allow_all(f"taxonomy.{model._meta.model_name}", role, actions=["view"])

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "localoffer.search"
    verbose_name = "Search"

    def ready(self):
        from localoffer.authority import changes, contentversion
        from localoffer.search import indexing, sources
        from localoffer.search.sources import pages, services

        sources.register("service", services.documents)
        sources.register("guide", pages.of_kind("guide"))
        sources.register("news", pages.of_kind("news"))
        sources.register("page", pages.of_kind("page"))
        changes.listen(indexing.changed)
        contentversion.hide("search.indexcheck", "search.indexstate", "search.outgoing")
        post_migrate.connect(
            indexing.prepare_after_migrate, dispatch_uid="search.prepare", sender=self
        )

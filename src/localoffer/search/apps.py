from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SearchConfig(AppConfig):
    name = "localoffer.search"
    verbose_name = "Search"

    def ready(self):
        from localoffer import pagecache
        from localoffer.authority import changes, contentversion, roles, today
        from localoffer.search import asked, indexing, panels, sources
        from localoffer.search.sources import pages, services

        sources.register("service", services.documents, with_site=False)
        sources.register("consultation", pages.of_kind("consultation"))
        sources.register("guide", pages.of_kind("guide"))
        sources.register("news", pages.of_kind("news"))
        sources.register("page", pages.of_kind("page"))
        changes.listen(indexing.changed)
        pagecache.hand_tallies_to(asked.add)
        contentversion.hide("search.asked", "search.gap")
        contentversion.hide("search.indexcheck", "search.indexstate", "search.outgoing")
        post_migrate.connect(
            indexing.prepare_after_migrate, dispatch_uid="search.prepare", sender=self
        )

        words_roles = ["content_editor", "content_approver", "participation_officer"]
        roles.allow_all("search.asked", *words_roles, actions=["view"])
        for model in ["gap", "ownwords"]:
            roles.allow_all(f"search.{model}", *words_roles)
        today.register(panels.gaps_open, permission="search.change_gap", order=130)
        today.register(panels.words_that_find_nothing, permission="search.view_asked", order=340)

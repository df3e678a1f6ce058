from django.apps import AppConfig


class UpdatesConfig(AppConfig):
    name = "localoffer.updates"
    verbose_name = "Updates"

    def ready(self):
        from localoffer.authority import changes, contentversion, roles, today
        from localoffer.mail import outcomes, streams
        from localoffer.updates import noticing, panels, sources, staying
        from localoffer.updates.sources import pages, services

        sources.register("news", heading="News", order=10, details=pages.of_kind("news"))
        sources.register(
            "consultation",
            heading="Have your say",
            order=15,
            details=pages.of_kind("consultation"),
        )
        sources.register("guide", heading="Guides", order=20, details=pages.of_kind("guide"))
        sources.register("page", heading="Pages", order=30, details=pages.of_kind("page"))
        sources.register("service", heading="Services", order=40, details=services.details)
        changes.listen(noticing.changed)
        streams.register(noticing.STREAM, list_id="updates", still_wanted=staying.still_wanted)
        streams.on_leave(noticing.STREAM, staying.left_by_mail)
        outcomes.listen(staying.heard)
        # Editions and what stands in them are pages; nobody sees the rest.
        contentversion.hide(
            "updates.consentrecord",
            "updates.consenttext",
            "updates.content",
            "updates.historyentry",
            "updates.progress",
            "updates.signup",
            "updates.subscriber",
            "updates.subscription",
            "updates.told",
            "updates.urgentnotice",
        )

        writers = ["content_editor", "content_approver", "participation_officer"]
        for model in ["edition", "urgentnotice"]:
            roles.allow_all(f"updates.{model}", *writers, actions=["view", "change"])
        for role in ["content_approver", "participation_officer"]:
            roles.allow(role, "updates.approve_edition", "updates.add_urgentnotice")
        roles.allow_all(
            "updates.subscriber", "participation_officer", actions=["add", "change", "view"]
        )
        roles.allow_all("updates.consenttext", "participation_officer", actions=["add", "view"])

        today.register(panels.waiting_for_approval, permission="updates.approve_edition", order=120)
        today.register(panels.drafts, permission="updates.change_edition", order=125)
        today.register(panels.to_print, permission="updates.change_subscriber", order=126)
        today.register(panels.to_ask_again, permission="updates.change_subscriber", order=230)

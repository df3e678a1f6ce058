from django.apps import AppConfig
from django.db.models.signals import post_delete
from wagtail.signals import published, unpublished


class DirectoryConfig(AppConfig):
    name = "localoffer.directory"
    verbose_name = "Directory"

    def ready(self):
        from localoffer.authority import changes, roles, today
        from localoffer.directory import actions, describing, panels
        from localoffer.directory.models import Service

        changes.describe_with("service", describing.describe)
        for signal in [published, unpublished, post_delete]:
            signal.connect(actions.tell_of, sender=Service, dispatch_uid="directory.tell_of")

        for model in ["service", "organisation", "location"]:
            roles.allow_all(f"directory.{model}", "directory_officer", "administrator")
            roles.allow("partner_contributor", f"directory.view_{model}")
        for permission in ["publish_service", "lock_service", "unlock_service"]:
            roles.allow("directory_officer", f"directory.{permission}")
        roles.allow("partner_contributor", "directory.change_service")

        may_publish = "directory.publish_service"
        today.register(panels.waiting_for_approval, permission=may_publish, order=110)
        today.register(panels.overdue_for_review, permission="directory.change_service", order=310)
        today.register(panels.never_checked, permission="directory.change_service", order=320)
        today.register(panels.without_eligibility, permission="directory.change_service", order=330)
        today.register(panels.missing_from_import, permission=may_publish, order=340)

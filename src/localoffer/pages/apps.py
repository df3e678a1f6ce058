from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "localoffer.pages"
    verbose_name = "Pages"

    def ready(self):
        from django.db import transaction
        from django.db.models.signals import post_delete
        from wagtail.images import get_image_model

        from localoffer.authority import changes, contentversion, roles, today
        from localoffer.pages import descriptions, panels
        from localoffer.pages.forms import PageForm
        from localoffer.pages.models import BasePage

        # A model imports no form; every page model that is defined later takes it from here.
        BasePage.base_form_class = PageForm
        for kind in ["page", "guide"]:
            changes.describe_with(kind, descriptions.of_kind(kind))
        # Making a picture in another size changes nothing; that it is gone does.
        post_delete.connect(
            lambda **kwargs: transaction.on_commit(contentversion.moved),
            dispatch_uid="pages.rendition_gone",
            weak=False,
            sender=get_image_model().get_rendition_model(),
        )
        for role in ["content_editor", "content_approver"]:
            roles.allow(role, panels.PERMISSION)
        roles.allow_all("pages.alert", "content_approver")
        today.register(panels.waiting_for_approval, permission=panels.PERMISSION, order=120)
        today.register(panels.past_review, permission=panels.PERMISSION, order=300)
        today.register(panels.never_checked, permission=panels.PERMISSION, order=310)
        today.register(panels.changing_soon, permission=panels.PERMISSION, order=420)

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate
from wagtail.users.apps import WagtailUsersAppConfig

# Tables of other people's apps that show the public nothing: sign-ins, drafts, logs, queues.
NOT_PUBLIC = [
    "account",
    "auth",
    "contenttypes",
    "django_tasks_database",
    "mfa",
    "sessions",
    "wagtailadmin",
    "wagtailcore.comment",
    "wagtailcore.commentreply",
    "wagtailcore.groupapprovaltask",
    "wagtailcore.groupcollectionpermission",
    "wagtailcore.grouppagepermission",
    "wagtailcore.modellogentry",
    "wagtailcore.pagelogentry",
    "wagtailcore.pagesubscription",
    "wagtailcore.referenceindex",
    "wagtailcore.revision",
    "wagtailcore.task",
    "wagtailcore.taskstate",
    "wagtailcore.uploadedfile",
    "wagtailcore.workflow",
    "wagtailcore.workflowstate",
    "wagtailembeds",
    "wagtailimages.rendition",
    "wagtailsearch",
    "wagtailusers",
]


class AuthorityConfig(AppConfig):
    name = "localoffer.authority"
    verbose_name = "Local authorities"

    def ready(self):
        from localoffer.authority import actions, changes, contentversion, roles

        # New permissions exist only once migrations have run: give each role its own again.
        for refresh in [actions.refresh_roles, actions.refresh_approval]:
            post_migrate.connect(
                lambda refresh=refresh, **kwargs: refresh(),
                dispatch_uid=f"authority.{refresh.__name__}",
                weak=False,
                sender=self,
            )
        changes.bridge_pages()
        contentversion.hide(*NOT_PUBLIC, "accounts", "authority.role", "authority.contentchange")
        connection_created.connect(
            contentversion.notice_writes, dispatch_uid="authority.contentversion"
        )
        pre_migrate.connect(
            contentversion.pause, dispatch_uid="authority.contentversion", sender=self
        )
        post_migrate.connect(
            contentversion.resume, dispatch_uid="authority.contentversion", sender=self
        )
        for role in roles.ROLES:
            roles.allow(role, "wagtailadmin.access_admin")
        roles.allow_all("accounts.user", "administrator")
        roles.allow("administrator", "authority.change_authority", "authority.view_authority")


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's own app for people, with our views of them."""

    user_viewset = "localoffer.authority.people.PeopleViewSet"

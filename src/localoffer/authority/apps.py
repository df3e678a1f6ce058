from django.apps import AppConfig
from django.db.models.signals import post_migrate
from wagtail.users.apps import WagtailUsersAppConfig


class AuthorityConfig(AppConfig):
    name = "localoffer.authority"
    verbose_name = "Local authorities"

    def ready(self):
        from localoffer.authority import actions, changes, roles

        # New permissions exist only once migrations have run: give each role its own again.
        post_migrate.connect(
            lambda **kwargs: actions.refresh_roles(),
            dispatch_uid="authority.refresh_roles",
            weak=False,
            sender=self,
        )
        changes.bridge_pages()
        for role in roles.ROLES:
            roles.allow(role, "wagtailadmin.access_admin")
        roles.allow_all("accounts.user", "administrator")
        roles.allow("administrator", "authority.change_authority", "authority.view_authority")


class PeopleConfig(WagtailUsersAppConfig):
    """Wagtail's own app for people, with our views of them."""

    user_viewset = "localoffer.authority.people.PeopleViewSet"

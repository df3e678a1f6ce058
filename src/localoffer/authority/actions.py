"""What can happen to an authority: it is added, and its roles are kept true."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Site

from localoffer.authority import roles
from localoffer.authority.models import Authority, Role

# What each role may do to pages below its authority's home page (Wagtail's own permissions).
PAGES = {
    "content_editor": ["add_page", "change_page"],
    "content_approver": ["add_page", "change_page", "publish_page", "lock_page", "unlock_page"],
    "administrator": [
        "add_page",
        "change_page",
        "publish_page",
        "lock_page",
        "unlock_page",
        "bulk_delete_page",
    ],
}
FILES = [
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
]


@transaction.atomic
def add_authority(
    *, name, council, gss_code, hostname, root_page, port=80, is_default=False, **fields
):
    """Add an authority with its site, its roles and its own collection of files.

    ``root_page`` is its home page, already in the tree; it moves nothing. Raises
    ``ValidationError`` if the fields are wrong, and nothing is added.
    """
    site = Site(
        hostname=hostname,
        port=port,
        root_page=root_page,
        is_default_site=is_default,
        site_name=f"{name} SEND Local Offer",
    )
    site.full_clean()
    site.save()
    authority = Authority(site=site, name=name, council=council, gss_code=gss_code, **fields)
    authority.full_clean()
    authority.save()
    collection = Collection.get_first_root_node().add_child(name=name)
    for code, title in roles.ROLES.items():
        group = Group.objects.create(name=f"{name}: {title}")
        Role.objects.create(authority=authority, code=code, group=group)
        _give_pages_and_files(code, group, root_page, collection)
    refresh_roles()
    return authority


def _give_pages_and_files(code, group, root_page, collection):
    page_permissions = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PAGES.get(code, [])
    )
    GroupPagePermission.objects.bulk_create(
        GroupPagePermission(group=group, page=root_page, permission=permission)
        for permission in page_permissions
    )
    if code in PAGES:
        file_permissions = Permission.objects.filter(
            content_type__app_label__in=["wagtailimages", "wagtaildocs"], codename__in=FILES
        )
        GroupCollectionPermission.objects.bulk_create(
            GroupCollectionPermission(group=group, collection=collection, permission=permission)
            for permission in file_permissions
        )


def refresh_roles():
    """Give each role's group exactly the permissions its role has now. Safe to run again."""
    known = {
        f"{app}.{codename}": pk
        for pk, app, codename in Permission.objects.values_list(
            "pk", "content_type__app_label", "codename"
        )
    }
    for role in Role.objects.select_related("group"):
        wanted = {known[name] for name in roles.permissions_of(role.code) if name in known}
        role.group.permissions.set(wanted)

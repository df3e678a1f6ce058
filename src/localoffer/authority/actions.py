"""What can happen to an authority: it is added, and its roles and approvals are kept true."""

from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Site,
    Workflow,
    WorkflowContentType,
    WorkflowMixin,
    WorkflowPage,
    WorkflowTask,
)

from localoffer.authority import roles
from localoffer.authority.models import ApprovalTask, Authority, Owned, Role

APPROVAL = "Approval"

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
    refresh_approval()
    return authority


@transaction.atomic
def clear_the_welcome():
    """Remove the site and the page with which a new Wagtail welcomes its developer, if still there.

    They hold the place of the default site, which the first authority takes.
    """
    plain = ContentType.objects.get_for_model(Page)
    Site.objects.filter(authority=None, root_page__content_type=plain).delete()
    unused = Page.objects.filter(depth=2, numchild=0, content_type=plain, sites_rooted_here=None)
    for page in unused:
        page.delete()


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


@transaction.atomic
def refresh_approval():
    """Let drafts be sent for approval: pages of every authority, and records that have drafts.

    Pages and kinds of record for which a platform administrator has chosen another way keep it.
    Safe to run again.
    """
    task = ApprovalTask.objects.first()
    if task is None:
        task = ApprovalTask.objects.create(name=APPROVAL, active=True)
    workflow, made = Workflow.objects.get_or_create(name=APPROVAL, defaults={"active": True})
    if made:
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for home in Authority.objects.values_list("site__root_page", flat=True):
        WorkflowPage.objects.get_or_create(page_id=home, defaults={"workflow": workflow})
    for model in apps.get_models():
        if issubclass(model, Owned) and issubclass(model, WorkflowMixin):
            WorkflowContentType.objects.get_or_create(
                content_type=ContentType.objects.get_for_model(model),
                defaults={"workflow": workflow},
            )

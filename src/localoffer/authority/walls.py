"""Between authorities in Wagtail's own admin: what is another's is not there, and answers 404.

Our views keep their own wall (``KEEPS_ITS_WALL``: those of ``viewsets`` and ``people``). For every
other address of the admin, this says whose record each key in it names. An address with a key that
nothing here knows is closed to all but a platform administrator: a view that a release of Wagtail
brings shows nobody anything before somebody has thought about it.
"""

from django.apps import apps
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import Http404
from django.shortcuts import redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, TaskState
from wagtail.permissions import policy_registry

from localoffer.authority.models import Authority, Owned

KEEPS_ITS_WALL = "keeps_its_wall"
# What one authority's people see in these is every authority's: for a platform administrator.
FOR_THE_PLATFORM = {
    "wagtailadmin_api:documents",
    "wagtailadmin_api:images",
    "wagtailadmin_collections",
    "wagtailadmin_reports",
    "wagtailadmin_workflows",
    "wagtailredirects",
    "wagtailsites",
    "wagtailusers_groups",
}
WORDS = {
    "action",
    "action_name",
    "app_label",
    "app_name",
    "content_type_app_name",
    "content_type_model_name",
    "filter_spec",
    "model_name",
}
# Looked up by Wagtail under the record whose key stands beside them, or under the user.
PARTS = {
    "revision_id",
    "revision_id_a",
    "revision_id_b",
    "session_id",
    "task_id",
    "uploaded_file_id",
    "workflow_state_id",
}


def there(queryset, key) -> bool:
    """Whether one of these has this key; False, never an error, for what cannot be a key."""
    key = unquote(str(key))
    if "\0" in key:  # PostgreSQL cannot even be asked
        return False
    try:
        return queryset.filter(pk=key).exists()
    except (ValueError, ValidationError, OverflowError):
        return False


def step_of(record, key) -> bool:
    """Whether a step with this key is one of the approval of the record with that key."""
    return there(TaskState.objects.filter(workflow_state__object_id=str(record)), key)


def pages_of(user, pages=None):
    """Those of these pages that are in sites of the authorities in which the user has a role."""
    pages = Page.objects.all() if pages is None else pages
    if user.is_superuser:
        return pages
    found = pages.none()
    authorities = Authority.objects.editable_by(user)
    for path in authorities.values_list("site__root_page__path", flat=True):
        found = found | pages.filter(path__startswith=path)
    return found


def _page(user, key, arguments):
    return there(pages_of(user), key)


def _page_to_open(user, key, arguments):
    """A page, or the root above them all: what is shown below it is narrowed."""
    return there(Page.objects.filter(depth=1), key) or _page(user, key, arguments)


def _file(get_model):
    def is_theirs(user, key, arguments):
        policy = policy_registry.get_by_type(get_model())
        actions = ["add", "change", "delete", "choose"]
        return there(policy.instances_user_has_any_permission_for(user, actions), key)

    return is_theirs


_picture, _document = _file(get_image_model), _file(get_document_model)


def _of_model(user, key, arguments):
    """A record of whatever model the address names."""
    try:
        model = apps.get_model(arguments["app_label"], arguments["model_name"])
    except LookupError:
        return False
    if issubclass(model, Page):
        return _page(user, key, arguments)
    if issubclass(model, Owned):
        return there(model.objects.filter(authority__in=Authority.objects.editable_by(user)), key)
    known = {get_image_model(): _picture, get_document_model(): _document}
    return model in known and known[model](user, key, arguments)


def _approval(user, key, arguments):
    """A step of the approval of the page that stands beside it: Wagtail looks it up among all."""
    return step_of(arguments["page_id"], key)


KEYS = {
    "destination_id": _page,
    "doc_id": _document,
    "document_id": _document,
    "image_id": _picture,
    "object_id": _of_model,
    "page_id": _page,
    "page_pk": _page,
    "page_to_move_id": _page,
    "parent_page_id": _page_to_open,
    "task_state_id": _approval,
}
PRIMARY_KEYS = {  # by the namespace, or the name of an address outside any
    "pages_check": _page,
    "wagtailadmin_api:pages": _page,
    "wagtailadmin_pages": _page,
    "wagtaildocs_chooser": _document,
    "wagtailimages_chooser": _picture,
}
IN_THE_QUERY = {
    "wagtailadmin_choose_page": {"target_pages[]": _page},
    "wagtailadmin_choose_page_child": {"target_pages[]": _page},
    "wagtailadmin_choose_page_chosen_multiple": {"id": _page},
    "wagtaildocs_chooser": {"id": _document},
    "wagtailimages_chooser": {"id": _picture},
}
IN_THE_FORM = {
    "wagtail_bulk_action": {"chooser": _page},
    "wagtailadmin_pages": {"new_parent_page": _page, "parent_page": _page},
}
BULK = "wagtail_bulk_action"
ALL = (
    "all"  # of those in a listing: of pages, of those below one; of files, of those one may change
)


def walls_middleware(get_response):
    """Answer 404 where an address of the admin names what is another authority's.

    And say in words, where Wagtail would fail, why something was not deleted or published.
    """

    def middleware(request):
        return get_response(request)

    middleware.process_view = _keep_out
    middleware.process_exception = _say_what_is_in_the_way
    return middleware


def _keep_out(request, view, args, arguments):
    if not request.path.startswith("/admin/") or not request.user.is_authenticated:
        return
    if getattr(getattr(view, "view_class", None), KEEPS_ITS_WALL, False):
        return
    match = request.resolver_match
    place = ":".join(match.namespaces) or match.url_name or ""
    if not request.user.is_superuser:
        if place in FOR_THE_PLATFORM:
            raise Http404
        if place == "wagtailadmin_choose_page":
            arguments["parent_page_id"] = _first_page(request.user)
    for key, question in _named(request, place, arguments):
        known = question(request.user, key, arguments) if question else request.user.is_superuser
        if not known:
            raise Http404


def _say_what_is_in_the_way(request, exception):
    if not request.path.startswith("/admin/"):
        return None
    if isinstance(exception, ProtectedError):
        messages.error(request, "This was not deleted: other records belong to it.")
    elif isinstance(exception, ValidationError):
        messages.error(request, " ".join(exception.messages))
    else:
        return None
    return redirect("wagtailadmin_home")


def _named(request, place, arguments):
    """Each key that an address names, with the question whose it is; no question where unknown."""
    for name, key in arguments.items():
        if name not in WORDS and name not in PARTS:
            yield key, PRIMARY_KEYS.get(place) if name == "pk" else KEYS.get(name)
    for asked, sent in [(IN_THE_QUERY, request.GET), (IN_THE_FORM, request.POST)]:
        for name, question in asked.get(place, {}).items():
            yield from ((key, question) for key in sent.getlist(name) if key)
    if place == BULK:
        keys = request.GET.getlist("id")
        if ALL in keys and arguments["model_name"] == "page":
            keys = [request.GET.get("childOf", "")]
        for key in keys:
            if key != ALL:
                yield key, _of_model


def _first_page(user):
    """Where choosing a page starts: one's own home page, or the root above those of several."""
    homes = list(Authority.objects.editable_by(user).values_list("site__root_page", flat=True)[:2])
    return homes[0] if len(homes) == 1 else Page.get_first_root_node().pk

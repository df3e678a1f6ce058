"""In the admin, another authority's record does not exist: a walk along every address there is."""

import itertools
import re
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import ModelChoiceField
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Site, Task, Workflow, WorkflowState

from localoffer.accounts.models import User
from localoffer.authority.models import Authority, Owned, PublicItem, Role
from localoffer.consultations.models import Batch, Consultation, ConsultationPage, Instrument
from localoffer.directory.models import Location, Organisation, Service
from localoffer.feedback.models import Comment
from localoffer.news.models import NewsPage
from localoffer.pages.models import ContentPage, InitiativePage
from localoffer.search.models import Gap, OwnWords
from tests.factories.authority import make_officer
from tests.factories.consultations import (
    make_bare_batch,
    make_consultation,
    make_help_request,
    make_listing,
    make_worrying_words,
    share,
)
from tests.factories.directory import (
    add_rows,
    make_draft,
    make_location,
    make_organisation,
    make_service,
)
from tests.factories.feedback import make_comment
from tests.factories.mail import make_sent, make_stopped
from tests.factories.news import make_index, make_story
from tests.factories.pages import (
    make_alert,
    make_document,
    make_guide,
    make_image,
    make_initiative,
    make_page,
    make_section,
    make_site,
)
from tests.factories.search_words import make_asked, make_gap, make_own_words
from tests.factories.updates import make_bare_edition, make_notice, make_person, make_words

# Wagtail leaves the file of a picture it has made smaller to be closed when it is forgotten.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

WORD = "Zanzibar"  # stands in each of their records, and nowhere else


class World:
    """An authority with a record of every kind; ``word`` stands in each of them."""

    def __init__(self, word, *, role, **site):
        self.authority, self.home = make_site(**site)
        self.index = make_index(self.home, title=f"{word} news")
        self.story = make_story(self.index, title=f"{word} story")
        self.initiative = make_initiative(self.home, title=f"{word} programme")
        self.page = make_page(self.home, title=f"{word} page", slug="page")
        self.page.title = f"{word} draft"
        self.revision = self.page.save_revision()
        make_page(self.home, publish=False, title=f"{word} unpublished")
        make_page(make_section(self.home, title=f"{word} section"), title=f"{word} below")
        make_guide(self.home, title=f"{word} guide")
        self.collection = Collection.objects.get(name=self.authority.name)
        self.image = self._keep(make_image(f"{word} picture"))
        self.document = self._keep(make_document(f"{word}.pdf", title=f"{word} leaflet"))
        self.location = make_location(self.authority, name=f"{word} hall")
        self.organisation = make_organisation(self.authority, name=f"{word} trust")
        self.service = make_service(
            self.authority,
            name=f"{word} club",
            locations=[self.location],
            organisation=self.organisation,
        )
        add_rows(self.service, 1)
        make_draft(self.authority, name=f"{word} plan")
        self.consultation = make_consultation(
            make_listing(self.home, title=f"{word} listing"),
            authority=self.authority,
            title=f"{word} survey",
            slug=f"asked-{word.lower()}",
        )
        self.survey = self.consultation.instruments.get()
        self.survey.title = f"{word} questions"
        self.survey.save()
        self.batch = make_bare_batch(self.survey, reference=f"{word} pile")
        self.help = make_help_request(self.authority, contact=f"{word}@example.org")
        self.worrying = make_worrying_words(self.authority, urgent=word)
        self.comment = make_comment(self.authority, text=f"{word} is wrong")
        self.alert = make_alert(self.authority, title=f"{word} is closed")
        self.message = make_sent(self.authority, subject=f"{word} edition")
        self.email = self.message.emails.first()
        self.stopped = make_stopped(self.authority, f"{word}@example.org", evidence=word)
        self.gap = make_gap(self.authority, words=f"{word} hoist")
        self.own_words = make_own_words(self.authority, name=f"{word} words")
        make_asked(self.authority, f"{word} searches")
        self.edition = make_bare_edition(self.authority, introduction=f"{word} introduces")
        self.wording = make_words(self.authority, f"{word} will send you updates.")
        self.follower = make_person(self.authority, f"{word}@example.org", topics=["transport"])
        self.person = make_officer(self.authority, role=role)
        self.person.first_name = word
        self.person.save()
        self.role = Role.objects.get(authority=self.authority, code=role)
        self.item = PublicItem.objects.filter(authority=self.authority).first()
        self.notice = make_notice(self.authority, self.item, title=f"{word} is off")
        self.submitted = make_page(self.home, publish=False, title=f"{word} submitted")
        self.submitted.save_revision()
        self.submitted.get_workflow().start(self.submitted, self.person)
        self.submitted.locked, self.submitted.locked_by = True, self.person
        self.submitted.save()

    def _keep(self, file):
        file.collection = self.collection
        file.save()
        return file

    def of(self, model):
        """Their record of this model, which a form of ours must not take."""
        return {
            Authority: self.authority,
            Collection: self.collection,
            Comment: self.comment,
            Batch: self.batch,
            Consultation: self.consultation,
            ConsultationPage: self.consultation.page,
            Instrument: self.survey,
            Gap: self.gap,
            OwnWords: self.own_words,
            ContentPage: self.page,
            InitiativePage: self.initiative,
            Location: self.location,
            NewsPage: self.story,
            Organisation: self.organisation,
            Page: self.page.page_ptr,
            PublicItem: self.item,
            Role: self.role,
            Service: self.service,
            Site: self.authority.site,
            User: self.person,
            get_document_model(): self.document,
            get_image_model(): self.image,
            Role._meta.get_field("group").related_model: self.role.group,
        }.get(model)

    def key(self, place, name):
        """Their record's key for an argument of an address. Fails where nobody has said which."""
        wanted = f"{place} {name}" if name == "pk" else name
        keys = self.keys()
        if wanted not in keys:
            pytest.fail(f"Say in World.keys() which record of another authority {wanted!r} names.")
        found = keys[wanted]
        return found if isinstance(found, str | int) else found.pk

    def keys(self):
        state = WorkflowState.objects.get(object_id=str(self.submitted.pk))
        return {
            "alerts pk": self.alert,
            "authorities pk": self.authority,
            "comments pk": self.comment,
            "consent-words pk": self.wording,
            "editions pk": self.edition,
            "followed_chooser pk": self.item,
            "subscribers pk": self.follower,
            "urgent-notices pk": self.notice,
            "consultations_admin pk": self.consultation,
            "surveys pk": self.survey,
            "batches pk": self.batch,
            "help-requests pk": self.help,
            "worrying-words pk": self.worrying,
            "gaps pk": self.gap,
            "mail pk": self.message,
            "own-words pk": self.own_words,
            "public_item_chooser pk": self.item,
            "location pk": self.location,
            "location_chooser pk": self.location,
            "organisation pk": self.organisation,
            "organisation_chooser pk": self.organisation,
            "pages_check pk": self.page,
            "wagtailadmin_api:documents pk": self.document,
            "wagtailadmin_api:images pk": self.image,
            "wagtailadmin_api:pages pk": self.page,
            "wagtailadmin_collections pk": self.collection,
            "wagtailadmin_pages pk": self.page,
            "wagtailadmin_workflows pk": Workflow.objects.first(),
            "wagtaildocs_chooser pk": self.document,
            "wagtailimages_chooser pk": self.image,
            "wagtailsites pk": self.authority.site,
            "wagtailsnippetchoosers_directory_service pk": self.service,
            "wagtailsnippets_directory_service pk": self.service,
            "wagtailusers_groups pk": self.role.group,
            "wagtailusers_users pk": self.person,
            "collection_id": self.collection,
            "destination_id": self.home,
            "doc_id": self.document,
            "email_id": self.email,
            "suppression_id": self.stopped,
            "document_id": self.document,
            "image_id": self.image,
            "object_id": self.page,
            "page_id": self.page,
            "page_pk": self.page,
            "page_to_move_id": self.page,
            "parent_page_id": self.home,
            "redirect_id": 1,
            # Parts of those, and words
            "revision_id": self.revision,
            "revision_id_a": "live",
            "revision_id_b": "latest",
            "session_id": 1,
            "task_id": Task.objects.first(),
            "task_state_id": state.current_task_state,
            "token": "x",
            "uidb64": "x",
            "uploaded_file_id": 1,
            "workflow_pk": Workflow.objects.first(),
            "workflow_state_id": state,
            "action": "delete",
            "action_name": "approve",
            "app_label": "pages",
            "app_name": "taggit",
            "content_type_app_name": "pages",
            "content_type_model_name": "contentpage",
            "filter_spec": "width-100",
            "model_name": "contentpage",
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
# The same for every authority: they come with the release, and nobody changes them.
EVERYBODYS = {
    "age-bands",
    "audiences",
    "concepts",
    "consultees",
    "duties",
    "needs",
    "service-types",
    "topics",
}
# One's own: a file on its way, and the mark that one is editing. Another's is left as it is.
USERS_OWN = {"uploaded_file_id", "session_id"}
LEAVES = {"wagtailadmin_logout"}


def addresses(patterns=None, route="", namespaces=()):
    """Every named address of the admin: its name, and the names of the keys in it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            if here.startswith("admin/") and pattern.name:
                name = ":".join([*namespaces, pattern.name])
                keys = frozenset(re.findall(r"<(?:\w+:)?(\w+)>", here))
                yield name, keys
        else:
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from addresses(pattern.url_patterns, here, inner)


ALL = sorted(set(addresses()), key=lambda address: (address[0], sorted(address[1])))
WITH_KEYS = [
    (name, keys)
    for name, keys in ALL
    if keys - WORDS and name.rpartition(":")[0] not in EVERYBODYS and not keys & USERS_OWN
]
WITHOUT_KEYS = [name for name, keys in ALL if not keys and name not in LEAVES]


def place(name):
    return name.rpartition(":")[0] or name


@pytest.fixture(scope="module")
def _worlds(django_db_setup, django_db_blocker):
    """Both authorities, made once: what a test changes is taken back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        worlds = (
            World("Our", role="administrator"),
            World(
                WORD,
                role="content_editor",
                name="Loamshire",
                hostname="loamshire.example",
                gss_code="E10000998",
            ),
        )
        third, home = make_site(name="Rutshire", hostname="rutshire.example", gss_code="E10000997")
        make_listing(home)
        for each in worlds:  # shared, but not with the other of the two
            share(each.consultation, third)
        yield worlds
        transaction.set_rollback(True)


@pytest.fixture
def world(_worlds, db):
    return _worlds[0]


@pytest.fixture
def theirs(_worlds, db):
    return _worlds[1]


@pytest.fixture(params=["administrator", "plan_officer"])
def browser(request, client, world):
    """A browser of somebody with one role in our authority: who may do most, and who may least."""
    client.force_login(make_officer(world.authority, role=request.param, email="me@example.org"))
    client.raise_request_exception = False
    return client


@pytest.fixture
def administrator(client, world):
    client.force_login(world.person)
    client.raise_request_exception = False
    return client


def asked(client, method, url):
    response = getattr(client, method)(url)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return response.status_code, body.decode(errors="replace")


def test_the_walk_finds_the_addresses_that_matter():
    names = {name for name, _keys in WITH_KEYS}

    assert names >= {
        "wagtailadmin_pages:edit",
        "wagtailadmin_explore",
        "wagtailadmin_choose_page_child",
        "wagtailsnippets_directory_service:workflow_preview",
        "wagtailimages_chooser:chosen",
        "comments:inspect",
        "consultations_admin:results",
        "surveys:question",
        "batches:again",
        "authorities:edit",
        "editions:act",
        "editions:letters",
        "subscribers:edit",
        "wagtailusers_users:edit",
    }
    assert len(WITH_KEYS) > 120
    assert len(WITHOUT_KEYS) > 60


@pytest.mark.parametrize("method", ["get", "post"])
def test_another_authoritys_record_is_not_found(browser, theirs, method):
    wrong = {}
    for name, keys in WITH_KEYS:
        url = reverse(name, kwargs={key: theirs.key(place(name), key) for key in keys})
        status, body = asked(browser, method, url)
        if status != 404 or WORD in body:
            wrong[url] = status

    assert wrong == {}


NOBODYS = ["0", "9" * 30, str(uuid.UUID(int=0)), "x", "\0", "9" * 500]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_key_of_no_record_is_not_found(administrator, theirs, method):
    wrong = {}
    walked = [(name, keys) for name, keys in ALL if keys - WORDS and not keys & USERS_OWN]
    for (name, keys), key in itertools.product(walked, NOBODYS):
        try:
            url = reverse(
                name,
                kwargs={
                    each: theirs.key(place(name), each) if each in WORDS else key for each in keys
                },
            )
        except NoReverseMatch:
            continue  # no address can be written with such a key
        status, _body = asked(administrator, method, url)
        if status != 404:
            wrong[url[:100]] = status

    assert wrong == {}


def test_no_list_shows_what_is_another_authoritys(browser, theirs):
    """Lists, reports, choosers, searches, Wagtail's own interface for programs."""
    wrong = {}
    for name in WITHOUT_KEYS:
        status, body = asked(browser, "get", reverse(name))
        if status >= 500 or WORD in body:
            wrong[name] = status

    assert wrong == {}


@pytest.mark.parametrize(
    "name",
    [
        "wagtailadmin_pages:search",
        "wagtailadmin_choose_page_search",
        "wagtailimages_chooser:choose_results",
        "wagtaildocs_chooser:choose_results",
        "wagtailimages:index",
        "wagtaildocs:index",
        "wagtailusers_users:index",
        "wagtailsnippets_directory_service:list",
        "wagtailsnippetchoosers_directory_service:choose_results",
        "organisation_chooser:choose_results",
        "location_chooser:choose_results",
        "comments:index",
        "consultations_admin:index",
        "alerts:index",
        "subscribers:index",
    ],
)
def test_no_search_finds_what_is_another_authoritys(administrator, world, theirs, name):
    found = asked(administrator, "get", f"{reverse(name)}?q={WORD.lower()}")
    own = asked(administrator, "get", f"{reverse(name)}?q=our")

    assert (found[0], WORD in found[1]) == (200, False)
    assert (own[0], "Our" in own[1]) == (200, True)


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("wagtailadmin_choose_page_chosen_multiple", "page"),
        ("wagtailimages_chooser:chosen_multiple", "image"),
        ("wagtaildocs_chooser:chosen_multiple", "document"),
        ("wagtailsnippetchoosers_directory_service:chosen_multiple", "service"),
        ("organisation_chooser:chosen_multiple", "organisation"),
        ("location_chooser:chosen_multiple", "location"),
    ],
)
def test_a_chooser_of_several_takes_only_ones_own(administrator, world, theirs, name, record):
    def ask(*keys):
        query = "&".join(f"id={key}" for key in keys)
        return asked(administrator, "get", f"{reverse(name)}?{query}")[0]

    ours, others = getattr(world, record).pk, getattr(theirs, record).pk
    assert (ask(ours), ask(others), ask(ours, others), ask("x")) == (200, 404, 404, 404)


BULK = [
    ("wagtailcore", "page", "page", ["delete", "publish", "unpublish", "move"]),
    ("wagtailimages", "image", "image", ["delete", "add_tags", "add_to_collection"]),
    ("wagtaildocs", "document", "document", ["delete", "add_tags", "add_to_collection"]),
]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_bulk_action_takes_only_ones_own(administrator, world, theirs, method):
    wrong = {}
    for app, model, record, actions in BULK:
        for action in actions:
            url = reverse("wagtail_bulk_action", args=[app, model, action])
            for key in [getattr(theirs, record).pk, "x", "9" * 30]:
                status, body = asked(administrator, method, f"{url}?id={key}")
                if status != 404 or WORD in body:
                    wrong[f"{url} {key}"] = status
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    for query in ["?id=all", f"?id=all&childOf={theirs.home.pk}"]:
        if asked(administrator, method, address + query)[0] != 404:
            wrong[query] = "all"

    assert wrong == {}
    own = asked(administrator, "get", f"{address}?id=all&childOf={world.home.pk}")
    assert (own[0], WORD in own[1]) == (200, False)


def test_records_of_ours_take_no_bulk_action(administrator, world):
    for app, model in [
        ("directory", "service"),
        ("directory", "organisation"),
        ("feedback", "comment"),
        ("accounts", "user"),
    ]:
        assert asked(administrator, "post", f"/admin/bulk/{app}/{model}/delete/?id=1")[0] == 404


def test_a_part_of_another_authoritys_record_is_not_found_under_ones_own(
    administrator, world, theirs
):
    """Revisions and approvals are looked up under the record that the address names with them."""
    parts = {"revision_id", "task_state_id", "workflow_state_id"}
    wrong = {}
    for name, keys in WITH_KEYS:
        if not keys & parts:
            continue
        arguments = {key: (theirs if key in parts else world).key(place(name), key) for key in keys}
        status, body = asked(administrator, "get", reverse(name, kwargs=arguments))
        if status not in {302, 404} or WORD in body:
            wrong[name] = status

    assert wrong == {}


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("wagtailadmin_explore", {"parent_page_id": "home"}),
        ("wagtailadmin_choose_page_child", {"parent_page_id": "home"}),
        ("wagtailadmin_choose_page", {}),
        ("wagtailadmin_pages:edit", {"page_id": "page"}),
        ("wagtailadmin_pages:history", {"page_id": "page"}),
        ("wagtailadmin_pages:move", {"page_to_move_id": "page"}),
        ("wagtailadmin_pages:set_privacy", {"page_id": "page"}),
        ("wagtailimages:edit", {"image_id": "image"}),
        ("wagtailimages_chooser:chosen", {"pk": "image"}),
        ("wagtaildocs:edit", {"document_id": "document"}),
        ("wagtaildocs_chooser:chosen", {"pk": "document"}),
        ("wagtailsnippets_directory_service:edit", {"pk": "service"}),
        ("organisation_chooser:chosen", {"pk": "organisation"}),
        ("comments:edit", {"pk": "comment"}),
        ("consultations_admin:edit", {"pk": "consultation"}),
        ("consultations_admin:open", {"pk": "consultation"}),
        ("consultations_admin:answers", {"pk": "consultation"}),
        ("consultations_admin:owners", {"pk": "consultation"}),
        ("surveys:edit", {"pk": "survey"}),
        ("alerts:edit", {"pk": "alert"}),
        ("authorities:edit", {"pk": "authority"}),
        ("gaps:edit", {"pk": "gap"}),
        ("mail:message", {"pk": "message"}),
        ("mail:email", {"email_id": "email"}),
        ("mail:lift", {"suppression_id": "stopped"}),
        ("own-words:edit", {"pk": "own_words"}),
        ("editions:edit", {"pk": "edition"}),
        ("editions:preview", {"pk": "edition"}),
        ("editions:letters", {"pk": "edition"}),
        ("subscribers:edit", {"pk": "follower"}),
        ("urgent-notices:inspect", {"pk": "notice"}),
        ("consent-words:inspect", {"pk": "wording"}),
        ("followed_chooser:chosen", {"pk": "item"}),
        ("public_item_chooser:chosen", {"pk": "item"}),
        ("wagtailadmin_api:pages:detail", {"pk": "page"}),
    ],
)
def test_ones_own_record_is_found(administrator, world, theirs, name, keys):
    arguments = {key: getattr(world, record).pk for key, record in keys.items()}

    status, body = asked(administrator, "get", reverse(name, kwargs=arguments))

    assert (status, WORD in body) == (200, False)


def test_choosing_a_page_starts_at_home_and_can_go_no_higher_than_the_root(
    administrator, world, theirs
):
    start = asked(administrator, "get", reverse("wagtailadmin_choose_page"))[1]
    root = reverse("wagtailadmin_choose_page_child", args=[Page.get_first_root_node().pk])
    top = asked(administrator, "get", root)[1]

    assert "Our page" in start
    assert "Barsetshire" in top
    assert "Loamshire" not in top


# Forms

WITH_FORMS = [
    ("wagtailsnippets_directory_service:add", {}),
    ("wagtailsnippets_directory_service:edit", {"pk": "service"}),
    ("wagtailsnippets_directory_service:copy", {"pk": "service"}),
    ("organisation:add", {}),
    ("organisation:edit", {"pk": "organisation"}),
    ("location:add", {}),
    ("location:edit", {"pk": "location"}),
    ("comments:edit", {"pk": "comment"}),
    ("consultations_admin:add", {}),
    ("consultations_admin:edit", {"pk": "consultation"}),
    ("surveys:add", {}),
    ("surveys:edit", {"pk": "survey"}),
    ("batches:add", {}),
    ("batches:edit", {"pk": "batch"}),
    ("help-requests:edit", {"pk": "help"}),
    ("worrying-words:add", {}),
    ("worrying-words:edit", {"pk": "worrying"}),
    ("alerts:add", {}),
    ("alerts:edit", {"pk": "alert"}),
    ("authorities:edit", {"pk": "authority"}),
    ("gaps:add", {}),
    ("gaps:edit", {"pk": "gap"}),
    ("own-words:add", {}),
    ("own-words:edit", {"pk": "own_words"}),
    ("editions:edit", {"pk": "edition"}),
    ("subscribers:add", {}),
    ("subscribers:edit", {"pk": "follower"}),
    ("urgent-notices:add", {}),
    ("consent-words:add", {}),
    ("wagtailusers_users:add", {}),
    ("wagtailadmin_pages:edit", {"page_id": "home"}),
    ("wagtailadmin_pages:edit", {"page_id": "page"}),
    ("wagtailadmin_pages:edit", {"page_id": "story"}),
    ("wagtailadmin_pages:edit", {"page_id": "initiative"}),
    ("wagtailadmin_pages:set_privacy", {"page_id": "page"}),
    ("wagtailimages:add", {}),
    ("wagtailimages:edit", {"image_id": "image"}),
    ("wagtaildocs:add", {}),
    ("wagtaildocs:edit", {"document_id": "document"}),
]


def fields(form):
    """Every choice of records in a form and in the forms inside it."""
    for name, field in form.fields.items():
        if isinstance(field, ModelChoiceField):
            yield f"{form.prefix or ''} {name}".strip(), field
    for formset in getattr(form, "formsets", {}).values():
        for inner in formset.forms:
            yield from fields(inner)


@pytest.mark.parametrize(
    ("name", "keys"), WITH_FORMS, ids=[f"{name} {[*keys.values()]}" for name, keys in WITH_FORMS]
)
def test_no_choice_in_a_form_takes_another_authoritys_record(
    administrator, world, theirs, name, keys
):
    arguments = {key: getattr(world, record).pk for key, record in keys.items()}
    response = administrator.get(reverse(name, kwargs=arguments))
    assert response.status_code == 200
    form = next(layer["form"] for layer in response.context if "form" in layer)

    taken = []
    for title, field in fields(form):
        model = field.queryset.model
        record = theirs.of(model)
        if record is None:
            assert not issubclass(model, Owned | Page), f"Say in World.of() their {model}."
            continue
        several = hasattr(field, "_check_values")
        try:
            field.clean([record.pk] if several else record.pk)
        except ValidationError:
            continue
        taken.append(title)

    assert taken == []
    assert WORD not in response.content.decode()


def test_every_form_of_our_viewsets_is_among_those():
    ours = {
        name
        for name, keys in ALL
        if name.rpartition(":")[2] in {"add", "edit"}
        and not name.startswith(("wagtail", *EVERYBODYS))
        and not keys - {"pk"}
    }

    assert ours - {name for name, _keys in WITH_FORMS} <= {
        "authorities:add",
        "comments:add",
        "help-requests:add",
    }


def test_no_page_is_moved_or_copied_to_another_authority(administrator, world, theirs):
    def send(name, **fields):
        url = reverse(f"wagtailadmin_pages:{name}", args=[world.page.pk])
        return administrator.post(url, fields).status_code

    moved = send("move", new_parent_page=theirs.home.pk)
    copied = send(
        "copy", new_parent_page=theirs.home.pk, new_title="Copy", new_slug="copy", alias="on"
    )
    url = reverse("wagtailadmin_pages:choose_parent", args=["pages", "contentpage"])
    added = administrator.post(url, {"parent_page": theirs.home.pk}).status_code

    assert (moved, copied, added) == (404, 404, 404)
    assert not Page.objects.descendant_of(theirs.home).filter(title="Copy").exists()


def test_a_platform_administrator_sees_both(client, world, theirs):
    world.person.is_superuser = True
    world.person.save()
    client.force_login(world.person)

    for page in [world.page, theirs.page]:
        assert client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_reports:site_history")).status_code == 200
    assert (
        client.get(reverse("wagtailsites:edit", args=[theirs.authority.site.pk])).status_code == 200
    )


# What others stand on cannot be deleted, whoever asks


DELETIONS = [
    ("authorities:delete", "authority"),
    ("wagtailsites:delete", "site"),
    ("wagtailusers_groups:delete", "group"),
    ("wagtailadmin_pages:delete", "home"),
    ("wagtailadmin_pages:delete", "index"),
    ("wagtailadmin_pages:delete", "story"),
    ("wagtailadmin_pages:delete", "initiative"),
    ("organisation:delete", "organisation"),
    ("location:delete", "location"),
    ("wagtailimages:delete", "image"),
]


@pytest.mark.parametrize(("name", "record"), DELETIONS, ids=lambda value: value)
def test_what_others_stand_on_cannot_be_deleted_in_the_admin(client, world, name, record):
    world.person.is_superuser = True
    world.person.save()
    client.force_login(world.person)
    world.story.initiative = world.initiative
    world.story.save()
    world.authority.logo = world.image
    world.authority.save()
    found = {"site": world.authority.site, "group": world.role.group}
    target = found.get(record) or getattr(world, record)
    url = reverse(name, args=[target.pk])

    responses = [client.get(url), client.post(url)]

    assert [response.status_code for response in responses if response.status_code >= 400] == []
    assert type(target).objects.filter(pk=target.pk).exists()


@pytest.mark.parametrize("record", ["home", "index", "story", "initiative"])
def test_no_bulk_action_deletes_what_others_stand_on(client, world, record):
    world.person.is_superuser = True
    world.person.save()
    client.force_login(world.person)
    world.story.initiative = world.initiative
    world.story.save()
    target = getattr(world, record)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])

    response = client.post(f"{url}?id={target.pk}&next=/admin/")

    assert response.status_code < 400
    assert Page.objects.filter(pk=target.pk).exists()

"""Rules about the whole code base, so that nobody has to remember them."""

import ast
import re
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.urls import reverse
from wagtail.admin.viewsets import viewsets
from wagtail.models import Page

from localoffer.authority.models import Owned
from localoffer.authority.viewsets import OwnedChooserViewSet, OwnedSnippetViewSet, OwnedViewSet
from localoffer.directory.viewsets import ServiceChooserViewSet

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "localoffer"
OURS = [model for model in apps.get_models() if model.__module__.startswith("localoffer.")]
# Reference data, the same for every authority; people and roles; parts of an owned record, which
# are reached through it alone; what came to our mailbox and is nobody's yet; numbers of the index;
# and the mark of the demonstration.
NOT_OWNED = {
    "accounts.User",
    "authority.ApprovalTask",
    "authority.Authority",
    "authority.ContentChange",
    "authority.Erasure",
    "authority.Role",
    "consultations.ChangeOfClosing",
    "consultations.ChangeOfOwners",
    "consultations.Draft",
    "consultations.Entry",
    "consultations.InstrumentVersion",
    "consultations.Result",
    "demo.Demonstration",
    "directory.Contact",
    "directory.CostOption",
    "directory.Schedule",
    "directory.ServiceArea",
    "directory.ServiceAtLocation",
    "directory.ServiceLanguage",
    "mail.DeliveryEvent",
    "mail.IncomingMail",
    "places.Area",
    "search.IndexCheck",
    "search.IndexState",
    "search.Outgoing",
    "taxonomy.AgeBand",
    "taxonomy.Audience",
    "taxonomy.Concept",
    "taxonomy.ConceptWord",
    "taxonomy.Consultee",
    "taxonomy.Duty",
    "taxonomy.LoadedFile",
    "taxonomy.Need",
    "taxonomy.ServiceType",
    "taxonomy.Topic",
    "updates.EditionItem",
    "updates.Progress",
}
JUNK = {"common", "core", "helpers", "managers", "misc", "shared", "utils", "lib"}


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_belongs_to_an_authority_or_to_a_page_tree(model):
    assert issubclass(model, (Owned, Page)) or model._meta.label in NOT_OWNED


def test_every_exception_to_that_is_a_model():
    assert {model._meta.label for model in OURS} >= NOT_OWNED


def test_every_owned_model_in_the_admin_is_narrowed_to_the_users_authorities():
    reverse("wagtailadmin_home")  # viewsets come to be with the admin's addresses
    narrowed = (OwnedViewSet, OwnedSnippetViewSet, OwnedChooserViewSet, ServiceChooserViewSet)
    of_owned = [
        viewset
        for viewset in viewsets.viewsets
        if isinstance(getattr(viewset, "model", None), type) and issubclass(viewset.model, Owned)
    ]

    assert {viewset.model._meta.label for viewset in of_owned} >= {
        "directory.Service",
        "directory.Organisation",
        "directory.Location",
        "consultations.Batch",
        "consultations.Consultation",
        "consultations.Instrument",
        "consultations.HelpRequest",
        "feedback.Comment",
        "pages.Alert",
        "updates.Edition",
        "updates.Subscriber",
    }
    assert [viewset for viewset in of_owned if not isinstance(viewset, narrowed)] == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_is_a_junk_drawer(path):
    assert path.stem not in JUNK


def test_every_setting_is_documented_and_nothing_else():
    read = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "env"
            ):
                read.add(f"LOCALOFFER_{ast.literal_eval(node.args[0])}")
    documented = set(
        re.findall(r"(?m)^\| `(LOCALOFFER_\w+)`", (ROOT / "docs/operate/settings.md").read_text())
    )

    assert read == documented


def test_every_command_is_documented():
    commands = {
        path.stem.replace("_", "-")
        for path in PACKAGE.glob("*/management/commands/*.py")
        if path.stem != "__init__"
    }
    documented = set(
        re.findall(r"(?m)^\| `localoffer ([\w-]+)", (ROOT / "docs/operate/commands.md").read_text())
    )

    assert commands <= documented


def test_every_app_has_a_line_in_the_architecture():
    apps_of_ours = {path.parent.name for path in PACKAGE.glob("*/apps.py")} | {"ui"}
    told = set(re.findall(r"(?m)^\| `(\w+)` \|", (ROOT / "docs/architecture.md").read_text()))

    assert apps_of_ours == told


@pytest.mark.parametrize(
    "document",
    sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md"), ROOT / "bench/README.md"]),
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_link_in_a_document_leads_somewhere(document):
    links = re.findall(
        r"\]\(([^)#\s]+)", re.sub(r"(?s)```.*?```|`[^`\n]*`", "", document.read_text())
    )

    assert [
        link for link in links if "://" not in link and not (document.parent / link).exists()
    ] == []


def test_decisions_are_numbered_once_and_as_their_titles_say():
    files = sorted((ROOT / "docs" / "adr").glob("*.md"))
    titles = [re.match(r"# (\d+)\. ", file.read_text()) for file in files]

    assert [file.name[:4] for file in files] == [f"{title[1]:>04}" for title in titles if title]
    assert len({file.name[:4] for file in files}) == len(files) > 0


def test_no_file_names_a_package_registry():
    named = re.compile(rb"pypi\.org|pythonhosted|registry\.npmjs|deb\.debian")
    tracked = [
        path
        for pattern in [
            "*",
            ".ci/*",
            "src/**/*",
            "tests/**/*",
            "tools/**/*",
            "docs/**/*",
            "bench/**/*",
        ]
        for path in ROOT.glob(pattern)
        if path.is_file()
        and path.suffix not in {".pyc", ".mp4", ".webm"}
        and path != Path(__file__)
    ]

    assert [path for path in tracked if named.search(path.read_bytes())] == []

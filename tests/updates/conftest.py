import pytest
from wagtail.models import Page

from localoffer.mail.backends.folder import Folder
from localoffer.mail.delivering import Sender
from localoffer.mail.models import OutboxEmail
from localoffer.taxonomy.models import Topic
from tests.factories.authority import make_officer
from tests.factories.news import make_index
from tests.factories.pages import make_site
from tests.factories.updates import make_bells


@pytest.fixture(autouse=True)
def no_quiet_hours(settings):
    settings.MAIL_QUIET_HOURS = None


@pytest.fixture
def site(db):
    """Barsetshire, with a published home page."""
    return make_site()


@pytest.fixture
def authority(site):
    return site[0]


@pytest.fixture
def home(site):
    return site[1]


@pytest.fixture
def index(home):
    return make_index(Page.objects.get(pk=home.pk).specific)


@pytest.fixture
def bells(db) -> Topic:
    return make_bells()


@pytest.fixture
def writer(authority):
    """Who writes an edition."""
    return make_officer(authority, role="participation_officer")


@pytest.fixture
def approver(authority):
    """Who approves it."""
    return make_officer(authority, role="content_approver")


@pytest.fixture
def post(tmp_path):
    """Send all mail that is due; gives the rows sent, in order of their making."""

    def send():
        before = set(OutboxEmail.objects.filter(state="accepted").values_list("pk", flat=True))
        Sender(backend=Folder(tmp_path / "mail")).run()
        return list(
            OutboxEmail.objects.filter(state="accepted")
            .exclude(pk__in=before)
            .select_related("message")
            .order_by("pk")
        )

    return send

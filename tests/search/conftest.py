import pytest

from tests.factories.pages import make_site
from tests.search.opensearch_stand_in import StandIn


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
def neighbour_site(db):
    """Loamshire, with a published home page of its own."""
    return make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")


@pytest.fixture
def cluster():
    """A stand-in for an OpenSearch cluster."""
    made = StandIn()
    yield made
    made.close()

import pytest

from tests.factories.pages import make_site


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

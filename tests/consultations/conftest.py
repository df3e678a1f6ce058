from datetime import datetime

import pytest
from django.utils import timezone

from tests.factories.consultations import WHILE_OPEN, make_listing, make_open
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
def index(home):
    return make_listing(home)


@pytest.fixture
def opened(authority, index):
    """A consultation that was open from 3 to 28 April 2023, and its survey."""
    return make_open(index, authority=authority)


@pytest.fixture
def clock(monkeypatch):
    """Set the clock: ``clock(moment)``. It stands still."""

    def set_to(moment: datetime):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return set_to


@pytest.fixture
def while_open(opened, clock):
    clock(WHILE_OPEN)
    return opened

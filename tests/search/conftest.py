import pytest

from localoffer.search import answering, entries
from localoffer.search.finding import Found
from localoffer.search.ranking import Match
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


@pytest.fixture
def finds(authority, monkeypatch):
    """Say what the words find: ``finds((service, score), ..., cut=0)``."""

    def say(*scored, **found):
        scores = {str(thing.pk): score for thing, score in scored}
        matches = [
            Match(entry, scores[entry.key])
            for entry in entries.of_authority(authority)
            if entry.key in scores
        ]
        matches.sort(key=lambda match: -match.score)
        found = Found(**{"matches": matches, "cut": 0, **found})
        monkeypatch.setattr(answering, "find", lambda **asked: found)

    return say

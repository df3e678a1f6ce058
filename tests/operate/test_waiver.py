import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from localoffer.authority.models import Authority
from localoffer.operate import waiver
from tests.factories.authority import make_authority

LOOPBACK = ["127.0.0.1", "127.8.8.8", "::1", "localhost"]
ELSEWHERE = ["0.0.0.0", "::", "192.168.1.2", "localhost.example", "", "example.org"]  # noqa: S104


@pytest.fixture
def demonstration(authority, neighbour, settings):
    settings.DEMO = True
    Authority.objects.update(is_demonstration=True)


@pytest.mark.parametrize("host", LOOPBACK)
def test_a_demonstration_may_be_served_on_this_computer(demonstration, host):
    waiver.check(host)


@pytest.mark.parametrize("host", ELSEWHERE)
def test_nowhere_else_and_the_variable_is_named(demonstration, host):
    with pytest.raises(ImproperlyConfigured, match="LOCALOFFER_DEMO is true"):
        waiver.check(host)


def test_not_when_one_authority_is_real(demonstration):
    make_authority(name="Rutshire", hostname="rutshire.example", gss_code="E10000997")

    with pytest.raises(ImproperlyConfigured, match="LOCALOFFER_DEMO is true"):
        waiver.check("127.0.0.1")


def test_not_when_there_is_none(db, settings):
    settings.DEMO = True

    with pytest.raises(ImproperlyConfigured, match="LOCALOFFER_DEMO is true"):
        waiver.check("127.0.0.1")


@pytest.mark.parametrize("host", [*LOOPBACK, *ELSEWHERE])
def test_a_site_that_asks_for_the_second_factor_is_served_anywhere(authority, settings, host):
    settings.DEMO = False

    waiver.check(host)


@pytest.mark.slow
def test_serve_stops_with_the_name_of_the_variable(tmp_path):
    environment = {**os.environ, "LOCALOFFER_DATA": str(tmp_path), "LOCALOFFER_DEMO": "true"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    environment.pop("LOCALOFFER_DATABASE_URL", None)

    ran = subprocess.run(
        [sys.executable, "-m", "localoffer", "serve", "--host", "0.0.0.0"],  # noqa: S104
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert ran.returncode == 1
    assert ran.stderr.startswith("localoffer: LOCALOFFER_DEMO is true")

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from localoffer.pages.models import Alert
from tests.factories.pages import make_alert


@pytest.mark.parametrize(
    ("hours", "shows"), [(-2, False), (-1, True), (0, True), (1, False), (2, False)]
)
def test_an_alert_shows_from_its_start_until_its_end(authority, hours, shows):
    alert = make_alert(authority)
    now = alert.starts + (alert.ends - alert.starts) / 2 + timedelta(hours=hours)

    assert alert.shows(now=now) is shows
    assert Alert.objects.not_over(now=now).exists() is (hours < 1)


def test_urgent_alerts_come_first(authority):
    make_alert(authority, title="Second")
    make_alert(authority, title="First", kind=Alert.Kind.URGENT)

    titles = Alert.objects.not_over(now=timezone.now()).values_list("title", flat=True)
    assert list(titles) == ["First", "Second"]


def test_an_alert_cannot_end_before_it_starts(authority):
    now = timezone.now()

    with pytest.raises(IntegrityError):
        make_alert(authority, starts=now, ends=now - timedelta(minutes=1))


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//evil.example", "data:text/html,x"])
def test_an_alert_leads_only_to_this_site_or_a_web_address(authority, address):
    alert = make_alert(authority)
    alert.url = address

    with pytest.raises(ValidationError):
        alert.full_clean()


def test_an_officer_adds_an_alert_of_their_own_authority_only(admin, authority, neighbour):
    form = {
        "kind": "information",
        "title": "Helpline closed",
        "starts": "2026-11-24 09:00",
        "ends": "2026-11-25 09:00",
    }

    theirs = admin.post(reverse("alerts:add"), {**form, "authority": neighbour.pk})
    ours = admin.post(reverse("alerts:add"), {**form, "authority": authority.pk})

    assert (theirs.status_code, ours.status_code) == (200, 302)
    assert [alert.authority for alert in Alert.objects.all()] == [authority]


def test_another_authoritys_alert_is_not_found(admin, neighbour):
    alert = make_alert(neighbour)

    for name in ["edit", "delete", "inspect", "history", "usage"]:
        assert admin.get(reverse(f"alerts:{name}", args=[alert.pk])).status_code == 404

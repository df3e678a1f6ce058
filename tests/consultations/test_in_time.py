"""Answers are taken to the last microsecond, and in the grace from those who are part-way."""

from datetime import timedelta

import pytest

from localoffer.consultations.models import Draft, Response
from tests.consultations.pages import START, at, begin, post, receipt_on, words
from tests.factories.consultations import (
    CLOSES,
    OPENS,
)

GRACE = timedelta(minutes=60)
TICK = timedelta(microseconds=1)


def test_before_it_opens_nobody_can_begin(client, opened, clock):
    clock(OPENS - TICK)
    response = begin(client)

    assert "It has not opened yet" in words(response)
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("now", "taken"),
    [(CLOSES - TICK, True), (CLOSES, False), (CLOSES + timedelta(minutes=1), False)],
)
def test_a_start_is_taken_to_the_last_microsecond(client, opened, clock, now, taken):
    clock(now)
    begin(client)

    assert Draft.objects.exists() is taken


@pytest.mark.parametrize(
    ("now", "sent", "late"),
    [
        (CLOSES - TICK, True, False),
        (CLOSES, True, True),
        (CLOSES + GRACE - TICK, True, True),
        (CLOSES + GRACE, False, None),
    ],
)
def test_who_is_part_way_has_an_hour_and_is_marked_late(client, opened, clock, now, sent, late):
    clock(CLOSES - timedelta(minutes=5))
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    clock(now)
    client.post(at("WORDS"), {"answer": "At last", "revision": 1})
    client.post(f"{START}check/")

    assert [each.late for each in Response.objects.all()] == ([late] if sent else [])


def test_what_comes_too_late_is_shown_so_that_it_is_not_lost(client, opened, clock):
    clock(CLOSES - timedelta(minutes=5))
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    clock(CLOSES + GRACE)
    response = client.post(at("WORDS"), {"answer": "My long words", "revision": 1})

    shown = words(response)
    assert response.status_code == 409
    assert "It has closed" in shown
    assert "My long words" in shown
    assert "AGE 2" in shown
    assert "We delete them on Saturday 6 May 2023" in shown


def test_answers_that_were_put_aside_have_no_grace_but_can_be_read(client, opened, clock):
    clock(CLOSES - timedelta(minutes=5))
    begin(client)
    post(client, at("AGE"), answer="AGE2")
    code = receipt_on(client.post(f"{START}save/"))
    clock(CLOSES + timedelta(minutes=1))
    response = client.post("/have-your-say/come-back/", {"code": code})

    assert "It has closed" in words(response)
    assert "AGE 2" in words(response)
    assert not Response.objects.exists()


def test_nothing_can_be_put_aside_in_the_grace(client, opened, clock):
    clock(CLOSES - timedelta(minutes=5))
    begin(client)
    clock(CLOSES + timedelta(minutes=1))
    client.post(f"{START}save/")

    assert Draft.objects.get().code_digest is None
    assert "Save and come back later" not in words(client.get(at("AGE")))

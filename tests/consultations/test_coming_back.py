"""A person stops, and comes back with a code."""

import json

import pytest
from django.test import Client

from localoffer.consultations import codes
from localoffer.consultations.models import Draft
from tests.consultations.pages import START, at, begin, post, receipt_on, words
from tests.factories.consultations import (
    make_listing,
    make_open,
)
from tests.factories.pages import make_site


def test_answers_are_taken_up_on_another_device_with_the_code(client, while_open):
    begin(client)
    post(client, at("AGE"), answer="AGE1")
    code = receipt_on(client.post(f"{START}save/"))
    gone = client.get(at("MORE"))
    other = Client()
    back = other.post("/have-your-say/come-back/", {"code": code.lower().replace("-", " ")})

    assert gone.url == START
    assert back.url == at("MORE")
    assert post(other, at("MORE"), answer="Because").url == at("WORDS")
    stored = Draft.objects.values().get()
    assert codes.parse(code) not in json.dumps(stored, default=str)


@pytest.mark.parametrize("typed", ["", "abc", "AAAA-AAAA-AAAA", "\0", "x" * 500])
def test_a_code_that_is_none_is_said_and_kept(client, while_open, typed):
    response = client.post("/have-your-say/come-back/", {"code": typed})

    assert response.status_code == 200
    assert b"govuk-error-summary" in response.content


def test_a_new_code_takes_the_place_of_the_old(client, while_open):
    begin(client)
    first = receipt_on(client.post(f"{START}save/"))
    client.post("/have-your-say/come-back/", {"code": first})
    second = receipt_on(client.post(f"{START}save/"))

    assert first != second
    assert client.post("/have-your-say/come-back/", {"code": first}).status_code == 200
    assert client.post("/have-your-say/come-back/", {"code": second}).status_code == 302


def test_codes_can_be_tried_only_so_often(client, while_open, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    wrong = [codes.shown(codes.new()) for _ in range(25)]

    said = [
        "You have tried many codes"
        in words(client.post("/have-your-say/come-back/", {"code": each}, REMOTE_ADDR="192.0.2.9"))
        for each in wrong
    ]

    assert not said[0]
    assert said[-1]


def test_a_code_of_another_authority_opens_nothing(client, while_open):
    other, home = make_site(name="Loamshire", hostname="loamshire.example", gss_code="E10000998")
    make_open(make_listing(home), authority=other)
    theirs = Client(headers={"host": "loamshire.example"})
    theirs.post(START)
    code = receipt_on(theirs.post(f"{START}save/"))

    assert client.post("/have-your-say/come-back/", {"code": code}).status_code == 200
    assert theirs.post("/have-your-say/come-back/", {"code": code}).status_code == 302

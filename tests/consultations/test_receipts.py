"""With a receipt answers are taken back, and lead to what came of them."""

from datetime import timedelta

from localoffer.consultations import codes
from localoffer.consultations.actions import answering, planning, results
from localoffer.consultations.models import Response
from tests.consultations.pages import receipt_on, whole, words
from tests.factories.consultations import (
    CLOSES,
    answer,
)


def test_answers_can_be_taken_back_until_counting_begins(client, while_open):
    code = receipt_on(whole(client))
    looked = client.post("/have-your-say/receipt/", {"code": code})
    assert "Take your answers back" in words(looked)
    assert Response.objects.get().answers

    client.post("/have-your-say/receipt/", {"code": code, "withdraw": "yes"})

    response = Response.objects.get()
    assert (response.withdrawn, response.answers) == (True, {})
    assert not Response.objects.counted().exists()


def test_answers_taken_back_are_not_brought_back_by_a_backup(client, while_open):
    code = receipt_on(whole(client))
    before = Response.objects.get()
    client.post("/have-your-say/receipt/", {"code": code, "withdraw": "yes"})
    before.save()

    assert answering.withdraw_again() == 1

    response = Response.objects.get()
    assert (response.withdrawn, response.answers) == (True, {})
    assert answering.withdraw_again() == 0


def test_answers_that_are_counted_cannot_be_taken_back(client, opened, clock):
    record, survey = opened
    code = codes.shown(answer(survey, {"AGE": "AGE1"}))
    after = CLOSES + timedelta(hours=1)
    clock(after)
    planning.begin_counting(record, now=after)
    response = client.post("/have-your-say/receipt/", {"code": code, "withdraw": "yes"})

    assert "begun to count" in words(response)
    assert Response.objects.get().answers == {"AGE": "AGE1"}


def test_the_receipt_leads_to_what_came_of_it(client, opened, clock):
    record, survey = opened
    code = codes.shown(answer(survey, {"AGE": "AGE1"}))
    after = CLOSES + timedelta(hours=1)
    planning.begin_counting(record, now=after)
    results.publish(results.make(record, now=after), now=after)
    clock(after)

    response = client.post("/have-your-say/receipt/", {"code": code})

    assert "See the results" in words(response)
    assert "AGE 1" not in words(response)

"""Several at once: nothing is lost and nothing is doubled, on either database."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from localoffer.consultations.actions import answering, writing
from localoffer.consultations.models import Draft, Instrument, Response
from tests.factories.consultations import WHILE_OPEN, make_listing, make_open
from tests.factories.pages import make_site

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
AT_ONCE = 4


@pytest.fixture
def survey():
    authority, home = make_site()
    return make_open(make_listing(home), authority=authority)[1]


def at_once(act):
    """Call ``act(number)`` in several threads that begin together; what each gives or raises."""
    gate = Barrier(AT_ONCE)

    def run(number):
        try:
            gate.wait(20)
            return act(number)
        except Exception as error:  # noqa: BLE001  handed to the test
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_a_draft_that_is_sent_by_four_clicks_at_once_is_one_response(survey):
    draft = answering.begin(survey, now=WHILE_OPEN)
    for code, answer in [("AGE", "AGE2"), ("WORDS", "W")]:
        draft = answering.keep(
            draft, code=code, answer=answer, revision=draft.revision, now=WHILE_OPEN
        )

    receipts = at_once(
        lambda _: answering.send(draft.pk, authority=survey.authority, now=WHILE_OPEN)
    )

    assert len(set(receipts)) == 1
    assert isinstance(receipts[0], str)
    assert Response.objects.count() == 1
    assert not Draft.objects.exists()


def test_of_four_windows_that_answer_one_question_at_once_three_are_told(survey):
    draft = answering.begin(survey, now=WHILE_OPEN)

    found = at_once(
        lambda number: answering.keep(
            draft, code="WORDS", answer=f"Text {number}", revision=0, now=WHILE_OPEN
        )
    )

    told = [each for each in found if isinstance(each, answering.ChangedElsewhereError)]
    kept = Draft.objects.get().answers["WORDS"]
    assert len(told) == AT_ONCE - 1
    assert {each.answer for each in told} == {kept}


def test_answers_to_different_questions_at_once_are_all_kept(survey):
    draft = answering.begin(survey, now=WHILE_OPEN)

    at_once(
        lambda number: answering.keep(
            draft, code=f"Q{number}", answer="x", revision=0, now=WHILE_OPEN
        )
    )

    assert len(Draft.objects.get().answers) == AT_ONCE


def test_of_four_officers_who_write_at_once_one_writes(survey):
    without = survey.document.without("WORDS")

    found = at_once(
        lambda _: writing.write(
            Instrument.objects.get(pk=survey.pk), without, number=survey.draft_number
        )
    )

    refused = [each for each in found if isinstance(each, writing.ChangedMeanwhileError)]
    assert len(refused) == AT_ONCE - 1

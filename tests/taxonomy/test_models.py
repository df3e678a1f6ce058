from datetime import date

import pytest
from django.db import IntegrityError, transaction

from localoffer.taxonomy.models import AgeBand, Concept, ConceptWord, Duty, Topic
from tests.factories.taxonomy import make_duty, make_topic

pytestmark = pytest.mark.django_db


def test_duty_is_in_force_on_its_first_and_last_day_and_not_beyond():
    make_duty(in_force_from=date(2014, 9, 1), in_force_to=date(2027, 8, 31))

    days = [date(2014, 8, 31), date(2014, 9, 1), date(2027, 8, 31), date(2027, 9, 1)]
    found = [Duty.objects.in_force(on=day).filter(code="XX-01").exists() for day in days]

    assert found == [False, True, True, False]


def test_duty_without_a_last_day_stays_in_force():
    make_duty()

    assert Duty.objects.in_force(on=date(2099, 1, 1)).filter(code="XX-01").exists()


def test_proposal_is_never_in_force():
    make_duty(status=Duty.Status.PROPOSAL)

    assert not Duty.objects.in_force(on=date(2026, 11, 24)).filter(code="XX-01").exists()


def test_duty_knows_each_kind_that_meets_it():
    assert make_duty(kind="PAGE SVC").kinds == [Duty.Kind.PAGE, Duty.Kind.SVC]


def test_duty_cannot_end_before_it_begins():
    with pytest.raises(IntegrityError), transaction.atomic():
        make_duty(in_force_from=date(2020, 1, 2), in_force_to=date(2020, 1, 1))


def test_age_band_cannot_be_reversed():
    with pytest.raises(IntegrityError), transaction.atomic():
        AgeBand.objects.create(code="9-5", name="9 to 5", minimum=9, maximum=5)


def test_retired_rows_are_not_current():
    make_topic(retired=True)

    assert not Topic.objects.current().filter(code="bell-ringing").exists()
    assert Topic.objects.current().count() == Topic.objects.count() - 1


@pytest.mark.parametrize("typed", ["statemented", "  Special needs  PLAN ", "EHCP"])
def test_concept_is_found_by_what_people_type(typed):
    assert [concept.code for concept in Concept.objects.called(typed)] == ["ehc-plan"]


def test_abbreviation_with_two_meanings_finds_both():
    found = {concept.code for concept in Concept.objects.called("AP")}

    assert found == {"alternative-provision", "accelerated-progress-plan"}


def test_concept_lists_every_way_to_say_it():
    assert "senko" in Concept.objects.get(code="senco").all_words


def test_word_is_in_a_concept_once():
    with pytest.raises(IntegrityError), transaction.atomic():
        ConceptWord.objects.create(concept_id="senco", text="SENCO", official=True)

"""A copy of the database in the hands of an attacker joins nobody to an answer.

The attacker knows who everybody is from every table that says so, and lays its rows, in every
order that there is, beside the answers in every order that there is.
"""

import hashlib
import uuid
from datetime import timedelta
from itertools import product

import pytest
from django.db import connection

from localoffer.consultations.actions import answering, mixing, safety
from localoffer.consultations.models import HelpRequest, Response
from localoffer.feedback import actions as feedback
from localoffer.feedback.models import Comment
from tests.factories.consultations import WHILE_OPEN, answer

PEOPLE = 40
# Of so many random rows as many as this stand at their own place once in 3 million times.
BY_CHANCE = 9
NEXT_DAY = WHILE_OPEN + timedelta(days=1)
PLACE = {"sqlite": "rowid", "postgresql": "ctid"}


def mark_of(who):
    """What only this person has answered, by which the test knows whether the attacker is right."""
    return hashlib.sha256(who.encode()).hexdigest()


@pytest.fixture
def everybody(opened):
    """People who answer one after the other, and at once write to us by name in other ways."""
    record, survey = opened
    for number in range(PEOPLE):
        who = f"person.{number}@example.org"
        answer(survey, {"WORDS": mark_of(who)}, now=WHILE_OPEN + timedelta(seconds=number))
        safety.ask_for_help(
            authority=record.authority, token=uuid.uuid4(), contact=who, now=WHILE_OPEN
        )
        feedback.receive(
            authority=record.authority, kind="other", text="T", token=uuid.uuid4(), email=who
        )


def orders(model, column):
    """What stands in a column, in each order in which the table can be read."""
    table = connection.ops.quote_name(model._meta.db_table)
    by = [field.column for field in model._meta.concrete_fields]
    with connection.cursor() as cursor:
        for each in ["", PLACE[connection.vendor], *map(connection.ops.quote_name, by)]:
            order = f"ORDER BY {each}" if each else ""
            cursor.execute(f"SELECT {column} FROM {table} {order}")  # noqa: S608
            found = [str(row[0]) for row in cursor.fetchall()]
            yield found
            yield found[::-1]


def joined():
    """The most people whom any two orders join to their own answer."""
    persons = [*orders(HelpRequest, "contact"), *orders(Comment, "email")]
    answers = list(orders(Response, "answers"))
    return max(
        sum(mark_of(person) in answered for person, answered in zip(*pair, strict=True))
        for pair in product(persons, answers)
    )


def test_by_the_next_day_no_order_of_any_two_tables_joins_a_person_to_an_answer(everybody):
    assert mixing.mix(now=NEXT_DAY) == PEOPLE

    assert joined() < BY_CHANCE


def test_the_attacker_would_succeed_if_answers_lay_as_they_came(everybody):
    assert joined() == PEOPLE


def test_answers_are_mixed_once_and_only_when_their_day_is_over(everybody):
    assert mixing.mix(now=WHILE_OPEN) == 0
    assert mixing.mix(now=NEXT_DAY) == PEOPLE
    assert mixing.mix(now=NEXT_DAY) == 0


def test_mixing_changes_nothing_of_an_answer(opened):
    receipt = answer(opened[1], {"WORDS": "More swimming"})
    taken_back = answer(opened[1], {"WORDS": "Less"})
    answering.withdraw(Response.objects.get(answers__WORDS="Less"), now=WHILE_OPEN)
    before = {row.pop("id"): row for row in Response.objects.values()}

    mixing.mix(now=NEXT_DAY)

    after = {row.pop("id"): row for row in Response.objects.values()}
    assert receipt != taken_back
    assert after == {key: row | {"mixed": True} for key, row in before.items()}

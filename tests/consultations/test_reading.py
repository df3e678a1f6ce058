from datetime import date

import pytest

from localoffer.consultations import reading

MONDAY, FRIDAY, SATURDAY = date(2023, 4, 3), date(2023, 4, 7), date(2023, 4, 8)


@pytest.mark.parametrize(
    ("sent", "waiting", "due"),
    [
        (MONDAY, 1, date(2023, 4, 4)),
        (MONDAY, 100, date(2023, 4, 4)),
        (MONDAY, 101, date(2023, 4, 5)),
        (FRIDAY, 1, date(2023, 4, 10)),
        (SATURDAY, 1, date(2023, 4, 10)),
        (SATURDAY, 101, date(2023, 4, 11)),
        (date(2023, 4, 6), 101, date(2023, 4, 10)),
    ],
)
def test_it_is_due_on_the_next_working_day_or_the_one_after_when_many_wait(sent, waiting, due):
    assert reading.due(sent, waiting=waiting) == due
    assert not reading.is_late(sent, today=due, waiting=waiting)
    assert reading.is_late(sent, today=date.fromordinal(due.toordinal() + 1), waiting=waiting)

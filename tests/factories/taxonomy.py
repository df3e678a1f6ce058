"""Rows of the reference data, for tests that need one of their own."""

from datetime import date

from localoffer.taxonomy.models import Duty, Topic


def make_topic(*, code="bell-ringing", name="Bell ringing", **values):
    return Topic.objects.create(code=code, name=name, plain="Ringing bells.", **values)


def make_duty(*, code="XX-01", **values):
    return Duty.objects.create(
        **{
            "code": code,
            "source": "Bell Ringing Act 2014",
            "reference": "section 1",
            "text": "The council must ring bells.",
            "kind": "PAGE SVC",
            "in_force_from": date(2014, 9, 1),
            "source_url": "https://www.legislation.gov.uk/",
            **values,
        }
    )

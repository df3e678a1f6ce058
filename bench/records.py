"""A directory of any size: services made by combining texts, in many authorities.

The texts are those of the judged corpus where it lies beside the checkout, else a few dozen
sentences of ours. The same numbers give the same records, on every machine.
"""

import json
import random
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from localoffer.authority.models import Authority, PublicItem
from localoffer.directory.models import (
    Location,
    Organisation,
    Schedule,
    Service,
    ServiceAtLocation,
)
from localoffer.taxonomy.models import Need, ServiceType

CORPUS = Path(__file__).parents[2] / "shared" / "data" / "search"
AT_ONCE = 1000
WIDE = 25_000  # metres from the middle of an authority to its furthest service
ENGLAND = ((330_000, 620_000), (80_000, 560_000))
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WHO = """
autistic children; deaf children; children who are not talking yet; anxious teenagers; young carers;
children in wheelchairs; parents and carers; children with ADHD; children with epilepsy; schools;
young people leaving school; babies and toddlers; children who do not sleep; children with dyslexia
"""
WHAT = """
Speech and language therapy; Short breaks; Holiday club; Travel training; Portage; Sensory play;
Drop-in; Counselling; Parent support group; Hydrotherapy; Assessment; Swimming lessons; Helpline;
Supported internship; Continence clinic; Equipment loans; Grants; Youth club; Respite; Nursery
"""
HOW = """
You can ask for it yourself, and nobody needs a diagnosis.; A school or a doctor asks for you.;
We meet every week in term time in a quiet room.; There is a waiting list of about three months.;
Families tell us what matters to them, and we plan together.; It costs nothing for most families.;
We help with forms, meetings and what to say at them.; Brothers and sisters are welcome too.;
We come to your home, or to nursery or school.; It is run by people who have been there themselves.
"""
WHERE = """
Malvern; Worcester; Kidderminster; Redditch; Evesham; Bewdley; Droitwich; Pershore; Bromsgrove;
Tenbury; Upton; Leominster; Ledbury; Ross; Hereford; Kington; Stourport; Broadway; Alvechurch
"""
QUERIES = """
speech therapy for toddler; autism assesment waiting list; respite; my son is not talking;
wheelchair swimming; free holiday club; help with sleep; anxious teenager refuses school; portage;
short breaks near Malvern; what happens when he turns 18; EHCP refused; dyslexia help; grants;
deaf children's group; youth club saturday; travel to school; counselling for young people; adhd;
equipment for disabled child; hydrotherapy; nursery for 3 year old with autism; young carers
"""


def listed(text: str) -> list[str]:
    return [" ".join(one.split()) for one in text.split(";")]


def queries() -> list[str]:
    """What families type: the development queries of the judged corpus, or a few of ours."""
    file = CORPUS / "queries.tsv"
    if not file.exists():
        return listed(QUERIES)
    rows = [line.split("\t") for line in file.read_text("utf-8").splitlines()[1:]]
    return [row[2] for row in rows]


def add_authorities(number: int) -> list[Authority]:
    """Authorities with a site and an empty home page; the first answers for the default site."""
    Site.objects.all().delete()
    root = Page.get_first_root_node()
    made = []
    with transaction.atomic():
        for one in range(number):
            home = root.add_child(instance=Page(title=f"Authority {one}", slug=f"authority-{one}"))
            site = Site.objects.create(
                hostname=f"authority{one}.example", root_page=home, is_default_site=one == 0
            )
            made.append(
                Authority.objects.create(
                    site=site,
                    name=f"Authority {one}",
                    council=f"Council {one}",
                    gss_code=f"E{one:08}",
                )
            )
    return made


def add_services(number: int, authorities: list[Authority], *, seed: int = 1) -> None:
    """So many public services, spread over these authorities, without telling the index."""
    chance = random.Random(seed)  # noqa: S311  no secret
    texts, types = _texts(), list(ServiceType.objects.values_list("pk", flat=True))
    needs = list(Need.objects.values_list("pk", flat=True))
    homes = [tuple(chance.randint(*axis) for axis in ENGLAND) for _ in authorities]
    numbers = count(1)
    for start in range(0, number, AT_ONCE):
        some = range(start, min(start + AT_ONCE, number))
        made = [
            _service(next(numbers), authorities[at % len(authorities)], texts, chance)
            for at in some
        ]
        _write(made, [homes[at % len(authorities)] for at in some], needs, types, chance)


def _service(number, authority, texts, chance):
    title, description = chance.choice(texts)[0], chance.choice(texts)[1]
    lowest = chance.choice([None, 0, 0, 3, 5, 8, 11, 14, 16])
    return Service(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        authority=authority,
        name=f"{title}: {chance.choice(listed(WHERE))}"[:255],
        slug=f"service-{number}",
        description=f"{description} {chance.choice(listed(HOW))} {chance.choice(texts)[1][:200]}",
        eligibility=f"For {chance.choice(listed(WHO))}.",
        how_to_get_it=chance.choice(listed(HOW)),
        complaints_route="Write to us.",
        owner_team="Local Offer team",
        minimum_age=lowest,
        maximum_age=chance.choice([None, (lowest or 0) + 5, 18, 25]),
        cost_kind=chance.choice(["", "free", "free", "paid"]),
        live=True,
        first_published_at=timezone.now(),
    )


def _write(services, homes, needs, types, chance):
    owners = {service.authority_id for service in services}
    with transaction.atomic():
        organisations = {
            owner: [
                Organisation(authority_id=owner, name=f"{chance.choice(listed(WHERE))} Trust")
                for _ in range(3)
            ]
            for owner in owners
        }
        Organisation.objects.bulk_create(one for some in organisations.values() for one in some)
        for service in services:
            service.organisation = chance.choice(organisations[service.authority_id])
        Service.objects.bulk_create(services)
        placed = [pair for pair in zip(services, homes, strict=True) if chance.random() < 0.8]
        places = [_place(service, home, chance) for service, home in placed]
        Location.objects.bulk_create(places)
        ServiceAtLocation.objects.bulk_create(
            ServiceAtLocation(service=service, location=place)
            for (service, _), place in zip(placed, places, strict=True)
        )
        Schedule.objects.bulk_create(
            Schedule(service=service, byday=chance.sample(DAYS, chance.randint(1, 5)))
            for service in services
        )
        for terms, field, codes in [
            (Service.needs, "need", needs),
            (Service.types, "servicetype", types),
        ]:
            terms.through.objects.bulk_create(
                terms.through(**{"service": service, f"{field}_id": code})
                for service in services
                for code in chance.sample(codes, chance.randint(0, 3))
            )
        PublicItem.objects.bulk_create(
            PublicItem(
                authority_id=service.authority_id,
                kind="service",
                key=str(service.pk),
                title=service.name,
                url=f"/find-help/service/{service.slug}/",
                state=PublicItem.State.PUBLIC,
                changed=timezone.now(),
            )
            for service in services
        )


def _place(service, home, chance):
    easting, northing = (axis + chance.randint(-WIDE, WIDE) for axis in home)
    town = chance.choice(listed(WHERE))
    return Location(
        authority_id=service.authority_id,
        name=f"{town} Hall",
        town=town,
        postcode="WR14 1AA",
        easting=easting,
        northing=northing,
    )


def _texts() -> list[tuple[str, str]]:
    """Titles and descriptions."""
    file = CORPUS / "services.jsonl"
    if file.exists():
        rows = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        return [(row["title"], row["description"]) for row in rows]
    return list(_ours())


def _ours() -> Iterator[tuple[str, str]]:
    how = listed(HOW)
    for at, what in enumerate(listed(WHAT)):
        for number, who in enumerate(listed(WHO)):
            sentences = [how[(at + number * step) % len(how)] for step in range(1, 5)]
            yield f"{what} for {who}", " ".join([f"{what} for {who}.", *sentences])

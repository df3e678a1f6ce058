"""A judged corpus in an empty database: services through the import, guides as guide pages.

Each line of the file is a JSON object with ``id``, ``kind`` (service or guide), ``title``, ``org``,
``description``, ``min_age``, ``max_age``, ``locations`` (town, postcode, lat, lon), ``area``,
``cost``, ``free``, ``schedule``, ``days``, ``needs``, ``category`` and ``access``.
"""

import json
import uuid
from pathlib import Path

from wagtail.models import Page, Site

from localoffer.authority.actions import add_authority
from localoffer.authority.changes import announce
from localoffer.authority.models import Authority
from localoffer.directory.importing import terms
from localoffer.directory.imports import import_services
from localoffer.directory.models import Service
from localoffer.directory.sources import feeds
from localoffer.home.models import HomePage
from localoffer.pages import actions
from localoffer.pages.models import GuidePage, SectionPage
from localoffer.taxonomy.models import AgeBand, Audience, Need, Topic

NAMESPACE = uuid.UUID("6b2d54a5-6a2c-4c0e-9d0b-5f5b3f2f7c11")
GROWN_UP = 99  # years: no oldest age
LONGEST_SUMMARY = 60  # words
# What the corpus calls the subject of a guide, as our topics and audiences.
TOPICS = {
    "Activities and clubs": "childcare-leisure",
    "Diagnosis and assessment": "autism-adhd",
    "EHC plans and SEND support": "ehc-plans",
    "Early years": "early-years",
    "Education support": "sen-support",
    "Guides and information": "whole-local-offer",
    "Health and therapies": "health",
    "Mental health and wellbeing": "mental-health",
    "Money and benefits": "money",
    "Preparing for adulthood": "transitions",
    "Schools and colleges": "school-places",
    "Short breaks and respite": "short-breaks",
    "Travel and transport": "transport",
}
AUDIENCES = {"For professionals": ["schools", "health-care"]}


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def load(rows: list[dict], *, name: str, folder: Path) -> tuple[Authority, dict[str, str]]:
    """An authority of this name with all of it, and the id in the corpus by the key of each thing.

    ``folder``: where the feed of services may be written.
    """
    authority = _authority(name)
    services = [row for row in rows if row["kind"] == "service"]
    ids = _services(authority, services, name, folder / "feed.json")
    home = authority.site.root_page.specific
    section = actions.add(parent=home, page=SectionPage(title="Guides", summary="All guides."))
    for row in rows:
        if row["kind"] == "guide":
            ids[str(_guide(section, row).pk)] = row["id"]
    return authority, ids


def _authority(name):
    Site.objects.all().delete()
    Page.objects.filter(depth=2).delete()
    home = Page.get_first_root_node().add_child(
        instance=HomePage(title=name, slug="home", summary="Help for families in one place.")
    )
    authority = add_authority(
        name=name,
        council=f"{name} County Council",
        gss_code="E10000999",
        hostname="localhost",
        root_page=home,
    )
    actions.publish(authority.site.root_page.specific)
    return authority


def _services(authority, rows, name, file):
    by_key = {str(uuid.uuid5(NAMESPACE, row["id"])): row for row in rows}
    content = [_hsds(key, row) for key, row in by_key.items()]
    page = {"total_items": len(content), "total_pages": 1, "page_number": 1, "contents": content}
    file.write_text(json.dumps(page))
    report = import_services(authority=authority, feed=feeds.open_feed(str(file)), pause=0)
    if report.refused:
        raise ValueError(f"Refused: {report.refused[:3]}")
    ids, elsewhere = {}, []
    for pk, key in Service.objects.values_list("pk", "source_id"):
        row = by_key[key]
        ids[str(pk)] = row["id"]
        if row["area"] not in {name, "National"}:
            elsewhere.append(pk)
    # An import takes a service to be in the area of those who import it. These say another.
    Service.objects.filter(pk__in=elsewhere).update(reach=Service.Reach.OUT_OF_AREA)
    announce("service", [str(pk) for pk in elsewhere])
    return ids


def _hsds(key, row):
    """A service as HSDS 3.0 has it."""
    return {
        "id": key,
        "name": row["title"],
        "description": row["description"],
        "status": "active",
        "organization": _named("organisation", row["org"]) if row["org"] else None,
        "minimum_age": row["min_age"],
        "maximum_age": row["max_age"] if row["max_age"] < GROWN_UP else None,
        "eligibility_description": row["access"],
        "fees_description": row["cost"],
        "cost_options": [{"option": "Free", "amount": 0}] if row["free"] else [],
        "service_areas": [{"name": row["area"], "service_area": row["area"]}]
        if row["area"]
        else [],
        "schedules": _schedules(row),
        "attributes": [
            {
                "link_type": link,
                "taxonomy_term": {**_named(link, word), "taxonomy": link},
            }
            for link, words in [("sen_need", row["needs"]), ("service_type", [row["category"]])]
            for word in words
        ],
        "service_at_locations": [
            {"location": _location(f"{key}-{at}", place)}
            for at, place in enumerate(row["locations"])
        ],
    }


def _named(kind, name):
    key = str(uuid.uuid5(NAMESPACE, f"{kind} {name}"))
    return {"id": key, "name": name, "description": name}


def _schedules(row):
    if not row["days"]:
        return []
    days = ",".join(day[:2].upper() for day in row["days"])
    return [{"freq": "WEEKLY", "byday": days, "description": row["schedule"]}]


def _location(key, place):
    return {
        "id": str(uuid.uuid5(NAMESPACE, key)),
        "location_type": "physical",
        "name": place["town"],
        "latitude": place.get("lat"),
        "longitude": place.get("lon"),
        "addresses": [
            {
                "address_1": place["town"],
                "city": place["town"],
                "postal_code": place.get("postcode", ""),
                "country": "GB",
                "address_type": "physical",
            }
        ],
    }


def _guide(section, row):
    text = row["description"]
    brief = len(text.split()) <= LONGEST_SUMMARY
    guide = GuidePage(
        title=row["title"],
        slug=row["id"],
        summary=text if brief else " ".join(text.split()[:LONGEST_SUMMARY]),
        introduction=[] if brief else [("text", f"<p>{text}</p>")],
        steps=[
            ("step", {"heading": "What to do", "content": [("text", f"<p>{row['title']}</p>")]})
        ],
    )
    guide = actions.add(parent=section, page=guide)
    needs = terms.Meanings().needs_of([_Term(word) for word in row["needs"]])
    guide.needs.set(Need.objects.filter(code__in=needs))
    guide.topics.set(Topic.objects.filter(code=TOPICS.get(row["category"], "")))
    guide.audiences.set(Audience.objects.filter(code__in=AUDIENCES.get(row["category"], [])))
    guide.age_bands.set(_bands(row["min_age"], row["max_age"]))
    guide.save()
    actions.publish(guide)
    return guide


class _Term:
    def __init__(self, name):
        self.name = name


def _bands(first, last):
    """The age bands of which at least half is meant, or else those that are touched at all."""
    bands = list(AgeBand.objects.current())
    touched = [
        (min(last, band.maximum) - max(first, band.minimum) + 1, band)
        for band in bands
        if band.minimum <= last and first <= band.maximum
    ]
    mostly = [band for years, band in touched if 2 * years >= band.maximum - band.minimum + 1]
    chosen = mostly or [band for _, band in touched]
    return [] if len(chosen) == len(bands) else chosen

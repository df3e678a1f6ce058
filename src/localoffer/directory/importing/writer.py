"""Writes groups of services with all their rows, each group in one transaction."""

import datetime as dt
import re
import uuid
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType
from django.db import DatabaseError, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from localoffer.authority.changes import announce
from localoffer.directory import addresses, reach
from localoffer.directory.codes import Route
from localoffer.directory.importing import columns, terms
from localoffer.directory.importing.report import Refusal
from localoffer.directory.models import (
    Contact,
    CostOption,
    FormerAddress,
    Location,
    Organisation,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceLanguage,
)
from localoffer.directory.sources.records import ServiceRecord, fingerprint
from localoffer.directory.sources.values import storable
from localoffer.places.models import Area

KIND = "service"
LONGEST_KEY = 100
UPDATED = "Updated from the list this service comes from."
IS_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
ROWS = [ServiceAtLocation, Schedule, Contact, CostOption, ServiceLanguage, ServiceArea]


def source_of(key: str) -> str:
    """What a record remembers as its source: the feed's key, or its end and a mark of the whole."""
    if len(key) <= LONGEST_KEY:
        return key
    mark = uuid.uuid5(columns.NAMESPACE, key).hex[:16]
    return f"{key[: LONGEST_KEY - 17]}~{mark}"


@dataclass(frozen=True)
class Known:
    """What is stored of a source's record."""

    pk: uuid.UUID
    digest: str
    missing_since: dt.date | None


@dataclass(frozen=True, eq=False)
class Waiting:
    """A service to write."""

    where: str
    record: ServiceRecord
    digest: str
    pk: uuid.UUID | None  # of the service that is there already


def known_rows(model, authority, source):
    rows = model.objects.filter(authority=authority, source=source).values_list(
        "source_id", "pk", "source_hash", "missing_since"
    )
    return {source_id: Known(*rest) for source_id, *rest in rows}


def _update(row, names):
    """One plain update a row: for so many columns, Django's bulk update takes ten times as long."""
    attributes = [row._meta.get_field(name).attname for name in names]
    type(row).objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in attributes})


class Writer:
    """Writes groups of services, and remembers what the whole run needs to know once."""

    def __init__(self, *, authority, feed, by, report):
        self.authority = authority
        self.source = source_of(feed.key)
        self.form = feed.form
        self.by = by
        self.report = report
        self.run = uuid.uuid4()
        self.meanings = terms.Meanings()
        self.home = reach.home_of(authority)
        self.recall()

    def recall(self):
        """Look at what is stored: at the start, and after a group that could not be written."""
        self.organisations = known_rows(Organisation, self.authority, self.source)
        self.locations = known_rows(Location, self.authority, self.source)
        self.written = set()  # organisations and locations this run has seen to
        self.slugs = addresses.Taken(
            slug
            for model in [Service, FormerAddress]
            for slug in model.objects.filter(authority=self.authority).values_list(
                "slug", flat=True
            )
        )

    def write(self, group):
        """Write a group in one transaction; if the database refuses it, one service at a time."""
        if not group:
            return
        if not self.report.dry_run:
            try:
                self._write(group)
            except DatabaseError as error:
                self.recall()
                if len(group) > 1:
                    for one in group:
                        self.write([one])
                else:
                    self._refuse(group[0], error)
                return
        self.report.added += sum(one.pk is None for one in group)
        self.report.changed += sum(one.pk is not None for one in group)

    def _refuse(self, one, error):
        reason = f"the database does not take it: {str(error).splitlines()[0]}"
        self.report.refused.append(Refusal(one.where, one.record.source_id, reason))

    @transaction.atomic
    def _write(self, group):
        self._write_organisations([one.record for one in group])
        self._write_locations([one.record for one in group])
        services = self._write_services(group)
        self._write_rows(services)
        self._write_history(services)
        announce(KIND, [service.pk for service in services.values()])

    # Organisations and places

    def _write_organisations(self, records):
        wanted = {}
        for record in records:
            if found := record.organisation:
                wanted.setdefault(columns.organisation_id(found), found)
        self._write_sourced(
            Organisation, self.organisations, wanted, "organisation", columns.organisation_fields
        )

    def _write_locations(self, records):
        wanted = {}
        for record in records:
            for place in record.locations:
                wanted.setdefault(columns.place_id(place), place)
        self._write_sourced(Location, self.locations, wanted, "location", columns.location_fields)

    def _write_sourced(self, model, known, wanted, word, fields_of):
        """Add or change rows that services share. The first of a run decides what they say."""
        wanted = {key: record for key, record in wanted.items() if (word, key) not in self.written}
        added, changed = [], []
        keys = self._free_keys(model, word, [key for key in wanted if key not in known])
        for key, record in wanted.items():
            self.written.add((word, key))
            digest = fingerprint(record)
            before = known.get(key)
            if before and (before.digest, before.missing_since) == (digest, None):
                continue
            row = model(
                pk=before.pk if before else keys[key],
                authority=self.authority,
                source=self.source,
                source_id=key,
                source_hash=digest,
                **fields_of(record),
            )
            (changed if before else added).append(row)
            known[key] = Known(row.pk, digest, None)
        model.objects.bulk_create(added)
        for row in changed:
            _update(row, ["source_hash", "missing_since", *fields_of(wanted[row.source_id])])

    def _free_keys(self, model, word, source_ids):
        """A key for each new row: the source's own where it is a UUID nobody else has."""
        own = {key: uuid.UUID(key) for key in source_ids if IS_UUID.fullmatch(key)}
        taken = set(model.objects.filter(pk__in=own.values()).values_list("pk", flat=True))
        return {
            key: own[key]
            if key in own and own[key] not in taken
            else uuid.uuid5(
                columns.NAMESPACE, f"{self.authority.gss_code} {self.source} {word} {key}"
            )
            for key in source_ids
        }

    # Services

    def _write_services(self, group):
        new = [one.record.source_id for one in group if one.pk is None]
        keys = self._free_keys(Service, "service", new)
        stored = Service.objects.defer("source_raw").in_bulk([one.pk for one in group if one.pk])
        now, today = timezone.now(), timezone.localdate()
        added, changed, services = [], [], {}
        for one in group:
            if one.pk:
                service = stored[one.pk]
                changed.append(service)
            else:
                service = self._new(keys[one.record.source_id], one.record, now)
                added.append(service)
            self._fill(service, one, now, today)
            services[one] = service
        Service.objects.bulk_create(added)
        for service in changed:
            _update(service, self.FILLED)
        return services

    def _new(self, key, record, now):
        return Service(
            pk=key,
            authority=self.authority,
            source=self.source,
            source_id=record.source_id,
            slug=self.slugs.choose(record.name),
            live=True,
            has_unpublished_changes=False,
            first_published_at=now,
            owner_team=self.authority.team,
            reach=reach.reach_of(
                areas=[area.name for area in record.areas],
                postcodes=[
                    place.postcode for place in record.locations if place.type == "physical"
                ],
                home=self.home,
            ),
        )

    FILLED = [
        "source_hash", "source_raw", "missing_since", "last_published_at", "latest_revision",
        "live_revision", "name", "alternate_name", "organisation", "summary", "description",
        "status", "status_note", "minimum_age", "maximum_age", "eligibility", "routes",
        "how_to_get_it", "waiting_value", "waiting_unit", "waiting_note", "waiting_as_of",
        "waiting_source", "cost_kind", "cost_note", "url", "email", "area_served", "checked_on",
        "change_note",
    ]  # fmt: skip

    def _fill(self, service, one, now, today):
        record = one.record
        service.source_hash = one.digest
        service.source_raw = storable(record.raw)
        service.missing_since = None
        service.last_published_at = now
        if one.pk:
            service.change_note = UPDATED
            if not service.has_unpublished_changes:
                # The next editor then starts from what is public now, not from an old revision.
                service.latest_revision = service.live_revision = None
        service.name = record.name
        service.alternate_name = record.alternate_name
        service.organisation_id = (
            self.organisations[columns.organisation_id(record.organisation)].pk
            if record.organisation
            else None
        )
        service.summary = record.summary
        service.description = record.description
        service.status = record.status
        service.status_note = record.alert
        service.minimum_age = record.minimum_age
        service.maximum_age = record.maximum_age
        service.eligibility = record.eligibility
        service.how_to_get_it = record.referral
        if record.needs_referral is False and not service.routes:
            service.routes = [Route.SELF]
        service.cost_kind, service.cost_note = columns.cost(record)
        service.url = record.url
        service.email = record.email
        service.area_served = ", ".join(area.name for area in record.areas if area.name)[:255]
        self._fill_waiting(service, record, today)
        if record.assured_on and record.assured_on <= today:
            service.checked_on = max(filter(None, [service.checked_on, record.assured_on]))

    def _fill_waiting(self, service, record, today):
        """The source's words on waiting with their date; what people here wrote stays."""
        whose = record.organisation.name if record.organisation else self.form
        if record.waiting:
            service.waiting_value, service.waiting_unit = None, ""
            service.waiting_note = record.waiting
            service.waiting_as_of = columns.day_of(record) or today
            service.waiting_source = whose
        elif service.waiting_source == whose:
            service.waiting_value, service.waiting_unit = None, ""
            service.waiting_note, service.waiting_as_of, service.waiting_source = "", None, ""

    def _write_rows(self, services):
        """Replace the rows below these services with those that the source has now."""
        old = [service.pk for one, service in services.items() if one.pk]
        areas = self._areas(services)
        made = {model: [] for model in ROWS}
        for one, service in services.items():
            places = {
                place.source_id or None: self.locations[columns.place_id(place)].pk
                for place in one.record.locations
            }
            rows = {
                ServiceAtLocation: columns.at_locations(one.record, self.locations),
                Schedule: columns.schedules(one.record, places),
                Contact: columns.contacts(one.record),
                CostOption: columns.cost_options(one.record),
                ServiceLanguage: columns.languages(one.record),
                ServiceArea: columns.service_areas(one.record, areas),
            }
            for model, found in rows.items():
                made[model] += [
                    model(service=service, sort_order=order, **fields)
                    for order, fields in enumerate(found)
                ]
        for model, rows in made.items():
            if old:
                model.objects.filter(service__in=old).delete()
            model.objects.bulk_create(rows)
        self._write_codes(services, "needs", "need", self.meanings.needs_of)
        self._write_codes(services, "types", "servicetype", self.meanings.types_of)

    def _areas(self, services):
        codes = {
            code
            for one in services
            for area in one.record.areas
            for code in columns.ONS_CODE.findall(area.uri)
        }
        return set(Area.objects.filter(pk__in=codes).values_list("pk", flat=True))

    def _write_codes(self, services, name, column, codes_of):
        """Give needs or kinds to services that have none yet; what people chose stays."""
        through = getattr(Service, name).through
        pks = [service.pk for service in services.values()]
        chosen = set(through.objects.filter(service__in=pks).values_list("service", flat=True))
        through.objects.bulk_create(
            [
                through(**{"service_id": service.pk, f"{column}_id": code})
                for one, service in services.items()
                if service.pk not in chosen
                for code in codes_of(one.record.terms)
            ]
        )

    def _write_history(self, services):
        kind = ContentType.objects.get_for_model(Service)
        ModelLogEntry.objects.bulk_create(
            [
                ModelLogEntry(
                    content_type=kind,
                    object_id=str(service.pk),
                    label=service.name,
                    action="wagtail.edit" if one.pk else "wagtail.create",
                    data={"source": self.source},
                    timestamp=service.last_published_at,
                    uuid=self.run,
                    user=self.by,
                    content_changed=True,
                )
                for one, service in services.items()
            ]
        )

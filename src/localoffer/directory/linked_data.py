"""What search engines read of a service: schema.org in JSON-LD."""

import json

from django.utils.safestring import mark_safe

ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
PUBLIC_BODIES = {"council", "nhs"}


def script(data: dict) -> str:
    """JSON that is safe inside ``<script type="application/ld+json">``, whatever it holds."""
    return mark_safe(json.dumps(data, ensure_ascii=False).translate(ESCAPES))  # noqa: S308


def of_service(service, *, types, areas, locations, schedules, contacts, costs) -> dict:
    """A service as schema.org describes one. What is unknown is left out."""
    organisation = service.organisation
    public_body = organisation and organisation.kind in PUBLIC_BODIES
    return _known(
        {
            "@context": "https://schema.org",
            "@type": "GovernmentService" if public_body else "Service",
            "@id": service.full_url,
            "name": service.name,
            "alternateName": service.alternate_name,
            "description": service.summary or service.description,
            "url": service.url or service.full_url,
            "serviceType": types,
            "provider": organisation and _organisation(organisation),
            "areaServed": areas or service.area_served,
            "audience": _audience(service),
            "availableChannel": [_channel(contact) for contact in contacts if contact.phone]
            + [{"@type": "ServiceChannel", "serviceLocation": _place(row)} for row in locations],
            "hoursAvailable": [_hours(row) for row in schedules if _is_weekly(row)],
            "offers": _offers(service, costs),
        }
    )


def _known(data):
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def _organisation(organisation):
    return _known({"@type": "Organization", "name": organisation.name, "url": organisation.url})


def _audience(service):
    audience = _known(
        {
            "suggestedMinAge": service.minimum_age,
            "suggestedMaxAge": service.maximum_age,
            "audienceType": service.eligibility,
        }
    )
    return {"@type": "PeopleAudience", **audience} if audience else None


def _channel(contact):
    return {
        "@type": "ServiceChannel",
        "servicePhone": _known(
            {
                "@type": "ContactPoint",
                "telephone": contact.phone,
                "contactType": contact.name or contact.title,
            }
        ),
    }


def _place(location):
    street = ", ".join(part for part in [location.address_1, location.address_2] if part)
    address = _known(
        {
            "streetAddress": street,
            "addressLocality": location.town,
            "addressRegion": location.county,
            "postalCode": location.postcode,
        }
    )
    known_point = location.latitude is not None and location.longitude is not None
    return _known(
        {
            "@type": "Place",
            "name": location.name,
            "address": {"@type": "PostalAddress", **address, "addressCountry": "GB"}
            if address
            else None,
            "geo": {
                "@type": "GeoCoordinates",
                "latitude": location.latitude,
                "longitude": location.longitude,
            }
            if known_point
            else None,
        }
    )


DAYS = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}


def _is_weekly(schedule):
    """Whether schema.org's opening hours can say it: each week, all year, by day."""
    return (
        schedule.byday
        and schedule.interval == 1
        and schedule.when == "always"
        and all(code in DAYS for code in schedule.byday)
        and schedule.opens
        and schedule.closes
    )


def _hours(schedule):
    return _known(
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"https://schema.org/{DAYS[code]}" for code in schedule.byday],
            "opens": f"{schedule.opens:%H:%M}",
            "closes": f"{schedule.closes:%H:%M}",
            "validFrom": schedule.valid_from and schedule.valid_from.isoformat(),
            "validThrough": schedule.valid_to and schedule.valid_to.isoformat(),
        }
    )


def _offers(service, costs):
    priced = [
        _known(
            {
                "@type": "Offer",
                "name": row.option,
                "price": str(row.amount),
                "priceCurrency": row.currency,
            }
        )
        for row in costs
        if row.amount is not None
    ]
    if not priced and service.cost_kind == "free":
        return [{"@type": "Offer", "price": "0", "priceCurrency": "GBP"}]
    return priced

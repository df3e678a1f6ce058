"""The list of consultations for programs and feed readers; published results."""

from datetime import UTC

from django.http import Http404, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from localoffer.authority import references
from localoffer.authority.models import PublicItem
from localoffer.consultations import diary, sheets
from localoffer.consultations.models import Consultation, coverage, listing
from localoffer.pages import freshness

IN_THE_FEED = 30


@require_safe
def atom(request):
    """What one can have a say in, and what came of it. An entry changes when its state does."""
    authority = request.authority
    root = authority.root_url if authority else ""
    now = timezone.now()
    lists = listing.of(authority, now=now)
    freshness.until(request, *lists.moments)
    address = f"{root}{reverse('consultations:feed')}"
    feed = Atom1Feed(
        title=f"Have your say: {authority.title}" if authority else "Have your say",
        link=f"{root}/have-your-say/",
        description="",
        language="en-GB",
        feed_url=address,
        feed_guid=address,
        author_name=authority.council if authority else "",
    )
    for each in lists.all[:IN_THE_FEED]:
        begun = [moment for moment in each.record.facts.moments() if moment <= now]
        told = [*begun, each.record.published_at, each.record.confirmed_at]
        feed.add_item(
            title=f"{each.tag['text']}: {each.title}",
            link=f"{root}{each.href}",
            description=f"{each.summary} {each.when}.",
            unique_id=f"urn:uuid:{each.page.translation_key}",
            pubdate=each.record.confirmed_at,
            updateddate=max(moment for moment in told if moment),
            categories=[each.page.get_kind_display()],
        )
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


@require_safe
def as_json(request):
    """The list for programs (docs/api/README.md). Its names do not change."""
    lists = listing.of(request.authority, now=timezone.now())
    freshness.until(request, *lists.moments)
    root = request.authority.root_url if request.authority else ""
    known = dict(
        PublicItem.objects.for_authority(request.authority)
        .filter(kind="consultation")
        .values_list("key", "reference")
    )
    return JsonResponse(
        {
            "consultations": [
                {
                    "id": str(each.page.translation_key),
                    "reference": references.shown(known[str(each.page.pk)]),
                    "title": each.title,
                    "summary": each.summary,
                    "kind": each.page.kind,
                    "lead": each.record.authority.council,
                    "canonical_url": each.record.page.full_url,
                    "state": str(each.state),
                    "opens": _instant(each.record.opens_at),
                    "closes": _instant(each.record.closes_at),
                    "last_day": each.record.closes_on.isoformat(),
                    "results_due": each.record.results_due.isoformat(),
                    "results_published": _instant(each.record.published_at),
                    "url": f"{root}{each.href}",
                }
                for each in lists.all
                if str(each.page.pk) in known
            ]
        }
    )


@require_safe
def results(request, slug):
    """The published tables. Everything here is what was stored on the day."""
    record, result = _published(request, slug)
    context = {
        "record": record,
        "page": record.public_page,
        "result": result,
        "surveys": result.tables,
        "earlier": record.results.exclude(published_at=None).exclude(pk=result.pk),
        "title": f"Results: {record.public_page.title}",
    }
    return TemplateResponse(request, "consultations/results.html", context)


@require_safe
def results_csv(request, slug):
    """The same numbers, a row for each."""
    _record, result = _published(request, slug)
    text = sheets.as_csv(sheets.RESULT_HEAD, sheets.result_rows(result.tables))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-results.csv"'
    return response


@require_safe
def results_json(request, slug):
    """The tables as they are stored, with the hash by which they are known."""
    record, result = _published(request, slug)
    return JsonResponse(
        {
            "title": record.public_page.title,
            "published": _instant(result.published_at),
            "smallest_number_shown": result.threshold,
            "rounded_to": 5,
            "sha256": result.digest,
            "surveys": result.tables,
        }
    )


@require_safe
def calendar(request):
    """What opens, closes and is told of, by month: ``?year=``."""
    now = timezone.now()
    lists = listing.of(request.authority, now=now)
    freshness.until(request, *lists.moments)
    years = diary.years(lists.all)
    year = coverage.year_of(request.GET.get("year", "")) or timezone.localdate(now).year
    context = {
        "title": f"Have your say: {year}",
        "year": year,
        "years": years,
        "months": diary.months(lists.all, year=year),
    }
    return TemplateResponse(request, "consultations/calendar.html", context)


@require_safe
def who_we_asked(request):
    """The groups that the law names, beside the consultations that asked them: ``?year=``."""
    found = _coverage(request)
    context = {"found": found, "title": f"Who we asked in {found.year}"}
    return TemplateResponse(request, "consultations/coverage.html", context)


@require_safe
def who_we_asked_csv(request):
    """The same, a row for each group and consultation."""
    found = _coverage(request)
    text = sheets.as_csv(coverage.HEAD, coverage.sheet(found, request.authority.root_url))
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    name = f"who-we-asked-{found.year}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
def who_we_asked_json(request):
    """The same for programs (docs/api/README.md). Its names do not change."""
    found = _coverage(request)
    root = request.authority.root_url
    return JsonResponse(
        {
            "year": found.year,
            "groups": [
                {
                    "code": row.consultee.pk,
                    "reference": row.consultee.reference,
                    "name": row.consultee.name,
                    "asked_in": [str(each.entry.page.translation_key) for each in row.asked],
                }
                for row in found.rows
            ],
            "consultations": [
                {
                    "id": str(each.entry.page.translation_key),
                    "title": each.entry.title,
                    "url": f"{root}{each.entry.href}",
                    "answered": [
                        {"survey": title, "number": number} for title, number in each.answered
                    ],
                }
                for each in found.asked
            ],
        }
    )


def _coverage(request):
    if request.authority is None:
        raise Http404("Nobody is asked at this address.")
    now = timezone.now()
    freshness.until(request, *listing.of(request.authority, now=now).moments)
    year = coverage.year_of(request.GET.get("year", ""))
    return coverage.coverage(request.authority, now=now, year=year)


def _published(request, slug):
    record = Consultation.objects.at(request.authority, slug)
    result = record and record.published_result()
    if not result:
        raise Http404("There are no results at this address.")
    return record, result


def _instant(moment):
    return moment and moment.astimezone(UTC).isoformat().replace("+00:00", "Z")

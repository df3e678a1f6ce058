from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail.models import Site

from localoffer import pagecache
from localoffer.authority.models import Authority
from localoffer.directory.models import Service
from localoffer.places import lookup
from localoffer.places.models import Area
from localoffer.search import asked, asking, facts, schematic, starting, suggesting, wording
from localoffer.search.answering import answer
from localoffer.search.forms import FindForm
from localoffer.search.showing import Page
from localoffer.search.words import typed

ON_A_PAGE = 20
SHOWN_OF_IGNORED = 3
FEWEST_TYPED = 2  # letters worth suggesting for


@require_safe
def find(request):
    """Find help: words, a place and filters in; a list, and a map of it, out."""
    authority = request.authority
    if authority is None:
        raise Http404
    terms = facts.terms()
    question, ignored = asking.read(request.GET, needs=terms.needs, types=terms.types)
    form = FindForm({"q": question.words, "postcode": question.postcode})
    place = form.cleaned_data["postcode"] if form.is_valid() else None
    context = {
        "form": form,
        "question": question,
        "ignored": ignored[:SHOWN_OF_IGNORED],
        "authority": authority,
    }
    if not question.asked:
        context["notes"] = _notes(request, question, ignored, place)
        context["starts"] = starting.links(terms)
        context["services"] = Service.objects.for_authority(authority).listed().count()
        return render(request, "search/start.html", context)
    context |= _found(request, question, place, terms)
    place = context["page"].place
    context["notes"] = _notes(request, question, ignored, place)
    context["elsewhere"] = _elsewhere(question, place, authority)
    response = render(request, "search/find.html", context)
    if context["results"].number == 1:
        tally = asked.of(question, context["page"].answer, authority=authority)
        asked.tell(response, tally, ahead=pagecache.COUNTS in request.META)
    return response


def _found(request, question, place, terms):
    found = answer(question, authority=request.authority, place=place, terms=terms)
    page = Page(question, found, terms)
    results = Paginator(found.rows, ON_A_PAGE).get_page(request.GET.get("page"))
    numbered = list(enumerate(results, start=results.start_index()))
    context = {
        "page": page,
        "results": results,
        "numbered": numbered,
        "past_the_end": _past_the_end(request, results),
        "first_weaker": 0 if page.all_weaker else _first_weaker(numbered),
    }
    if question.view == asking.MAP and not page.only_guides:
        context["map"] = schematic.draw(
            [schematic.Numbered(number, row.entry.title, row.spot) for number, row in numbered],
            others=[row.spot for row in found.rows if row.spot],
            everywhere=found.everywhere,
            place=found.place,
            miles=question.miles if found.place else None,
        )
    return context


def _first_weaker(numbered):
    """The number of the first result on this page that matches less well; 0 where none does."""
    return next((number for number, row in numbered if not row.close), 0)


@require_safe
@cache_control(public=True, max_age=0, must_revalidate=True)
def suggest(request):
    """What somebody may be about to type, as JSON: a help that the page does without.

    Browsers ask again each time, by the ETag of the page cache: what was withdrawn is offered no
    more.
    """
    if request.authority is None:
        raise Http404
    text = asking.tidy(request.GET.get("q", ""))[: asking.LONGEST["q"]]
    suggestions = suggesting.suggest(request.authority, text) if len(text) >= FEWEST_TYPED else []
    return JsonResponse({"suggestions": [_suggestion(one) for one in suggestions]})


def _suggestion(one):
    """``url``: the thing itself. ``query``: words to search for in its stead."""
    to = "url" if one.url_or_query.startswith("/") else "query"
    return {"text": one.text, "label": one.kind.capitalize(), to: one.url_or_query}


def _notes(request, question, ignored, place):
    """What people should know about how their question was read, in plain words."""
    notes = []
    if place and not place.exact and place.postcode:
        notes.append(
            f"We could not find {place.postcode}, so distances are from the middle of "
            f"{place.outward}."
        )
    if len(asking.tidy(request.GET.get("q", ""))) > len(question.words):
        notes.append(
            f"You typed a lot. We looked for the first {asking.LONGEST['q']} characters of it. "
            "A few words work best."
        )
    if question.words and not typed(question.words, most=1):
        notes.append("We could not see any words or numbers in what you typed.")
    if not place and (question.miles or question.sort == asking.NEAREST):
        notes.append("To search by distance, type a postcode.")
    if ignored:
        notes.append("We left out what we did not know in the address of this page:")
    return notes


def _elsewhere(question, place, authority):
    """Whose postcode it is when it is another council's, and that council's site if it is here."""
    if place is None or not place.district or lookup.is_in(place, authority):
        return None
    sites = Authority.objects.filter(gss_code__in=[OuterRef("pk"), OuterRef("parent")])
    area = (
        Area.objects.filter(pk=place.district)
        .select_related("parent")
        .annotate(
            hostname=Subquery(sites.values("site__hostname")[:1]),
            port=Subquery(sites.values("site__port")[:1]),
        )
        .first()
    )
    if area is None:
        return {"where": str(place)}
    council = area.parent if area.kind == Area.Kind.DISTRICT and area.parent else area
    site = Site(hostname=area.hostname, port=area.port) if area.hostname else None
    return {
        "where": str(place),
        "council": council.name,
        "url": f"{site.root_url}{reverse('search:find')}" if site else "",
        "query": question.without_filters().query,
    }


def _past_the_end(request, results):
    """What to say to somebody who asked for a page that is not there; else nothing."""
    number = request.GET.get("page", "1")
    if number.isdecimal() and len(number) < 10 and int(number) > results.paginator.num_pages:
        return (
            f"There {'is' if results.paginator.num_pages == 1 else 'are'} only "
            + wording.number(results.paginator.num_pages, "page")
            + ". This is the last one."
        )
    return ""

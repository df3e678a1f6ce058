"""Pages, guides and news, as documents."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from html import unescape

from django.db.models import CharField, F, PositiveSmallIntegerField, Q, TextField, Value
from django.db.models.functions import Cast
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from localoffer.pages.cards import page_models
from localoffer.pages.privacy import readable
from localoffer.search.documents import Document

AT_ONCE = 200
MARKUP = re.compile(r"<[^>]*>")
NOT_WORDS = {"id", "type"}  # of a block of a StreamField
NO_NUMBER = Value(0, PositiveSmallIntegerField())
OWN = {"title", "summary", "words"}  # these have a place of their own in a document
# What only some kinds of page have, and the part of a document that it is.
FACTS = {"event_date": "dated", "source": "organisation", "place": "place", "area__name": "area"}


def of_kind(kind):
    """The source of the pages of one kind, whichever models they have."""
    return partial(documents, kind)


def documents(kind, authority, keys=None) -> Iterator[Document]:
    """The pages of a kind below an authority's home page that anyone may read.

    Two queries for each few hundred, and one before them when no keys are given.
    """
    models = {m._meta.model_name: m for m in page_models() if m.public_kind == kind}
    of_kind = Q()
    for name in models:
        of_kind |= Q(**{f"{name}__isnull": False})
    pages = public_pages(authority).filter(of_kind).order_by("path")
    if keys is None:
        keys = list(pages.values_list("pk", flat=True))
    columns = {
        f"{name}_{field}": _column(model, field)
        for name, model in models.items()
        for field in ["pk", "summary", "words", *_facts(model), *_searched(model)]
    }
    for start in range(0, len(keys), AT_ONCE):
        some = pages.filter(pk__in=keys[start : start + AT_ONCE])
        rows = list(some.values("pk", "title", "url_path", **columns))
        owners = {
            row["pk"]: next(name for name in models if row[f"{name}_pk"] is not None)
            for row in rows
        }
        terms = _terms(models, owners)
        for row in rows:
            name = owners[row["pk"]]
            yield _document(kind, authority, row, name, models[name], terms[row["pk"]])


def _document(kind, authority, row, name, model, terms):
    root_path = authority.site.root_page.url_path
    facts = {part: row[f"{name}_{field}"] for field, part in _facts(model).items()}
    return Document(
        kind=kind,
        key=str(row["pk"]),
        title=row["title"],
        summary=row[f"{name}_summary"],
        url="/" + row["url_path"].removeprefix(root_path),
        authority_id=authority.pk,
        other_names=row[f"{name}_words"],
        needs="\n".join(terms["needs"].values()),
        category="\n".join([*terms["topics"].values(), *terms["audiences"].values()]),
        organisation=facts.get("organisation") or "",
        place="\n".join(filter(None, [facts.get("place"), facts.get("area")])),
        text="\n".join(plain(row[f"{name}_{field}"]) for field in _searched(model)),
        need_codes=tuple(terms["needs"]),
        audience_codes=tuple(terms["audiences"]),
        minimum_age=min((first for first, _ in terms["ages"]), default=None),
        maximum_age=max((last for _, last in terms["ages"]), default=None),
        dated=facts.get("dated"),
    )


def public_pages(authority):
    """The live pages below an authority's home page, without those behind a password or a group."""
    return readable(Page.objects.descendant_of(authority.site.root_page))


def _terms(models, owners):
    """The terms of each page, code and name, and its age bands, first and last: in one query.

    ``owners``: the name of the model of each page.
    """
    tables = []
    for name, model in models.items():
        keys = [key for key, owner in owners.items() if owner == name]
        if keys:
            tables += [
                _named(model, field, term, keys)
                for field, term in [
                    ("needs", "need"),
                    ("topics", "topic"),
                    ("audiences", "audience"),
                    ("age_bands", "ageband"),
                ]
            ]
    found = defaultdict(lambda: {"needs": {}, "topics": {}, "audiences": {}, "ages": set()})
    if tables:
        # Sorted here: no two databases agree on the order of a union.
        for page, field, code, name, first, last in sorted(tables[0].union(*tables[1:])):
            if field == "age_bands":
                found[page]["ages"].add((first, last))
            else:
                found[page][field][code] = name
    return found


def _named(model, field, term, keys):
    through = model._meta.get_field(field).remote_field.through
    page = model._meta.get_field(field).m2m_column_name()
    banded = term == "ageband"
    columns = {
        "the_field": Value(field, CharField()),
        "the_code": F(f"{term}__code"),
        "the_name": F(f"{term}__name"),
        "the_first": F(f"{term}__minimum") if banded else NO_NUMBER,
        "the_last": F(f"{term}__maximum") if banded else NO_NUMBER,
    }
    rows = through.objects.filter(**{f"{page}__in": keys}).order_by()
    return rows.annotate(**columns).values_list(page, *columns)


def labels(keys: list[str]) -> dict[str, tuple[set[str], set[tuple[int, int]]]]:
    """The needs and the age bands, as first and last year, of these pages: in two queries."""
    models = {model._meta.model_name: model for model in page_models()}
    kinds = {model._meta.concrete_model: name for name, model in models.items()}
    pages = Page.objects.filter(pk__in=keys).select_related("content_type")
    owners = {page.pk: kinds[page.specific_class] for page in pages}
    found = defaultdict(lambda: (set(), set()))
    for page, terms in _terms(models, owners).items():
        found[str(page)] = (set(terms["needs"]), terms["ages"])
    return found


def plain(stored: str | None) -> str:
    """The words of a stored field: of every block of a StreamField, without markup."""
    if not stored:
        return ""
    if stored.startswith(("[", "{")):
        with suppress(ValueError):  # ordinary words may begin with a bracket
            stored = "\n".join(_strings(json.loads(stored)))
    return unescape(MARKUP.sub(" ", stored))


def _strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in NOT_WORDS:
                yield from _strings(item)


def _searched(model):
    """The names of the fields that the page model says are searched, besides our own three."""
    named = {
        field.field_name for field in model.search_fields if isinstance(field, index.SearchField)
    }
    return [
        field.name
        for field in model._meta.concrete_fields
        if field.name in named - OWN and field.model is not Page
    ]


def _facts(model):
    """Those of ``FACTS`` that this model has."""
    names = {field.name for field in model._meta.concrete_fields}
    return {field: part for field, part in FACTS.items() if field.partition("__")[0] in names}


def _column(model, field):
    path = F(f"{model._meta.model_name}__{field}")
    if field in _searched(model) and isinstance(model._meta.get_field(field), StreamField):
        return Cast(path, TextField())
    return path

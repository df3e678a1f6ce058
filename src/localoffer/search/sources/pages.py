"""Pages, guides and news, as documents."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from html import unescape

from django.db.models import (
    CharField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from wagtail.fields import StreamField
from wagtail.models import Page, PageViewRestriction
from wagtail.search import index

from localoffer.pages.cards import page_models
from localoffer.search.documents import Document

MARKUP = re.compile(r"<[^>]*>")
NOT_WORDS = {"id", "type"}  # of a block of a StreamField
NO_AGE = Value(0, PositiveSmallIntegerField())
OWN = {"title", "summary", "words"}  # these have a place of their own in a document


def documents(authority) -> Iterator[Document]:
    """The live pages below an authority's home page that anyone may read, in one query."""
    models = [model for model in page_models() if model.public_kind]
    columns = {
        f"{model._meta.model_name}_{field}": _column(model, field)
        for model in models
        for field in ["pk", "summary", "words", *_searched(model)]
    }
    root_path = authority.site.root_page.url_path
    pages = public_pages(authority).values("pk", "title", "url_path", **columns)
    for row in pages.order_by():
        model = next((m for m in models if row[f"{m._meta.model_name}_pk"]), None)
        if model is None:
            continue  # a kind of page that says nothing about itself, such as an empty home page
        name = model._meta.model_name
        yield Document(
            kind=model.public_kind,
            key=str(row["pk"]),
            title=row["title"],
            summary=row[f"{name}_summary"],
            url="/" + row["url_path"].removeprefix(root_path),
            other_names=row[f"{name}_words"],
            text="\n".join(plain(row[f"{name}_{field}"]) for field in _searched(model)),
        )


def public_pages(authority):
    """The live pages below an authority's home page, without those behind a password or a group."""
    root = authority.site.root_page
    path = ExpressionWrapper(OuterRef("path"), CharField())
    restricted = PageViewRestriction.objects.alias(at=path).filter(at__startswith=F("page__path"))
    return (
        Page.objects.live()
        .descendant_of(root)
        .alias(closed=Exists(restricted))
        .filter(closed=False)
    )


def labels(keys: list[str]) -> dict[str, tuple[set[str], set[tuple[int, int]]]]:
    """The needs and the age bands, as first and last year, of these pages: in one query."""
    found = defaultdict(lambda: (set(), set()))
    tables = []
    for model in page_models():
        needs = model._meta.get_field("needs")
        ages = model._meta.get_field("age_bands")
        tables += [
            _label(needs, keys, need=F("need_id"), first=NO_AGE, last=NO_AGE),
            _label(
                ages,
                keys,
                need=Value("", CharField()),
                first=F("ageband__minimum"),
                last=F("ageband__maximum"),
            ),
        ]
    for page, need, first, last in tables[0].union(*tables[1:]):
        if need:
            found[str(page)][0].add(need)
        else:
            found[str(page)][1].add((first, last))
    return found


def _label(field, keys, **columns):
    page = field.m2m_column_name()
    rows = field.remote_field.through.objects.filter(**{f"{page}__in": keys}).order_by()
    columns = {f"the_{name}": column for name, column in columns.items()}
    return rows.annotate(**columns).values_list(page, *columns)


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


def _column(model, field):
    path = F(f"{model._meta.model_name}__{field}")
    if field != "pk" and isinstance(model._meta.get_field(field), StreamField):
        return Cast(path, TextField())
    return path

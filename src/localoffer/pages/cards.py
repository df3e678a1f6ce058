"""What a card that leads to a page needs, in one query whatever kinds of page there are."""

from django.apps import apps
from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Coalesce
from wagtail.models import Page


def page_models():
    """Every kind of page with a summary and a symbol: those of upper and outside apps too."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, Page) and hasattr(model, "public_kind")
    ]


def with_summaries(pages):
    """The same queryset of pages, each with ``card_text`` and ``card_symbol``."""
    names = [model._meta.model_name for model in page_models()]
    return pages.annotate(
        card_text=_first(names, "summary", TextField()),
        card_symbol=_first(names, "symbol", CharField()),
    )


def _first(names, field, kind):
    return Coalesce(*(F(f"{name}__{field}") for name in names), Value(""), output_field=kind)

"""How pages are described to the one row of every public thing (``authority.changes``)."""

from collections.abc import Iterator

from localoffer.authority.changes import Description
from localoffer.authority.models import Authority
from localoffer.pages.cards import page_models
from localoffer.pages.privacy import with_restricted


def of_kind(kind):
    """The function that describes the pages of one kind, given their primary keys as text."""

    def describe(keys) -> Iterator[Description]:
        numbers = [int(key) for key in keys]
        roots = Authority.objects.values_list(
            "pk", "site__root_page__path", "site__root_page__url_path"
        )
        homes = sorted(roots, key=lambda home: len(home[1]), reverse=True)
        for model in page_models():
            if model.public_kind == kind:
                yield from _describe(model, numbers, homes)

    return describe


def _describe(model, numbers, homes):
    pages = with_restricted(model.objects.filter(pk__in=numbers))
    for page in pages.values(
        "pk", "title", "path", "url_path", "live", "first_published_at", "restricted"
    ):
        for authority_id, path, url_path in homes:
            if page["path"].startswith(path):
                yield Description(
                    key=str(page["pk"]),
                    authority_id=authority_id,
                    title=page["title"],
                    url="/" + page["url_path"].removeprefix(url_path),
                    public=page["live"] and not page["restricted"],
                    published=page["first_published_at"],
                )
                break

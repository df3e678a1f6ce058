"""What a published page shows of its own words, worked out once and kept until anything changes.

Nothing of a draft or a preview is kept, and nothing that depends on the clock: a block whose words
do says so with ``changes_with_time = True``, and then the field that holds it is made each time.
"""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.db.models import prefetch_related_objects
from wagtail.images.models import AbstractImage

from localoffer.authority import kept
from localoffer.pages import readiness
from localoffer.ui.headings import Prose, with_ids

Value = TypeVar("Value")


def prose(page, field: str, context: dict) -> Prose:
    """A StreamField of a page as HTML, for the ``body`` tag."""
    return of(
        page,
        field,
        lambda stream: with_ids(stream.render_as_block(context) if stream else ""),
        size=lambda made: 2 * len(made.html),
    )


def of(
    page,
    field: str,
    make: Callable[..., Value],
    *,
    name: str = "",
    size: Callable[[Value], int] = lambda made: 0,
) -> Value:
    """What ``make`` gives for a StreamField of a page. It is handed the field's value.

    ``name``: tells it from what else is made of the same field. ``size``: about how many bytes it
    takes, where they are more than a few hundred.
    """
    if page.node is None or settings.DEBUG:  # a draft; or its templates are being edited
        return make(getattr(page, field))

    def lasting():
        stream = getattr(page, field)
        found = list(readiness.walk(stream))
        if any(getattr(block, "changes_with_time", False) for block, _ in found):
            return None
        pictures = [value for _, value in found if isinstance(value, AbstractImage)]
        prefetch_related_objects(pictures, "renditions")
        return (make(stream),)

    kept_value = kept.get(
        ("fragment", page.pk, page.live_revision_id, page.last_published_at, field, name),
        lasting,
        size=lambda made: 500 + (size(made[0]) if made else 0),
    )
    return kept_value[0] if kept_value else make(getattr(page, field))

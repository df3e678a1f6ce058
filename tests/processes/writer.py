"""Publishes, in its own process."""

import django

django.setup()

from django.db import transaction
from wagtail.models import Page

from localoffer.authority import contentversion
from localoffer.authority.models import ContentChange
from localoffer.home.models import HubPage
from localoffer.operate import founding
from tests.processes.gates import gate, obey


def found(host="127.0.0.1", port=80):
    founding.found(
        name="Barsetshire",
        council="Barsetshire County Council",
        code="E10000999",
        host=host,
        port=port,
    )


def publish(title):
    """Give the hub another title, with a gate on each side of the commit and of the version."""
    with transaction.atomic():
        transaction.on_commit(lambda: gate("committed"))
        page = HubPage.objects.get()
        page.title = title
        page.save_revision().publish()
        gate("changed")
    gate("moved")


def rename(title):
    """Write without a transaction. Whether the version moved, and stands for the rows."""
    before, state = contentversion.current(), ContentChange.objects.state()
    Page.objects.filter(pk=HubPage.objects.get().pk).update(title=title)
    after = ContentChange.objects.state()
    moved = contentversion.current() != before and after > state
    return moved and contentversion.file().mark == str(after)


def hide(slug):
    Page.objects.get(slug=slug).specific.unpublish()


if __name__ == "__main__":
    obey({"found": found, "publish": publish, "rename": rename, "hide": hide})

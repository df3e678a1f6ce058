"""Writes editions out in children of its own, which can be told to kill themselves at a step."""

import os
import signal
import traceback
from datetime import date, timedelta

import django

django.setup()

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from localoffer.authority.models import Authority
from localoffer.mail.models import Message, OutboxEmail
from localoffer.pages import actions as pages
from localoffer.pages.models import ContentPage
from localoffer.updates import expanding, windows
from localoffer.updates.actions import editions, joining
from localoffer.updates.models import Channel, Edition, Told
from tests.processes.gates import obey

STEPS = {
    "statement": (CursorWrapper, "execute"),
    "many": (CursorWrapper, "executemany"),
    "commit": (BaseDatabaseWrapper, "_commit"),
}
FIRST = date(2020, 1, 4)  # a Saturday
AT_ONCE = 4


def people(number):
    for at in range(number):
        address = f"parent-{at}@example.org"
        joining.add_by_staff(
            authority=Authority.objects.get(),
            address=address,
            address_key=address,
            choices=joining.Choices(topics=["whole-local-offer"]),
            channel=Channel.PHONE,
            by=None,
        )


def prepare(week, things):
    """An approved edition of a week, with so many things in it; its key."""
    authority = Authority.objects.select_related("site__root_page").get()
    window = windows.ending_on("weekly", FIRST + timedelta(weeks=week))
    for at in range(things):
        pages.add(
            parent=authority.site.root_page,
            page=ContentPage(title=f"Week {week}, page {at}", summary="Words."),
            published_at=window.starts,
        )
    edition = editions.make(authority, window)
    edition.move_to(Edition.State.APPROVED)
    return edition.pk


def send(workers=1, step="", edge="", time=0):
    """Run so many at once; the first dies at that time it comes to that edge of a step."""
    connections.close_all()
    children = []
    for at in range(workers):
        child = os.fork()
        if not child:
            _work(*((step, edge, time) if at == 0 else ("", "", 0)))
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def _work(step, edge, time):
    code = 1
    try:
        expanding.AT_ONCE = AT_ONCE
        if step:
            _dies(step, edge, time)
        expanding.run()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        os._exit(code)  # a child never goes on as its parent


def _dies(step, edge, time):
    owner, name = STEPS[step]
    does, left = getattr(owner, name), time

    def dying(*args, **kwargs):
        nonlocal left
        left -= 1
        last = left == 0  # asked now: a statement may bring another about
        if last and edge == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        found = does(*args, **kwargs)
        if last:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    setattr(owner, name, dying)


def state(edition):
    """What has become of an edition: its state, mails by person, lines told, messages let go."""
    found = Edition.objects.get(pk=edition)
    rows = OutboxEmail.objects.filter(message__key__contains=str(found.uuid))
    messages = Message.objects.filter(key__contains=str(found.uuid))
    return {
        "state": found.state,
        "mails": sorted(rows.values_list("person", flat=True)),
        "told": Told.objects.filter(edition=found).count(),
        "released": [message.released_at is not None for message in messages],
    }


if __name__ == "__main__":
    obey({"people": people, "prepare": prepare, "send": send, "state": state})

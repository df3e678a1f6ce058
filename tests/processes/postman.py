"""Sends mail in children of its own, each of which can be told to kill itself at a step.

``--careless`` breaks the rule on purpose: nothing is marked as tried before it is handed over.
"""

import os
import signal
import smtplib
import sys
import traceback

import django

django.setup()

from django.db import connections
from django.db.backends.utils import CursorWrapper
from django.db.models import F
from django.utils import timezone

from localoffer.authority.models import Authority
from localoffer.mail import actions, backends, delivering, sweeping
from localoffer.mail.models import Message, OutboxEmail
from tests.processes.gates import obey

# Every step of a worker at whose edge it may die: functions, commands of SMTP, and statements, in
# the midst of its transactions.
STEPS = {
    "claim": (delivering, "claim"),
    "begin": (delivering, "begin"),
    "command": (smtplib.SMTP, "docmd"),
    "data": (smtplib.SMTP, "data"),
    "finish": (delivering, "finish"),
    "statement": (CursorWrapper, "execute"),
}


def write(key, number, kind="edition", stream="trial"):
    message = actions.write(
        authority=Authority.objects.get(),
        key=key,
        kind=kind,
        subject=key,
        text="Hello {{ name }}",
        stream=stream,
    )
    actions.address(
        message,
        [
            actions.Recipient(f"{at}", f"{key}-{at}@example.org", personal={"name": str(at)})
            for at in range(number)
        ],
    )
    actions.release(message)


def send(workers=1, step="", edge="", time=0):
    """Run so many workers at once; the first dies at that time it comes to that edge of a step."""
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
        if step:
            _dies(step, edge, time)
        delivering.Sender().run()
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
        if left == 0 and edge == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        found = does(*args, **kwargs)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    setattr(owner, name, dying)


def sweep():
    """As the tick does once the leases have run out."""
    held = OutboxEmail.objects.exclude(lease_until=None)
    held.update(lease_until=F("lease_until") - delivering.LEASE)
    return sweeping.sweep(now=timezone.now(), backend=backends.chosen())


def decide(key):
    """As a person does who says that it is better sent twice."""
    return sweeping.send_again(OutboxEmail.objects.filter(message__key=key))


def rows(key):
    """What the rows say: address, state, and whether it was ever lost sight of."""
    found = OutboxEmail.objects.filter(message=Message.objects.get(key=key))
    return [
        [address, state, uncertain is not None]
        for address, state, uncertain in found.values_list("address", "state", "uncertain_at")
    ]


def careless(group, *, worker):
    return list(group)


if __name__ == "__main__":
    if "--careless" in sys.argv:
        delivering.begin = careless
    obey({"write": write, "send": send, "sweep": sweep, "decide": decide, "rows": rows})

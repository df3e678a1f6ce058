"""Talks to the test that started this process: a line of JSON for each thing to do or to tell.

A gate is a place in a program at which the test may have it wait.
"""

import json
import sys
import threading

_shut: str | None = None
_open = threading.Event()
_telling = threading.Lock()


def tell(**what):
    with _telling:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


def shut(name):
    """Have whoever comes to this gate wait there."""
    global _shut
    _open.clear()
    _shut = name


def gate(name):
    global _shut
    if name is not None and name == _shut:
        _shut = None
        tell(at=name)
        _open.wait(60)


def obey(does):
    """Do what the test says until it says no more. ``does``: what, by name."""
    tell(ready=True)
    for line in sys.stdin:
        order = json.loads(line)
        what = order.pop("do")
        if what == "go on":
            _open.set()
        else:
            shut(order.pop("wait_at", None))
            threading.Thread(target=_do, args=(does[what], order), daemon=True).start()


def _do(what, order):
    try:
        tell(done=what(**order))
    except Exception as error:
        tell(failed=repr(error))
        raise

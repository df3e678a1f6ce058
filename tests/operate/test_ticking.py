import fcntl

from django.conf import settings

from localoffer.operate import ticking


def test_tick_runs_everything_due_twice_without_harm(authority):
    assert ticking.tick() == []
    assert ticking.tick() == []


def test_one_failure_stops_no_other(db, monkeypatch):
    ran = []

    def fails(now):
        raise RuntimeError("no")

    def follows(now):
        ran.append(now)

    monkeypatch.setattr(ticking, "DUE", [fails, follows])

    assert ticking.tick() == ["fails"]
    assert len(ran) == 1


def test_a_second_tick_at_the_same_moment_does_nothing(db, monkeypatch):
    ran = []
    monkeypatch.setattr(ticking, "DUE", [ran.append])
    with (settings.DATA / "tick.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ticking.tick()

    assert ran == []

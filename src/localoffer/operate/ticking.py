"""Everything that is due by the clock: a list one can read."""

import fcntl
import logging
from datetime import timedelta

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from localoffer.authority import contentversion, erasures
from localoffer.authority.models import ContentChange
from localoffer.consultations.actions import answering, mixing, planning, safety
from localoffer.feedback import actions as feedback
from localoffer.mail import duties as mail
from localoffer.search import asked, indexing
from localoffer.search.matching import matcher
from localoffer.updates import expanding
from localoffer.updates.actions import editions, terms

logger = logging.getLogger(__name__)

REPAIR_FOR = 40  # seconds, so that what else is due waits for no more than a minute
TASK_RESULTS_KEPT = timedelta(days=14)


def publish_scheduled(now):
    """Pages and services whose time to appear, or to go, has come."""
    call_command("publish_scheduled")


def forget_comments(now):
    """Comments' contact addresses and texts whose term is over (``feedback.actions``)."""
    feedback.purge(now=now)


def forget_answers(now):
    """Unsent answers, and people's words, answers and requests for help whose term is over."""
    answering.purge(now=now)
    safety.purge(now=now)


def mix_answers(now):
    """Answers of the days before, written again in a random order (``actions.mixing``)."""
    mixing.mix(now=now)


def keep_closing_times_true(now):
    """Instants that lie ahead, should the rules of the clocks have changed."""
    planning.keep_instants_true(now=now)


def forget_searches(now):
    """Counts of what people looked for, after 13 months (``search.asked``)."""
    asked.purge(now=now)


def send_mail(now):
    """Mail that a dead worker left, and mail that is due where no worker runs (``mail.duties``)."""
    mail.send(now=now)


def read_mail(now):
    """Reports of mail that came back, and people who leave by mail."""
    mail.read(now=now)


def forget_mail(now):
    """What the outbox says of people, when its term is over (``mail.retention``)."""
    mail.forget(now=now)


def make_editions(now):
    """Editions of the windows that have ended; and mails of those that are approved and due."""
    editions.make_due(now=now)
    expanding.run(now=now)


def forget_followers(now):
    """Sign-ups nobody confirmed, people who left, what was told long ago (``updates.terms``)."""
    terms.purge(now=now)


def ask_followers_again(now):
    """Those who said yes two years ago; and the end of what they did not answer."""
    terms.ask_again(now=now)
    terms.end_silent(now=now)


def forget_erasures(now):
    """That people had something deleted, once no backup can bring it back."""
    erasures.purge(now=now)


def forget_sessions(now):
    """Sign-ins that have ended."""
    call_command("clearsessions")


def forget_tasks(now):
    """Results of background tasks that nobody will ask for."""
    DBTaskResult.objects.finished().filter(finished_at__lt=now - TASK_RESULTS_KEPT).delete()


def repair_search(now):
    """Rows of the search that a release or a restart left out of date, here and elsewhere."""
    indexing.repair(seconds=REPAIR_FOR)
    matcher().deliver()


def mend_content_version(now):
    """Pages in memory that a killed process, or another machine, has left out of date."""
    contentversion.mend()
    ContentChange.objects.compact()


DUE = [
    publish_scheduled,
    read_mail,
    make_editions,
    send_mail,
    forget_mail,
    forget_comments,
    forget_answers,
    mix_answers,
    keep_closing_times_true,
    forget_searches,
    forget_followers,
    ask_followers_again,
    forget_erasures,
    forget_sessions,
    forget_tasks,
    repair_search,
    mend_content_version,
]


def tick(*, now=None, say=lambda text: None) -> list[str]:
    """Run everything due, each on its own so that one failure stops no other.

    A second tick at the same moment on this machine does nothing. Returns the names of what failed.
    """
    now = now or timezone.now()
    with (settings.DATA / "tick.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another tick is under way.")
            return []
        return [job.__name__ for job in DUE if not _done(job, now)]


def _done(job, now):
    try:
        job(now)
    except Exception:
        logger.exception("tick: %s failed", job.__name__)
        return False
    return True

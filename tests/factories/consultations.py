import datetime
from datetime import timedelta

from django.utils import timezone

from localoffer.consultations import questions
from localoffer.consultations.actions import answering, entering, planning, sharing
from localoffer.consultations.models import (
    Batch,
    ConsultationIndexPage,
    ConsultationOwner,
    ConsultationPage,
    HelpRequest,
    Instrument,
    InstrumentVersion,
    WorryingWords,
)
from localoffer.consultations.questions import Document, Kind, Question
from localoffer.taxonomy.models import Audience
from tests.factories.pages import make_page, text

# Closed at 2023-04-28T23:00Z: in summer time, when London is an hour ahead.
FIRST, LAST = datetime.date(2023, 4, 3), datetime.date(2023, 4, 28)
DUE = datetime.date(2023, 6, 9)
OPENS = datetime.datetime(2023, 4, 2, 23, tzinfo=datetime.UTC)
CLOSES = datetime.datetime(2023, 4, 28, 23, tzinfo=datetime.UTC)
AFTER = CLOSES + timedelta(hours=2)
WHILE_OPEN = datetime.datetime(2023, 4, 10, 12, tzinfo=datetime.UTC)


def make_listing(home, **fields):
    """Have your say, below a home page."""
    return make_page(
        home, ConsultationIndexPage, **{"title": "Have your say", "slug": "have-your-say", **fields}
    )


def one(code="AGE", kind=Kind.SINGLE, **fields):
    """A question; one with options gets three: their codes are the question's, with a number."""
    defaults = {"text": f"What about {code}?"}
    if kind in questions.WITH_OPTIONS:
        defaults["options"] = tuple(
            questions.Option(f"{code}{n}", f"{code} {n}") for n in range(1, 4)
        )
    if kind == Kind.SCALE:
        defaults["statements"] = tuple(
            questions.Option(f"{code}S{n}", f"Statement {n}") for n in range(1, 3)
        )
    return Question(code=code, kind=kind, **{**defaults, **fields})


THREE = (
    one("AGE"),
    one("MORE", Kind.LONG, only_if=["eq", "AGE", "AGE1"]),
    one("WORDS", Kind.LONG),
)


def make_consultation(index, *, title="What about clubs?", days=(FIRST, LAST), surveys=1, **fields):
    """A consultation as an officer leaves it before it opens: nothing is in its way."""
    authority = fields.pop("authority")
    page = ConsultationPage(
        slug=fields.pop("slug", ""),
        body=text("<p>Why we ask.</p>"),
        decision_maker="the cabinet",
        **fields.pop("page", {}),
    )
    record = planning.add(
        authority=authority,
        title=title,
        summary="What should clubs be like?",
        page=page,
        **{"opens_on": days[0], "closes_on": days[1], "results_due": DUE, **fields},
    )
    record.page.audiences.set([Audience.objects.get(pk="parents")])
    record.page.save()
    record.page.save_revision()
    for number in range(1, surveys + 1):
        make_survey(record, slug=f"survey-{number}", order=number)
    return record


def make_survey(record, *, asked=THREE, variants=(), slug="parents", **fields):
    return Instrument.objects.create(
        authority=record.authority,
        consultation=record,
        slug=slug,
        draft=Document(tuple(asked), tuple(variants)).as_json(),
        **{
            "title": "For parents and carers",
            "audience": Audience.objects.get(pk="parents"),
            **fields,
        },
    )


def make_open(index, *, asked=THREE, variants=(), now=None, **fields):
    """A consultation that is set going, with one survey. Returns its record and the survey."""
    record = make_consultation(index, surveys=0, **fields)
    survey = make_survey(record, asked=asked, variants=variants)
    record = planning.set_going(record, now=now or OPENS - timedelta(days=1))
    return record, Instrument.objects.get(pk=survey.pk)


def make_batch(survey, *, reference="Paper 1", channel="paper", share=0, **fields):
    """Sheets of the version that is asked now."""
    return entering.begin_batch(survey, reference=reference, channel=channel, share=share, **fields)


def make_bare_batch(survey, **fields):
    """A batch of a survey that was never opened, for what asks only whose it is."""
    version = InstrumentVersion.objects.create(
        instrument=survey, number=1, content=survey.draft, published_at=OPENS
    )
    return Batch.objects.create(
        authority=survey.authority,
        consultation=survey.consultation,
        version=version,
        **{"channel": "paper", "start": 0, **fields},
    )


def make_help_request(authority, **fields):
    """Somebody asks to be contacted."""
    return HelpRequest.objects.create(
        authority=authority,
        **{"contact": "01632 960123", "received_on": WHILE_OPEN.date(), **fields},
    )


def make_worrying_words(authority, **fields):
    """An authority's own lists."""
    return WorryingWords.objects.create(authority=authority, **fields)


def around_today():
    """The first and the last day of one that is open now."""
    today = timezone.localdate()
    return today - timedelta(days=5), today + timedelta(days=30)


def answer(survey, given, *, now=WHILE_OPEN, door=None):
    """Answers of one person, sent: on the lead's site, or another. Returns the receipt."""
    draft = answering.begin(survey, now=now)
    for code, value in given.items():
        draft = answering.keep(draft, code=code, answer=value, revision=draft.revision, now=now)
    for question in survey.current.document:
        if question.code not in draft.answers:
            draft = answering.keep(
                draft, code=question.code, answer=None, revision=draft.revision, now=now
            )
    return answering.send(draft.pk, authority=door or survey.authority, now=now)


def share(record, authority, *, now=WHILE_OPEN, joined=True, **rights):
    """Another owner of a consultation, whose site shows it unless told otherwise."""
    rights = {
        "role": ConsultationOwner.Role.JOINT,
        "can_see_raw": False,
        "can_see_results": False,
        **rights,
    }
    owner = sharing.set_owner(
        record, authority=authority, now=now, reason="Both counties plan it.", **rights
    )
    return sharing.join(owner) if joined else owner

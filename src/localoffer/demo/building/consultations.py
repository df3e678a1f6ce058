"""The demonstration's surveys: their questions, what was answered and what was published.

Answers are made up, by a rule and not by chance: every build gives the same numbers.
"""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from localoffer.authority import changes
from localoffer.consultations import codes, doors, paths, questions, variants
from localoffer.consultations.actions import entering, planning, results, safety, sharing
from localoffer.consultations.models import (
    Consultation,
    ConsultationOwner,
    Instrument,
    Response,
)
from localoffer.consultations.questions import (
    Choice,
    Document,
    Kind,
    Question,
    Variant,
    VariantKind,
    Wording,
)
from localoffer.demo.building.files import Files
from localoffer.demo.building.reading import BadContentError, Entry
from localoffer.taxonomy.models import Audience

# Steps that fill an interval evenly, a different one for each question.
STEP = 0.618033988749895
HOUR = time(9, 0)
AREAS = [
    ("E07000234", "Bromsgrove"),
    ("E07000235", "Malvern Hills"),
    ("E07000236", "Redditch"),
    ("E07000237", "Worcester"),
    ("E07000238", "Wychavon"),
    ("E07000239", "Wyre Forest"),
]


@dataclass(frozen=True)
class Asked:
    """A consultation whose page and days there are, with the file that says the rest."""

    record: Consultation
    source: Entry
    files: Files


def build(asked: Asked, *, others: dict, today: date) -> int:
    """Make its surveys, set it going, take its answers and publish its results, as the file says.

    ``others``: the authorities with which the file may say that it is shared, by their names there.

    Returns how many answers. Raises BadContentError.
    """
    record, source = asked.record, asked.source
    received = []
    for order, about in enumerate(source.get("surveys", []), start=1):
        survey, weights = _survey(asked, about, order)
        received.append((survey, about.get("answers", 0), weights, about.get("texts", [])))
    with changes.of_the_past():
        for name in source.get("with", []):
            owner = sharing.set_owner(
                record,
                authority=others[name],
                role=ConsultationOwner.Role.JOINT,
                now=timezone.now(),
                can_see_results=True,
            )
            sharing.join(owner)
    opened = _moment(record.opens_on - timedelta(days=3))
    try:
        record = planning.set_going(record, now=min(opened, timezone.now()))
    except planning.RefusedError as error:
        raise BadContentError(f"{source.slug}: {error}") from error
    number = sum(_answer(*each, today=today) for each in received)
    number += sum(_key(about, received, today=today) for about in source.get("batches", []))
    if published := source.day("results_published", today):
        now = _moment(published)
        planning.begin_counting(record, now=max(record.grace_ends, now - timedelta(days=7)))
        made = results.make(record, now=now - timedelta(days=1))
        results.publish(made, now=now, note=source.get("results_note"))
    if decided := source.day("decided", today):
        planning.decide(record, on=decided, words=source.head["decision"])
    return number


def _survey(asked, about, order):
    record = asked.record
    document, weights = _document(about["questions"])
    for version in about.get("versions", []):
        document = document.with_variant(_version(version, document, asked.files))
    survey = Instrument.objects.create(
        authority=record.authority,
        consultation=record,
        title=about["title"],
        slug=about["slug"],
        audience=Audience.objects.get(pk=about["audience"]),
        introduction=about.get("introduction", ""),
        minutes=about["minutes"],
        order=order,
        draft=document.as_json(),
    )
    if by := about.get("break_down_by"):
        door = by == doors.DOOR
        survey.break_down_by = doors.DOOR if door else document.questions[by - 1].code
        survey.save(update_fields=["break_down_by"])
    return survey, weights


def _document(rows):
    """The questions of a file, and of each how many of a hundred choose which option."""
    made: list[Question] = []
    weights = {}
    for row in rows:
        options = questions.options(row.get("options", []))
        question = Question(
            code=questions.new_code(),
            kind=Kind(row["kind"]),
            text=row["text"],
            hint=row.get("hint", ""),
            required=row.get("required", False),
            options=options,
            statements=questions.options(row.get("statements", [])),
            none=_code(options, row.get("none")),
            other=_code(options, row.get("other")),
            construct=row.get("construct", ""),
            only_if=_rule(row.get("only_if"), made),
            sensitive=row.get("sensitive", False),
            least=row.get("least"),
            most=row.get("most"),
        )
        made.append(question)
        weights[question.code] = row.get("weights", [1] * len(options))
    return Document(tuple(made)), weights


def _code(options, label):
    return next((each.code for each in options if each.label == label), "")


def _version(about, document, files):
    """A version of a survey: its questions by their numbers, their options by their words."""
    wordings = []
    for row in about["questions"]:
        question = document.questions[row["question"] - 1]
        wordings.append(
            Wording(
                code=question.code,
                text=row.get("text", ""),
                hint=row.get("hint", ""),
                left_out=row.get("left_out", False),
                picture=_picture(files, row),
                alt=row.get("alt", ""),
                choices=tuple(_choice(each, question, files) for each in row.get("choices", [])),
            )
        )
    return Variant(
        questions.new_code(),
        VariantKind(about["kind"]),
        language=about.get("language", ""),
        introduction=about.get("introduction", ""),
        wordings=tuple(wordings),
    )


def _choice(row, question, files):
    means = tuple(_code(question.options, words) for words in row.get("means", [row["words"]]))
    code = means[0] if len(means) == 1 else questions.new_code()
    return Choice(code, row["words"], means, picture=_picture(files, row))


def _picture(files, row):
    return files.image(row["picture"]).pk if "picture" in row else None


def _rule(words, made):
    """``[2, "Yes"]``: the second question is answered with "Yes"."""
    if not words:
        return None
    asked = made[words[0] - 1]
    option = next(each for each in asked.options if each.label == words[1])
    return ["eq" if asked.kind == Kind.SINGLE else "contains", asked.code, option.code]


def _answer(survey, number, weights, texts, *, today):
    """Answers of ``number`` people to a survey. Put in together, as nobody is at the keyboard."""
    version = survey.current
    record = survey.consultation
    last = min(record.closes_on, today)
    days = max((last - record.opens_on).days, 1)
    through = record.doors()
    rows = []
    for person in range(number):
        given = {
            question.code: _given(question, weights[question.code], person, place, texts)
            for place, question in enumerate(version.document)
        }
        document = version.document
        # One in three of those who are offered another version takes it.
        variant = document.variants[0] if document.variants and person % 3 == 0 else None
        answers = paths.sent(
            document,
            _as_offered(document, variant, given),
            audience=survey.audience_code,
            variant=variant,
        )
        rows.append(
            Response(
                authority_id=survey.authority_id,
                door=through[person % 5 % len(through)],
                version=version,
                variant=variant.code if variant else "",
                answers=answers,
                submitted_on=record.opens_on + timedelta(days=person % days),
                receipt_digest=codes.digest(codes.new()),
                **(safety.marks(version, answers) if record.closes_on >= today else {}),
            )
        )
    Response.objects.bulk_create(row for row in rows if row.answers)
    return len(rows)


def _as_offered(document, variant, given):
    """Answers by the choices that a version offers."""
    if variant is None:
        return given
    found = dict(given)
    for wording in variant.wordings:
        codes = {code: each.code for each in wording.choices for code in each.stands_for}
        if codes and wording.code in given:
            question = document.question(wording.code)
            found[wording.code] = variants.recoded(question, given[wording.code], codes)
    return found


def _key(about, received, *, today):
    """A batch of sheets that staff keyed, some of which wait for a second person. How many."""
    survey, _number, weights, texts = received[about["survey"] - 1]
    batch = entering.begin_batch(
        survey,
        channel=about["channel"],
        reference=about["reference"],
        share=about["share"],
    )
    day = today - timedelta(days=about["days_ago"])
    for sheet in range(1, about["sheets"] + 1):
        person = 1_000 + sheet
        entering.key(
            batch,
            entry=uuid.uuid4(),
            number=sheet,
            received_on=day,
            answers={
                question.code: _given(question, weights[question.code], person, place, texts)
                for place, question in enumerate(batch.version.document)
            },
            left_out=True,
            now=_moment(today),
        )
    return about["sheets"]


def _given(question, weights, person, place, texts):  # noqa: PLR0911  one for each kind
    """What one person answers. About one in twelve leaves a question out."""
    turn = ((person + 1) * STEP * (1 + place / 7)) % 1
    if not question.required and (person * 5 + place * 7) % 12 == 0:
        return None
    if question.kind == Kind.SINGLE:
        return _pick(question.options, weights, turn)
    if question.kind == Kind.MULTIPLE:
        return [
            option.code
            for number, option in enumerate(question.options)
            if (turn + number * STEP) % 1 < weights[number] / 100
        ]
    if question.kind == Kind.SCALE:
        return {
            statement.code: _pick(question.options, weights, (turn + number * STEP / 3) % 1)
            for number, statement in enumerate(question.statements)
        }
    if question.kind == Kind.RANKING:
        start = _pick(question.options, weights, turn)
        order = [option.code for option in question.options]
        here = order.index(start)
        return order[here:] + order[:here]
    if question.kind == Kind.POSTCODE:
        code, name = AREAS[int(turn * len(AREAS))]
        return {"code": code, "name": name}
    return texts[(person // 5) % len(texts)] if texts and person % 5 == 0 else None


def _pick(options, weights, turn):
    total, below = sum(weights), 0
    for option, weight in zip(options, weights, strict=True):
        below += weight
        if turn * total < below:
            return option.code
    return options[-1].code


def _moment(day):
    return timezone.make_aware(datetime.combine(day, HOUR))

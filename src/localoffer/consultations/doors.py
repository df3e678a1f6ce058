"""Which council's site answers came through, for the tables of a consultation that several ask.

It is counted like an answer to one more question, so that the same rules make it safe.
"""

from localoffer.consultations.questions import Document, Kind, Option, Question

# No question is called so: theirs are of six symbols (``questions.new_code``).
DOOR = "door"


def with_door(document: Document, authorities) -> Document:
    """The questions, and through whose site people answered. The same for one authority alone."""
    if len(authorities) < 2:
        return document
    options = tuple(Option(str(each.pk), each.council) for each in authorities)
    door = Question(
        code=DOOR,
        kind=Kind("single"),
        text="Which council's site did people answer on?",
        options=options,
    )
    return document.with_question(door)


def with_doors(rows):
    """Answers, each with the door that it came through. ``rows``: of both."""
    for answers, door in rows:
        yield {**answers, DOOR: str(door)}

"""What people looked for in the demonstration, and what its officers did about it."""

from collections import Counter
from datetime import date, timedelta

from localoffer.demo.building.reading import BadContentError
from localoffer.search import actions, asked, own_words
from localoffer.search.models import Gap, OwnWords
from localoffer.taxonomy.models import Concept

# Results found, and those of them that fit well, by how the content says it.
FOUND = {"nothing": (0, 0), "few": (6, 2), "enough": (24, 12)}


def build(*, authority, about: dict, today: date) -> None:
    """Count searches of the last weeks, save the authority's own words, and note its gaps.

    Raises BadContentError for words that an officer could not save.
    """
    _count(authority, about.get("asked", []), today)
    for row in about.get("own_words", []):
        concept = Concept.objects.get(pk=row.pop("concept"))
        own = OwnWords(authority=authority, concept=concept, **row)
        if problems := own_words.problems(own):
            raise BadContentError(f"{authority.name}: own words for {concept}: {problems}")
        actions.save_words(own, by=None)
    for row in about.get("gaps", []):
        noted = today - timedelta(days=row.pop("days"))
        gap = actions.note_gap(authority=authority, **row)
        # An action notes a gap today; the demonstration's was noted on a day before.
        Gap.objects.filter(pk=gap.pk).update(noted=noted)


def _count(authority, rows, today):
    weeks: dict[date, Counter] = {}
    for row in rows:
        found, strong = FOUND[row.get("found", "enough")]
        age = row.get("age")
        tally = asked.key_of(
            authority=authority,
            words=row["words"],
            outward=row.get("outward", ""),
            ages=None if age is None else (age, age),
            found=found,
            strong=strong,
        )
        for ago, times in enumerate(row["weeks"]):
            weeks.setdefault(today - timedelta(weeks=ago), Counter())[tally] += times
    for day, tallies in weeks.items():
        asked.add(tallies, on=day)

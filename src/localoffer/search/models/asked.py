"""What people looked for: how often each words were typed in a week, and nothing of who typed."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Count, F, Q, Sum

from localoffer.authority.models import Owned, OwnedQuerySet
from localoffer.search.scrubbing import LONGEST

# A search can say a lot about a child. Words that few people typed are kept to be added up, and
# shown to nobody until this many searches have used them in the time that is shown.
FEWEST_SHOWN = 10
KEPT = timedelta(days=396)  # 13 months: the same month a year ago, whole
FEW = 3  # results that fit well: this many or fewer is a short answer


def monday(day: date) -> date:
    """The first day of the week: no count says more of when."""
    return day - timedelta(days=day.weekday())


class AskedQuerySet(OwnedQuerySet):
    def between(self, first: date, last: date):
        """The weeks that begin on these days or between them."""
        return self.filter(week__gte=monday(first), week__lte=last)

    def by_words(self):
        """A row for each words: how many searches, with how many nothing or little was found."""
        return (
            self.order_by()
            .values("words")
            .annotate(times=Sum("searches"), empty=Sum("nothing"), thin=Sum("few"))
        )

    def common(self):
        """The words that may be shown, with their counts."""
        return self.by_words().filter(times__gte=FEWEST_SHOWN)

    def rare(self) -> dict[str, int]:
        """How many words may not be shown (``words``), and how many searches they were."""
        rare = self.by_words().filter(times__lt=FEWEST_SHOWN)
        found = rare.aggregate(words=Count("words"), searches=Sum("times"))
        return {"words": found["words"], "searches": found["searches"] or 0}

    def past_their_term(self, *, now):
        """The counts that must be deleted by now: of weeks that ended long enough ago."""
        return self.filter(week__lt=now.date() - KEPT)


class Asked(Owned):
    """How many searches used the same words in one week, from one outward code, for one age band.

    Written by ``asked.add`` alone. ``outward`` and ``ages`` (the code of an age band) are empty
    where the search did not say.
    """

    week = models.DateField(help_text="The Monday it began on.")
    words = models.CharField(max_length=LONGEST)
    outward = models.CharField("first half of the postcode", max_length=4, blank=True)
    ages = models.CharField("age band", max_length=40, blank=True)
    searches = models.PositiveIntegerField(default=0)
    nothing = models.PositiveIntegerField("with nothing found", default=0)
    few = models.PositiveIntegerField("with few results", default=0)

    objects = AskedQuerySet.as_manager()

    class Meta:
        verbose_name = "count of searches"
        verbose_name_plural = "counts of searches"
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "week", "words", "outward", "ages"], name="search_asked_once"
            ),
            models.CheckConstraint(
                condition=Q(searches__gte=F("nothing") + F("few")),
                name="search_asked_parts_of_the_whole",
            ),
        ]

    def __str__(self):
        return self.words

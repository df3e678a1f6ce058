"""Ways to begin for somebody who has not typed anything: what families most often look for."""

from dataclasses import dataclass

from django.utils.http import urlencode

from localoffer.search.facts import Terms


@dataclass(frozen=True, slots=True)
class Start:
    """A card: ``needs`` and ``types`` are the filters it sets."""

    title: str
    text: str
    symbol: str
    needs: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def url(self):
        pairs = [("need", code) for code in self.needs] + [("type", code) for code in self.types]
        return "?" + urlencode(pairs)


STARTS = [
    Start(
        "Someone to talk to",
        "Free advice, helplines and other parents",
        "phone",
        types=("ias", "helpline", "parent_forum", "support_group", "charity"),
    ),
    Start("Autism", "Help for autistic children and young people", "heart", needs=("ASD",)),
    Start("Talking and understanding", "Speech, language and communication", "speech", ("SLCN",)),
    Start(
        "Feelings and mental health",
        "Worry, low mood, anger and behaviour",
        "brain",
        needs=("SEMH",),
    ),
    Start(
        "Learning",
        "Dyslexia, learning difficulties and disabilities",
        "book",
        ("SPLD", "MLD", "SLD", "PMLD"),
    ),
    Start(
        "Hearing and sight",
        "Deaf, deafblind, blind and partially sighted children",
        "people",
        ("HI", "VI", "MSI"),
    ),
    Start("Moving about", "Physical disability and health", "health", ("PD",)),
    Start(
        "Short breaks and things to do",
        "Clubs, days out and a rest from caring",
        "calendar",
        types=("short_break", "leisure"),
    ),
    Start(
        "Childcare and early years",
        "Nurseries, childminders and pre-schools",
        "home",
        types=("childcare", "early_years"),
    ),
    Start(
        "Schools",
        "Special schools, bases and outreach",
        "school",
        (),
        (
            "special_school",
            "resource_base",
            "outreach",
            "alternative_provision",
            "nmss",
        ),
    ),
    Start(
        "Getting to school",
        "Transport and travel training",
        "bus",
        (),
        ("transport", "travel_training"),
    ),
    Start("Money", "Benefits, grants and equipment", "money", (), ("money_advice", "equipment")),
]


def links(terms: Terms) -> list[Start]:
    """The cards whose filters all exist."""
    return [
        start
        for start in STARTS
        if set(start.needs) <= terms.needs.keys() and set(start.types) <= terms.types.keys()
    ]

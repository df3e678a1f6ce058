"""The states of the page of find help."""

FOUND = "/find-help/?q=speech&postcode=WR14+1AA"
# A search for each state of the page, and what shows that it is in it.
STATES = {
    "results": (FOUND, ".lo-kind"),
    "filters": (f"{FOUND}&cost=free&age=4&distance=10&day=MO", "[aria-labelledby=chosen]"),
    "understood": (
        "/find-help/?q=free+speech+therapy+for+my+4+year+old+on+saturday+near+WR14",
        "[aria-labelledby=understood]",
    ),
    "taken as words": ("/find-help/?q=speech+for+my+4+year+old&ignore=age", ".lo-find__words-only"),
    "mended": ("/find-help/?q=autism+assesment", ".lo-find__spelling strong"),
    "as typed": ("/find-help/?q=autism+assesment&exactly=1", ".lo-find__spelling"),
    "meanings": ("/find-help/?q=AP", ".lo-find__meanings"),
    "crisis": ("/find-help/?q=my+daughter+is+self+harming", ".lo-crisis"),
    "crisis and nothing": ("/find-help/?q=suicidal&type=transport&age=0&cost=free", ".lo-crisis"),
    "weaker": ("/find-help/?q=speech+therapy&weaker=1", ".lo-find__divider"),
    "only weaker": ("/find-help/?q=speech+therapy&type=travel_training", ".lo-find__note"),
    "nothing": ("/find-help/?q=zzzz", ".lo-find__nothing a[href^='/feedback/']"),
    "guides aside": ("/find-help/?q=speech&cost=free", ".lo-find__note a"),
    "guides": ("/find-help/?q=speech&what=guides", ".lo-kind--guide"),
    "browsing": ("/find-help/?need=ASD&postcode=WR14", ".lo-kind"),
    "past the end": ("/find-help/?q=speech&page=99", ".lo-find__note"),
    "map": (f"{FOUND}&view=map", "svg .lo-map__point"),
}

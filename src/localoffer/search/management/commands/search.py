"""The public search, from the terminal."""

import json

from django.core.management.base import BaseCommand, CommandError

from localoffer.authority.models import Authority
from localoffer.search import asking, facts
from localoffer.search.answering import answer


class Command(BaseCommand):
    help = "Search the public pages, guides, news and services of one authority."

    def add_arguments(self, parser):
        parser.add_argument("words", help='what a family would type, such as "speech therapy"')
        parser.add_argument("--limit", type=int, default=20, help="how many to show; 20")
        parser.add_argument(
            "--format",
            choices=["table", "json", "tsv"],
            default="table",
            help="tsv is id, rank, score and title, a line each, without a heading",
        )
        parser.add_argument(
            "--authority", metavar="CODE", help="ONS code, such as E10000034; the default site's"
        )

    def handle(self, *, words, limit, authority, **options):
        if limit < 1:
            raise CommandError("--limit must be 1 or more.")
        words = asking.tidy(words)[: asking.LONGEST["q"]]
        question = asking.Question(words=words, weaker=True)
        found = answer(
            question, authority=named_authority(authority), place=None, terms=facts.terms()
        )
        rows = found.rows[:limit] if words else []
        getattr(self, f"_{options['format']}")(rows)

    def _tsv(self, rows):
        for rank, row in enumerate(rows, start=1):
            entry = row.entry
            cells = [entry.key, str(rank), f"{row.score:.2f}", " ".join(entry.title.split())]
            self.stdout.write("\t".join(cells))

    def _json(self, rows):
        things = [
            {
                "id": row.entry.key,
                "rank": rank,
                "score": row.score,
                "title": row.entry.title,
                "kind": row.entry.kind,
                "summary": row.entry.summary,
                "url": row.entry.url,
            }
            for rank, row in enumerate(rows, start=1)
        ]
        self.stdout.write(json.dumps(things, ensure_ascii=False, indent=2))

    def _table(self, rows):
        if not rows:
            self.stdout.write("Nothing found.")
        for rank, row in enumerate(rows, start=1):
            self.stdout.write(
                f"{rank:>4}  {row.score:>6.2f}  {row.entry.kind:<8} {row.entry.title}"
            )


def named_authority(code):
    authorities = Authority.objects.select_related("site")
    if code:
        found = authorities.filter(gss_code=code.upper()).first()
        if found is None:
            known = ", ".join(authorities.values_list("gss_code", flat=True)) or "none yet"
            raise CommandError(f"No authority has the code {code}. There are: {known}.")
        return found
    found = Authority.objects.default()
    if found is None and authorities.count() == 1:
        found = authorities.get()
    if found is None:
        raise CommandError("Name the authority: --authority E10000034.")
    return found

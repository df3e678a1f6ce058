"""The public search, from the terminal."""

import json

from django.core.management.base import BaseCommand, CommandError

from localoffer.authority.models import Authority
from localoffer.search.finding import find


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
        hits = find(authority=named_authority(authority), words=words, limit=limit)
        getattr(self, f"_{options['format']}")(hits)

    def _tsv(self, hits):
        for rank, hit in enumerate(hits, start=1):
            row = [hit.key, str(rank), f"{hit.score:.2f}", " ".join(hit.title.split())]
            self.stdout.write("\t".join(row))

    def _json(self, hits):
        rows = [
            {
                "id": hit.key,
                "rank": rank,
                "score": hit.score,
                "title": hit.title,
                "kind": hit.kind,
                "summary": hit.summary,
                "url": hit.url,
            }
            for rank, hit in enumerate(hits, start=1)
        ]
        self.stdout.write(json.dumps(rows, ensure_ascii=False, indent=2))

    def _table(self, hits):
        if not hits:
            self.stdout.write("Nothing found.")
        for rank, hit in enumerate(hits, start=1):
            self.stdout.write(f"{rank:>4}  {hit.score:>6.2f}  {hit.kind:<8} {hit.title}")


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

import io
import json
import re

import pytest
from django.core.management import CommandError, call_command

from tests.factories.directory import make_service


def search(*arguments, **options):
    out = io.StringIO()
    call_command("search", *arguments, stdout=out, **options)
    return out.getvalue()


def test_search_tsv_is_id_rank_score_and_title_without_a_heading(authority):
    first = make_service(authority, name="Heron\tclub")
    second = make_service(authority, name="Birds", description="A heron.")

    lines = [line.split("\t") for line in search("heron", "--format", "tsv").splitlines()]

    assert [(key, rank, title) for key, rank, _, title in lines] == [
        (str(first.pk), "1", "Heron club"),
        (str(second.pk), "2", "Birds"),
    ]
    assert all(re.fullmatch(r"\d+\.\d\d", score) for _, _, score, _ in lines)


def test_search_tsv_of_nothing_is_nothing(authority):
    assert search("heron", "--format", "tsv") == ""


def test_search_json_and_table_show_the_same_in_the_same_order(authority):
    make_service(authority, name="Heron b")
    make_service(authority, name="Heron a")

    rows = json.loads(search("heron", "--format", "json", "--limit", "1"))

    assert [(row["rank"], row["title"], row["kind"]) for row in rows] == [(1, "Heron a", "service")]
    table = search("heron")
    assert table.index("Heron a") < table.index("Heron b")
    assert search("nothing") == "Nothing found.\n"


def test_search_asks_the_authority_named_by_its_code(authority, neighbour_site):
    make_service(neighbour_site[0], name="Their heron")

    assert "Their heron" in search("heron", "--authority", "e10000998")
    assert "Their heron" not in search("heron", "--authority", authority.gss_code)


def test_search_says_which_codes_there_are(authority):
    with pytest.raises(CommandError, match=r"No authority has the code E1\. There are: E10000999"):
        search("heron", "--authority", "E1")


def test_search_refuses_a_limit_below_one(authority):
    with pytest.raises(CommandError, match="1 or more"):
        search("heron", "--limit", "0")

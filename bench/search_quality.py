"""How well the search answers judged questions, spelt well and with a slip.

The corpus is loaded into an empty database as services and guides, and every question goes through
the public search. A run is a file of question, document and rank with tabs between. With judgements
it says nDCG@10 (grades 0 to 3 as they are), the share of questions without a result, and how much
of it is left when the rarest word of every question has one slip. The reference is the same search
without thesaurus and without spelling, in the same run.
"""

import argparse
import csv
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import replace
from math import log2
from pathlib import Path

from bench.reporting import report

ROOT = Path(__file__).parents[1]
# Beside the checkout, or beside the folder of several, where there is any.
PLACES = [folder / "shared" / "data" / "search" for folder in ROOT.parents[:2]]
JUDGED = next((folder for folder in PLACES if folder.is_dir()), PLACES[0])
LENGTH = 100  # results of each question that are written
LETTERS = "abcdefghijklmnopqrstuvwxyz"
SHORTEST = 4  # letters of a word that is given a slip


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="bench search_quality", description=__doc__)
    parser.add_argument("--short", action="store_true", help="nothing to do without a corpus")
    parser.add_argument("--corpus", type=Path, help="JSON lines: one service or guide each")
    parser.add_argument("--queries", type=Path, help="with tabs: query_id, split, query, types")
    parser.add_argument("--qrels", type=Path, help="with tabs: query_id, doc_id, grade")
    parser.add_argument("--run", type=Path, metavar="OUT", help="write the run here")
    parser.add_argument("--typo-run", type=Path, metavar="OUT", help="the run with slips")
    parser.add_argument("--against", type=Path, metavar="RUN", help="another run to compare with")
    parser.add_argument("--authority", default="Severnshire", help="whose area is not elsewhere")
    parser.add_argument("--seed", type=int, default=1, help="of the slips")
    parser.add_argument("--database", metavar="URL", help="an empty one; a new SQLite file if not")
    options = parser.parse_args(arguments)
    if options.short and options.corpus is None:
        if not JUDGED.is_dir():
            print(f"\nsearch_quality: no judged corpus at {JUDGED}, nothing to measure.")
            return
        options.corpus, options.queries = JUDGED / "services.jsonl", JUDGED / "queries.tsv"
        options.qrels = JUDGED / "qrels.tsv"
    if options.corpus is None or options.queries is None:
        parser.error("--corpus and --queries are needed")

    queries = {row["query_id"]: row["query"] for row in _table(options.queries)}
    slips = _with_slips(queries, options.corpus, options.seed)
    with tempfile.TemporaryDirectory(prefix="localoffer-bench-") as folder:
        found = _in_its_own_process(folder, options, queries, slips)
    for path, name in [(options.run, "clean"), (options.typo_run, "slips")]:
        if path:
            _write(path, found["runs"][name])
    judged = _judgements(options.qrels) if options.qrels else {}
    rows = [_row(name, run, judged) for name, run in found["runs"].items()]
    if judged:
        whole = rows[0]["nDCG@10"]
        rows = [{**row, "of clean": row["nDCG@10"] / whole} for row in rows]
    if options.against:
        found["about"]["same top ten as " + options.against.name] = _agreement(
            found["runs"]["clean"], _read_run(options.against)
        )
    report("search_quality", rows, about=found["about"])


def _table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def _judgements(path):
    judged = defaultdict(dict)
    for row in _table(path):
        judged[row["query_id"]][row["doc_id"]] = int(row["grade"])
    return judged


def _with_slips(queries, corpus, seed):
    """Every question with one random slip in its rarest word: left out, put in, other, changed."""
    words = Counter()
    for line in corpus.read_text(encoding="utf-8").splitlines():
        words.update(set(_words(" ".join(_texts(json.loads(line))))))
    chance = random.Random(seed)  # noqa: S311
    return {key: _slip(query, words, chance) for key, query in queries.items()}


def _texts(row):
    return [str(row[name]) for name in ["title", "org", "description", "needs", "category"]]


def _words(text):
    return re.findall(r"[a-z]+", text.lower())


def _slip(query, counted, chance):
    long = [word for word in _words(query) if len(word) >= SHORTEST]
    if not long:
        return query
    word = min(long, key=lambda one: (counted[one], one))
    at, letter = chance.randrange(len(word)), chance.choice(LETTERS)
    swap = min(at, len(word) - 2)
    slipped = chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[:swap] + word[swap + 1] + word[swap] + word[swap + 2 :],
        ]
    )
    return re.sub(rf"\b{word}\b", slipped, query, count=1, flags=re.IGNORECASE)


def _in_its_own_process(folder, options, queries, slips):
    asked = Path(folder) / "asked.json"
    asked.write_text(json.dumps({"clean": queries, "slips": slips}))
    environment = {
        **os.environ,
        "LOCALOFFER_DATA": folder,
        "LOCALOFFER_DATABASE_URL": options.database or f"sqlite:///{folder}/db.sqlite3",
        "LOCALOFFER_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": "localoffer.settings",
    }
    command = ["-m", "bench.search_quality", "--measure", str(options.corpus.resolve())]
    child = subprocess.run(
        [sys.executable, *command, str(asked), options.authority],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(child.stdout.splitlines()[-1])


def _measure(corpus_file, asked_file, name):
    import django  # noqa: PLC0415  only in the process that has its settings

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    from bench import corpus  # noqa: PLC0415  it imports models
    from localoffer.search import facts, vocabulary  # noqa: PLC0415
    from localoffer.search.answering import answer  # noqa: PLC0415
    from localoffer.search.asking import Question  # noqa: PLC0415
    from localoffer.search.models import SearchDocument  # noqa: PLC0415
    from localoffer.search.thesaurus import Thesaurus  # noqa: PLC0415

    rows = corpus.read(Path(corpus_file))
    asked = json.loads(Path(asked_file).read_text())
    start = time.perf_counter()
    authority, ids = corpus.load(rows, name=name, folder=Path(asked_file).parent)
    loaded = time.perf_counter() - start
    terms = facts.terms()
    missing = len(rows) - SearchDocument.objects.filter(key__in=ids).count()

    def run(queries, **options):
        runs, took = {}, []
        for key, words in queries.items():
            start = time.process_time()
            question = Question(words=words, weaker=True, **options)
            found = answer(question, authority=authority, place=None, terms=terms)
            took.append(1000 * (time.process_time() - start))
            documents = [ids.get(row.entry.key) for row in found.rows]
            runs[key] = [one for one in documents if one][:LENGTH]
        return runs, sorted(took)

    run(asked["clean"])  # once to warm up
    clean, took = run(asked["clean"])
    slips, _ = run(asked["slips"])
    unaided, _ = run(asked["slips"], exactly=True)
    with_words = vocabulary.of
    vocabulary.of = lambda of: replace(with_words(of), thesaurus=Thesaurus())
    bare, _ = run(asked["clean"], exactly=True)
    vocabulary.of = with_words
    about = {
        "corpus": f"{len(rows):,} documents, {missing} not indexed",
        "load": f"{loaded:.0f} s",
        "answer, CPU p50, p95": f"{took[len(took) // 2]:.1f}, {took[int(0.95 * len(took))]:.1f} ms",
    }
    runs = {"clean": clean, "slips": slips, "slips, exactly": unaided, "no thesaurus": bare}
    print(json.dumps({"runs": runs, "about": about}))


def _row(name, run, judged):
    row = {"run": name, "queries": len(run), "zero results": sum(not one for one in run.values())}
    if judged:
        scores = [_ndcg(run.get(key, []), grades) for key, grades in judged.items()]
        row["nDCG@10"] = sum(scores) / len(scores)
    return row


def _ndcg(documents, grades, at=10):
    def gained(values):
        return sum(value / log2(rank + 2) for rank, value in enumerate(values[:at]))

    best = gained(sorted(grades.values(), reverse=True))
    return gained([grades.get(one, 0) for one in documents]) / best if best else 0.0


def _agreement(run, other):
    same = sum(documents[:10] == other.get(key, [])[:10] for key, documents in run.items())
    return f"{same} of {len(run)}"


def _write(path, run):
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter="\t", lineterminator="\n")
        out.writerow(["query_id", "doc_id", "rank"])
        for key, documents in run.items():
            out.writerows([key, one, rank] for rank, one in enumerate(documents, start=1))


def _read_run(path):
    run = defaultdict(list)
    for row in sorted(_table(path), key=lambda row: int(row["rank"])):
        run[row["query_id"]].append(row["doc_id"])
    return run


if __name__ == "__main__":
    _measure(*sys.argv[2:])

from collections import Counter
from math import log2
from random import Random

import pytest

from bench.search_quality import (
    _agreement,
    _ndcg,
    _read_run,
    _slip,
    _words,
    _write,
    main,
)

QUERY = "autism clubs in Malvern"
COUNTED = Counter({"autism": 9, "clubs": 5, "malvern": 2})


def slip(question, *, seed=1):
    return _slip(question, COUNTED, Random(seed))  # noqa: S311


def test_ndcg_is_of_the_grades_as_they_are():
    grades = {"a": 3, "b": 2, "c": 0, "d": 1}
    best = 3 + 2 / log2(3) + 1 / log2(4)

    assert _ndcg(["a", "b", "d"], grades) == pytest.approx(1)
    assert _ndcg(["c", "b", "x", "a"], grades) == pytest.approx((2 / log2(3) + 3 / log2(5)) / best)
    assert _ndcg(["x"] * 10 + ["a"], grades) == 0
    assert _ndcg([], grades) == 0


def test_slip_is_one_edit_of_the_rarest_word_and_the_same_for_a_seed():
    slips = {slip(QUERY, seed=seed) for seed in range(40)}

    assert len(slips) > 20
    for slipped in slips:
        assert slipped.startswith("autism clubs in ")
        assert abs(len(slipped) - len(QUERY)) <= 1
    assert slip(QUERY, seed=3) == slip(QUERY, seed=3)


def test_question_of_short_words_alone_is_left():
    assert slip("AP or PA") == "AP or PA"
    assert _words("DLA form") == ["dla", "form"]


def test_run_is_read_as_it_was_written(tmp_path):
    run = {"q1": ["a", "b"], "q2": ["c"], "q3": []}
    _write(tmp_path / "run.tsv", run)

    lines = (tmp_path / "run.tsv").read_text().splitlines()
    assert lines == ["query_id\tdoc_id\trank", "q1\ta\t1", "q1\tb\t2", "q2\tc\t1"]
    assert _agreement(run, _read_run(tmp_path / "run.tsv")) == "3 of 3"
    assert _agreement({**run, "q2": ["d"]}, _read_run(tmp_path / "run.tsv")) == "2 of 3"


def test_long_form_needs_a_corpus_and_questions(capsys):
    with pytest.raises(SystemExit):
        main(["--corpus", "services.jsonl"])

    assert "--queries are needed" in capsys.readouterr().err

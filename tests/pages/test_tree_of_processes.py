"""The tree with real processes: what one publishes, another shows at its next request."""

import pytest

pytestmark = pytest.mark.slow
GAPS = ["before the tree", "after the tree"]


def stale(gardener, writer, gap):
    """Publish while the tree is being read; say whether the old title is shown after both."""
    writer.do("publish", title=f"Old, {gap}")
    gardener.begin("get", path="/", wait_at=gap)
    writer.do("publish", title=f"New, {gap}")
    gardener.finish()
    words = gardener.do("get", path="/")["words"]
    assert (f"Old, {gap}" in words) != (f"New, {gap}" in words)
    return f"Old, {gap}" in words


def test_no_gap_in_reading_the_tree_leaves_an_old_one(running):
    gardener = running.talk("gardener")

    assert [gap for gap in GAPS if stale(gardener, running.writer, gap)] == []


def test_without_the_rule_a_gap_leaves_an_old_tree(running):
    """What the test above proves: a version that is read late takes an old tree for a new one."""
    gardener = running.talk("gardener", "--late")

    assert [gap for gap in GAPS if stale(gardener, running.writer, gap)] == ["after the tree"]


def test_a_page_that_one_process_takes_down_is_gone_in_another(running):
    gardener = running.talk("gardener")
    address = "/news-updates-and-feedback/"
    assert gardener.do("get", path=address)["status"] == 200

    running.writer.do("hide", slug="news-updates-and-feedback")

    assert gardener.do("get", path=address)["status"] == 404
    assert address not in gardener.do("get", path="/")["words"].partition("<main")[0]

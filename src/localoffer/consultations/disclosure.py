"""Which numbers of a table may be published, so that none tells of a child.

A table is a network. Its cells are flows from rows to columns, its totals are flows too, and what
goes into a node comes out of it: that is all that an attacker knows of the numbers that are hidden,
beside those that are shown. The narrowest range into which a hidden number can be forced is then a
question of maximum flow, answered exactly and with no solver.

1. A number below the threshold is hidden, nought too: "nobody" is also about people.
2. More numbers are hidden until none can be forced into a range narrower than the threshold.
3. What is left is rounded to the nearest 5, and percentages come from the rounded numbers.

What is promised holds even of an attacker who is told the shown numbers exactly, before rounding.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from math import inf

BASE = 5
SHOWN, PRIMARY, SECONDARY = "shown", "suppressed_primary", "suppressed_secondary"
# Where nearly all of a small group say the same of something sensitive, to know somebody's group is
# to know their answer.
SAME, SMALL_GROUP = 0.9, 20


@dataclass(frozen=True)
class Cell:
    """A number in a table: how much goes from one node to another, and whether it is shown."""

    name: Hashable
    tail: Hashable
    head: Hashable
    value: int
    status: str = SHOWN
    may_hide: bool = True

    @property
    def hidden(self) -> bool:
        return self.status != SHOWN


def rounded(number: int) -> int:
    """To the nearest 5."""
    return BASE * ((number + BASE // 2) // BASE)


def width(cells: Iterable[Cell], target: Cell) -> float:
    """How far apart are the least and the most that a hidden number may be, for all one knows."""
    more = _flow(cells, target.head, target.tail, without=target)
    less = _flow(cells, target.tail, target.head, without=target)
    return more + min(target.value, less)


def _flow(cells, source, sink, *, without):
    """The most that can be sent from one node to another through what is hidden."""
    if source == sink:
        return inf
    room: dict = defaultdict(lambda: defaultdict(float))
    for cell in cells:
        if cell.hidden and cell.name != without.name:
            room[cell.tail][cell.head] = inf
            room[cell.head][cell.tail] += cell.value
    sent = 0.0
    while way := _way(room, source, sink):
        step = min(room[here][there] for here, there in way)
        if step == inf:
            return inf
        for here, there in way:
            room[here][there] -= step
            room[there][here] += step
        sent += step
    return sent


def _way(room, source, sink):
    """A shortest way with room on every step, as steps; empty where there is none."""
    came: dict = {source: None}
    queue = deque([source])
    while queue:
        here = queue.popleft()
        if here == sink:
            steps = []
            while came[here] is not None:
                steps.append((came[here], here))
                here = came[here]
            return steps[::-1]
        for there, left in room[here].items():
            if left > 0 and there not in came:
                came[there] = here
                queue.append(there)
    return []


def protect(cells: Iterable[Cell], *, threshold: int) -> list[Cell] | None:
    """The same cells, each shown or hidden; None where even hiding all of them is not enough.

    Of those that could be hidden beside another, the smallest is.
    """
    cells = [
        replace(cell, status=PRIMARY) if cell.may_hide and cell.value < threshold else cell
        for cell in cells
    ]
    while exposed := _most_exposed(cells, threshold):
        partner = _partner(cells, exposed)
        if partner is None:
            return None
        cells = [
            replace(cell, status=SECONDARY) if cell.name == partner.name else cell for cell in cells
        ]
    return cells


def _most_exposed(cells, threshold):
    found = ((width(cells, cell), cell) for cell in cells if cell.hidden)
    exposed = [(wide, cell) for wide, cell in found if wide < threshold]
    return min(exposed, key=lambda each: (each[0], str(each[1].name)))[1] if exposed else None


def _partner(cells, exposed):
    """The smallest number still shown, of those that share a node with the exposed one first."""
    shown = [cell for cell in cells if cell.may_hide and not cell.hidden]
    ends = {exposed.tail, exposed.head}
    near = [cell for cell in shown if ends & {cell.tail, cell.head}]
    return min(near or shown, key=lambda cell: (cell.value, str(cell.name)), default=None)


def one_way(counts: dict[str, int], *, threshold: int, sensitive: bool = False):
    """Statuses of the numbers of a list that adds up to a total that is shown; None to show none.

    ``counts``: how many chose each. ``sensitive``: hide a small group of whom nearly all say one.
    """
    total = sum(counts.values())
    if total < threshold or (sensitive and _same(counts.values(), total)):
        return None
    cells = [Cell(name, "out", "in", value) for name, value in counts.items()]
    cells.append(Cell(("total",), "in", "out", total, may_hide=False))
    return _statuses(protect(cells, threshold=threshold))


def each_alone(counts: dict[str, int], total: int, *, threshold: int, sensitive: bool = False):
    """The same of options of which people may choose several: they add up to nothing.

    Each stands beside those who did not choose it, of whom there may be too few as well.
    """
    if total < threshold:
        return None
    found = {}
    for name, value in counts.items():
        alone = one_way(
            {"yes": value, "no": total - value}, threshold=threshold, sensitive=sensitive
        )
        if alone is None:
            found[name] = SECONDARY
        else:
            found[name] = alone["yes"]
    return found


def two_way(counts: dict[tuple[str, str], int], *, threshold: int, sensitive: bool = False):
    """Statuses of a table with the totals of its rows and columns shown; None to show none.

    ``counts``: by row and column. Every total must be at least the threshold.
    """
    rows: dict[str, int] = defaultdict(int)
    columns: dict[str, int] = defaultdict(int)
    for (row, column), value in counts.items():
        rows[row] += value
        columns[column] += value
    if min([*rows.values(), *columns.values()], default=0) < threshold:
        return None
    cells = []
    for (row, column), value in counts.items():
        same = sensitive and _same(
            [number for (other, _), number in counts.items() if other == row], rows[row]
        )
        status = SECONDARY if same else SHOWN
        cells.append(Cell((row, column), ("row", row), ("column", column), value, status))
    cells += [
        Cell(("row", row), "all", ("row", row), total, may_hide=False)
        for row, total in rows.items()
    ]
    cells += [
        Cell(("column", column), ("column", column), "all", total, may_hide=False)
        for column, total in columns.items()
    ]
    return _statuses(protect(cells, threshold=threshold))


def _same(values, total):
    return total < SMALL_GROUP and max(values, default=0) >= SAME * total


def _statuses(cells):
    if cells is None:
        return None
    return {cell.name: cell.status for cell in cells if cell.may_hide}

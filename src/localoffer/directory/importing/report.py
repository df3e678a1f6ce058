"""What an import did, told to whoever started it."""

from collections import Counter
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refusal:
    where: str
    source_id: str
    reason: str


@dataclass
class Report:
    """What an import did, or in a dry run would do."""

    source: str
    form: str
    complete: bool
    dry_run: bool
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    missing: int = 0
    refused: list[Refusal] = field(default_factory=list)
    mended: Counter = field(default_factory=Counter)

    @property
    def kept(self):
        return self.added + self.changed + self.unchanged

"""How every benchmark tells what it measured: a table to read, and JSON to keep."""

import json
import platform
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


def report(name: str, rows: list[dict], *, about: dict | None = None) -> Path:
    """Print the rows as a table and write them, with the machine, to ``results/NAME.json``.

    ``rows``: one dict a line, all with the same keys; floats are shown to three figures.
    ``about``: what else a reader must know, such as sizes and options. Returns the file's path.
    """
    print(f"\n{name}")
    for key, value in (about or {}).items():
        print(f"  {key}: {value}")
    if rows:
        cells = [list(rows[0])] + [[_shown(value) for value in row.values()] for row in rows]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        for line in cells:
            print("  " + "  ".join(cell.ljust(w) for cell, w in zip(line, widths, strict=True)))
    RESULTS.mkdir(exist_ok=True)
    file = RESULTS / f"{name}.json"
    found = {"name": name, "machine": machine(), "about": about or {}, "rows": rows}
    file.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n")
    return file


def machine() -> dict:
    """The machine and the moment that the figures belong to."""
    cores = Path("/proc/cpuinfo")
    models = [
        line.split(":", 1)[1].strip()
        for line in (cores.read_text().splitlines() if cores.exists() else [])
        if line.startswith("model name")
    ]
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "processor": models[0] if models else platform.processor(),
        "cores": len(models) or None,
        "measured": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _shown(value) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)

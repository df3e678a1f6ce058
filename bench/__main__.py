"""``make bench`` runs the short form of every benchmark; naming one passes its options on.

python -m bench                     all, short: under five minutes
python -m bench NAME [OPTIONS]      one; --help lists its options
"""

import importlib
import sys

BENCHMARKS = (
    "consultations",
    "imports",
    "mail",
    "pages",
    "search_quality",
    "search_speed",
    "updates",
)


def main(arguments: list[str]) -> None:
    if not arguments:
        for name in BENCHMARKS:
            importlib.import_module(f"bench.{name}").main(["--short"])
        return
    name, *options = arguments
    if name not in BENCHMARKS:
        sys.exit(f"There is no benchmark {name}. There are: {', '.join(BENCHMARKS)}.")
    importlib.import_module(f"bench.{name}").main(options)


if __name__ == "__main__":
    main(sys.argv[1:])

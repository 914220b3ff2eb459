"""A model's calls on a part of BFCL, the Berkeley Function Calling Leaderboard, judged by BFCL's own AST check.

    python -m venv /tmp/bfcl && /tmp/bfcl/bin/pip install --no-deps bfcl-eval     # its own environment, once
    python benchmarks/bfcl.py --checkpoint models/tool_model_best.pth --bfcl-python /tmp/bfcl/bin/python

The check needs nothing of what `bfcl-eval` depends on, hence --no-deps. The rows (--data) are the single-turn ones of
the shared folder: a SUBSET, so no score of it is a score of the leaderboard. Questions that are longer than the model's
context are wrong. Written: one JSON file with the scores by category and every reply.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any, get_args

from codeling.checkpoint import load_model
from codeling.errors import Failure, UsageError
from codeling.evals.bfcl import Judged, answer, by_category, judge_rows, read_rows
from codeling.evals.tool_replies import Mode, Replier
from codeling.generate.engine import Engine
from codeling.runtime.device import prepare_device, resolve_device
from codeling.runtime.files import write_json

DATA = Path(__file__).parents[1] / "../shared/data/eval_bfcl_dev.jsonl.gz"
NO_ENVIRONMENT = "make one: python -m venv /tmp/bfcl && /tmp/bfcl/bin/pip install --no-deps bfcl-eval"


def main() -> None:
    options = parse()
    rows = read_rows(options.data)[: options.limit]
    device = resolve_device(options.device)
    prepare_device(device)
    loaded = load_model(options.checkpoint, device=device)
    replier = Replier(Engine(loaded.model, max_batch=options.batch), loaded.tokenizer, max_tokens=options.max_tokens)
    written: dict[str, Any] = {"checkpoint": str(options.checkpoint), "data": options.data.name, "subset": True}
    for mode in options.modes:
        start = time.monotonic()
        judged = judge_rows(rows, answer(replier, rows, mode), python=options.bfcl_python)
        seconds = time.monotonic() - start
        scores = by_category(judged)
        print(f"\nBFCL subset ({options.data.name}), {mode}, {seconds:.0f} s\n{table(scores)}")
        written[mode] = {"scores": scores, "seconds": seconds, "replies": [reply(one) for one in judged]}
    write_json(options.output, written)
    print(f"\nscores and replies: {options.output}")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, default=Path("models/tool_model_best.pth"))
    parser.add_argument("--bfcl-python", type=Path, default=Path("/tmp/bfcl/bin/python"), help=NO_ENVIRONMENT)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--limit", type=int, help="only the first rows")
    parser.add_argument("--modes", nargs="+", choices=get_args(Mode), default=["free", "constrained"])
    parser.add_argument("--max-tokens", type=int, default=256)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--output", type=Path, default=Path("logs/bfcl.json"))
    options = parser.parse_args()
    if not options.bfcl_python.exists():
        parser.error(f"--bfcl-python {options.bfcl_python}: no such file; {NO_ENVIRONMENT}")
    if not options.data.exists():
        parser.error(f"--data {options.data}: no such file")
    return options


def table(scores: dict[str, dict[str, float]]) -> str:
    lines = [f"{'category':24}{'rows':>7}{'accuracy':>11}{'too long':>11}"]
    for name, found in scores.items():
        lines.append(f"{name:24}{found['rows']:7.0f}{found['accuracy']:11.1%}{found['too_long']:11.1%}")
    return "\n".join(lines)


def reply(judged: Judged) -> dict[str, Any]:
    return {"id": judged.row.id, "calls": list(judged.calls), "valid": judged.valid, "note": judged.note}


if __name__ == "__main__":
    try:
        main()
    except (Failure, UsageError) as error:
        sys.exit(f"{error}")

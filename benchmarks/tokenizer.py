"""Tokenizer training and encoding against `tokenizers`: same text, same split, same size, same machine and minute.

    python benchmarks/tokenizer.py                                    # 20 MB of code to 32,000 tokens, 3 rounds
    python benchmarks/tokenizer.py --megabytes 100 --rounds 5 --json tokenizer.json
    python benchmarks/tokenizer.py --data my.jsonl.gz --vocab-size 8000

Rounds are interleaved, so that a slow minute of a shared machine hits both; a time is the median of its rounds and a
ratio the median of the per-round ratios. Training uses all cores in both (RAYON_NUM_THREADS limits both) and ours
includes writing the folder. Encoding is measured on one thread, document by document, and as one batch on all cores;
`tokenizers` gets its fastest call (`encode_batch_fast`). The ids are compared first: a difference ends the run.
The text is the first megabytes of ``--data``, repeated when it is too short; without it, Python's standard library.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import statistics
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from pathlib import Path

import tokenizers
from tokenizers import Regex, models, pre_tokenizers, trainers

from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import NUM_RESERVED, train_tokenizer
from codeling.tokenizer.vocabulary import SPLIT_PATTERN

DATA = Path(__file__).resolve().parents[1] / "../shared/data/stage2_code_python_train.jsonl.gz"


def documents(data: Path | None) -> Iterator[str]:
    if data is None:
        for file in sorted(Path(sysconfig.get_path("stdlib")).rglob("*.py")):
            if "site-packages" not in file.parts:
                yield file.read_text(encoding="utf-8", errors="replace")
        return
    with gzip.open(data, "rt", encoding="utf-8") if data.suffix == ".gz" else data.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)["text"]


def sample(texts: Iterable[str], megabytes: float) -> list[str]:
    """The first ``megabytes`` of ``texts``, which starts again from its beginning as often as needed."""
    first_pass = list(texts)
    result, size = [], 0
    for text in chain.from_iterable(repeat(first_pass)):
        result.append(text)
        size += len(text.encode("utf-8"))
        if size >= megabytes * 1e6:
            return result
    raise SystemExit("the data holds no text")


def train_theirs(texts: list[str], vocab_size: int) -> tokenizers.Tokenizer:
    theirs = tokenizers.Tokenizer(models.BPE())
    theirs.pre_tokenizer = pre_tokenizers.Sequence(  # pyright: ignore[reportAttributeAccessIssue]
        [
            pre_tokenizers.Split(Regex(SPLIT_PATTERN), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - NUM_RESERVED,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    theirs.train_from_iterator(texts, trainer)
    return theirs


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def measure(texts: list[str], *, vocab_size: int, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Seconds of every round: task -> contender -> times. Exits when the two encoders disagree on any text."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "tokenizer.json"
        ours = train_tokenizer(texts, vocab_size=vocab_size, output=output)
        theirs = plain(ours)
        for text in texts:
            if ours.encode(text) != theirs.encode(text).ids:
                raise SystemExit(f"the ids differ on a text that begins with {text[:60]!r}")
        tasks: dict[str, dict[str, Callable[[], object]]] = {
            "train": {
                "codeling": lambda: train_tokenizer(texts, vocab_size=vocab_size, output=output),
                "tokenizers": lambda: train_theirs(texts, vocab_size),
            },
            "encode, 1 thread": {
                "codeling": lambda: [ours.encode(text) for text in texts],
                "tokenizers": lambda: [theirs.encode(text).ids for text in texts],
            },
            "encode, batch": {
                "codeling": lambda: ours.encode_batch(texts),
                "tokenizers": lambda: [encoding.ids for encoding in theirs.encode_batch_fast(texts)],
            },
        }
        times: dict[str, dict[str, list[float]]] = {task: {name: [] for name in tasks[task]} for task in tasks}
        for number in range(rounds):
            for task, contenders in tasks.items():
                for name, work in contenders.items():
                    times[task][name].append(seconds(work))
                    print(
                        f"round {number + 1}/{rounds}: {task}, {name}: {times[task][name][-1]:.2f} s", file=sys.stderr
                    )
        return times


def plain(tokenizer: Tokenizer) -> tokenizers.Tokenizer:
    """The same vocabulary in `tokenizers`; without added tokens, because our ``encode`` never matches any."""
    content = json.loads(tokenizer.to_json())
    return tokenizers.Tokenizer.from_str(json.dumps(content | {"added_tokens": []}))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="jsonl or jsonl.gz with a text field")
    parser.add_argument("--megabytes", type=float, default=20.0)
    parser.add_argument("--vocab-size", type=int, default=32_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, help="also write the numbers here")
    arguments = parser.parse_args()
    data = arguments.data or (DATA if DATA.exists() else None)
    texts = sample(documents(data), arguments.megabytes)
    num_bytes = sum(len(text.encode("utf-8")) for text in texts)
    times = measure(texts, vocab_size=arguments.vocab_size, rounds=arguments.rounds)

    rows = []
    for task, contenders in times.items():
        ratios = [theirs / ours for ours, theirs in zip(*contenders.values(), strict=True)]
        medians = {name: statistics.median(values) for name, values in contenders.items()}
        rows.append(
            {
                "task": task,
                "seconds": medians,
                "megabytes_per_second": {name: num_bytes / 1e6 / value for name, value in medians.items()},
                "ratio": statistics.median(ratios),
                "ratios": ratios,
            }
        )
    result = {
        "data": str(data or "Python's standard library"),
        "megabytes": num_bytes / 1e6,
        "documents": len(texts),
        "vocab_size": arguments.vocab_size,
        "rounds": arguments.rounds,
        "cores": os.cpu_count(),
        "rows": rows,
    }
    print(f"\n{result['megabytes']:.1f} MB, {len(texts):,} documents, vocabulary {arguments.vocab_size:,}, equal ids")
    print(f"{'task':<20}{'codeling':>20}{'tokenizers':>20}{'ratio':>8}")
    for row in rows:
        cells = [f"{row['seconds'][n]:.2f} s, {row['megabytes_per_second'][n]:.1f} MB/s" for n in row["seconds"]]
        print(f"{row['task']:<20}{cells[0]:>20}{cells[1]:>20}{row['ratio']:>7.2f}x")
    if arguments.json:
        arguments.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

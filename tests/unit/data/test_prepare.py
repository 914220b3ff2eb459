"""Preparation: nothing lost, nothing twice, nothing on both sides, and the same bytes for any number of workers."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeling.data import prepare as prepare_module
from codeling.data.config import PrepareConfig
from codeling.data.prepare import prepare, shard_names, split_of
from codeling.data.shards import Shard
from codeling.errors import Failure, UsageError
from codeling.runtime import workers as workers_module
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer

WORDS = "def return print for in if else while import the a dog ran home x y z 1 2 3 é ü 🐶".split()  # noqa: SIM905


def random_text(random_source: random.Random, words: int) -> str:
    return " ".join(random_source.choice(WORDS) for _ in range(words)) + "\n"


@pytest.fixture(scope="module")
def tokenizer_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    source = random.Random(1)
    train_tokenizer([random_text(source, 200) for _ in range(50)], vocab_size=290, output=path)
    return path


def write_rows(path: Path, texts: list[str]) -> str:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")
    return f"file:{path}"


def config(tmp_path: Path, tokenizer_path: Path, source: str, **changes: object) -> PrepareConfig:
    base = PrepareConfig(source=source, tokenizer=tokenizer_path, workdir=tmp_path, workers=1, val_fraction=0.2)
    return replace(base, **changes)  # type: ignore[arg-type]


def decoded(path: Path, tokenizer: Tokenizer) -> list[str]:
    shard = Shard.open(path, verify=True)
    return [tokenizer.decode(shard.document(i)[:-1].tolist()) for i in range(shard.manifest.num_documents)]


texts_strategy = st.lists(
    st.text(st.characters(codec="utf-8", blacklist_characters="\x00"), max_size=80), min_size=1, max_size=40
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(texts=texts_strategy, seed=st.integers(0, 5))
def test_documents_are_conserved_and_the_splits_are_disjoint(
    tmp_path: Path, tokenizer_path: Path, texts: list[str], seed: int
) -> None:
    # Two texts that surely fall on different sides make sure that neither shard is empty.
    anchors = {}
    for number in range(1000):
        anchors.setdefault(split_of(f"anchor {number}", seed=seed, val_fraction=0.3), f"anchor {number}")
    texts = [*texts, *anchors.values()]
    made = prepare(
        config(tmp_path, tokenizer_path, write_rows(tmp_path / "x.jsonl", texts), seed=seed, val_fraction=0.3)
    )
    tokenizer = Tokenizer.load(tokenizer_path)
    train, val = decoded(made.train_path, tokenizer), decoded(made.val_path, tokenizer)
    assert len(train) + len(val) + sum(made.dropped.values()) == len(texts)
    assert set(train) | set(val) <= set(texts)
    normal = lambda text: tuple(line.rstrip() for line in text.strip().splitlines())  # noqa: E731
    assert not {*map(normal, train)} & {*map(normal, val)}
    assert {*map(normal, train + val)} | {()} == {normal(text) for text in texts} | {()}
    for manifest, kept in ((made.train, train), (made.val, val)):
        assert manifest.num_bytes == sum(len(text.encode()) for text in kept)
        assert manifest.tokenizer_hash == tokenizer.content_hash
    assert (made.train.split, made.val.split, made.train.seed) == ("train", "val", seed)


def test_workers_do_not_change_a_byte(tmp_path: Path, tokenizer_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare_module, "_CHUNK_CHARS", 3000)
    source_of_randomness = random.Random()
    source = write_rows(tmp_path / "x.jsonl", [random_text(source_of_randomness, 60) for _ in range(400)])
    hashes = set()
    for workers in (1, 2, 3):
        made = prepare(config(tmp_path, tokenizer_path, source, workers=workers, train_name=f"train_{workers}"))
        hashes.add((made.train.sha256, made.train.starts_sha256, made.val.sha256, made.val.starts_sha256))
    assert len(hashes) == 1


def test_reading_is_bounded_by_what_the_workers_take(
    tmp_path: Path, tokenizer_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A corpus larger than memory works only if the reader waits for the workers."""
    monkeypatch.setattr(prepare_module, "_CHUNK_CHARS", 1)
    read = 0

    def items() -> object:
        nonlocal read
        for number in range(500):
            read += 1
            yield "train", prepare_module.Document(f"text {number}", source="t")

    tokenizer = Tokenizer.load(tokenizer_path)
    largest_lead = 0
    for done, _ in enumerate(prepare_module._tokenized(items(), tokenizer, workers=2)):  # type: ignore[arg-type]
        largest_lead = max(largest_lead, read - done)
    assert read == 500
    assert largest_lead <= prepare_module._MIN_PARALLEL_CHUNKS + 2 * workers_module._ITEMS_IN_FLIGHT_PER_WORKER


def test_the_split_is_a_pure_function_of_the_text() -> None:
    texts = [f"text {i}" for i in range(5000)]
    sides = [split_of(text, seed=0, val_fraction=0.1) for text in texts]
    assert sides == [split_of(text + "  \n", seed=0, val_fraction=0.1) for text in texts]
    assert sides != [split_of(text, seed=1, val_fraction=0.1) for text in texts]
    assert 400 < sides.count("val") < 600
    # A larger share keeps what was for validation there.
    larger = [split_of(text, seed=0, val_fraction=0.2) for text in texts]
    assert all(after == "val" for before, after in zip(sides, larger, strict=True) if before == "val")


def test_a_validation_source_wins_over_training(tmp_path: Path, tokenizer_path: Path) -> None:
    train = write_rows(tmp_path / "train.jsonl", ["one\n", "two\n", "shared\n"])
    val = write_rows(tmp_path / "val.jsonl", ["three\n", "shared\n"])
    made = prepare(config(tmp_path, tokenizer_path, train, val_source=val))
    tokenizer = Tokenizer.load(tokenizer_path)
    assert decoded(made.train_path, tokenizer) == ["one\n", "two\n"]
    assert decoded(made.val_path, tokenizer) == ["three\n", "shared\n"]
    assert made.dropped["duplicate"] == 1


def test_manifests_count_by_source_and_language(tmp_path: Path, tokenizer_path: Path) -> None:
    (tmp_path / "bash.jsonl").write_text('{"instruction": "List", "command": "ls"}\n')
    spec = f"{write_rows(tmp_path / 'x.jsonl', ['story'])},file:{tmp_path}/bash.jsonl"
    made = prepare(config(tmp_path, tokenizer_path, spec, val_source=write_rows(tmp_path / "v.jsonl", ["v"])))
    assert [(s.source, s.language, s.documents, s.bytes) for s in made.train.sources] == [
        ("file:bash.jsonl", "bash", 1, len("# List\nls\n")),
        ("file:x.jsonl", "text", 1, 5),
    ]


def test_special_tokens_in_text_stay_text(tmp_path: Path, tokenizer_path: Path) -> None:
    rows = write_rows(tmp_path / "x.jsonl", ["a <|endoftext|> b"])
    made = prepare(config(tmp_path, tokenizer_path, rows, val_source=write_rows(tmp_path / "v.jsonl", ["v"])))
    shard = Shard.open(made.train_path)
    assert (shard.tokens == made.train.end_of_text).sum() == 1
    assert decoded(made.train_path, Tokenizer.load(tokenizer_path)) == ["a <|endoftext|> b"]


def test_a_bad_row_late_in_the_file_leaves_the_old_shards(tmp_path: Path, tokenizer_path: Path) -> None:
    rows = [f"text {i}" for i in range(50)]
    source = write_rows(tmp_path / "x.jsonl", rows)
    before = prepare(config(tmp_path, tokenizer_path, source))
    with (tmp_path / "x.jsonl").open("a") as file:
        file.write('{"text": "cut')
    with pytest.raises(Failure, match=r"x\.jsonl:51: not valid JSON"):
        prepare(config(tmp_path, tokenizer_path, source))
    assert Shard.open(before.train_path, verify=True).manifest == before.train
    assert Shard.open(before.val_path, verify=True).manifest == before.val
    assert not list((tmp_path / "data/processed").glob("*.tmp"))


def test_an_empty_side_is_a_clear_error(tmp_path: Path, tokenizer_path: Path) -> None:
    with pytest.raises(Failure, match=r"1 documents for training and 0.*--val-fraction|0 documents for training and 1"):
        prepare(config(tmp_path, tokenizer_path, write_rows(tmp_path / "x.jsonl", ["only"])))
    with pytest.raises(Failure, match=r"dropped: 2 empty.*nothing to train on"):
        prepare(config(tmp_path, tokenizer_path, write_rows(tmp_path / "x.jsonl", ["", " \n"])))
    assert not list((tmp_path / "data/processed").glob("*.npy"))


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"val_fraction": 0.0}, "--val-fraction"),
        ({"val_fraction": 1.0}, "--val-fraction"),
        ({"workers": 0}, "--workers"),
        ({"train_name": "mine"}, "--val-name"),
        ({"train_name": "train_a", "val_name": "train_a.npy"}, "another name"),
        ({"train_name": "../train_a"}, r"--train-name \.\./train_a: must be a plain name"),
        ({"val_name": "../val_a"}, r"--val-name \.\./val_a: must be a plain name"),
        ({"tokenizer": Path("/no/tokenizer.json")}, r"train_code_tokenizer\.py"),
        ({"source": "storis"}, "did you mean 'stories'"),
        ({"source": None}, r"scripts/download_data\.py --workdir .*, or .*--source stories"),
        ({"source": None, "stage": "code"}, r"download_code_corpus\.py.*--source python,shell,bash-tasks"),
    ],
)
def test_bad_requests(tmp_path: Path, tokenizer_path: Path, changes: dict[str, object], complaint: str) -> None:
    source = write_rows(tmp_path / "x.jsonl", ["a", "b"])
    with pytest.raises(UsageError, match=complaint):
        prepare(replace(config(tmp_path, tokenizer_path, source), **changes))  # type: ignore[arg-type]


def test_names_and_default_sources(tmp_path: Path, tokenizer_path: Path) -> None:
    assert shard_names(PrepareConfig()) == ("train_large.npy", "val_large.npy")
    assert shard_names(PrepareConfig(stage="code")) == ("code_train_large.npy", "code_val_large.npy")
    raw = tmp_path / "data/raw"
    raw.mkdir(parents=True)
    (raw / "TinyStoriesV2-GPT4-train.txt").write_text("One day.\n<|endoftext|>\nTwo days.")
    (raw / "TinyStoriesV2-GPT4-valid.txt").write_text("Three days.")
    made = prepare(PrepareConfig(tokenizer=tokenizer_path, workdir=tmp_path, workers=1))
    assert (made.train.num_documents, made.val.num_documents) == (2, 1)
    assert made.train_path == tmp_path / "data/processed/train_large.npy"


def test_leftovers_of_a_killed_run_are_removed(tmp_path: Path, tokenizer_path: Path) -> None:
    processed = tmp_path / "data/processed"
    processed.mkdir(parents=True)
    (processed / ".train_large.npy.abc123.tmp").write_text("half")
    (processed / ".other.npy.abc123.tmp").write_text("not ours")
    source = write_rows(tmp_path / "x.jsonl", [f"text {i}" for i in range(40)])
    prepare(config(tmp_path, tokenizer_path, source))
    assert [path.name for path in processed.glob(".*.tmp")] == [".other.npy.abc123.tmp"]


def test_evaluation_problems_are_kept_out(tmp_path: Path, tokenizer_path: Path) -> None:
    source_of_randomness = random.Random()
    problem = " ".join(f"w{source_of_randomness.randrange(10**6)}" for _ in range(20))
    (tmp_path / "eval_mine.jsonl").write_text(json.dumps({"id": 1, "tests": [problem]}) + "\n")
    copied = "before\n" + problem.upper().replace(" ", ",\n  ") + "\nafter"
    short = " ".join(problem.split()[:12])
    rows = write_rows(tmp_path / "x.jsonl", ["fine", copied, short])
    val = write_rows(tmp_path / "v.jsonl", [f"x {problem}", "fine too"])
    request = config(tmp_path, tokenizer_path, rows, val_source=val, exclude=(tmp_path / "eval_mine.jsonl",))
    made = prepare(request)
    tokenizer = Tokenizer.load(tokenizer_path)
    assert decoded(made.train_path, tokenizer) == ["fine", short]
    assert decoded(made.val_path, tokenizer) == ["fine too"]
    assert made.dropped == {"holds an evaluation problem": 2}
    with pytest.raises(UsageError, match="--exclude"):
        prepare(replace(request, exclude=(tmp_path / "nothere.jsonl",)))
    (tmp_path / "short.jsonl").write_text('{"text": "too short"}\n')
    with pytest.raises(Failure, match="would exclude nothing"):
        prepare(replace(request, exclude=(tmp_path / "short.jsonl",)))

"""Validation finds what is planted, says where, and is content with what is sound."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from codeling.data.config import ValidateConfig
from codeling.data.shards import ShardWriter
from codeling.data.validate import ValidationReport, control_share, unknown_share, validate
from codeling.errors import UsageError
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import train_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tokenizer]:
    path = tmp_path_factory.mktemp("tokenizer") / "tokenizer.json"
    return path, train_tokenizer(["the dog ran home and slept " * 20], vocab_size=280, output=path)


def write(
    path: Path, texts: list[str | list[int]], tokenizer: Tokenizer, *, split: str = "train", hash: str | None = None
) -> Path:
    with ShardWriter(
        path,
        tokenizer_hash=hash or tokenizer.content_hash,
        vocab_size=tokenizer.vocab_size,
        end_of_text=tokenizer.end_of_text,
        split=split,
    ) as writer:
        for text in texts:
            ids = tokenizer.encode(text) if isinstance(text, str) else text
            writer.add(ids, num_bytes=len(text))
    return path


def check(tmp_path: Path, tokenizer: tuple[Path, Tokenizer], *paths: Path, **options: int) -> ValidationReport:
    return validate(ValidateConfig(paths=paths, tokenizer=tokenizer[0], workdir=tmp_path, **options))


def texts(count: int) -> list[str | list[int]]:
    return [f"the dog ran home {random.random()}" for _ in range(count)]


def test_sound_shards_pass(tmp_path: Path, tokenizer: tuple[Path, Tokenizer]) -> None:
    processed = tmp_path / "data/processed"
    write(processed / "train_a.npy", texts(50), tokenizer[1])
    write(processed / "val_a.npy", texts(5), tokenizer[1], split="val")
    report = check(tmp_path, tokenizer)
    assert report.ok
    assert report.findings == []
    assert "50 documents" in str(report)
    assert "OK: 0 errors, 0 warnings in 2 files" in str(report)


def test_documents_on_both_sides_are_an_error_with_numbers(tmp_path: Path, tokenizer: tuple[Path, Tokenizer]) -> None:
    processed = tmp_path / "data/processed"
    write(processed / "train_a.npy", [*texts(20), "shared one", "shared two"], tokenizer[1])
    write(processed / "val_a.npy", ["fine", "shared two", "fine too", "shared one"], tokenizer[1], split="val")
    report = check(tmp_path, tokenizer)
    assert not report.ok
    (finding,) = report.findings
    assert (finding.count, finding.where) == (2, ["document 1", "document 3"])
    assert "also in the training shard train_a.npy" in str(report)


def test_odd_documents_are_warnings_with_numbers(tmp_path: Path, tokenizer: tuple[Path, Tokenizer]) -> None:
    end = tokenizer[1].end_of_text
    ids = tokenizer[1].encode("the dog")
    documents = [*texts(5), "", "long " * 100, [*ids, end, *ids], "bad \ufffd\ufffd", "bell \x07\x07", "twice", "twice"]
    path = write(tmp_path / "x.npy", documents, tokenizer[1])
    report = check(tmp_path, tokenizer, path, max_document_tokens=200)
    assert report.ok
    found = {finding.problem.split(" of more")[0]: finding.where for finding in report.findings}
    assert found == {
        "empty document": ["document 5"],
        "document": ["document 6"],
        "end-of-text inside a document": ["document 7"],
        "sample with unknown characters (U+FFFD)": ["document 8"],
        "sample with control characters": ["document 9"],
        "document equal to an earlier one of this shard": ["document 11"],
    }


def test_end_of_text_is_found_in_the_last_document_too(tmp_path: Path, tokenizer: tuple[Path, Tokenizer]) -> None:
    ids = tokenizer[1].encode("dog")
    path = write(tmp_path / "x.npy", [ids, [*ids, tokenizer[1].end_of_text, *ids]], tokenizer[1])
    (finding,) = check(tmp_path, tokenizer, path).findings
    assert finding.where == ["document 1"]


def test_bytes_that_are_no_text_are_an_error(tmp_path: Path, tokenizer: tuple[Path, Tokenizer]) -> None:
    half = tokenizer[1].encode_bytes("é".encode()[:1])
    path = write(tmp_path / "x.npy", ["fine", half], tokenizer[1])
    report = check(tmp_path, tokenizer, path)
    assert not report.ok
    assert report.findings[0].where == ["document 1"]


@pytest.mark.parametrize("damage", ["flip", "truncate", "empty", "missing", "manifest", "tokenizer"])
def test_a_bad_shard_is_an_error_that_names_it(tmp_path: Path, tokenizer: tuple[Path, Tokenizer], damage: str) -> None:
    processed = tmp_path / "data/processed"
    path = write(processed / "train_a.npy", texts(20), tokenizer[1], hash="0" * 64 if damage == "tokenizer" else None)
    write(processed / "val_a.npy", texts(3), tokenizer[1], split="val")
    content = bytearray(path.read_bytes())
    if damage == "flip":
        content[random.randrange(128, len(content))] ^= 1 << random.randrange(8)
        path.write_bytes(content)
    elif damage == "truncate":
        path.write_bytes(content[:-7])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "missing":
        path.unlink()
    elif damage == "manifest":
        path.with_suffix(".json").unlink()
    report = check(tmp_path, tokenizer)
    assert not report.ok
    assert [finding.path for finding in report.findings] == [path]
    assert str(report).count("error:") == 1


def test_all_shards_of_the_folder_without_a_tokenizer(tmp_path: Path, tokenizer: tuple[Path, Tokenizer]) -> None:
    write(tmp_path / "data/processed/train_a.npy", texts(5), tokenizer[1])
    np.save(tmp_path / "stray.npy", np.zeros(3))
    report = validate(ValidateConfig(workdir=tmp_path))
    assert report.ok
    assert "no tokenizer here" in str(report)
    with pytest.raises(UsageError, match=r"prepare_data\.py"):
        validate(ValidateConfig(workdir=tmp_path / "nothing"))
    with pytest.raises(UsageError, match="nothere"):
        validate(ValidateConfig(workdir=tmp_path, paths=(Path("nothere"),)))
    assert not validate(ValidateConfig(workdir=tmp_path, paths=(tmp_path / "stray.npy",))).ok


def test_text_files_are_checked_by_line(tmp_path: Path, tokenizer: tuple[Path, Tokenizer]) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text('{"text": "fine"}\n{"text": ""}\n{"text": "odd \\ufffd"}\n{"text": "fine"}\n{"text": "b\\u0007"}\n')
    report = check(tmp_path, tokenizer, path)
    assert report.ok
    assert {finding.problem: finding.where for finding in report.findings} == {
        "document that preparing drops: empty": ["line 2"],
        "document with unknown characters (U+FFFD)": ["line 3"],
        "document equal to an earlier one": ["line 4"],
        "document with control characters": ["line 5"],
    }
    path.write_text('{"text": "fine"}\n{"text": \n')
    report = check(tmp_path, tokenizer, path)
    assert not report.ok
    assert "x.jsonl:2: not valid JSON" in str(report)


def test_only_the_first_places_are_printed_and_all_are_counted(
    tmp_path: Path, tokenizer: tuple[Path, Tokenizer]
) -> None:
    path = write(tmp_path / "x.npy", ["", *texts(200), *[""] * 3], tokenizer[1])
    (finding,) = [f for f in check(tmp_path, tokenizer, path, show=2).findings if "empty" in f.problem]
    assert (finding.count, finding.where) == (4, ["document 0", "document 201"])
    assert str(finding).endswith("(4): document 0, document 201, ...")


def test_shares() -> None:
    assert unknown_share("ab\ufffd\ufffd") == 0.5
    assert control_share("a\tb\n") == 0.0
    assert control_share("a\x00\x1bb") == 0.5
    assert unknown_share("") == control_share("") == 0.0

"""The report: right numbers, GPT's tokenizers only when their files are here, never the network."""

import json
import random
import socket
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path

import pytest

from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.report import _PUBLISHED, format_report, published_encoders, tokenizer_report


@dataclass
class Text:
    text: str
    language: str


def test_the_numbers_add_up(tokenizer: Tokenizer, corpus: list[str]):
    rng = random.Random()
    documents = [Text(text, rng.choice(["python", "bash", "text"])) for text in corpus * 60] + [Text("", "text")]
    report = tokenizer_report(tokenizer, iter(documents), encoders={"bytes": str.encode, "GPT-2": None})
    total = report["total"]
    assert total["documents"] == len(documents)
    assert total["bytes"] == sum(len(text.encode()) for text in corpus) * 60
    assert total["tokens"] == sum(map(len, tokenizer.encode_batch(corpus))) * 60
    assert total["bytes_per_token"] == total["bytes"] / total["tokens"]
    for key in ("documents", "bytes", "tokens"):
        assert sum(row[key] for row in report["languages"].values()) == total[key]
    assert total["others"] == {"bytes": 1.0}
    assert 0.5 < report["used_share"] <= 1
    assert report["not_at_hand"] == ["GPT-2"]
    assert json.loads(json.dumps(report)) == report

    table = format_report(report)
    assert all(language in table for language in report["languages"])
    assert f"{total['bytes_per_token']:.3f}" in table and "1.000 (+" in table
    assert "GPT-2: its files are not at hand" in table


def test_no_documents(tokenizer: Tokenizer):
    report = tokenizer_report(tokenizer, [], encoders={"bytes": str.encode})
    assert report["total"]["bytes_per_token"] == 0
    assert "all" in format_report(report)


def test_absent_or_damaged_files_never_touch_the_network(
    tokenizer: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def no_network(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket, "create_connection", no_network)
    monkeypatch.setattr(socket.socket, "connect", no_network)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    assert published_encoders() == {"GPT-2": None, "GPT-4": None}
    damaged = [tmp_path / sha1(url.encode()).hexdigest() for p in _PUBLISHED.values() for url in p.files]
    for file in damaged:
        file.write_bytes(b"half a download")
    report = tokenizer_report(tokenizer, [Text("x = 1\n", "python")])
    assert report["not_at_hand"] == ["GPT-2", "GPT-4"]
    assert all(file.read_bytes() == b"half a download" for file in damaged)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "")
    assert published_encoders() == {"GPT-2": None, "GPT-4": None}


def test_published_encoders_when_they_are_here():
    encoders = {name: encode for name, encode in published_encoders().items() if encode is not None}
    if not encoders:
        pytest.skip("tiktoken's cache holds neither GPT-2's nor GPT-4's files")
    for encode in encoders.values():
        assert 0 < len(encode("def f(x):\n    return x")) < 22

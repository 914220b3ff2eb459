"""Shards: what is written is what is read, and damage of any kind is found and named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from codeling.data import shards
from codeling.data.shards import Shard, ShardWriter, read_manifest, require_tokenizer, token_dtype
from codeling.errors import Failure, UsageError

HASH = "a" * 64
EOT = 0


def write(path: Path, documents: list[list[int]], *, vocab_size: int = 1000, **options: bool) -> Shard:
    with ShardWriter(path, tokenizer_hash=HASH, vocab_size=vocab_size, end_of_text=EOT, **options) as writer:
        for index, document in enumerate(documents):
            mask = {"mask": [1] * len(document)} if options.get("mask") else {}
            writer.add(document, num_bytes=2 * len(document), source=f"s{index % 2}", licence="MIT", **mask)
    return Shard.open(path)


documents_strategy = st.lists(st.lists(st.integers(1, 69_999), max_size=40), min_size=1, max_size=30)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(documents=documents_strategy, wide=st.booleans())
def test_round_trip(tmp_path: Path, documents: list[list[int]], wide: bool) -> None:
    vocab_size = 70_000 if wide else 1 << 16
    documents = [[token % vocab_size for token in document] for document in documents]
    with ShardWriter(tmp_path / "x.npy", tokenizer_hash=HASH, vocab_size=vocab_size, end_of_text=EOT) as writer:
        for document in documents:
            writer.add(document, num_bytes=3)
    shard = Shard.open(tmp_path / "x.npy", verify=True)
    assert shard.tokens.dtype == token_dtype(vocab_size) == (np.uint32 if wide else np.uint16)
    assert [shard.document(i).tolist() for i in range(len(documents))] == [[*d, EOT] for d in documents]
    assert shard.manifest == writer.manifest
    assert shard.manifest.num_tokens == sum(map(len, documents)) + len(documents) == len(shard.tokens)
    assert shard.manifest.num_bytes == 3 * len(documents)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x.docs.npy", "x.json", "x.npy"]


def test_arrays_are_plain_numpy_files_and_memory_maps(tmp_path: Path) -> None:
    shard = write(tmp_path / "x.npy", [[1, 2], [3]])
    assert np.load(tmp_path / "x.npy").tolist() == [1, 2, EOT, 3, EOT]
    assert np.load(tmp_path / "x.docs.npy").tolist() == [0, 3]
    assert isinstance(shard.tokens, np.memmap)
    assert isinstance(shard.starts, np.memmap)
    assert shard.name == "x"


def test_sources_are_summed(tmp_path: Path) -> None:
    manifest = write(tmp_path / "x.npy", [[1, 2], [3], [4, 5, 6]]).manifest
    assert [(s.source, s.documents, s.tokens, s.bytes) for s in manifest.sources] == [("s0", 2, 7, 10), ("s1", 1, 2, 2)]


def test_mask_sidecar(tmp_path: Path) -> None:
    shard = write(tmp_path / "x.npy", [[1, 2], [3]], mask=True)
    assert shard.mask is not None
    assert shard.mask.tolist() == [1, 1, 0, 1, 0]
    shard.verify()
    flip_bit(tmp_path / "x.mask.npy", -1)
    with pytest.raises(Failure, match=r"x\.mask\.npy"):
        Shard.open(tmp_path / "x.npy", verify=True)
    # Replacing it by a shard without a mask leaves no orphan behind.
    assert write(tmp_path / "x.npy", [[1]]).mask is None
    assert not (tmp_path / "x.mask.npy").exists()


def test_out_of_range_token_is_refused_and_nothing_is_published(tmp_path: Path) -> None:
    for bad in (1000, -1):
        with pytest.raises(ValueError, match="outside the vocabulary"):
            write(tmp_path / "x.npy", [[1], [bad]])
    assert list(tmp_path.iterdir()) == []


def test_an_error_keeps_the_old_shard(tmp_path: Path) -> None:
    before = write(tmp_path / "x.npy", [[1, 2]]).manifest
    with pytest.raises(ValueError, match="outside"):
        write(tmp_path / "x.npy", [[3], [1000]])
    shard = Shard.open(tmp_path / "x.npy", verify=True)
    assert shard.manifest == before
    assert len(list(tmp_path.iterdir())) == 3


def test_no_documents_and_bad_names(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="no documents"):
        write(tmp_path / "x.npy", [])
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(UsageError, match=r"ends with \.npy"):
        write(tmp_path / "x.bin", [[1]])


def flip_bit(path: Path, offset: int) -> None:
    content = bytearray(path.read_bytes())
    content[offset] ^= 1
    path.write_bytes(content)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(file=st.sampled_from(["x.npy", "x.docs.npy"]), position=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_any_flipped_bit_is_found_and_named(tmp_path: Path, file: str, position: float, bit: int) -> None:
    write(tmp_path / "x.npy", [[5, 6, 7]] * 50)
    content = bytearray((tmp_path / file).read_bytes())
    content[int(position * len(content))] ^= 1 << bit
    (tmp_path / file).write_bytes(content)
    with pytest.raises(Failure, match=file):
        Shard.open(tmp_path / "x.npy", verify=True)


@pytest.mark.parametrize("file", ["x.npy", "x.docs.npy"])
@pytest.mark.parametrize("keep", [0, 20, 128, -1])
def test_truncation_is_found_without_reading_everything(tmp_path: Path, file: str, keep: int) -> None:
    write(tmp_path / "x.npy", [[5, 6, 7]] * 5)
    path = tmp_path / file
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(Failure, match=file):
        Shard.open(tmp_path / "x.npy")


@pytest.mark.parametrize("file", ["x.npy", "x.docs.npy", "x.json"])
def test_a_missing_file_is_named_with_the_command_to_type(tmp_path: Path, file: str) -> None:
    write(tmp_path / "x.npy", [[5]])
    (tmp_path / file).unlink()
    with pytest.raises(Failure, match=rf"{file}.*prepare_data\.py"):
        Shard.open(tmp_path / "x.npy")
    with pytest.raises(Failure, match=r"nothere\.npy: no such shard"):
        Shard.open(tmp_path / "nothere.npy")


def test_swapped_shards_are_found(tmp_path: Path) -> None:
    write(tmp_path / "a.npy", [[1, 2, 3]])
    write(tmp_path / "b.npy", [[1, 2, 4]])
    write(tmp_path / "c.npy", [[1, 2]])
    shutil.copy(tmp_path / "c.npy", tmp_path / "b.npy")
    with pytest.raises(Failure, match=r"b\.npy.*swapped"):
        Shard.open(tmp_path / "b.npy")
    shutil.copy(tmp_path / "a.npy", tmp_path / "b.npy")
    with pytest.raises(Failure, match=r"b\.npy: the content changed"):
        Shard.open(tmp_path / "b.npy", verify=True)


def test_a_rehashed_shard_with_broken_contents_is_found(tmp_path: Path) -> None:
    """Hashes prove that nothing changed since writing; the other checks prove that the writer was right."""
    write(tmp_path / "x.npy", [[5, 6], [7]])

    def damage(*, tokens: list[int] | None = None, starts: list[int] | None = None, **changes: object) -> None:
        write(tmp_path / "x.npy", [[5, 6], [7]])
        if tokens:
            np.save(tmp_path / "x.npy", np.array(tokens, dtype=np.uint16))
        if starts:
            np.save(tmp_path / "x.docs.npy", np.array(starts, dtype=np.int64))
        values = json.loads((tmp_path / "x.json").read_text()) | changes
        values["sha256"] = shards.sha256_file(tmp_path / "x.npy")
        values["starts_sha256"] = shards.sha256_file(tmp_path / "x.docs.npy")
        (tmp_path / "x.json").write_text(json.dumps(values))

    damage(tokens=[5, 6, 0, 1000, 0])
    with pytest.raises(Failure, match="1000 is outside the vocabulary"):
        Shard.open(tmp_path / "x.npy", verify=True)
    damage(tokens=[5, 6, 0, 7, 7])
    with pytest.raises(Failure, match="document 1 does not end"):
        Shard.open(tmp_path / "x.npy", verify=True)
    for starts in ([0, 0], [1, 3], [3, 0], [0, 9], [-1, 3]):
        damage(starts=starts)
        with pytest.raises(Failure, match="offsets"):
            Shard.open(tmp_path / "x.npy", verify=True)
    damage(num_bytes=99)
    with pytest.raises(Failure, match="99"):
        Shard.open(tmp_path / "x.npy", verify=True)


def test_verification_in_pieces_equals_verification_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "_CHECK_TOKENS", 3)
    for count in range(1, 12):
        write(tmp_path / "x.npy", [[1 + i] * (i % 4) for i in range(count)]).verify()


def test_foreign_and_old_manifests(tmp_path: Path) -> None:
    write(tmp_path / "x.npy", [[5]])
    values = json.loads((tmp_path / "x.json").read_text())
    for broken, complaint in (
        ("{", "not valid JSON"),
        ("[]", "format is None"),
        (json.dumps(values | {"format": "codeling-shard-0"}), "codeling-shard-0"),
        (json.dumps(values | {"num_token": 1}), "did you mean 'num_tokens'"),
        (json.dumps({k: v for k, v in values.items() if k != "sha256"}), "sha256"),
        (json.dumps(values | {"num_tokens": "2"}), "whole number"),
        (json.dumps(values | {"dtype": "object"}), "impossible"),
    ):
        (tmp_path / "x.json").write_text(broken)
        with pytest.raises(Failure, match=complaint):
            read_manifest(tmp_path / "x.npy")


def test_another_tokenizer_is_refused(tmp_path: Path) -> None:
    shard = write(tmp_path / "code_train_large.npy", [[5]])
    require_tokenizer(shard, HASH)
    with pytest.raises(Failure, match=r"aaaaaaaaaaaa.*bbbbbbbbbbbb.*prepare_code_data"):
        require_tokenizer(shard, "b" * 64)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full to imitate a full disk")
def test_a_full_disk_is_reported_and_nothing_is_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = write(tmp_path / "x.npy", [[1, 2]]).manifest
    original = Path.open

    def open_full(self: Path, mode: str = "r", buffering: int = -1) -> object:
        if mode == "wb" and "x.npy" in self.name:
            return original(Path("/dev/full"), mode, buffering)
        return original(self, mode, buffering)

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(Failure, match="No space left"):
        write(tmp_path / "x.npy", [[1] * 1000] * 2000)
    monkeypatch.undo()
    assert Shard.open(tmp_path / "x.npy", verify=True).manifest == before
    assert len(list(tmp_path.iterdir())) == 3


def test_an_unwritable_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Failure, match="cannot write the shard"):
        write(tmp_path / "file" / "x.npy", [[1]])

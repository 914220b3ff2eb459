"""A checkpoint is whole or absent, and never runs anything (FAULTS rows 1, 2, 13, 18)."""

from __future__ import annotations

import io
import json
import os
import pickle
import random
import signal
import stat
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from codeling.checkpoint import (
    Checkpoint,
    load_checkpoint,
    load_model,
    read_info,
    save_checkpoint,
    sidecar_path,
)
from codeling.errors import Failure, UsageError


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """A forked child has no worker threads: it would wait for those that earlier tests started here."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def checkpoint(version: int, *, values: int = 1000) -> Checkpoint:
    """Every value in it says which version it is, so that a mixture of two would show."""
    return Checkpoint(
        info={"step": version, "tokenizer_hash": "x"},
        model={"weight": torch.full((values,), float(version)), "bias": torch.full((3,), float(version))},
        tokenizer=str(version),
        optimizer={"state": {0: {"exp_avg": torch.full((values,), float(version))}}, "param_groups": [{"lr": 0.1}]},
        state={"step": version},
    )


def version_of(path: Path) -> int:
    """The version at ``path``, after checking that archive and sidecar are all of it."""
    saved = load_checkpoint(path)
    version = saved.info["step"]
    assert read_info(path)["step"] == version
    assert saved.tokenizer == str(version) and saved.state == {"step": version}
    assert saved.optimizer is not None
    for tensor in (*saved.model.values(), saved.optimizer["state"][0]["exp_avg"]):
        assert bool((tensor == version).all())
    return version


def test_round_trip_keeps_every_bit(tmp_path: Path) -> None:
    weights = {"a": torch.randn(7, 5), "b": torch.randn(3).to(torch.bfloat16), "c": torch.tensor([float("nan"), -0.0])}
    path = tmp_path / "models" / "x_last.pth"
    also = tmp_path / "models" / "x_best.pth"
    save_checkpoint(path, Checkpoint({"n": [1, None, "é"]}, weights, "{}", state={"f": 0.1}), also=[also])
    for name in (path, also):
        saved = load_checkpoint(name)
        assert saved.info == {"n": [1, None, "é"]} and saved.state == {"f": 0.1} and saved.optimizer is None
        for key, value in weights.items():
            assert saved.model[key].dtype == value.dtype
            assert torch.equal(saved.model[key].view(torch.uint8), value.view(torch.uint8))
    save_checkpoint(path, checkpoint(2))
    assert version_of(path) == 2
    assert load_checkpoint(also).info == {"n": [1, None, "é"]}, "names that shared bytes must not change together"
    assert stat.S_IMODE(path.stat().st_mode) & 0o400


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
@pytest.mark.parametrize("kills", [45, pytest.param(200, marks=pytest.mark.slow)])
def test_kills_leave_the_latest_or_the_one_before(tmp_path: Path, kills: int) -> None:
    path, also = tmp_path / "run_last.pth", tmp_path / "run_best.pth"
    save_checkpoint(path, checkpoint(0, values=100_000), also=[also])
    one_save, everywhere, outcomes = 0.01, 0, set()
    for trial in range(kills):
        reader, writer = os.pipe()
        begin = version_of(path) + 1
        child = os.fork()
        if child == 0:
            os.close(reader)
            for version in range(begin, begin + 1000):
                os.write(writer, b"%d\n" % (version - 1))  # all up to here is saved
                save_checkpoint(path, checkpoint(version, values=100_000), also=[also])
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader, "rb") as pipe:
            pipe.readline()
            begun = time.perf_counter()
            for _ in range(trial % 3):  # a third of the kills in the first save, a third in the second, and so on
                pipe.readline()
                one_save, begun = time.perf_counter() - begun, time.perf_counter()
            time.sleep(random.uniform(0.0, 1.2 * one_save))
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            rest = pipe.read().split()
        acknowledged = int(rest[-1]) if rest else begin - 1 + trial % 3
        everywhere = max(everywhere, acknowledged if acknowledged >= begin else 0)
        found = version_of(path)
        assert found in (acknowledged, acknowledged + 1)
        assert everywhere <= version_of(also) <= found
        outcomes.add((found - acknowledged, acknowledged >= begin))
    assert {(0, True), (0, False)} <= outcomes, "every kill fell before, or every kill after, the first save"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forked processes")
def test_kill_at_every_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run_last.pth"
    seen = []
    for count in range(1, 10):
        for after in (False, True):
            save_checkpoint(path, checkpoint(1))
            child = os.fork()
            if child == 0:
                _die_at_rename(monkeypatch, count, after=after)
                save_checkpoint(path, checkpoint(2))
                os._exit(0)
            status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
            seen.append((status, version_of(path)))
            # Whatever state that was, the next save and its own killing find their way.
            save_checkpoint(path, checkpoint(3))
            assert version_of(path) == 3
        if status == 0:
            break
    assert seen == [(-9, 1), (-9, 1), (-9, 1), (-9, 2), (-9, 2), (-9, 2), (0, 2), (0, 2)]


def _die_at_rename(monkeypatch: pytest.MonkeyPatch, count: int, *, after: bool) -> None:
    real, calls = Path.replace, []

    def replace(self: Path, target: Any) -> Path:
        calls.append(target)
        if len(calls) == count and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = real(self, target)
        if len(calls) == count:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    monkeypatch.setattr(Path, "replace", replace)


def test_two_kills_in_a_row_between_the_renames(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "run_last.pth"
    save_checkpoint(path, checkpoint(1))
    for version in (2, 3):
        child = os.fork()
        if child == 0:
            _die_at_rename(monkeypatch, 2, after=False)
            save_checkpoint(path, checkpoint(version))
            os._exit(0)
        os.waitpid(child, 0)
        assert version_of(path) == 1


def test_a_flipped_bit_or_a_cut_is_found_and_the_file_named(tmp_path: Path) -> None:
    path, other = tmp_path / "run_last.pth", tmp_path / "run_epoch_1.pth"
    save_checkpoint(path, checkpoint(1), also=[other])
    good = path.read_bytes()
    for _ in range(50):
        position = random.randrange(len(good))
        bad = bytearray(good)
        bad[position] ^= 1 << random.randrange(8)
        path.unlink()
        path.write_bytes(bad)
        with pytest.raises(Failure, match=r"run_last\.pth.*SHA-256.*run_epoch_1\.pth"):
            load_checkpoint(path)
    for length in (0, 1, len(good) // 2, len(good) - 1):
        path.write_bytes(good[:length])
        with pytest.raises(Failure, match=r"run_last\.pth"):
            load_checkpoint(path)
        sidecar = sidecar_path(path).read_bytes()
        sidecar_path(path).unlink()
        with pytest.raises(Failure, match=r"run_last\.pth"):
            load_checkpoint(path)
        sidecar_path(path).write_bytes(sidecar)


def test_without_a_sidecar_the_archives_own_checksums_decide(tmp_path: Path) -> None:
    path = tmp_path / "run_last.pth"
    save_checkpoint(path, checkpoint(1))
    sidecar_path(path).unlink()
    good = path.read_bytes()
    found = 0
    for _ in range(200):
        position = random.randrange(len(good))
        bad = bytearray(good)
        bad[position] ^= 1 << random.randrange(8)
        path.write_bytes(bad)
        try:
            assert version_of(path) == 1, f"bit {position} changed what was loaded"
        except Failure as failure:
            assert str(path) in str(failure)
            found += 1
    # The rest hit padding, dates and the like, which mean nothing.
    assert found > 100
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        member = next(entry for entry in archive.infolist() if entry.filename.endswith("/data/0"))
    position = good.index(torch.full((1000,), 1.0).numpy().tobytes(), member.header_offset)
    bad = bytearray(good)
    bad[position + 2000] ^= 1
    path.write_bytes(bad)
    for read in (load_checkpoint, read_info):
        with pytest.raises(Failure, match=r"run_last\.pth: damaged: the checksum of '.*/data/0'"):
            read(path)


def test_a_checkpoint_travels_without_its_sidecar(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "a.pth", checkpoint(5))
    (tmp_path / "a.pth").rename(tmp_path / "b.pth")
    assert read_info(tmp_path / "b.pth")["step"] == 5
    with pytest.raises(UsageError, match=r"a\.pth: no such checkpoint; there are also: .*b\.pth"):
        load_checkpoint(tmp_path / "a.pth")
    with pytest.raises(UsageError, match=r"a\.pth: no such checkpoint"):
        read_info(tmp_path / "a.pth")


class _Runs:
    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> Any:
        return os.system, (f"touch {self.marker}",)


def _archive(path: Path, description: bytes, *, members: dict[str, bytes] | None = None, method: int = 0) -> None:
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("x/data.pkl", description)
        for name, content in (members or {}).items():
            archive.writestr(name, content)


def _storage(count: int, *, kind: str = "FloatStorage") -> bytes:
    """A pickle that says: the tensor data of member 0 hold ``count`` values."""
    return (
        b"\x80\x02(X\x07\x00\x00\x00storagectorch\n" + kind.encode() + b"\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu"
        b"\x8a\x08" + count.to_bytes(8, "little") + b"tQ."
    )


def test_hostile_files_are_refused_and_nothing_runs(tmp_path: Path) -> None:
    marker, path = tmp_path / "it-ran", tmp_path / "evil.pth"

    torch.save({"format": "codeling-checkpoint", "schema": 1, "model": _Runs(marker)}, path)
    with pytest.raises(Failure, match=r"wants to run (posix|nt)\.system"):
        load_checkpoint(path)
    path.write_bytes(pickle.dumps(_Runs(marker)))
    with pytest.raises(Failure, match="not a checkpoint"):
        load_checkpoint(path)
    torch.save({"model": _Runs(marker)}, path, _use_new_zipfile_serialization=False)
    with pytest.raises(Failure, match="not a checkpoint"):
        load_checkpoint(path)
    _archive(path, pickle.dumps(_Runs(marker), protocol=4))
    with pytest.raises(Failure, match="wants to run"):
        load_checkpoint(path)
    assert not marker.exists()

    _archive(path, _storage(10**12), members={"x/data/0": b"1234"})
    with pytest.raises(Failure, match="claims 1,000,000,000,000 values but has 4 bytes"):
        load_checkpoint(path)
    _archive(path, _storage(1, kind="UntypedStorage"), members={"x/data/0": b"1234"})
    with pytest.raises(Failure, match="wants to run"):
        load_checkpoint(path)
    _archive(path, b"\x80\x02Nr\xff\xff\xff\x7f.")
    with pytest.raises(Failure, match="oversized index"):
        load_checkpoint(path)
    _archive(path, b"\x80\x02" + b"N0" * 100_000 + b"N.", method=zipfile.ZIP_DEFLATED)
    with pytest.raises(Failure, match="compressed"):
        load_checkpoint(path)
    _archive(path, b"\x80\x02N.", members={"../../outside": b""})
    with pytest.raises(Failure, match="outside"):
        load_checkpoint(path)
    torch.save({"a": 1}, path)
    with pytest.raises(Failure, match="not a Codeling checkpoint"):
        load_checkpoint(path)


@pytest.mark.skipif(os.name != "posix", reason="symbolic links and pipes")
def test_links_and_pipes_are_refused(tmp_path: Path) -> None:
    save_checkpoint(tmp_path / "real.pth", checkpoint(1))
    (tmp_path / "link.pth").symlink_to("real.pth")
    with pytest.raises(Failure, match=r"symbolic link.*real\.pth"):
        load_checkpoint(tmp_path / "link.pth")
    os.mkfifo(tmp_path / "pipe.pth")
    with pytest.raises(Failure, match="not a regular file"):
        load_checkpoint(tmp_path / "pipe.pth")
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "out.pth").symlink_to(victim)
    save_checkpoint(tmp_path / "out.pth", checkpoint(1))
    assert victim.read_text() == "precious", "a save must replace a link, not write through it"


@pytest.mark.parametrize(("schema", "says"), [(2, "newer Codeling"), (0, "schema 0"), ("1", "schema '1'")])
def test_other_schemas_are_refused(tmp_path: Path, schema: Any, says: str) -> None:
    path = tmp_path / "run_last.pth"
    save_checkpoint(path, checkpoint(1))
    values = json.loads(sidecar_path(path).read_text())
    sidecar_path(path).write_text(json.dumps(values | {"schema": schema}))
    for read in (load_checkpoint, read_info):
        with pytest.raises(Failure, match=says):
            read(path)
    sidecar_path(path).unlink()
    payload = torch.load(path, weights_only=True)
    torch.save(payload | {"schema": schema}, path)
    with pytest.raises(Failure, match=says):
        load_checkpoint(path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"format": "other"}', '{"format": "codeling-checkpoint", "schema": 1}']
)
def test_a_broken_sidecar_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "run_last.pth"
    save_checkpoint(path, checkpoint(1))
    sidecar_path(path).write_text(text)
    with pytest.raises(Failure, match=r"run_last\.json"):
        load_checkpoint(path)


def test_an_incomplete_payload_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.pth"
    buffer = io.BytesIO()
    torch.save({"format": "codeling-checkpoint", "schema": 1, "info": {}}, buffer)
    path.write_bytes(buffer.getvalue())
    with pytest.raises(Failure, match="incomplete"):
        load_checkpoint(path)


def test_a_failed_write_leaves_the_old_one(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    path = tmp_path / "run_last.pth"
    save_checkpoint(path, checkpoint(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, hard))  # acts like a disk that is nearly full
    try:
        with pytest.raises(OSError, match="File too large"):
            save_checkpoint(path, checkpoint(2, values=1_000_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert version_of(path) == 1
    assert sorted(file.name for file in tmp_path.iterdir()) == ["run_last.json", "run_last.pth"]


def test_load_model_needs_no_other_file(tmp_path: Path) -> None:
    from codeling.config import to_mapping
    from codeling.model.config import ModelConfig
    from codeling.model.transformer import Transformer
    from codeling.tokenizer.training import train_tokenizer

    tokenizer = train_tokenizer(["some words to learn from"] * 9, vocab_size=280, output=tmp_path / "tokenizer.json")
    config = ModelConfig(
        d_model=16, num_layers=1, num_heads=2, num_kv_heads=1, d_ff=32, vocab_size=tokenizer.vocab_size
    )
    model = Transformer(config).init_weights(3)
    info = {"model": to_mapping(config), "tokenizer_hash": tokenizer.content_hash}
    path = tmp_path / "m.pth"
    save_checkpoint(path, Checkpoint(info, model.state_dict(), tokenizer.to_json()))
    (tmp_path / "tokenizer.json").unlink()
    loaded = load_model(path)
    tokens = torch.randint(0, tokenizer.vocab_size, (2, 9))
    assert torch.equal(loaded.model(tokens), model.eval()(tokens))
    assert not loaded.model.training
    assert loaded.tokenizer.encode("some words") == tokenizer.encode("some words")
    assert load_model(path, dtype=torch.bfloat16).model.embedding.weight.dtype == torch.bfloat16

    save_checkpoint(path, Checkpoint(info | {"tokenizer_hash": "0" * 64}, model.state_dict(), tokenizer.to_json()))
    with pytest.raises(Failure, match="tokenizer inside"):
        load_model(path)
    weights = {name: tensor for name, tensor in model.state_dict().items() if name != "norm.weight"}
    save_checkpoint(path, Checkpoint(info, weights, tokenizer.to_json()))
    with pytest.raises(Failure, match=r"norm\.weight"):
        load_model(path)

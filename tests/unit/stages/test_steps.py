"""When a step is done, skipped, done again or continued."""

import dataclasses
import os
import random
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from codeling.stages.steps import Step, read_record, run_step, source_files


@dataclass(frozen=True)
class Config:
    text: str = "a"
    workdir: Path = Path()
    file: Path | None = None
    others: tuple[Path, ...] = ()
    device: str = "auto"
    workers: int | None = None


@dataclass
class Bench:
    """A folder with one input, a step that copies it with the configured text, and what happened."""

    root: Path
    said: list[str] = field(default_factory=list)
    resumed: list[bool] = field(default_factory=list)

    def step(self, **changes) -> Step:
        config = dataclasses.replace(Config(workdir=self.root), **changes)
        return Step(
            "copy",
            "Copy",
            config,
            lambda resume: self.copy(config, resume),
            inputs=(self.root / "input.txt",),
            outputs=(self.root / "out" / "copy.txt", self.root / "out" / "size.txt"),
            continued_from=(self.root / "partial.txt",),
        )

    def copy(self, config: Config, resume: bool) -> dict:
        self.resumed.append(resume)
        text = config.text + (self.root / "input.txt").read_text()
        (self.root / "out").mkdir(exist_ok=True)
        (self.root / "out" / "copy.txt").write_text(text)
        (self.root / "out" / "size.txt").write_text(str(len(text)))
        return {"size": len(text)}

    def run(self, step: Step | None = None, *, force: bool = False):
        return run_step(step or self.step(), self.record, root=self.root, force=force, say=self.said.append)

    @property
    def record(self) -> Path:
        return self.root / "state" / "copy.json"

    @property
    def times(self) -> int:
        return len(self.resumed)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "input.txt").write_text(f"input {random.random()}")
    return Bench(tmp_path)


def test_a_complete_step_is_skipped_and_its_result_is_remembered(bench: Bench):
    first = bench.run()
    assert bench.times == 1 and first.complete and first.result["size"] > 0 and first.seconds > 0
    second = bench.run()
    assert bench.times == 1 and second == first
    assert bench.said == ["Copy", "Copy: complete, skipped"]
    assert bench.run(force=True).complete and bench.times == 2


def test_what_counts_as_a_change(bench: Bench):
    bench.run()
    for again in (lambda: bench.run(bench.step(text="b")), lambda: bench.run(bench.step(text="c"))):
        before = bench.times
        again()
        assert bench.times == before + 1
    bench.run(bench.step(text="c"))
    assert bench.times == 3
    (bench.root / "input.txt").write_text("another input")
    bench.run(bench.step(text="c"))
    assert bench.times == 4
    (bench.root / "input.txt").touch()
    bench.run(bench.step(text="c", device="cpu", workers=3))
    assert bench.times == 4, "a touched input and where the work is done change nothing"


@pytest.mark.parametrize("name", ["copy.txt", "size.txt"])
def test_damaged_and_missing_outputs_are_made_again(bench: Bench, name: str):
    bench.run()
    output = bench.root / "out" / name
    whole = output.read_bytes()
    os.utime(output, ns=(1, 1))
    bench.run()
    assert bench.times == 1, "a touched output is compared by content"
    output.write_bytes(whole[:-1] + b"#")
    bench.run()
    output.write_bytes(whole[:-1])
    bench.run()
    output.unlink()
    bench.run()
    assert bench.times == 4 and output.read_bytes() == whole
    assert bench.said.count(f"Copy: out/{name} changed or missing, doing it again") == 3
    assert bench.resumed == [False] * 4, "an output that was damaged is not gone on from"


def test_an_interrupted_step_is_continued_and_a_new_attempt_is_not(bench: Bench):
    partial = bench.root / "partial.txt"
    partial.write_text("of another configuration")

    def stopped(resume: bool) -> dict:
        bench.resumed.append(resume)
        assert partial.exists() == resume
        partial.write_text("half")
        raise KeyboardInterrupt

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            bench.run(dataclasses.replace(bench.step(), action=stopped))
    record = read_record(bench.record)
    assert record is not None and not record.complete and not record.outputs
    assert bench.run().seconds > record.seconds, "time of all attempts"
    assert bench.resumed == [False, True, True] and bench.said[1] == "Copy (continued)"

    with pytest.raises(KeyboardInterrupt):
        bench.run(dataclasses.replace(bench.step(text="b"), action=stopped))
    assert partial.exists()
    bench.run(bench.step(text="c"))
    assert bench.resumed[-2:] == [False, False] and not partial.exists()

    with pytest.raises(KeyboardInterrupt):
        bench.run(dataclasses.replace(bench.step(text="c"), action=stopped), force=True)
    bench.run(bench.step(text="c"), force=True)
    assert bench.resumed[-2:] == [False, False], "--force begins anew"


def test_a_missing_output_is_not_complete(bench: Bench):
    with pytest.raises(OSError):
        bench.run(dataclasses.replace(bench.step(), action=lambda resume: {}))
    record = read_record(bench.record)
    assert record is not None and not record.complete


def test_the_folder_of_the_run_does_not_count(bench: Bench, tmp_path_factory, monkeypatch):
    inside = {"file": bench.root / "models" / "a.pth", "others": (bench.root / "b.txt",)}
    bench.run(bench.step(**inside))
    moved = Bench(tmp_path_factory.mktemp("elsewhere") / "run")
    bench.root.rename(moved.root)
    moved.run(moved.step(file=moved.root / "models" / "a.pth", others=(moved.root / "b.txt",)))
    assert moved.times == 0
    monkeypatch.chdir(moved.root)
    here = Bench(Path())
    here.run(here.step(file=Path("models/a.pth"), others=(Path("b.txt"),)))
    assert here.times == 0
    here.run(here.step(file=Path("models/b.pth"), others=(Path("b.txt"),)))
    assert here.times == 1


@pytest.mark.parametrize("text", ["{}", '{"fingerprint": "x"}', "[1]", '"text"'])
def test_a_record_of_another_version_is_as_good_as_none(bench: Bench, text: str):
    bench.run()
    bench.record.write_text(text)
    assert bench.run().complete and bench.times == 2


def test_files_of_a_source_are_inputs(tmp_path: Path):
    names = ["a.jsonl", "b.jsonl", "c.txt"]
    for name in names:
        (tmp_path / name).touch()
    assert source_files(f"stories:5, file:{tmp_path}/*.jsonl,file:{tmp_path}/c.txt,python") == tuple(
        tmp_path / name for name in names
    )
    assert source_files(None) == () and source_files("python,shell") == ()
    assert source_files(f"file:{tmp_path}/missing.txt") == ()

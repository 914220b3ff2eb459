"""Downloads: whole or absent, continued after a kill, recognised when complete; the hub is a fake in this process."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from types import SimpleNamespace

import datasets
import huggingface_hub
import pytest
from huggingface_hub.errors import HTTPError

from codeling.data import download as download_module
from codeling.data.config import CODE_CORPUS_SOURCE, DownloadConfig
from codeling.data.corpus import SEPARATOR, Labels
from codeling.data.document import Document
from codeling.data.download import TINYSTORIES_FILES, download_code_corpus, download_stories
from codeling.data.sources import open_source, split_specs
from codeling.errors import Failure

SHA = "0123456789abcdef0123456789abcdef01234567"


def write_rows(path: Path, rows: list[dict[str, str]]) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return f"file:{path}"


def random_rows(count: int) -> list[dict[str, str]]:
    languages = ["bash", "python", "sql"]
    return [
        {"text": f"row {i}\n" + "x = 1\n" * random.randrange(30), "lang": random.choice(languages), "license": "MIT"}
        for i in range(count)
    ]


def test_a_corpus_reads_back_as_it_was_with_its_labels(tmp_path: Path) -> None:
    rows = random_rows(200)
    config = DownloadConfig(source=write_rows(tmp_path / "x.jsonl", rows), workdir=tmp_path)
    made = download_code_corpus(config)
    assert made.path == tmp_path / "data/raw/code_corpus.txt"
    assert (made.documents, made.fresh) == (200, True)
    back = list(open_source(f"file:{made.path}"))
    assert [document.text for document in back] == [row["text"] for row in rows]
    assert [(d.language, d.licence, d.source) for d in back] == [(r["lang"], "MIT", "file:x.jsonl") for r in rows]
    manifest = json.loads((tmp_path / "data/raw/code_corpus.json").read_text())
    assert manifest["sha256"] == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert manifest["by_language"]["sql"] == sum(row["lang"] == "sql" for row in rows)
    assert sorted(path.name for path in made.path.parent.iterdir()) == [".lock", "code_corpus.json", "code_corpus.txt"]


def test_twice_is_complete_and_another_request_is_not(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "x.jsonl", random_rows(20))
    config = DownloadConfig(source=source, workdir=tmp_path)
    first = download_code_corpus(config)
    before = first.path.stat().st_mtime_ns
    second = download_code_corpus(config)
    assert (second.fresh, second.documents, second.path.stat().st_mtime_ns) == (False, 20, before)
    assert download_code_corpus(DownloadConfig(source=source, workdir=tmp_path, limit=5)).documents == 5
    # A damaged file is not taken for a complete one.
    content = bytearray(first.path.read_bytes())
    content[3] ^= 1
    first.path.write_bytes(content)
    assert download_code_corpus(DownloadConfig(source=source, workdir=tmp_path, limit=5)).fresh


def test_what_is_dropped_is_counted(tmp_path: Path) -> None:
    rows = [{"text": text} for text in ("fine", "fine", "", f"has {SEPARATOR} inside", "ghp_" + "a1B2" * 9, "last")]
    made = download_code_corpus(DownloadConfig(source=write_rows(tmp_path / "x.jsonl", rows), workdir=tmp_path))
    assert made.documents == 2
    assert made.dropped == {"duplicate": 1, "empty": 1, f"holds {SEPARATOR}": 1, "secret": 1}
    with pytest.raises(Failure, match="no documents"):
        empty = DownloadConfig(source=write_rows(tmp_path / "y.jsonl", [{"text": ""}]), workdir=tmp_path)
        download_code_corpus(empty)


def test_a_document_too_long_for_the_reader_is_cut_where_the_reader_would(tmp_path: Path) -> None:
    long = "\n".join(f"line {i}" for i in range(60_000))
    rows = [{"text": long, "lang": "sql"}, {"text": "short\n", "lang": "bash"}]
    made = download_code_corpus(DownloadConfig(source=write_rows(tmp_path / "x.jsonl", rows), workdir=tmp_path))
    back = list(open_source(f"file:{made.path}"))
    assert len(back) == made.documents > 2
    assert "\n".join(d.text.strip("\n") for d in back[:-1]) == long
    assert [document.language for document in back] == ["sql"] * (len(back) - 1) + ["bash"]


def test_labels_of_a_changed_corpus_are_refused(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "x.jsonl", random_rows(5))
    made = download_code_corpus(DownloadConfig(source=source, workdir=tmp_path))
    with made.path.open("a") as file:
        file.write("more\n")
    with pytest.raises(Failure, match="changed after it was downloaded"):
        next(open_source(f"file:{made.path}"))


def test_labels_by_position() -> None:
    labels = Labels.from_runs([["a", "b", "c", 2], ["d", "e", "f", 1]])
    assert [labels.of(i)[0] for i in range(5)] == ["a", "a", "d", "d", "d"]


@pytest.mark.parametrize("stop_after", [1, 37, 99])
def test_an_interrupted_download_continues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop_after: int) -> None:
    rows = random_rows(60) + [{"text": "same"}] * 3
    specs = [write_rows(tmp_path / f"{name}.jsonl", [*rows, {"text": f"own {name}"}]) for name in "ab"]
    source = ",".join(specs)
    expected = download_code_corpus(DownloadConfig(source=source, workdir=tmp_path / "straight"))
    opened = download_module.open_one
    yielded = 0

    def breaking(spec: str, options: object) -> object:
        nonlocal yielded
        for document in opened(spec, options):  # type: ignore[arg-type]
            if yielded == stop_after:
                raise Failure("connection lost")
            yielded += 1
            yield document

    config = DownloadConfig(source=source, workdir=tmp_path / "broken")
    monkeypatch.setattr(download_module, "open_one", breaking)
    with pytest.raises(Failure, match="connection lost"):
        download_code_corpus(config)
    assert not (tmp_path / "broken/data/raw/code_corpus.txt").exists()
    read_again: list[Document] = []

    def counting(spec: str, options: object) -> object:
        for document in opened(spec, options):  # type: ignore[arg-type]
            read_again.append(document)
            yield document

    monkeypatch.setattr(download_module, "open_one", counting)
    made = download_code_corpus(config)
    assert len(read_again) == 2 * len(rows) + 2 - stop_after
    assert made.path.read_bytes() == expected.path.read_bytes()
    assert made.dropped == expected.dropped
    name = "data/raw/code_corpus.json"
    assert (tmp_path / "broken" / name).read_text() == (tmp_path / "straight" / name).read_text()


def test_a_killed_download_continues(tmp_path: Path) -> None:
    """SIGKILL, with text beyond the last saved cursor on disk: the tail is cut off and read again."""
    source = write_rows(tmp_path / "x.jsonl", random_rows(3000))
    expected = download_code_corpus(DownloadConfig(source=source, workdir=tmp_path / "straight"))
    program = textwrap.dedent(
        f"""
        import time
        from pathlib import Path
        from codeling.data import download
        from codeling.data.config import DownloadConfig
        download._SAVE_SECONDS = 0.02
        add = download._CorpusDownload._add
        def slow(self, document, file):
            add(self, document, file)
            file.flush()
            time.sleep(0.001)
        download._CorpusDownload._add = slow
        download.download_code_corpus(DownloadConfig(source={source!r}, workdir=Path({str(tmp_path / "killed")!r})))
        """
    )
    process = subprocess.Popen([sys.executable, "-c", program], cwd=Path(__file__).parents[3])
    cursor = tmp_path / "killed/data/raw/.code_corpus.txt.cursor.json"
    deadline = time.monotonic() + 200
    while not cursor.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(random.uniform(0.05, 0.4))
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    assert cursor.exists()
    assert not (tmp_path / "killed/data/raw/code_corpus.txt").exists()
    made = download_code_corpus(DownloadConfig(source=source, workdir=tmp_path / "killed"))
    assert made.path.read_bytes() == expected.path.read_bytes()


def test_stories_from_another_source(tmp_path: Path) -> None:
    source = write_rows(tmp_path / "x.jsonl", [{"text": "Once."}, {"text": "Twice."}])
    (made,) = download_stories(DownloadConfig(source=source, workdir=tmp_path))
    assert made.path == tmp_path / "data/raw/stories.txt"
    assert made.path.read_text() == f"Once.\n{SEPARATOR}\nTwice.\n{SEPARATOR}\n"


# --- the hub, imitated


class FakeHub:
    """Answers for huggingface_hub and datasets from local files; ``online = False`` cuts the connection."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        self.online = True
        self.folder = folder
        self.files: dict[str, bytes] = {}
        self.revisions: list[str | None] = []
        monkeypatch.setattr(huggingface_hub.HfApi, "dataset_info", self.dataset_info)
        monkeypatch.setattr(huggingface_hub.HfApi, "get_paths_info", self.get_paths_info)
        monkeypatch.setattr(huggingface_hub, "hf_hub_download", self.hf_hub_download)
        self.load = datasets.load_dataset
        monkeypatch.setattr(datasets, "load_dataset", self.load_dataset)

    def require_network(self) -> None:
        if not self.online:
            raise HTTPError("Name or service not known")

    def dataset_info(self, id: str, *, revision: str | None = None, timeout: float | None = None) -> SimpleNamespace:
        self.require_network()
        assert timeout is not None
        return SimpleNamespace(sha=SHA, card_data={"license": "mit"})

    def load_dataset(self, id: str, config: str | None, *, split: str, revision: str, streaming: bool) -> object:
        self.require_network()
        assert streaming
        self.revisions.append(revision)
        return self.load(
            "json", data_files=str(self.folder / f"{id.replace('/', '--')}.jsonl"), split="train", streaming=True
        )

    def get_paths_info(self, id: str, paths: list[str], **_: object) -> list[SimpleNamespace]:
        self.require_network()
        digests = [hashlib.sha256(self.files[path].replace(b"damaged", b"")).hexdigest() for path in paths]
        sizes = [len(self.files[path]) for path in paths]
        return [
            SimpleNamespace(size=size, lfs=SimpleNamespace(sha256=digest))
            for size, digest in zip(sizes, digests, strict=True)
        ]

    def hf_hub_download(self, id: str, name: str, *, local_dir: Path, revision: str, **_: object) -> str:
        self.revisions.append(revision)
        (local_dir / name).write_bytes(self.files[name])
        return str(local_dir / name)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeHub:
    return FakeHub(monkeypatch, tmp_path)


def test_hub_rows_are_streamed_pinned_and_licensed(tmp_path: Path, hub: FakeHub) -> None:
    write_rows(tmp_path / "me--data.jsonl", [{"nl": f"task {i}", "bash": f"echo {i}"} for i in range(10)])
    documents = list(open_source("hub:me/data", limit=4))
    assert [document.text for document in documents] == [f"# task {i}\necho {i}\n" for i in range(4)]
    assert {(d.language, d.licence, d.source) for d in documents} == {("bash", "MIT", "hub:me/data")}
    assert hub.revisions == [SHA]
    assert documents[0].id == f"me/data@{SHA[:8]}:0"


def test_a_bad_hub_row_is_named(tmp_path: Path, hub: FakeHub) -> None:
    write_rows(tmp_path / "me--data.jsonl", [{"title": "x"}])
    with pytest.raises(Failure, match="hub:me/data, row 0: no text in fields title"):
        list(open_source("hub:me/data"))


def test_a_lost_connection_continues_at_the_next_row(
    tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_rows(tmp_path / "me--data.jsonl", [{"text": f"row {i}"} for i in range(50)])
    config = DownloadConfig(source="hub:me/data", workdir=tmp_path)
    add = download_module._CorpusDownload._add

    def losing(self: object, document: Document, file: object) -> None:
        if document.text == "row 20":
            raise KeyboardInterrupt
        add(self, document, file)  # type: ignore[arg-type]

    monkeypatch.setattr(download_module._CorpusDownload, "_add", losing)
    with pytest.raises(KeyboardInterrupt):
        download_code_corpus(config)
    added: list[str] = []

    def remembering(self: object, document: Document, file: object) -> None:
        added.append(document.text)
        add(self, document, file)  # type: ignore[arg-type]

    monkeypatch.setattr(download_module._CorpusDownload, "_add", remembering)
    made = download_code_corpus(config)
    assert added == [f"row {i}" for i in range(20, 50)]
    assert made.documents == 50
    assert hub.revisions == [SHA, SHA]


def test_tinystories_keep_their_names_and_are_verified(tmp_path: Path, hub: FakeHub) -> None:
    hub.files = {name: f"Story of {name}.\n{SEPARATOR}\nAnother.\n".encode() for name in TINYSTORIES_FILES}
    made = download_stories(DownloadConfig(workdir=tmp_path))
    assert [download.path.name for download in made] == list(TINYSTORIES_FILES)
    assert all(download.fresh and download.documents == 2 for download in made)
    (document, _) = open_source(f"file:{made[0].path}")
    assert (document.licence, document.source) == ("CDLA-Sharing-1.0", "hub:roneneldan/TinyStories")
    hub.online = False
    assert not any(download.fresh for download in download_stories(DownloadConfig(workdir=tmp_path)))


def test_a_damaged_transfer_is_not_kept(tmp_path: Path, hub: FakeHub) -> None:
    hub.files = dict.fromkeys(TINYSTORIES_FILES, b"Story, damaged.\n")
    with pytest.raises(Failure, match="arrived damaged"):
        download_stories(DownloadConfig(workdir=tmp_path))
    assert not (tmp_path / "data/raw" / TINYSTORIES_FILES[0]).exists()


def test_without_a_network_nothing_is_substituted(tmp_path: Path, hub: FakeHub) -> None:
    hub.online = False
    for action in (download_stories, download_code_corpus):
        with pytest.raises(Failure, match=r"cannot be reached.*--source python,shell,bash-tasks.*--source file:"):
            action(DownloadConfig(workdir=tmp_path))
    assert not list((tmp_path / "data/raw").glob("[!.]*"))


def test_hf_hub_offline_is_honoured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = "from codeling.data.sources import open_source; next(open_source('hub:roneneldan/TinyStories'))"
    began = time.monotonic()
    environment = os.environ | {"HF_HUB_OFFLINE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False, env=environment,
        cwd=Path(__file__).parents[3],
    )  # fmt: skip
    assert "Failure: hub:roneneldan/TinyStories: HF_HUB_OFFLINE forbids the network" in run.stderr
    assert time.monotonic() - began < 100


def test_the_default_corpus_is_a_list_of_hub_sources() -> None:
    specs = split_specs(CODE_CORPUS_SOURCE)
    assert len(specs) >= 4
    assert all(spec.startswith("hub:") for spec in specs)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full to imitate a full disk")
def test_a_full_disk_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write_rows(tmp_path / "x.jsonl", random_rows(3000))
    original = Path.open

    def open_full(self: Path, mode: str = "r", *args: object, **options: object) -> object:
        target = Path("/dev/full") if mode == "wb" and self.name.endswith(".partial") else self
        return original(target, mode, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", open_full)
    with pytest.raises(Failure, match=r"cannot write: .*--output"):
        download_code_corpus(DownloadConfig(source=source, workdir=tmp_path))

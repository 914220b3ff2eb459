"""The report: numbers and texts arrive on the page as they are, whatever a model wrote, and nothing else is needed."""

import html.parser
import json
import math
import random
import re
import shutil
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import Failure
from codeling.evals.pictures import Picture
from codeling.evals.plots import bits_per_byte_picture, read_metrics, series, smooth, stage_pictures
from codeling.evals.report import RunReport, Sample, StageReport, format_duration, format_number, write_report


def records(steps: int, *, every: int = 10) -> list[dict]:
    rows = []
    for step in range(steps):
        row = {"step": step, "tokens": step * 4096, "train_loss": 8 - 6 * step / steps, "learning_rate": 1e-3}
        row |= {"tokens_per_second": 9000.0, "grad_norm": 0.5, "seconds": step * 0.4}
        if step % every == 0:
            row |= {"val_loss": row["train_loss"] + 0.1, "val_bits_per_byte": row["train_loss"] / 2}
        rows.append(row)
    return rows


NASTY = "</code></pre><script>alert(1)</script> & `code` ``` | a\x00\x1b[31m\r\n\tend"


def nasty_run() -> RunReport:
    language = StageReport(
        "language",
        "Stage 1: language",
        202.4,
        metrics={"val_loss": 1.3456789, "repetition_share": 0.0213, "tokens": 2_457_600},
        records=records(100),
        samples=[Sample("Once <upon>", NASTY, verdicts={"note|": "a|b"})],
    )
    code = StageReport(
        "code",
        "Stage 2: code",
        3700,
        metrics={"val_loss": 1.5, "bash_valid_share": 0.92},
        before={"val_loss": 3.0, "bash_valid_share": 0.12},
        records=records(50),
        samples=[
            Sample("#!/bin/bash\n", "echo ok\n", "bash", verdicts={"bash -n": True, "lines": 1}),
            Sample("def f(", "x", "python", suffix="): pass", verdicts={"parses": False, "original": "long\n" * 99}),
        ],
    )
    return RunReport(
        title="A & B <run>",
        recipe="quick",
        configuration='text = "<b>```"',
        machine={"CPU": "2 cores | <fast>"},
        stages=[StageReport("tokenizer", "Stage 0: tokenizer", 7), language, code],
        usage=[("Complete a prompt", 'codeling complete "a < b"')],
    )


class Page(html.parser.HTMLParser):
    """Text, tags and links of a page, and whether its elements close in order."""

    VOID = ("meta", "br", "img", "link", "path", "use", "rect", "line", "circle")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    """The folder of a written report, to be looked at only."""
    folder = tmp_path_factory.mktemp("run") / "report"
    assert write_report(nasty_run(), folder) == folder / "index.html"
    return folder


def test_the_page_is_whole_self_contained_and_says_everything(report):
    path = report / "index.html"
    source = path.read_text(encoding="utf-8")
    page = Page(source)
    text = "".join(page.texts)
    assert page.open == []
    assert "script" not in page.tags and "link" not in page.tags and "img" not in page.tags
    values = [value or "" for name, value in page.attributes if name in ("src", "href", "xlink:href", "style")]
    assert not any("//" in value for value in values)  # no address of another place
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    references = {value[1:] for name, value in page.attributes if name == "xlink:href" and value}
    references |= set(re.findall(r"url\(#([^)]+)\)", source))
    assert references and references <= set(ids)
    assert not re.search(r"[\x00-\x08\x0b-\x1f]", source)
    visible = NASTY.replace("\x00", "␀").replace("\x1b", "␛").replace("\r", "␍")
    for expected in (visible, "Once <upon>", "A & B <run>", "1.346", "2.1 %", "2,457,600", "3 min 22 s", "1 h 1 min"):
        assert expected in text
    for expected in (
        "✓ bash -n",
        "✗ parses",
        "original: " + "long " * 15 + "long…",
        "-50.0 %",
        "+80.0 points",
        'text = "<b>```"',
        'complete "a < b"',
    ):
        assert expected in text
    assert page.tags.count("svg") == 1 + 2 * 4  # bits per byte, and four curves of each trained stage
    assert "nats per token" in text and "training tokens" in text
    assert "currentColor" in source and "prefers-color-scheme: dark" in source


def test_markdown_links_to_pictures_that_exist_and_escapes(report):
    text = (report / "report.md").read_text(encoding="utf-8")
    links = re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text)
    assert len(links) == 9
    for link in links:
        content = (report / link).read_bytes()
        width, height = struct.unpack(">II", content[16:24])
        assert content.startswith(b"\x89PNG") and width >= 400 and height >= 250
    names = {link.split("/")[1].removesuffix(".png") for link in links}
    assert {path.name for path in (report / "pictures").iterdir()} == {
        f"{name}.{kind}" for name in names for kind in ("png", "svg")
    }
    # A sample that holds a fence stands in a longer one, and all fences close.
    fences = re.findall(r"^(`{3,})", text, flags=re.MULTILINE)
    assert fences.count("````") == 4 and len(fences) % 2 == 0
    outside = re.sub(r"^(`{3,}).*?^\1$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert "<script>" not in outside and "<fast>" not in outside
    rows = [line for line in outside.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3, 5}
    assert "the model wrote" in text


@pytest.fixture
def drawings(monkeypatch):
    """The names of the pictures drawn from here on."""
    drawn = []
    render = Picture.render
    monkeypatch.setattr(Picture, "render", lambda picture: drawn.append(picture.name) or render(picture))
    return drawn


def test_writing_again_draws_what_changed_and_leaves_no_temporaries(report, tmp_path, drawings):
    shutil.copytree(report, tmp_path, dirs_exist_ok=True)
    run, first = nasty_run(), (report / "index.html").read_bytes()
    assert write_report(run, tmp_path).read_bytes() == first and drawings == []
    run.stages[2].records[-1]["grad_norm"] = 7.0
    changed = write_report(run, tmp_path).read_bytes()
    assert changed != first and drawings == ["code-grad-norm"]

    # Lost, cut and of another version.
    pictures = tmp_path / "pictures"
    (pictures / "code-loss.png").unlink()
    (pictures / "language-loss.svg").write_bytes(b"<!-- \xff")
    (pictures / "bits-per-byte.svg").write_text("<!-- 0123 -->\n<svg></svg>")
    assert write_report(run, tmp_path).read_bytes() == changed  # nothing depends on time or chance
    assert drawings[1:] == ["bits-per-byte", "language-loss", "code-loss"]
    assert not [path for path in tmp_path.rglob("*") if path.name.endswith(".tmp")]


def test_a_run_without_curves_or_stages_still_has_a_report(tmp_path):
    empty = RunReport(title="Nothing yet", recipe="quick", configuration="", machine={}, stages=[])
    assert "Nothing yet" in write_report(empty, tmp_path).read_text()


def test_metrics_of_a_killed_and_resumed_run(tmp_path):
    path = tmp_path / "metrics.jsonl"
    lines = [json.dumps(row) for row in records(20, every=5)]
    path.write_text("\n".join(lines) + "\n")
    assert read_metrics(path) == records(20, every=5)
    # Killed while writing step 12; resumed from step 10, glued to the rest of that line. Step 11 is now another value.
    cut = "\n".join(lines[:12]) + "\n" + lines[12][: random.randint(1, len(lines[12]) - 1)]
    resumed = records(20, every=5)
    resumed[11]["train_loss"] = 1.5
    path.write_text(cut)
    assert read_metrics(path) == records(20, every=5)[:12]
    path.write_text(cut + "\n".join(json.dumps(row) for row in resumed[10:]) + "\n")
    assert read_metrics(path) == resumed


def test_fields_of_one_step_on_two_lines_are_one_record(tmp_path):
    path = tmp_path / "metrics.jsonl"
    path.write_text('{"step": 5, "train_loss": 2.0}\n\n[1]\n"x"\n{"event": "saved"}\n{"step": 5, "val_loss": 2.5}\n')
    assert read_metrics(path) == [{"step": 5, "train_loss": 2.0, "val_loss": 2.5}]
    with pytest.raises(Failure, match="no such metrics file"):
        read_metrics(tmp_path / "absent.jsonl")


def test_values_that_are_not_finite_are_left_out_of_curves():
    rows = [{"step": 1, "loss": 2.0}, {"step": 2, "loss": math.nan}, {"step": 3}, {"step": 4, "loss": math.inf}]
    assert series(rows, "loss") == ([1], [2.0])
    pictures = stage_pictures("s", "Stage", [{"step": 1, "train_loss": math.nan}, {"step": 2, "train_loss": 3.0}])
    assert [picture.name for picture in pictures] == ["s-loss"]
    assert "from 3.00 to 3.00" in pictures[0].caption
    assert stage_pictures("s", "Stage", []) == []
    assert bits_per_byte_picture([("Stage", [])]) is None


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=300))
def test_smoothing_stays_within_the_curve_and_keeps_constants(values):
    smoothed = smooth(values)
    assert len(smoothed) == len(values) and smoothed[0] == pytest.approx(values[0])
    assert min(values) - 1e-9 <= min(smoothed) and max(smoothed) <= max(values) + 1e-9
    assert smooth([values[0]] * 200) == pytest.approx([values[0]] * 200)
    short = values[:20]
    assert smooth(short) == pytest.approx(short), "too short to have noise"
    assert smooth([0.0, 1.0], least=5)[1] == pytest.approx(0.2 / 0.36), "noisy, however few there are"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("val_loss", 1.3456789, "1.346"),
        ("bash_valid_share", 0.925, "92.5 %"),
        ("tokens", 12_345_678, "12,345,678"),
        ("tokens_per_second", 10234.6, "10,235"),
        ("val_loss", math.nan, "not finite"),
        ("learning_rate", 3e-4, "0.0003"),
    ],
)
def test_numbers_are_written_for_people(name, value, expected):
    assert format_number(name, value) == expected


def test_durations():
    assert [format_duration(seconds) for seconds in (0.4, 59.6, 200, 7500)] == [
        "0 s",
        "1 min 0 s",
        "3 min 20 s",
        "2 h 5 min",
    ]

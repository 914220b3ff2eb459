"""From sources to preferences.json: every row is used or refused with its place, and nothing is half-written."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from codeling.checkpoint import Checkpoint, save_checkpoint
from codeling.config import to_mapping
from codeling.errors import Failure, UsageError
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.rlhf.preference_config import PreferenceConfig
from codeling.rlhf.preference_prepare import prepare_preferences
from codeling.rlhf.preference_sources import pair_sources
from codeling.rlhf.preferences import read_preferences
from codeling.rlhf.sample_pairs import RUNS_ON, Candidate, ranked_pairs
from codeling.tasks.generate import few, generate_tasks
from codeling.tasks.grading import Grade
from codeling.tasks.task import clean_completion


def row(number: int, **changes: object) -> dict[str, object]:
    return {"prompt": f"Task {number}", "chosen": f"good {number}", "rejected": f"bad {number}", **changes}


def write(path: Path, rows: list[object]) -> Path:
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in rows))
    return path


def test_every_row_is_used_or_refused_with_its_place(tmp_path: Path):
    rows: list[object] = [row(i) for i in range(60)]
    rows += [row(0), row(1, chosen="bad 1", rejected="good 1"), "{", {"x": 1}, row(2, rejected="good 2")]
    file = write(tmp_path / "pairs.jsonl", rows)
    made = prepare_preferences(PreferenceConfig(source=f"instructions:{file}", workdir=tmp_path, val_fraction=0.3))
    assert len(made.preferences) == 60 and read_preferences(made.path) == made.preferences
    assert [(one.line, one.reason) for one in made.refused] == [
        (61, "duplicate"),
        (62, "an earlier pair says the opposite"),
        (63, "not valid JSON"),
        (64, "no pair in its fields"),
        (65, "chosen and rejected are the same"),
    ]
    rejects = [json.loads(line) for line in made.rejects_path.read_text().splitlines()]
    assert rejects[3] == {"file": str(file), "line": 64, "reason": "no pair in its fields", "detail": "x"}
    assert f"{file}:62: an earlier pair says the opposite" in str(made)
    splits = Counter(one.split for one in made.preferences)
    assert splits["val"] > 0 and splits["train"] > 0  # 60 prompts on one side: a chance of 0.7 ** 60


def test_prompts_of_the_validation_source_are_not_trained_on(tmp_path: Path):
    train = write(tmp_path / "a.jsonl", [row(i) for i in range(40)])
    val = write(tmp_path / "b.jsonl", [row(i, chosen=f"other {i}") for i in range(5)])
    made = prepare_preferences(
        PreferenceConfig(
            source=f"file:{train}", val_source=f"file:{val}", workdir=tmp_path, output=tmp_path / "out" / "p.json"
        )
    )
    assert made.path == tmp_path / "out" / "p.json"
    assert Counter(one.reason for one in made.refused) == {"its prompt is in --val-source": 5}
    held_out = [one for one in made.preferences if one.source == "file:b.jsonl"]
    assert len(held_out) == 5 and all(one.split == "val" for one in held_out)


def test_corruptions_need_no_model(tmp_path: Path):
    config = PreferenceConfig(source="corruptions", num_examples=90, workdir=tmp_path, seed=3)
    made = prepare_preferences(config)
    assert len(made.preferences) == 90 and not made.refused
    assert len({one.kind for one in made.preferences}) >= 12
    assert all(one.chosen != one.rejected and one.margin > 0 and one.task for one in made.preferences)
    assert not made.rejects_path.exists()
    before = made.path.read_bytes()
    assert prepare_preferences(config).path.read_bytes() == before
    by_prompt: dict[object, set[str]] = {}
    for one in made.preferences:
        by_prompt.setdefault(one.prompt, set()).add(one.split)
    assert all(len(splits) == 1 for splits in by_prompt.values())


def test_a_few_families_are_all_that_pairs_are_made_of(tmp_path: Path):
    made = prepare_preferences(
        PreferenceConfig(workdir=tmp_path, source="corruptions", num_examples=60, num_families=5)
    )
    chosen = {family.name for family in few(5)}
    assert {str(pair.task).split("/")[1] for pair in made.preferences} == chosen
    with pytest.raises(UsageError, match="--num-families 900: there are"):
        prepare_preferences(PreferenceConfig(workdir=tmp_path, source="corruptions", num_families=900))


def test_problems_of_an_mbpp_file_are_corrupted_too(tmp_path: Path):
    rows: list[object] = [
        {
            "task_id": number,
            "text": f"Write a function to add {number} to every number of a list.",
            "code": f"def add(xs):\n    found = []\n    for x in xs:\n"
            f"        found.append(x + {number})\n    return found",
            "test_list": [f"assert add([1]) == [{1 + number}]", "assert add([]) == []"],
        }
        for number in range(30)
    ]
    file = write(tmp_path / "problems.jsonl", [*rows, {"task_id": 99}])
    config = PreferenceConfig(
        source="corruptions", num_examples=120, mbpp_file=file, workdir=tmp_path, val_fraction=0.5
    )
    found = [one for one in prepare_preferences(config).preferences if one.task and one.task.startswith("mbpp/")]
    assert len(found) > 20 and len({one.task for one in found}) > 10
    assert all("Write a function to add" in str(one.prompt) and "return found" in one.chosen for one in found)
    assert any(not one.task.startswith("mbpp/") for one in prepare_preferences(config).preferences if one.task)


def test_without_its_model_nothing_else_is_made_in_place_of_samples(tmp_path: Path):
    with pytest.raises(UsageError) as caught:
        prepare_preferences(PreferenceConfig(workdir=tmp_path))
    for part in ("tool_model_best.pth", "python scripts/train.py --stage tools", "--source corruptions"):
        assert part in str(caught.value)
    assert not (tmp_path / "data").exists()


def test_an_interrupted_preparation_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    from codeling.rlhf import preference_prepare

    file = write(tmp_path / "a.jsonl", [row(i) for i in range(40)])
    config = PreferenceConfig(source=f"file:{file}", workdir=tmp_path)
    before = prepare_preferences(config).path.read_bytes()

    def interrupted(*_: object, **__: object):
        yield from ()
        raise KeyboardInterrupt

    monkeypatch.setattr(preference_prepare, "imported_pairs", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare_preferences(config)
    folder = tmp_path / "data" / "processed"
    assert (folder / "preferences.json").read_bytes() == before
    assert sorted(path.name for path in folder.iterdir()) == [".lock", "preferences.json"]


def test_too_few_pairs_are_a_failure_that_counts(tmp_path: Path):
    file = write(tmp_path / "a.jsonl", [{"x": 1}])
    with pytest.raises(Failure, match=r"0 pairs for training and 0 for validation(.|\n)*1 no pair in its fields"):
        prepare_preferences(PreferenceConfig(source=f"file:{file}", workdir=tmp_path))


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("sample", "unknown source 'sample' .did you mean 'samples'"),
        ("samples:3", "takes no value"),
        ("file", "'file' needs a value, as in file:my_pairs.jsonl"),
        ("file:/nowhere.jsonl", "no such file"),
        ("hub:a b", "write hub:ID"),
        ("corruptions,corruptions", "named twice"),
        ("file:{folder}/eval_humaneval.jsonl", "evaluation set"),
    ],
)
def test_sources_that_cannot_be_meant(tmp_path: Path, spec, message):
    write(tmp_path / "eval_humaneval.jsonl", [row(1)])
    with pytest.raises(UsageError, match=message):
        pair_sources(spec.format(folder=tmp_path))


def test_what_is_made_here_cannot_be_for_validation_only():
    with pytest.raises(UsageError, match="'corruptions' is split by its prompts"):
        pair_sources("corruptions", flag="--val-source")


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory, rlhf_tokenizer) -> Path:
    """A model with random weights, which writes what no machine can run."""
    config = ModelConfig(
        d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=rlhf_tokenizer.vocab_size,
        max_sequence_length=512,
    )  # fmt: skip
    info = {"stage": "tools", "model": to_mapping(config), "tokenizer_hash": rlhf_tokenizer.content_hash}
    weights = Transformer(config).init_weights(seed=2).state_dict()
    path = tmp_path_factory.mktemp("model") / "tool_model_best.pth"
    save_checkpoint(path, Checkpoint(info, weights, rlhf_tokenizer.to_json()))
    return path


def test_samples_are_ranked_by_running_them(tmp_path: Path, model_file: Path):
    config = PreferenceConfig(
        source="samples", num_examples=20, checkpoint=model_file, samples_per_task=2, max_tokens=12, val_fraction=0.4,
        device="cpu", workdir=tmp_path,
    )  # fmt: skip
    made = prepare_preferences(config)
    assert len(made.preferences) == 20 and not made.refused
    tasks = {task.id: task for task in generate_tasks("train", seed=0, limit=20)}
    for pair in made.preferences:
        assert pair.task is not None and pair.source == "samples" and pair.margin > 0
        assert pair.chosen == tasks[pair.task].solution and pair.kind.startswith("solved over ")
    again = prepare_preferences(replace(config, workers=1))
    assert again.preferences == made.preferences


GRADES = {
    "solved": Grade(True, 4, 4, "passed"),
    "partly": Grade(True, 2, 4, "failed"),
    "wrong": Grade(True, 0, 4, "failed"),
    "broken": Grade(False, 0, 4, "syntax"),
}


def test_ranking_prefers_what_passes_more():
    task = next(task for task in generate_tasks("train", seed=0, limit=50) if task.language == "python")
    texts = {name: f"    return {name}\n" for name in GRADES}
    candidates = [Candidate(text, clean_completion(task, text), GRADES[name]) for name, text in texts.items()]
    pairs = ranked_pairs(task, candidates, seed=0)
    rank = {text: GRADES[name].reward for name, text in texts.items()}
    assert {pair.rejected for pair in pairs} == {texts[name] for name in ("partly", "wrong", "broken")}
    for pair in pairs:
        assert pair.margin == pytest.approx(rank[pair.chosen] - rank[pair.rejected]) and pair.margin > 0
        assert pair.task == task.id and pair.prompt == task.prompt
    assert {pair.kind for pair in pairs if pair.rejected == texts["partly"]} == {"solved over partly solved"}
    assert ranked_pairs(task, candidates[:1], seed=0) == []
    assert ranked_pairs(task, candidates, seed=0) == pairs


def test_what_runs_on_after_its_end_is_worse_than_the_same_without():
    task = next(task for task in generate_tasks("train", seed=0, limit=50) if task.language == "python")
    text = task.solution + "\nprint('and so on')\n"
    candidates = [Candidate(text, clean_completion(task, text), GRADES["solved"])]
    (pair,) = ranked_pairs(task, candidates, seed=0)
    assert (pair.chosen, pair.rejected, pair.kind) == (task.solution, text, RUNS_ON)

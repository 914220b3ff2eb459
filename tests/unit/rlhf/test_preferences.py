"""The preference file: what is written is read again, and nothing else is accepted."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.errors import Failure
from codeling.rlhf.preferences import Preference, read_preferences, split_of_prompt, write_preferences

CHAT = [{"role": "user", "content": "Hi"}]
TEXT = st.text(max_size=20)
PROMPTS = st.text(min_size=1, max_size=20).filter(str.strip) | st.builds(
    lambda text: [{"role": "user", "content": text}], TEXT
)
PREFERENCES = st.builds(
    Preference,
    prompt=PROMPTS,
    chosen=TEXT,
    rejected=TEXT,
    source=TEXT,
    kind=TEXT,
    margin=st.floats(0, 10),
    split=st.sampled_from(["train", "val"]),
    task=st.none() | TEXT,
).filter(lambda one: one.chosen != one.rejected)


@given(preferences=st.lists(PREFERENCES, min_size=1, max_size=5))
def test_written_and_read_again(tmp_path_factory, preferences):
    path = tmp_path_factory.mktemp("preferences") / "preferences.json"
    write_preferences(path, preferences)
    assert read_preferences(path) == preferences
    assert len(path.read_bytes().split(b"\n")) == len(preferences) + 3  # one row a line, for people


def test_lone_surrogates_survive(tmp_path: Path):
    one = Preference("# \ud800\n", "a\udfff", "b", source="s", kind="k")
    write_preferences(tmp_path / "p.json", [one])
    assert read_preferences(tmp_path / "p.json") == [one]


GOOD = {
    "prompt": "# List files\n", "chosen": "ls", "rejected": "cat", "source": "s", "kind": "k", "margin": 0.5,
    "split": "train", "task": None,
}  # fmt: skip

BAD = [
    ({"prompt": ""}, "the prompt is empty"),
    ({"prompt": []}, "'prompt' must be text, or a list of messages"),
    ({"prompt": 3}, "'prompt' must be text, or a list of messages"),
    ({"prompt": [*CHAT, {"role": "assistant", "content": "x"}]}, "ends with a message of the assistant"),
    ({"prompt": [{"role": "robot", "content": "x"}]}, "role must be one of"),
    ({"chosen": None}, "'chosen' is NoneType, not text"),
    ({"rejected": "ls"}, "chosen and rejected are the same"),
    ({"margin": -0.1}, "'margin' is -0.1; it must be a number, 0 or greater"),
    ({"margin": float("nan")}, "'margin' is nan"),
    ({"margin": True}, "'margin' is True"),
    ({"split": "test"}, "'split' is 'test'"),
    ({"task": 3}, "'task' is 3"),
    ({"marginn": 1}, "unknown field 'marginn' (did you mean 'margin'?)"),
]


@pytest.mark.parametrize(("change", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_a_bad_row_is_named_with_its_reason(tmp_path: Path, change, reason):
    path = tmp_path / "p.json"
    path.write_text(json.dumps([GOOD, {**GOOD, **change}]))
    with pytest.raises(Failure) as caught:
        read_preferences(path)
    assert f"{path}: row 2: " in str(caught.value) and reason in str(caught.value)
    assert "python scripts/prepare_rlhf_data.py" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "reason"),
    [("[]", "an empty list"), ("{}", "holds dict"), ("[3]", "row 1: is int"), ("[", "not valid JSON")],
)
def test_other_files_are_no_preferences(tmp_path: Path, text, reason):
    (tmp_path / "p.json").write_text(text)
    with pytest.raises(Failure, match=reason):
        read_preferences(tmp_path / "p.json")


def test_a_missing_field_is_named(tmp_path: Path):
    row = {name: value for name, value in GOOD.items() if name != "kind"}
    (tmp_path / "p.json").write_text(json.dumps([row]))
    with pytest.raises(Failure, match="row 1: the field 'kind' is missing"):
        read_preferences(tmp_path / "p.json")


def test_the_split_follows_the_prompt_alone():
    splits = [split_of_prompt(f"# task {i}\n", seed=1, val_fraction=0.2) for i in range(2000)]
    assert splits == [split_of_prompt(f"# task {i}\n", seed=1, val_fraction=0.2) for i in range(2000)]
    # 400 +- 18 of them; eight standard deviations.
    assert abs(splits.count("val") - 400) < 8 * (2000 * 0.2 * 0.8) ** 0.5
    assert splits != [split_of_prompt(f"# task {i}\n", seed=2, val_fraction=0.2) for i in range(2000)]
    chat = [{"role": "user", "content": "x"}]
    assert split_of_prompt(chat, seed=1, val_fraction=0.5) == split_of_prompt(
        [dict(reversed(chat[0].items()))], seed=1, val_fraction=0.5
    )

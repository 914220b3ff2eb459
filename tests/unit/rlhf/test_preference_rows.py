"""Rows of other people's data sets, shape by shape; what is none is refused with its reason."""

import pytest

from codeling.rlhf.preference_rows import BadPair, pairs_of_row, parsed_row

CODE_PREFS = {
    "prompt": "Find all files\nbelow /tmp", "chosen": "find /tmp", "rejected": "find /", "source": "judges"
}  # fmt: skip


def test_an_instruction_becomes_the_comment_that_stage_2_knows():
    (pair,) = pairs_of_row(CODE_PREFS, form="instruction")
    assert pair == ("# Find all files\n# below /tmp\n", "find /tmp\n", "find /\n", 0.0, "judges")


def test_indentation_of_code_is_kept():
    row = {"prompt": "f", "chosen": "\n    return 1  \n\n", "rejected": "    return 2"}
    assert pairs_of_row(row, form="instruction")[0][1:3] == ("    return 1\n", "    return 2\n")


def test_text_is_taken_as_it_is():
    (pair,) = pairs_of_row({**CODE_PREFS, "kind": "typo", "margin": 0.25}, form="text")
    assert pair == ("Find all files\nbelow /tmp", "find /tmp", "find /", 0.25, "typo")


def test_a_question_becomes_a_message():
    (pair,) = pairs_of_row({"prompt": "1+1?", "system": "Be brief.", "chosen": "2", "rejected": "3"}, form="question")
    assert pair.prompt == [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "1+1?"}]


@pytest.mark.parametrize(
    ("fields", "margin"),
    [
        ({"chosen_reward": 1.0, "rejected_reward": 0.25}, 0.75),
        ({"score_chosen": 8.5, "score_rejected": 6.0}, 0.25),
        ({"margin": 2}, 2.0),
        ({"score_chosen": None, "score_rejected": 3}, 0.0),
    ],
)
def test_margins(fields, margin):
    assert pairs_of_row({**CODE_PREFS, **fields}, form="text")[0].margin == pytest.approx(margin)


HH = {
    "chosen": "\n\nHuman: Hi\n\nAssistant: Hello!\n\nHuman: A joke?\n\nAssistant: Why not.",
    "rejected": "\n\nHuman: Hi\n\nAssistant: Hello!\n\nHuman: A joke?\n\nAssistant: No.",
}


def test_hh_dialogues():
    (pair,) = pairs_of_row(HH, form="question")
    assert [message["role"] for message in pair.prompt if isinstance(message, dict)] == ["user", "assistant", "user"]
    assert pair.prompt[-1] == {"role": "user", "content": "A joke?"}
    assert (pair.chosen, pair.rejected, pair.kind) == ("Why not.", "No.", "dialogue")


def messages(*contents: str) -> list[dict[str, str]]:
    return [{"role": "assistant" if i % 2 else "user", "content": text} for i, text in enumerate(contents)]


def test_message_lists_as_ultrafeedback_binarized_has_them():
    row = {
        "prompt": "Hi", "chosen": messages("Hi", "Hello"), "rejected": messages("Hi", "Go"), "score_chosen": 9,
        "score_rejected": 4,
    }  # fmt: skip
    assert pairs_of_row(row, form="question") == [(messages("Hi"), "Hello", "Go", 0.5, "messages")]


def test_replies_alone_beside_a_prompt():
    row = {"prompt": messages("Hi"), "chosen": messages("", "Hello")[1:], "rejected": messages("", "Go")[1:]}
    assert pairs_of_row(row, form="question")[0][:3] == (messages("Hi"), "Hello", "Go")


def test_calls_of_a_reply_are_written_out():
    call = {"role": "assistant", "content": "", "tool_calls": [{"function": {"name": "now", "arguments": {}}}]}
    row = {"chosen": [*messages("Time?"), call], "rejected": messages("Time?", "Noon.")}
    assert pairs_of_row(row, form="question")[0].chosen == (
        '<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call>'
    )


def completion(text: str, score: object, name: str = "overall_score") -> dict[str, object]:
    return {"response": text, name: score}


def test_scored_completions_give_the_best_against_each_worse_one():
    row = {
        "instruction": "Go",
        "completions": [completion("b", 5), completion("a", 9.0), completion("c", "7"), completion("A", 9.0)],
    }
    pairs = pairs_of_row(row, form="question")
    assert [(pair.chosen, pair.rejected, pair.margin) for pair in pairs] == [
        ("a", "c", pytest.approx(0.2)),
        ("a", "b", pytest.approx(0.4)),
    ]
    assert pairs[0].prompt == messages("Go")


def test_ratings_of_aspects_are_averaged():
    def rated(text: str, *ratings: str) -> dict[str, object]:
        return {"response": text, "annotations": {str(i): {"Rating": rating} for i, rating in enumerate(ratings)}}

    row = {"instruction": "Go", "completions": [rated("x", "5", "4"), rated("y", "3", "2")]}
    assert pairs_of_row(row, form="question")[0].margin == pytest.approx(0.4)  # 9 against 5 of 10


REFUSED = [
    ([1], "a row is an object"),
    ({"x": 1}, "no pair in its fields: x"),
    ({**CODE_PREFS, "rejected": " find /tmp\n"}, "the same"),
    ({**CODE_PREFS, "chosen": 3}, "'chosen' is not text"),
    ({**CODE_PREFS, "prompt": "  "}, "a prompt that cannot be answered"),
    ({**CODE_PREFS, "margin": "much"}, "'margin' is not a number"),
    ({**CODE_PREFS, "margin": -1}, "a margin below 0"),
    ({**CODE_PREFS, "chosen_reward": 0.5, "rejected_reward": 0.5}, "no higher score"),
    ({"chosen": "Hello", "rejected": "Hi"}, "no dialogue"),
    ({**HH, "rejected": HH["rejected"].replace("Hi", "Ho")}, "differ before their last reply"),
    ({**HH, "rejected": "\n\nHuman: Hi"}, "no reply at the end"),
    ({"chosen": messages("a"), "rejected": messages("a", "b")}, "no reply at the end"),
    ({"chosen": messages("a", "b"), "rejected": []}, "'rejected' is not a list of messages"),
    ({"chosen": [{"role": "x"}], "rejected": messages("a", "b")}, "a message that cannot be read"),
    ({"instruction": "Go", "completions": [completion("a", 5), completion("b", 5)]}, "no completion is better"),
    ({"instruction": "Go", "completions": [completion("a", 5, "stars")]}, "a completion without a score"),
    ({"instruction": "Go", "completions": ["a"]}, "not a list of objects"),
]


@pytest.mark.parametrize(("row", "reason"), REFUSED, ids=[f"{i} {reason}" for i, (_, reason) in enumerate(REFUSED)])
def test_what_is_no_pair_is_refused_with_the_reason(row, reason):
    with pytest.raises(BadPair, match=reason):
        pairs_of_row(row, form="instruction")


def test_a_line_that_is_not_json_is_refused():
    with pytest.raises(BadPair, match="not valid JSON"):
        parsed_row(b"{")
    assert parsed_row(b'{"a": 1}') == {"a": 1}

"""The scoring of tool calls: hand-made replies with known verdicts, a perfect oracle, and baselines far below it."""

import dataclasses
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.chat.conversation import Conversation
from codeling.chat.messages import Message
from codeling.data.tool_conversations import ToolExample
from codeling.data.tool_profiles import PROFILES, Kind
from codeling.evals.tool_baselines import BASELINES
from codeling.evals.tool_questions import questions
from codeling.evals.tool_scores import Reply, by_tools, fits, is_same_call, judge, matches, measures
from codeling.evals.tools import judge_all
from codeling.tools.calls import ParsedReply, ToolCall
from codeling.tools.schema import Tool

ADD = Tool(
    "add",
    "Add two numbers",
    {
        "type": "object",
        "properties": {"a": {"type": "number"}, "b": {"type": "number"}},
        "required": ["a", "b"],
    },
)
NOW = Tool("now", "The time")
SEED = random.randrange(10**6)


def example(expected: Message, *, kind: Kind, turn: str = "") -> ToolExample:
    asked = Message("user", "What is 1 + 2?")
    return ToolExample(
        Conversation((asked, expected), (ADD, NOW)), kind, ("add", "now"), (turn or kind,), "test_seen", 0
    )


def call(name: str = "add", **arguments) -> ToolCall:
    return ToolCall(name, arguments)


def calls(*made: ToolCall, content: str = "", errors: tuple[str, ...] = (), **more) -> Reply:
    return Reply(ParsedReply(content, made, errors, errors), **more)


ONE = example(Message("assistant", "", (call(a=1, b=2),)), kind="single")
TWO = example(Message("assistant", "", (call(a=1, b=2), call(a=3, b=4))), kind="parallel")
IDLE = example(Message("assistant", "Hello!"), kind="irrelevant", turn="chat")
ASK = example(Message("assistant", "Which b?"), kind="clarify")


@pytest.mark.parametrize(
    ("reply", "named", "exact", "valid", "right"),
    [
        (calls(call(a=1, b=2)), 1, 1, 1, True),
        (calls(call(b=2.0, a=1)), 1, 1, 1, True),  # another order, another way to write the number
        (calls(call(a=1, b=3)), 1, 0, 1, False),
        (calls(call(a=1)), 1, 0, 0, False),
        (calls(call(a=1, b="2")), 1, 0, 0, False),
        (calls(call(a=1, b=2, c=3)), 1, 0, 1, False),
        (calls(call("now")), 0, 0, 1, False),
        (calls(call("sub", a=1, b=2)), 0, 0, 0, False),
        (calls(call(a=1, b=2), call("now")), 1, 1, 2, False),  # one too many
        (calls(call(a=1, b=2), call(a=1, b=2)), 1, 1, 2, False),
        (calls(call(a=1, b=2), errors=("no JSON",)), 1, 1, 1, False),
        (calls(content="It is 3."), 0, 0, 0, False),
        (calls(), 0, 0, 0, False),
    ],
)
def test_one_call(reply, named, exact, valid, right):
    verdict = judge(ONE, reply)
    assert (verdict.due, verdict.named, verdict.exact, verdict.valid, verdict.right) == (1, named, exact, valid, right)


def test_parallel_calls_are_a_multiset():
    assert judge(TWO, calls(call(a=3, b=4), call(a=1, b=2))).right
    twice = judge(TWO, calls(call(a=1, b=2), call(a=1, b=2)))
    assert (twice.named, twice.exact, twice.right) == (2, 1, False)
    assert judge(TWO, calls(call(a=1, b=2))).named == 1


def test_where_no_call_is_due():
    assert judge(IDLE, calls(content="Hi.")).right
    nothing = judge(IDLE, calls())
    assert nothing.silent and not nothing.right  # calling nothing is right, saying nothing is no answer
    for reply in (calls(call("now")), calls(content="Hi.", errors=("no JSON",))):
        verdict = judge(IDLE, reply)
        assert not verdict.silent and not verdict.right
    assert judge(ASK, calls(content="Which number?")).right
    assert judge(ASK, calls(content="It is 3.")).silent and not judge(ASK, calls(content="It is 3.")).asks


def test_half_a_call_at_the_limit_is_cut_and_not_malformed():
    half = judge(ONE, calls(errors=("the call is not closed",), cut=True, half_call=True))
    assert (half.cut, half.malformed, half.written, half.silent, half.right) == (True, 0, 0, False, False)
    own = judge(ONE, calls(errors=("no JSON", "the call is not closed"), cut=True, half_call=True))
    assert (own.malformed, own.written) == (1, 1)


def test_a_question_that_does_not_fit_is_wrong():
    found = measures([judge(ONE, None), judge(IDLE, None), judge(ONE, calls(call(a=1, b=2)))])
    assert found["name_share"] == found["exact_share"] == 0.5
    assert found["irrelevance_share"] == 0 and found["too_long_share"] == pytest.approx(2 / 3)
    assert found["reply_share"] == pytest.approx(1 / 3)


def test_measures_count_calls_and_replies():
    found = measures(
        [
            judge(ONE, calls(call(a=1, b=2))),
            judge(TWO, calls(call(a=1, b=2), call(a=3, b=5))),
            judge(IDLE, calls(content="Hi.")),
            judge(ASK, calls(call(a=1, b=0))),
        ]
    )
    assert found["name_share"] == 1 and found["exact_share"] == pytest.approx(2 / 3)
    assert found["reply_share"] == 0.5 and found["single_share"] == 1 and found["parallel_share"] == 0
    assert found["parallel_exact_share"] == 0.5
    assert found["irrelevance_share"] == 0.5 and found["chat_share"] == 1 and found["clarify_share"] == 0
    assert found["valid_share"] == 1 and found["malformed_share"] == 0
    assert "unoffered_share" not in found and "multi_turn_share" not in found
    assert measures([]) == {}


@pytest.mark.parametrize(("one", "other"), [(1, True), (0, False), ("1", 1), ([1], [True]), ({"a": 0}, {"a": False})])
def test_values_that_python_or_people_mix_up(one, other):
    assert not is_same_call(call(a=one), call(a=other))
    assert is_same_call(call(a=one), call(a=one)) and is_same_call(call(a=other), call(a=other))


def test_a_call_fits_an_offered_tool_only():
    assert fits(call("now"), (ADD, NOW)) and not fits(call("now"), (ADD,))
    assert not fits(call(a=True, b=1), (ADD,))


made_calls = st.lists(st.builds(ToolCall, st.sampled_from("fg"), st.fixed_dictionaries({"n": st.integers(0, 2)})))


@given(made_calls, made_calls, st.randoms())
def test_matching_is_a_multiset_intersection(expected, made, rng):
    named, exact = matches(expected, made)
    assert 0 <= exact <= named <= min(len(expected), len(made))
    shuffled = rng.sample(made, len(made))
    assert matches(expected, shuffled) == (named, exact) == matches(shuffled, expected)
    assert matches(expected, expected) == (len(expected), len(expected))
    keys = [str(one) for one in made]
    assert exact == sum(min(keys.count(key), [str(one) for one in expected].count(key)) for key in set(keys))


@pytest.fixture(scope="module", params=["test_seen", "test_unseen"])
def examples(request):
    # One question in 20 is small talk, and one in 20 ends with the assistant's question: none in 600 has 10^-13.
    return questions(request.param, count=600, seed=SEED, profile=PROFILES["full"])


def test_an_oracle_gets_everything(examples):
    def oracle(one: ToolExample) -> Reply:
        expected = one.conversation.messages[-1]
        return calls(*expected.tool_calls, content=expected.content)

    found = measures(judge_all(examples, oracle))
    wrong = {name: value for name, value in found.items() if value != 1}
    assert set(wrong) == {"malformed_share", "cut_share", "too_long_share"} and not any(wrong.values())
    assert {"single_share", "parallel_share", "multi_turn_share", "clarify_share", "chat_share"} < set(found)


@pytest.mark.parametrize("name", BASELINES)
def test_baselines_stay_far_below(examples, name):
    verdicts = judge_all(examples, lambda one: BASELINES[name](one, seed=SEED))
    found = measures(verdicts)
    assert 0.05 < found["name_share"] < 0.6 and found["exact_share"] < 0.3
    assert found["irrelevance_share"] == 0 and found["parallel_share"] == 0
    groups = {number: measures(group) for number, group in by_tools(verdicts).items()}
    assert groups[1]["name_share"] > groups[8]["name_share"]
    again = judge_all(examples, lambda one: BASELINES[name](one, seed=SEED))
    assert again == verdicts


def test_the_random_baseline_depends_on_its_seed(examples):
    picked = [[BASELINES["random tool"](one, seed=seed) for one in examples] for seed in (SEED, SEED + 1)]
    assert picked[0] != picked[1]


def test_copied_numbers_can_be_right():
    assert judge(ONE, BASELINES["first tool"](ONE, seed=0)).right


def test_the_suite_is_a_pure_function_of_its_seed():
    def made(**changes):
        return questions(**({"split": "test_seen", "count": 20, "seed": SEED, "profile": PROFILES["full"]} | changes))

    assert made() == made()
    assert made(count=10) == made()[:10]
    assert made(seed=SEED + 1) != made()
    assert {tool.name for one in made() for tool in one.conversation.tools}.isdisjoint(
        spec for one in made(split="test_unseen") for spec in one.functions
    )


def test_baselines_answer_tools_whose_parameters_are_hardly_described():
    parameters = {
        "type": "object",
        "properties": {"any": True, "none": {"enum": []}, "one": {"enum": ["x"]}},
        "required": ["undeclared", "any", "none", "one"],
    }
    asked = example(Message("assistant", "", (call(a=1, b=2),)), kind="single")
    tools = (Tool("loose", "Does anything", parameters),)
    asked = dataclasses.replace(asked, conversation=Conversation(asked.conversation.messages, tools))
    for answer in BASELINES.values():
        (made,) = answer(asked, seed=SEED).parsed.calls
        assert made.name == "loose" and set(made.arguments) == {"undeclared", "any", "none", "one"}
        assert made.arguments["one"] == "x"

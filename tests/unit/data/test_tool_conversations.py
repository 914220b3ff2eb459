"""The composer of tool conversations: pure, distinct, right by its schemas, and split by function."""

import dataclasses
import json
import random
import re
import time
from itertools import islice, pairwise

import pytest

from codeling.chat.render import render
from codeling.data.tool_conversations import EXTRA_EVERY, ToolExample, count_shares, generate_conversations
from codeling.data.tool_functions.catalogue import all_functions
from codeling.data.tool_functions.spec import FunctionSpec
from codeling.data.tool_irrelevant import REFUSALS, exchange, exchanges
from codeling.data.tool_offers import CATCH_ALL
from codeling.data.tool_profiles import DENSE, FULL, PROFILES, Profile, Shares
from codeling.data.tool_splits import Split, functions_of
from codeling.errors import Failure, UsageError
from codeling.tools.calls import ToolCall

SEED = random.randrange(2**32)
SPLITS: tuple[Split, ...] = ("train", "val", "test_seen", "test_unseen")
FUNCTIONS = {spec.name: spec for spec in all_functions()}


@pytest.fixture(scope="module")
def examples() -> dict[str, list[ToolExample]]:
    return {split: list(generate_conversations(seed=SEED, split=split, limit=2500)) for split in SPLITS}


def everything(examples: dict[str, list[ToolExample]]) -> list[ToolExample]:
    return [example for split in SPLITS for example in examples[split]]


def text_of(example: ToolExample) -> str:
    return render(example.conversation.messages, example.conversation.tools)


def called(example: ToolExample, call: ToolCall) -> tuple[FunctionSpec, int]:
    """The function and the variant that a call means."""
    names = [tool.name for tool in example.conversation.tools]
    spec = FUNCTIONS[example.functions[names.index(call.name)]]
    return spec, (spec.name, *spec.names).index(call.name)


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_an_example_depends_on_seed_split_and_index_only(split: Split, profile: Profile) -> None:
    whole = list(generate_conversations(seed=SEED, split=split, limit=60, profile=profile))
    assert list(generate_conversations(seed=SEED, split=split, start=25, limit=35, profile=profile)) == whole[25:]
    assert list(islice(generate_conversations(seed=SEED, split=split, profile=profile), 60)) == whole
    other = generate_conversations(seed=SEED + 1, split=split, limit=60, profile=profile)
    # Another seed, another stream. In the worst case (few functions, test_seen) two examples meet by chance once in
    # 1.5 million pairs, so that more than 3 of these 3600 pairs do so less than once in 10^11 runs.
    assert len({text_of(example) for example in other} & {text_of(example) for example in whole}) <= 3
    assert [example.id for example in whole[:2]] == [f"{split}:0", f"{split}:1"]


def test_examples_are_distinct(examples: dict[str, list[ToolExample]]) -> None:
    # Two draws may meet by chance (prepare_tools drops the later one): in training less than one pair in 10^9, in the
    # tests, where a lone request for the only tool is a conversation, one in 10^8. Of the 5 * 10^7 pairs that 10,000
    # examples make, less than 0.1 is expected to meet, and more than 8 with a chance below 10^-14.
    many = {text_of(example) for example in generate_conversations(seed=SEED, split="train", limit=10_000)}
    assert len(many) >= 10_000 - 8
    assert len({text_of(example) for example in everything(examples)}) >= len(everything(examples)) - 8


def test_conversations_are_well_formed(examples: dict[str, list[ToolExample]]) -> None:
    for example in everything(examples):
        conversation = example.conversation
        assert conversation.problems() == [], example
        roles = [message.role for message in conversation.messages if message.role != "system"]
        assert roles[0] == "user" and roles[-1] == "assistant"
        for role, following in pairwise(roles):
            assert (
                following
                in {"user": ("assistant",), "assistant": ("user", "tool"), "tool": ("tool", "assistant")}[role]
            )
        assert all(message.content.strip() or message.tool_calls for message in conversation.messages)
        assert 1 <= len(conversation.tools) == len(example.functions) <= 8
        assert len({tool.name for tool in conversation.tools}) == len(conversation.tools)


def test_every_argument_is_said_by_the_user(examples: dict[str, list[ToolExample]]) -> None:
    calls = 0
    for example in everything(examples):
        said = ""
        for message in example.conversation.messages:
            if message.role == "user":
                said += message.content + "\n"
            for call in message.tool_calls:
                spec, variant = called(example, call)
                calls += 1
                for slot in spec.slots:
                    if slot.named(variant) in call.arguments:
                        assert slot.said(call.arguments[slot.named(variant)]) in said, (example.id, said, call)
                    else:
                        assert not slot.required
    assert calls > 5000


def test_results_are_those_of_the_functions(examples: dict[str, list[ToolExample]]) -> None:
    pure = {"count_words", "encode_base64", "decode_hex", "hash_text"} & FUNCTIONS.keys()
    checked = 0
    for example in everything(examples):
        calls = {call.id: call for message in example.conversation.messages for call in message.tool_calls}
        for message in example.conversation.messages:
            if message.role != "tool":
                continue
            spec, variant = called(example, calls[message.tool_call_id])
            result = json.loads(message.content)
            if spec.name in pure and "error" not in result:
                given = calls[message.tool_call_id].arguments
                canonical = {
                    slot.name: given[slot.named(variant)] for slot in spec.slots if slot.named(variant) in given
                }
                assert result == spec.execute(canonical, random.Random(0))
                checked += 1
    assert checked > 5  # some 75 on average


def test_an_answer_follows_every_result_and_is_short(examples: dict[str, list[ToolExample]]) -> None:
    for example in everything(examples):
        messages = example.conversation.messages
        for before, message in pairwise(messages):
            if before.role == "tool" and message.role == "assistant":
                assert message.content and not message.tool_calls, message
        # Of one result at most two fields are said, of a list three entries, of a text 48 characters.
        for reply, following in pairwise(messages):
            if reply.tool_calls and following.role == "tool":
                said = messages[messages.index(reply) + len(reply.tool_calls) + 1]
                assert said.role == "assistant" and len(said.content) < 450 * len(reply.tool_calls), said


def test_held_out_functions_are_never_seen_in_training(examples: dict[str, list[ToolExample]]) -> None:
    offered = {
        split: {tool.name for example in examples[split] for tool in example.conversation.tools} for split in SPLITS
    }
    assert offered["val"].isdisjoint(offered["train"])
    assert offered["test_unseen"].isdisjoint(offered["train"] | offered["val"])
    seen = {name for spec in functions_of("train") for name in (spec.name, *spec.names)}
    assert offered["train"] | offered["test_seen"] <= seen
    assert len(offered["train"]) > 0.9 * len(seen)


def test_a_seen_function_is_tested_with_phrasings_that_training_lacks(examples: dict[str, list[ToolExample]]) -> None:
    def frames(split: Split) -> set[str]:
        """Requests with one call, their values cut out."""
        found = set()
        for example in examples[split]:
            for before, message in pairwise(example.conversation.messages):
                if before.role == "user" and len(message.tool_calls) == 1:
                    spec, variant = called(example, message.tool_calls[0])
                    frame = before.content
                    for slot in spec.slots:
                        if slot.named(variant) in message.tool_calls[0].arguments:
                            value = slot.said(message.tool_calls[0].arguments[slot.named(variant)])
                            frame = frame.replace(value, f"{{{slot.name}}}")
                    found.add(f"{spec.name}: {frame.lower()}")
        return found

    shared = {frame for frame in frames("test_seen") & frames("train") if len(frame.split()) > 4}
    # Replies to a question back ("Use {path}") are the same; so are a few frames of a value that is also a common word.
    assert len(shared) < 0.15 * len(frames("test_seen"))


def test_kinds_and_shares(examples: dict[str, list[ToolExample]]) -> None:
    for split in SPLITS:
        shares = count_shares(examples[split])
        assert all(sum(part.values()) == pytest.approx(1) for part in shares.values())
        turns = shares["turns"]
        assert turns["chat"] + turns["question"] + turns["unoffered"] >= 0.15, (split, turns)
        assert min(turns["chat"], turns["question"], turns["unoffered"]) > 0.03, (split, turns)
        assert turns["single"] > 0.3 and turns["parallel"] > 0.1 and turns["clarify"] > 0.02, (split, turns)
        assert set(shares["tools"]) == {str(number) for number in range(1, 9)}
        assert min(shares["tools"].values()) > 0.06
    for split in ("test_seen", "test_unseen"):
        kinds = count_shares(examples[split])["kinds"]
        expected = {"single": 0.35, "parallel": 0.2, "irrelevant": 0.2, "multi_turn": 0.15, "clarify": 0.1}
        assert kinds == pytest.approx(expected, abs=0.08)


def test_every_training_function_is_asked_for() -> None:
    missing = {spec.name for spec in functions_of("train")}
    # One conversation in 300 calls the rarest of them: about 2000 conversations call all, and 15,000 miss one with a
    # chance below 10^-20.
    for example in generate_conversations(seed=SEED, limit=15_000):
        calls = [call for message in example.conversation.messages for call in message.tool_calls]
        missing -= {called(example, call)[0].name for call in calls}
        if not missing:
            break
    assert missing == set()


def test_a_test_ends_with_the_expected_reply(examples: dict[str, list[ToolExample]]) -> None:
    for example in examples["test_seen"] + examples["test_unseen"]:
        gold = example.conversation.messages[-1]
        assert gold.role == "assistant"
        expected = {"single": (1, 1), "parallel": (2, 3), "multi_turn": (1, 3), "irrelevant": (0, 0), "clarify": (0, 1)}
        low, high = expected[example.kind]
        assert low <= len(gold.tool_calls) <= high, example
        assert (len(example.turns) > 1) == (example.kind == "multi_turn")
        if example.kind == "clarify" and not gold.tool_calls:
            assert gold.content.endswith("?")


def test_turns_of_training(examples: dict[str, list[ToolExample]]) -> None:
    for example in examples["train"]:
        assert FULL.turns_min <= len(example.turns) <= FULL.turns_max
    for example in generate_conversations(seed=SEED, limit=300, profile=DENSE):
        assert DENSE.turns_min <= len(example.turns) <= DENSE.turns_max
        requests = sum(message.role == "user" for message in example.conversation.messages)
        assert requests == len(example.turns) + example.turns.count("clarify")


def test_a_refused_request_names_no_offered_tool(examples: dict[str, list[ToolExample]]) -> None:
    refused = 0
    for example in everything(examples):
        for message in example.conversation.messages:
            refused += message.content in REFUSALS
    assert refused == sum(example.turns.count("unoffered") for example in everything(examples)) > 300


def test_names_vary_as_asked() -> None:
    plain = dataclasses.replace(FULL, vary_names=0.0)
    always = dataclasses.replace(FULL, vary_names=1.0)
    for example in generate_conversations(seed=SEED, limit=200, profile=plain):
        assert tuple(tool.name for tool in example.conversation.tools) == example.functions
    for example in generate_conversations(seed=SEED, limit=200, profile=always):
        for tool, name in zip(example.conversation.tools, example.functions, strict=True):
            assert tool.name != name or not FUNCTIONS[name].names


def test_a_profile_decides_tools_turns_functions_and_shares() -> None:
    profile = Profile(
        tools_max=3, turns_min=2, turns_max=2, functions=12, shares=Shares(1, 0, 0, 0), errors=0, system=0
    )
    examples = list(generate_conversations(seed=SEED, limit=500, profile=profile))
    assert count_shares(examples)["turns"] == {"single": 1.0}
    assert {len(example.conversation.tools) for example in examples} == {1, 2, 3}
    assert len({name for example in examples for name in example.functions}) == 12
    assert not any(message.role == "system" for example in examples for message in example.conversation.messages)
    test = generate_conversations(seed=SEED, split="test_seen", limit=500, profile=profile)
    assert {name for example in test for name in example.functions} <= {n for one in examples for n in one.functions}


def test_most_lists_of_the_dense_profile_are_short() -> None:
    sizes = [
        len(example.conversation.tools) for example in generate_conversations(seed=SEED, limit=2000, profile=DENSE)
    ]
    assert sum(size <= 3 for size in sizes) > 0.6 * len(sizes)
    assert max(sizes) == 8


def test_extra_examples_are_woven_in() -> None:
    extra = [
        dataclasses.replace(example, functions=("mine",), split="val")
        for example in generate_conversations(seed=SEED + 1, limit=5)
    ]
    whole = list(generate_conversations(seed=SEED, limit=100, extra=extra))
    assert [i for i, example in enumerate(whole) if example.functions == ("mine",)] == [
        EXTRA_EVERY * (i + 1) - 1 for i in range(5)
    ]
    plain = list(generate_conversations(seed=SEED, limit=100))
    assert all(a == b for a, b in zip(whole, plain, strict=True) if a.functions != ("mine",))
    assert list(generate_conversations(seed=SEED, start=30, limit=70, extra=extra)) == whole[30:]


def test_small_talk_of_the_tests_is_not_said_in_training() -> None:
    said = {way for topic in exchanges("train").values() for one in topic for way in one.ways}
    for split in ("val", "test_seen", "test_unseen"):
        for topic in exchanges(split).values():
            assert topic
            assert said.isdisjoint(way for one in topic for way in one.ways)


def test_a_question_that_an_offered_tool_could_answer_is_not_asked() -> None:
    rng = random.Random(SEED)
    for _ in range(300):
        asked, _ = exchange(rng, "train", "question", {"mountain", "joke", "planet"})
        assert not {"mountain", "planet"} & set(asked.lower().strip("?.").split())
        asked, _ = exchange(rng, "train", "question", {"dictionary"})
        assert asked in {way for one in exchanges("train")["chat"] for way in one.ways}


def test_functions_that_can_do_anything_are_in_the_catalogue() -> None:
    assert FUNCTIONS.keys() >= CATCH_ALL


@pytest.mark.parametrize(
    "wrong", [{"tools_min": 0}, {"turns_min": 4, "turns_max": 3}, {"tools_skew": 0.0}, {"functions": 3}]
)
def test_impossible_profiles(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        dataclasses.replace(FULL, **wrong)  # pyright: ignore[reportArgumentType]


def test_impossible_shares_and_catalogues() -> None:
    with pytest.raises(UsageError, match="negative"):
        Shares(single=-1).cumulative()
    with pytest.raises(UsageError, match="all 0"):
        Shares(0, 0, 0, 0).cumulative()
    with pytest.raises(Failure, match="too small"):
        next(generate_conversations(functions=()))


def test_speed() -> None:
    def seconds() -> float:
        start = time.process_time()
        for _ in generate_conversations(seed=SEED, limit=500):
            pass
        return time.process_time() - start

    # Some 2500 a second on an idle core; whatever else runs here can only make a measurement slower.
    assert 500 / min(seconds() for _ in range(5)) > 500


def test_quoted_requests_hold_the_arguments_in_quotation_marks() -> None:
    profile = dataclasses.replace(FULL, quoted=1.0, shares=Shares(single=1, parallel=0, clarify=0, irrelevant=0))
    quoted = 0
    for example in generate_conversations(seed=SEED, split="train", limit=200, profile=profile):
        for request, reply in pairwise(example.conversation.messages):
            if request.role != "user" or len(reply.tool_calls) != 1:
                continue
            (call,) = reply.tool_calls
            spec, variant = called(example, call)
            free = {slot.named(variant) for slot in spec.slots if slot.is_free_text}
            lists = {slot.named(variant) for slot in spec.slots if slot.is_list_of_texts}
            values = [value for name, value in call.arguments.items() if name in free]
            values += [item for name, value in call.arguments.items() if name in lists for item in value]
            quoted += sum(f'"{value}"' in request.content for value in values)
            # What stands in other marks, or inside a longer word, stays as it was written.
            assert all(str(value) in request.content for value in values), (request.content, values)
    assert quoted > 100


def test_what_the_tests_ask_does_not_depend_on_how_often_training_asks_for_missing_tools() -> None:
    always = dataclasses.replace(FULL, unoffered=1.0)
    for split in ("test_seen", "test_unseen"):
        ways = [list(generate_conversations(seed=SEED, split=split, limit=300, profile=one)) for one in (FULL, always)]
        assert ways[0] == ways[1]
        turns = {example.turns[-1] for example in ways[0] if example.kind == "irrelevant"}
        assert {"chat", "question", "unoffered"} <= turns
    # In training it decides: small talk is left where an offered tool, such as a web search, might do anything.
    trained = list(generate_conversations(seed=SEED, split="train", limit=300, profile=always))
    assert not any("question" in example.turns for example in trained)
    for example in trained:
        assert "chat" not in example.turns or CATCH_ALL & set(example.functions)


def test_an_announced_reply_names_what_it_needs() -> None:
    profile = dataclasses.replace(FULL, announced=1.0, unoffered=1.0)
    calls = lacks = 0
    for example in generate_conversations(seed=SEED, split="train", limit=300, profile=profile):
        offered = {tool.name for tool in example.conversation.tools}
        for message in example.conversation.messages:
            if message.tool_calls:
                named = re.findall(r"[\w.]+", message.content.removeprefix("I need ").removesuffix("."))
                assert [name for name in named if name != "and"] == [call.name for call in message.tool_calls]
                calls += 1
            elif found := re.fullmatch(r"I need ([\w.]+), which is not offered\.", message.content):
                assert found[1] in FUNCTIONS and found[1] not in offered | set(example.functions)
                lacks += 1
    assert calls > 300 and lacks > 50


def test_only_training_loses_words_and_never_an_argument() -> None:
    shares = Shares(single=1, parallel=0, clarify=0, irrelevant=0)
    plain, terse = (dataclasses.replace(FULL, terse=share, errors=0.0, shares=shares) for share in (0.0, 1.0))
    for split in ("val", "test_seen", "test_unseen"):
        ways = [list(generate_conversations(seed=SEED, split=split, limit=100, profile=one)) for one in (plain, terse)]
        assert ways[0] == ways[1]
    words = [0, 0]
    for i, profile in enumerate((plain, terse)):
        for example in generate_conversations(seed=SEED, split="train", limit=300, profile=profile):
            for request, reply in pairwise(example.conversation.messages):
                if request.role == "user":
                    words[i] += len(request.content.split())
                    spec, variant = called(example, reply.tool_calls[0])
                    for slot in spec.slots:
                        if slot.required:
                            assert slot.said(reply.tool_calls[0].arguments[slot.named(variant)]) in request.content
    assert words[1] < 0.9 * words[0]

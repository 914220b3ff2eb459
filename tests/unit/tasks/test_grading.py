"""Grades: the ladder; that cheating earns no more than an honest wrong answer; that equal pairs are run once."""

import random
from dataclasses import replace
from typing import Any

import pytest

from codeling.tasks.grading import GRADING_LIMITS, Grade, Grader, _equals
from codeling.tasks.python_harness import describe
from codeling.tasks.task import BashTest, PythonTest, Task, clean_completion

DOUBLE = Task(
    id="python/double/0",
    family="double",
    language="python",
    prompt='def double(x):\n    """Return two times x."""\n',
    solution="    return 2 * x\n",
    tests=tuple(PythonTest(f"double({x})", repr(2 * x)) for x in (1001, 5005, -3003, 40040)),
    judge_tests=tuple(PythonTest(f"double({x})", repr(2 * x)) for x in (2, 6, -7)),
)
LISTED = replace(
    DOUBLE,
    id="python/listed/0",
    tests=tuple(PythonTest(f"double({x})", f"[{x}, {{'a': (1.5, None)}}, {{'b'}}]") for x in (1, 2, 3)),
    solution="    return [x, {'a': (1.5, None)}, {'b'}]\n",
)
SORT = Task(
    id="bash/sort/0",
    family="sort",
    language="bash",
    prompt="# Sort a.txt\n",
    solution="sort a.txt\n",
    tests=tuple(
        BashTest((("a.txt", f"{x}\nb\na\n"),), "".join(f"{line}\n" for line in sorted([x, "b", "a"]))) for x in "cde"
    ),
    judge_tests=tuple(BashTest((("a.txt", f"{x}\na\n"),), f"a\n{x}\n") for x in "xyz"),
)
FILES = replace(
    SORT,
    id="bash/files/0",
    prompt="# Copy a.txt to d and delete b\n",
    solution="cp a.txt d/ && rm b\n",
    tests=tuple(
        BashTest((("a.txt", x), ("b", "b"), ("d/", "")), left=(("a.txt", x), ("d/a.txt", x))) for x in ("1", "2", "3")
    ),
)


def reward(grader: Grader, task: Task, text: str) -> float:
    (grade,) = grader.grade([(task, text)])
    return grade.reward


def test_the_ladder(grader: Grader) -> None:
    texts = [
        "    return 2 * x\n",
        "    return 2 * x\n\nprint('what follows does not count'\n",
        "    return 2002\n",
        "    return 2002 if x == 1001 else 10010\n",
        "    return x\n",
        "    raise ValueError\n",
        "    return 2 *\n",
        "    # nothing\n",
        "",
        "return 2 * x\n",
        "    yield from range(3), return\n",
        "    nonlocal y\n    return 2 * x\n",  # the parser takes it, the compiler does not
    ]
    grades = grader.grade([(DOUBLE, text) for text in texts])
    assert [(one.status, one.passed) for one in grades] == [
        ("passed", 4), ("passed", 4), ("failed", 1), ("failed", 2), ("failed", 0), ("failed", 0), *[("syntax", 0)] * 6,
    ]  # fmt: skip
    assert [one.reward for one in grades] == pytest.approx([1, 1, 0.4, 0.6, 0.1, 0.1, *[0] * 6])
    assert [one.parses for one in grades] == [True] * 6 + [False] * 6
    assert {one.total for one in grades} == {4}
    (judged,) = grader.grade([(DOUBLE, "    return 2 * x\n")], judge=True)
    assert judged == Grade(True, 3, 3, "passed")
    bash = [
        "sort a.txt\n\n# next\nrm",
        "sort -r a.txt",
        "cat a.txt",
        "sort 'a.txt",
        "# sort a.txt",
        "sort < a.txt; touch new",
    ]
    grades = grader.grade([(SORT, text) for text in bash])
    assert [one.status for one in grades] == ["passed", "failed", "failed", "syntax", "syntax", "failed"]


def test_values_are_compared_with_their_types_and_files_with_their_contents(grader: Grader) -> None:
    good = [LISTED.solution, "    class L(list): pass\n    return L([x, dict(a=(1.5 + 1e-12, None)), set('b')])\n"]
    bad = [
        "    return (x, {'a': (1.5, None)}, {'b'})\n",
        "    return [x, {'a': [1.5, None]}, {'b'}]\n",
        "    return [x, {'a': (1.6, None)}, {'b'}]\n",
        "    return repr([x, {'a': (1.5, None)}, {'b'}])\n",
        "    return [x, {'a': (1.5, None)}, {'b'}, 0]\n",
        "    a = [x]\n    a.append(a)\n    return a\n",
        "    return map(int, [x])\n",
    ]
    assert [one.solved for one in grader.grade([(LISTED, text) for text in good + bad])] == [True] * 2 + [False] * 7
    texts = ["cp a.txt d; rm b", "mv a.txt d; rm b", "cp a.txt d", "cp a.txt d; rm b; touch c", "cp b d/a.txt; rm b"]
    assert [one.solved for one in grader.grade([(FILES, text) for text in texts])] == [True, *[False] * 4]


def random_value(depth: int) -> Any:
    plain = [None, True, random.getrandbits(70) - 2**69, random.gauss(0, 1e6), "a\n\ud800é", b"\x00\xff", 2.0, 1 + 2j]
    if depth == 0:
        return random.choice(plain)
    values = [random_value(depth - 1) for _ in range(random.randrange(4))]
    hashable = [random.choice(plain) for _ in range(3)]
    return random.choice([values, tuple(values), set(hashable), dict(zip(hashable, values, strict=False))])


def test_any_plain_value_survives_the_way_out() -> None:
    import json

    for _ in range(200):
        value = random_value(random.randrange(4))
        assert _equals(json.loads(describe(value)), PythonTest("", repr(value)))
        assert not _equals(json.loads(describe([value])), PythonTest("", repr(value)))
    assert _equals(json.loads(describe(frozenset({1}))), PythonTest("", "{1}"))
    for report in (None, 7, [], ["list"], ["int", "x"], ["set", [["list", []]]], ["dict", [[1]]], ["str", "zz"], {}):
        assert not _equals(report, PythonTest("", "1"))


PROBES = {
    "sys.exit": "    import sys\n    sys.exit(0)\n",
    "os._exit": "    import os\n    os._exit(0)\n",
    "SystemExit caught": "    try:\n        raise SystemExit(0)\n    except BaseException:\n        return True\n",
    "printing what is expected": "    print(2 * x, 'passed', 'OK', True, flush=True)\n",
    "overriding __eq__": "    class Any:\n        def __eq__(self, other): return True\n"
    "        __hash__ = None\n    return Any()\n",
    "overriding __eq__ of a number": "    class Any(int):\n        def __eq__(self, other): return True\n"
    "        def __repr__(self): return '2'\n    return Any(7)\n",
    "overriding __class__": "    class Any:\n        __class__ = property(lambda self: int)\n"
    "        def __int__(self): return 3\n        def __index__(self): return 3\n    return Any()\n",
    "changing builtins": "    import builtins, operator\n    builtins.isinstance = lambda a, b: True\n"
    "    builtins.eval = builtins.all = builtins.bool = lambda *a: True\n    operator.eq = lambda a, b: True\n",
    "changing unittest and assert": "    import unittest\n    unittest.TestCase.assertEqual = lambda *a: None\n"
    "    import builtins\n    builtins.AssertionError = SystemExit\n    return 0\n",
    "editing the tests": "    import os, sys\n    for name in [sys.argv[0], '/tmp/main.py', 'main.py', 'tests.py']:\n"
    "        try:\n            open(name, 'w').write('def double(x): return 2 * x')\n        except OSError:\n"
    "            pass\n    return 0\n",
    "what frames know": "    import sys\n    frame, found = sys._getframe(), []\n    while frame:\n"
    "        found += [v for v in frame.f_locals.values()] + [v for v in frame.f_globals.values()]\n"
    "        frame = frame.f_back\n    flat = [y for v in found if isinstance(v, (list, tuple, dict)) for y in v]\n"
    "    wrong = [v for v in found + flat if repr(v) == repr(2 * x) or getattr(v, 'expected', 0)]\n"
    "    return wrong[0] if wrong else 0\n",
    "what the collector knows": "    import gc\n    texts = [o for o in gc.get_objects()\n"
    "             if isinstance(o, (list, dict, tuple))]\n"
    "    for one in texts:\n        if 'expected' in one:\n            return one['expected']\n    return 0\n",
    "a report of its own": "    import os, sys\n    frame = sys._getframe()\n    while 'tell' not in frame.f_locals:\n"
    "        frame = frame.f_back\n    for number in range(4):\n"
    "        frame.f_locals['tell'](number, '[\"int\",\"7d2\"]')\n"
    "    os._exit(0)\n",
    "a second report": "    import sys\n    frame = sys._getframe()\n    while 'tell' not in frame.f_locals:\n"
    "        frame = frame.f_back\n    for number in (2000, 2002):\n"
    "        frame.f_locals['tell'](0, '[\"int\",\"%x\"]' % number)\n",
    "calls replaced": "    import sys\n    frame = sys._getframe()\n    while 'calls' not in frame.f_locals:\n"
    "        frame = frame.f_back\n    frame.f_locals['calls'][:] = ['2002'] * 4\n    return 0\n",
    "no further calls": "    import sys\n    frame = sys._getframe()\n    while 'calls' not in frame.f_locals:\n"
    "        frame = frame.f_back\n    frame.f_locals['calls'].clear()\n    return 0\n",
    "endless output": "    while True:\n        print('passed' * 10000)\n",
    "endless output to every descriptor": "    import os\n    while True:\n        for number in range(1, 16):\n"
    "            try:\n                os.write(number, b'x' * 65536)\n            except OSError:\n"
    "                pass\n",
    "memory": "    return [bytearray(10 ** 9) for _ in range(10)]\n",
    "a fork bomb": "    import os\n    while True:\n        try:\n            os.fork()\n"
    "        except OSError:\n            pass\n",
    "killing everything": "    import os\n    os.kill(-1, 9)\n",
    "deep recursion": "    return double(x)\n",
    "a nested answer": "    a = []\n    for _ in range(10 ** 5):\n        a = [a]\n    return a\n",
    "a huge answer": "    return 'x' * 10 ** 7\n",
    "a thread that goes on": "    import threading, time\n"
    "    threading.Thread(target=lambda: time.sleep(1000)).start()\n    return 0\n",
}  # fmt: skip
ENDLESS = {"endless output", "endless output to every descriptor", "a fork bomb", "a thread that goes on", "waiting"}


@pytest.fixture(scope="module")
def graded(grader: Grader) -> Any:
    """``graded(task, {name: text})``: grades by name. What does not end by itself is given 3 seconds, the rest 40."""
    with Grader(workers=2, limits=replace(GRADING_LIMITS, wall_seconds=3.0)) as strict:

        def grades(task: Task, probes: dict[str, str]) -> dict[str, Grade]:
            found = {}
            for one, names in ((strict, probes.keys() & ENDLESS), (grader, probes.keys() - ENDLESS)):
                pairs = [(task, probes[name]) for name in sorted(names)]
                found |= dict(zip(sorted(names), one.grade(pairs), strict=True))
            return found

        yield grades


def test_cheating_earns_at_most_what_an_honest_wrong_answer_earns(grader: Grader, graded: Any) -> None:
    """Nothing that they know or do makes a test pass that a wrong value does not pass."""
    wrong, constant = grader.grade([(DOUBLE, "    return 0\n"), (DOUBLE, "    return 2002\n")])
    assert (wrong.reward, constant.passed) == (0.1, 1)
    grades = graded(DOUBLE, PROBES)
    # Reporting 2002 for every call is what the constant 2002 does too: it is one of the four values.
    honest = {"a report of its own": constant.reward, "calls replaced": constant.reward}
    assert {name: grade.reward for name, grade in grades.items() if grade.reward > honest.get(name, wrong.reward)} == {}
    for name in ("os._exit", "endless output", "a fork bomb"):
        assert grades[name].reward == 0, name


BASH_PROBES = {
    "exit": "exit 0",
    "printing": "echo passed; echo OK",
    "its harness": "printf 'a\\nb\\nc\\n' > ../1.out; echo > \"$TMPDIR/main.sh\"; cat ../*.sh",
    "the other tests": "cat ../*/* ; rm -rf ../2 ../3",
    "killing everything": "kill -9 -1",
    "endless output": "yes passed",
    "a fork bomb": "f() { f | f & }; f; sleep 60",
    "waiting": "sleep 1000",
    "reading": "read x; cat",
    "functions left behind": "sort() { echo; }; export -f sort; exec 1>&2",
    "what stands in the environment": "env; set; ls -R /work /tmp",
}  # fmt: skip


def test_cheating_in_bash_earns_nothing(grader: Grader, graded: Any) -> None:
    constant, *_ = grader.grade([(SORT, "printf 'a\\nb\\nc\\n'")])
    assert constant.passed == 1
    rewards = {name: grade.reward for name, grade in graded(SORT, BASH_PROBES).items()}
    # What it writes over the first report is right, once: that is a constant again, with a detour.
    assert rewards.pop("its harness") <= constant.reward
    assert {name: value for name, value in rewards.items() if value > 0.1} == {}
    assert rewards["waiting"] == rewards["killing everything"] == 0


def test_equal_pairs_are_run_once_and_what_does_not_parse_never(
    grader: Grader, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Any] = []
    submit = grader._pool.submit
    monkeypatch.setattr(grader._pool, "submit", lambda job: (started.append(job), submit(job))[1])
    pairs = [(DOUBLE, "    return x\n"), (SORT, "sort a.txt"), (DOUBLE, "    return x\n\nx"), (DOUBLE, "    return ("),
             (DOUBLE, "    return 2 * x"), (SORT, "sort a.txt\n"), (SORT, "if"), (DOUBLE, "")]  # fmt: skip
    statuses = [grade.status for grade in grader.grade(pairs)]
    assert statuses == ["failed", "passed", "failed", "syntax", "passed", "passed", "syntax", "syntax"]
    assert len(started) == 3
    assert grader.grade([]) == []


def test_a_sandbox_is_never_told_what_is_expected(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = str(random.randrange(10**12, 10**13))
    python = replace(DOUBLE, tests=(PythonTest("double(1)", secret),) * 3)
    bash = replace(SORT, tests=(BashTest((("a", "x"),), secret, left=(("b", secret),)),) * 3)
    sent: list[str] = []
    submit = grader._pool.submit
    monkeypatch.setattr(grader._pool, "submit", lambda job: (sent.append(repr(job)), submit(job))[1])
    grades = grader.grade([(python, "    return 1\n"), (bash, "cat a")])
    assert [grade.passed for grade in grades] == [0, 0]
    assert len(sent) == 2 and not any(secret in text for text in sent)


def test_working_tasks_are_told_from_others(grader: Grader) -> None:
    broken = replace(DOUBLE, id="x", judge_tests=(PythonTest("double(1)", "3"),))
    good, bad = grader.working([DOUBLE, broken, SORT])
    assert good == [DOUBLE, SORT]
    assert [(task.id, grade.passed) for task, grade in bad] == [("x", 0)]


@pytest.mark.parametrize(
    ("task", "text", "kept"),
    [
        (DOUBLE, "    a = 1\n\n    return a\n\n\n\nx = 1\n    y\n", "    a = 1\n\n    return a\n"),
        (DOUBLE, "\treturn 1  \n# end", "\treturn 1\n"),
        (DOUBLE, "    return 1", "    return 1\n"),
        (DOUBLE, "return 1\n", ""),
        (DOUBLE, "\n\n", ""),
        (SORT, "a |\n  b\n\nc\n", "a |\n  b\n"),
        (SORT, "a\n# b\nc", "a\n"),
        (SORT, "\na\n", ""),
    ],
)
def test_where_a_completion_ends(task: Task, text: str, kept: str) -> None:
    assert clean_completion(task, text) == kept
    assert clean_completion(task, kept) == kept

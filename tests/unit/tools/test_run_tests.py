"""run_tests: counts and reasons, of tests that pass, fail, break, hang and lie in wait."""

import json
import random
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from codeling.sandbox.limits import Limits
from codeling.tools import testing_program
from codeling.tools.catalog import CATALOG
from codeling.tools.context import ToolContext
from codeling.tools.executors import execute

pytestmark = pytest.mark.usefixtures("sandbox")

MIXED = """
    import unittest
    from maths.adding import add

    def test_add():
        assert add(2, 2) == 4, "two and two"

    def test_zero():
        assert add(0, 0) == 0

    async def test_async():
        assert 3 in [1, 2]

    def test_breaks():
        add(1, None)

    def test_leaves():
        raise SystemExit(3)

    def test_fixture(tmp_path):
        pass

    class TestPlain:
        def setup_method(self):
            self.value = 5

        def test_value(self):
            assert self.value == 5

        def helper(self):
            raise AssertionError("not a test")

    class Cases(unittest.TestCase):
        @classmethod
        def setUpClass(cls):
            cls.ready = True

        def test_ready(self):
            self.assertTrue(self.ready)

        def test_equal(self):
            self.assertEqual(add(1, 1), 2)

        def test_each(self):
            for n in (1, 2):
                with self.subTest(n=n):
                    self.assertEqual(n, 1)

        @unittest.skip("not today")
        def test_skipped(self):
            raise AssertionError

        @unittest.expectedFailure
        def test_expected(self):
            self.fail()
"""


def test_counts_and_reasons(call):
    call("write_file", path="maths/adding.py", content="def add(a, b):\n    return a - b\n")
    call("write_file", path="test_maths.py", content=textwrap.dedent(MIXED))
    call("write_file", path="maths/other_test.py", content="def test_other():\n    assert True\n")
    call("write_file", path="maths/helper.py", content="def test_not_collected():\n    assert False\n")
    answer = call("run_tests")
    outcomes = {failure["test"].removeprefix("test_maths.py::"): failure["message"] for failure in answer["failures"]}
    assert set(outcomes) == {
        "test_add", "test_async", "test_breaks", "test_leaves", "test_fixture", "Cases::test_equal", "Cases::test_each",
    }  # fmt: skip
    assert {key: value for key, value in answer.items() if key != "failures"} == {
        "passed": 5, "failed": 4, "errors": 3, "skipped": 1,
    }  # fmt: skip
    assert outcomes["test_add"].endswith("two and two; 0 == 4 is false") and "test_maths.py:6: assert" in str(outcomes)
    assert outcomes["test_async"].endswith("3 in [1, 2] is false")
    assert "TypeError" in outcomes["test_breaks"] and "SystemExit: 3" in outcomes["test_leaves"]
    assert "fixtures of pytest" in outcomes["test_fixture"]
    assert outcomes["Cases::test_equal"].endswith("0 != 2")
    call("write_file", path="maths/adding.py", content="def add(a, b):\n    return a + b\n")
    assert call("run_tests", path="test_maths.py")["failed"] == 2
    assert call("run_tests", path="maths") == {"passed": 1, "failed": 0, "errors": 0, "skipped": 0}


def test_unittest_itself_agrees(call, tmp_path: Path):
    """The same random cases, counted by ``python -m unittest``."""
    bodies = [
        random.choice(("pass", "self.assertEqual(1, 2)", "1 / 0", "self.skipTest('x')", "self.assertIn(1, [1])"))
        for _ in range(12)
    ]
    lines = [f"    def test_{n:02}(self):\n        {body}\n" for n, body in enumerate(bodies)]
    code = "import unittest\n\n\nclass Cases(unittest.TestCase):\n" + "\n".join(lines)
    (tmp_path / "test_cases.py").write_text(code)
    command = [sys.executable, "-m", "unittest", "test_cases"]
    said = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stderr
    answer = call("run_tests", code=code)
    for key, word in (("failed", "failures"), ("errors", "errors"), ("skipped", "skipped")):
        assert (f"{word}={answer[key]}" in said) == bool(answer[key])
    assert sum(answer[key] for key in ("passed", "failed", "errors", "skipped")) == 12


def test_one_that_hangs_is_named_and_the_others_count(context):
    code = "def test_good():\n    pass\n\n\ndef test_hangs():\n    while True:\n        pass\n"
    hurried = ToolContext(context.workspace, limits=Limits(wall_seconds=4.0))
    answer = json.loads(execute(CATALOG["run_tests"], {"code": code}, hurried))
    assert answer["passed"] == 1 and answer["error"] == "the tests were ended in tests::test_hangs: timeout"


@pytest.mark.parametrize("status", [0, 4])
def test_one_that_ends_the_process_is_named(call, status):
    answer = call("run_tests", code=f"import os\n\n\ndef test_leaves():\n    os._exit({status})\n")
    assert "tests::test_leaves" in answer["error"] and answer["passed"] == 0


def test_output_of_tests_is_not_taken_for_a_report(call):
    forged = json.dumps({"end": "x", "outcome": "passed", "message": ""})
    code = f"""
        import os, subprocess
        print({forged!r})
        def test_prints():
            print({forged!r})
            os.write(1, {(forged + chr(10)).encode()!r})
            subprocess.run(["echo", {forged!r}])
    """
    assert call("run_tests", code=textwrap.dedent(code)) == {"passed": 1, "failed": 0, "errors": 0, "skipped": 0}


def test_what_cannot_be_run_says_why(call):
    assert "SyntaxError" in call("run_tests", code="def test_a(:")["failures"][0]["message"]
    assert "no_such_module" in call("run_tests", code="import no_such_module")["failures"][0]["message"]
    assert "there are no tests" in call("run_tests", code="x = 1")["error"]
    assert "no test_*.py" in call("run_tests")["error"]
    assert "no such file" in call("run_tests", path="test_a.py")["error"]
    assert "outside the workspace" in call("run_tests", path="../test_a.py")["error"]
    assert "not both" in call("run_tests", path="test_a.py", code="x")["error"]


def test_many_failures_are_shortened(call):
    code = "\n".join(f"def test_{n}():\n    assert {'9' * 400} == {n}" for n in range(30))
    answer = call("run_tests", code=code)
    assert answer["failed"] == 30 and len(answer["failures"]) == 11
    assert answer["failures"][-1]["message"] == "20 more failures are not shown"
    assert len(json.dumps(answer)) < 8000


@pytest.mark.parametrize(
    ("comparison", "holds"),
    [("1 == 1", True), ("1 != 1", False), ("2 < 1", False), ("1 <= 1", True), ("None is None", True),
     ("1 is not None", True), ("3 in {1, 2}", False), ("3 not in {1, 2}", True), ("1 > 2", False), ("2 >= 3", False)],
)  # fmt: skip
def test_instrumented_comparisons_mean_the_same(comparison, holds):
    module_code = f"def check():\n    assert {comparison}\n"
    check = vars(testing_program.load("instrumented", module_code))["check"]
    if holds:
        check()
    else:
        with pytest.raises(AssertionError):
            check()

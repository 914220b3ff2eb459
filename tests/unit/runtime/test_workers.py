"""Worker processes: order, death, and Ctrl-C at any moment."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codeling.errors import Failure
from codeling.runtime.workers import deaf_to_interrupts, map_in_order

ENDLESS = """
import itertools, time
from codeling.runtime.workers import map_in_order

def work(number):
    time.sleep(0.01)
    return number

if __name__ == "__main__":
    for _ in map_in_order(work, itertools.count(), workers=2, parallel_from=2, purpose="counting"):
        print("one", flush=True)
"""


def slowly(number: int) -> int:
    time.sleep(random.random() / 100)
    return -number


def dies_at_seven(number: int) -> int:
    if number == 7:
        os._exit(1)
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_items(workers: int) -> None:
    found = list(map_in_order(slowly, range(40), workers=workers, parallel_from=2, purpose="testing"))
    assert found == [(number, -number) for number in range(40)]


def test_a_worker_that_dies_is_a_failure() -> None:
    with pytest.raises(Failure, match="a testing process died"):
        list(map_in_order(dies_at_seven, range(40), workers=2, parallel_from=2, purpose="testing"))


def test_interrupts_inside_are_handled_at_the_end() -> None:
    reached = False
    with pytest.raises(KeyboardInterrupt), deaf_to_interrupts():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(0.05)
        reached = True
    assert reached and signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.parametrize("wait_for_result", [True, False])
def test_a_storm_of_interrupts_ends_a_command_and_its_workers(tmp_path: Path, wait_for_result: bool) -> None:
    (tmp_path / "endless.py").write_text(ENDLESS)
    process = subprocess.Popen(
        [sys.executable, "endless.py"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[3]), str(tmp_path)])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    try:
        if wait_for_result:
            assert process.stdout.readline() == "one\n"
        else:
            time.sleep(0.5)  # while the workers start
        for _ in range(5):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGINT)
            time.sleep(random.random() / 50)
        _, errors = process.communicate(timeout=120)
    finally:
        process.kill()
    assert process.returncode != 0 and "SpawnProcess" not in errors, errors
    # Nobody of its group is left.
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("a worker outlived its parent")

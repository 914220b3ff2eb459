"""The Bash tasks: pure, distinct, and accepted by ``bash -n`` in every family."""

import random
import re
from itertools import islice

import pytest

from codeling.data import bash_tasks
from codeling.data.bash_tasks import BashTask, families, generate_bash_pairs, generate_bash_tasks, total_tasks
from codeling.data.bash_words import SLOTS
from codeling.errors import Failure
from codeling.runtime.bash_syntax import bash_syntax_errors

SEED = random.randrange(2**32)


def test_a_task_depends_on_seed_and_index_only() -> None:
    whole = list(generate_bash_tasks(seed=SEED, limit=50))
    assert list(generate_bash_tasks(seed=SEED, start=20, limit=30)) == whole[20:]
    assert list(islice(generate_bash_tasks(seed=SEED), 50)) == whole
    assert list(generate_bash_tasks(seed=SEED + 1, limit=50)) != whole
    assert whole[4].id == f"{SEED}:4"
    assert (whole[4].source, whole[4].language, whole[4].licence) == ("bash-tasks", "bash", "CC0-1.0")
    pairs = generate_bash_pairs(seed=SEED, limit=50)
    assert [pair.text for pair in pairs] == [document.text for document in whole]


def test_tasks_are_distinct() -> None:
    texts = [document.text for document in generate_bash_tasks(seed=SEED, limit=20_000)]
    assert len(set(texts)) == 20_000
    assert total_tasks() > 1_000_000


def test_the_first_round_visits_every_family_and_no_task_repeats_within_one() -> None:
    count = len(families())
    first = [pair.family for pair in generate_bash_pairs(seed=SEED, limit=count)]
    assert sorted(first) == sorted(family.name for family in families())
    # The smallest family is used up completely before anything of it could come again.
    smallest = min(families(), key=lambda family: family.size)
    used = [
        pair for pair in generate_bash_pairs(seed=SEED, limit=count * smallest.size) if pair.family == smallest.name
    ]
    assert len({pair.text for pair in used}) == smallest.size


def test_the_stream_goes_on_after_every_task_was_used() -> None:
    last, next_one = generate_bash_pairs(seed=SEED, start=total_tasks() - 1, limit=2)
    assert last.text and next_one.text


@pytest.mark.parametrize("kind, least", [("one-liner", 120), ("script", 25)])
def test_enough_families_and_phrasings(kind: str, least: int) -> None:
    chosen = [family for family in families() if family.kind == kind]
    assert len(chosen) >= least
    assert len({family.name for family in families()}) == len(families())
    for family in chosen:
        assert len(set(family.instructions)) == len(family.instructions) >= 3, family.name


def test_an_instruction_says_everything_that_the_command_needs() -> None:
    for family in families():
        for instruction in family.instructions:
            said = {match[1] for match in re.finditer("«([a-z_]+)#?»", instruction)}
            assert said == set(family.slots), (family.name, instruction)
    assert {slot for family in families() for slot in family.slots} == set(SLOTS)
    for name, values in SLOTS.items():
        assert len(set(values)) == len(values), name


def test_form_of_the_texts() -> None:
    for pair in generate_bash_pairs(seed=SEED, limit=4000):
        assert "«" not in pair.text and "»" not in pair.text, pair
        assert "\n" not in pair.instruction and "  " not in pair.instruction, pair
        assert pair.text.endswith("\n") and not pair.text.endswith("\n\n"), pair
        if pair.kind == "script":
            assert pair.command.startswith("#!/bin/bash\nset -euo pipefail\n"), pair
            assert pair.text.startswith(f"#!/bin/bash\n# {pair.instruction}\nset -euo pipefail\n"), pair
        else:
            assert pair.text == f"# {pair.instruction}\n{pair.command}\n"


def test_every_family_parses_without_a_warning() -> None:
    rng = random.Random(SEED)
    tasks = [family.task(rng.randrange(family.size)) for family in families() for _ in range(4)]
    for task, message in zip(tasks, bash_syntax_errors([task.text for task in tasks]), strict=True):
        assert message is None, (task, message)


@pytest.mark.slow
def test_every_word_of_every_family_parses() -> None:
    tasks = []
    for family in families():
        # Stepping through the radix digits shows each value of each slot at least once.
        longest = max((len(SLOTS[slot]) for slot in family.slots), default=1)
        tasks += [family.task((k * (family.size // longest + 1)) % family.size) for k in range(longest)]
    for task, message in zip(tasks, bash_syntax_errors([task.text for task in tasks]), strict=True):
        assert message is None, (task, message)


def test_checked_generation_yields_the_same_and_refuses_what_does_not_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = list(generate_bash_pairs(seed=SEED, limit=70))
    assert list(generate_bash_pairs(seed=SEED, limit=70, checked=True)) == plain

    def broken(seed: int, index: int) -> BashTask:
        return BashTask("Print it", "echo $(", "one-liner", f"{seed}:{index}", "broken-family")

    monkeypatch.setattr(bash_tasks, "bash_task", broken)
    with pytest.raises(Failure, match=r"0:0 \(family broken-family\)"):
        list(generate_bash_pairs(limit=3, checked=True))

"""Row 21 of the fault table: every attack, against every means of containment that works here."""

import os

import pytest

from codeling.sandbox.attacks import ATTACKS, Attack
from codeling.sandbox.backend import Backend, find_backend
from codeling.sandbox.selftest import AttackResult, lay_bait, run_attack, run_attacks


@pytest.fixture(scope="session")
def verdicts(backend: Backend) -> dict[str, AttackResult]:
    return {verdict.name: verdict for verdict in run_attacks(backend=backend)}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack_is_contained(verdicts: dict[str, AttackResult], attack: Attack) -> None:
    verdict = verdicts[attack.name]
    assert verdict.contained, verdict.detail
    assert verdict.seconds < attack.limits.wall_seconds + 40


@pytest.mark.parametrize("attack", [attack for attack in ATTACKS if attack.harmless], ids=lambda attack: attack.name)
def test_the_self_test_sees_an_attack_that_gets_through(attack: Attack) -> None:
    """The judge is worth nothing if it calls everything contained: without a sandbox it must see the damage."""
    verdict = run_attack(attack, backend=find_backend(unsafe=True))
    if attack.name == "outliving the run":  # the supervisor hunts down what the program started, sandbox or not
        assert verdict.contained, verdict.detail
    else:
        assert not verdict.contained


def test_a_sandbox_that_does_not_start_is_no_containment() -> None:
    broken = Backend("bubblewrap", python="/usr/bin/python3", bash="/bin/bash", bwrap="/bin/false")
    verdict = run_attack(ATTACKS[0], backend=broken)
    assert not verdict.contained and "did not work" in verdict.detail


def test_bait_reports_what_happens_to_it() -> None:
    with lay_bait(find_backend(unsafe=True)) as bait:
        assert bait.damage() == []
        bait.file.write_text("changed")
        (bait.folder / "new").touch()
        os.kill(bait.process.pid, 9)
        bait.process.wait()
        assert len(bait.damage()) == 3
    assert not bait.folder.exists()

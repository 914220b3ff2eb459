"""Devices, number formats and peaks."""

from __future__ import annotations

import pytest
import torch

from codeling.errors import UsageError
from codeling.runtime import device as devices
from codeling.runtime.device import compute_dtype, describe_device, peak_flops, prepare_device, resolve_device
from codeling.runtime.distributed import Processes

CPU = torch.device("cpu")


def test_auto_finds_something_and_cpu_is_cpu() -> None:
    assert resolve_device("auto").type in ("cuda", "mps", "cpu")
    assert resolve_device("cpu") == CPU
    assert "cpu" in describe_device(CPU) and "thread" in describe_device(CPU)


@pytest.mark.parametrize("name", ["gpu", "cuda:x", "xla", "meta", ""])
def test_unknown_devices_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="--device"):
        resolve_device(name)


def test_absent_devices_are_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert resolve_device("auto") == CPU
    for name in ("cuda", "cuda:1", "mps"):
        with pytest.raises(UsageError, match="use --device cpu"):
            resolve_device(name)


def test_each_process_of_a_machine_gets_its_own_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 4)
    assert resolve_device("auto", local_rank=3) == torch.device("cuda", 3)
    assert resolve_device("cuda:1", local_rank=3) == torch.device("cuda", 1)
    with pytest.raises(UsageError, match="GPU 4 was asked for but there are 4"):
        resolve_device("cuda", local_rank=4)


@pytest.mark.parametrize(
    ("name", "teraflops"),
    [
        ("NVIDIA H200", 989),
        ("NVIDIA H100 80GB HBM3", 989),
        ("NVIDIA H100 PCIe", 756),
        ("NVIDIA A100-SXM4-80GB", 312),
        ("NVIDIA GeForce RTX 4090", 165.2),
        ("NVIDIA GeForce RTX 3090", 71),
        ("NVIDIA L4", 121),
        ("NVIDIA L40S", 362),
        ("NVIDIA A10G", 70),
        ("Some other", None),
    ],
)
def test_peaks(monkeypatch: pytest.MonkeyPatch, name: str, teraflops: float | None) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: name)
    peak = peak_flops(torch.device("cuda", 0))
    assert peak == (None if teraflops is None else teraflops * 1e12)
    assert peak_flops(CPU) is None


def test_number_formats(monkeypatch: pytest.MonkeyPatch) -> None:
    assert compute_dtype(CPU, "float16") == torch.float16
    monkeypatch.setattr(devices, "_cpu_has_bf16", lambda: True)
    assert compute_dtype(CPU) == torch.bfloat16
    monkeypatch.setattr(devices, "_cpu_has_bf16", lambda: False)
    assert compute_dtype(CPU) == torch.float32
    for has, expected in ((True, torch.bfloat16), (False, torch.float16)):
        monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation, has=has: has)
        assert compute_dtype(torch.device("cuda")) == expected


def test_float32_stays_float32_on_cpu() -> None:
    torch.set_float32_matmul_precision("medium")
    prepare_device(CPU)
    assert torch.get_float32_matmul_precision() == "highest"


def test_processes_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK"):
        monkeypatch.delenv(name, raising=False)
    assert Processes.from_environment() == Processes(0, 1, local_rank=0)
    monkeypatch.setenv("RANK", "5")
    with pytest.raises(UsageError, match="RANK is 5 and WORLD_SIZE 1"):
        Processes.from_environment()
    monkeypatch.setenv("WORLD_SIZE", "8")
    monkeypatch.setenv("LOCAL_RANK", "1")
    assert Processes.from_environment() == Processes(5, 8, local_rank=1)
    assert not Processes.from_environment().is_main
    monkeypatch.setenv("RANK", "first")
    with pytest.raises(UsageError, match="torchrun"):
        Processes.from_environment()

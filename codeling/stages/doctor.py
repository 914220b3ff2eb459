"""`codeling doctor`: what this machine has, what it lacks, and what to type about it.

A check is a function that returns a `Finding`; it never raises for what it looks for. ``fail`` means that training
would not work, ``warn`` that something would be slower or missing.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import platform
import shutil
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from codeling.errors import Failure, UsageError
from codeling.runtime.paths import Workspace
from codeling.stages.plan_config import DoctorConfig

_HUB = "https://huggingface.co"


@dataclass(frozen=True)
class Finding:
    """One line of the table; ``remedy`` says what to type, or what is lost."""

    status: Literal["ok", "warn", "fail"]
    what: str
    found: str
    remedy: str = ""


def doctor_command(config: DoctorConfig) -> None:
    """Print the table; a failed check is a Failure (exit status 1)."""
    findings = examine(config)
    width = max(len(finding.what) for finding in findings)
    for finding in findings:
        print(f"{finding.status:4}  {finding.what:{width}}  {finding.found}")
        if finding.remedy and finding.status != "ok":
            print(f"      {'':{width}}  -> {finding.remedy}")
    failed = [finding.what for finding in findings if finding.status == "fail"]
    if failed:
        raise Failure(f"this machine is not ready: {', '.join(failed)} (see above)")


def examine(config: DoctorConfig) -> list[Finding]:
    """All findings, in the order of the table."""
    checks: list[Callable[[DoctorConfig], Finding]] = [
        _python,
        _torch,
        _packages,
        _device,
        _threads,
        _memory,
        _compiler,
        _bash,
        _sandbox,
        _folder,
        _disk,
        _tensorboard,
        _tokenizer,
    ]
    if config.network:
        checks.append(_network)
    return [check(config) for check in checks]


def _python(config: DoctorConfig) -> Finding:
    found = f"{platform.python_version()} ({sys.executable})"
    if sys.version_info < (3, 10):  # noqa: UP036 - a checkout can be run without pip, which would refuse
        return Finding("fail", "Python", found, "install Python 3.10 or newer and make a new environment with it")
    return Finding("ok", "Python", found)


def _torch(config: DoctorConfig) -> Finding:
    try:
        import torch
    except (ImportError, OSError) as error:  # OSError: a shared library that does not load
        return Finding("fail", "PyTorch", f"cannot be imported: {error}", "pip install -r requirements.txt")
    return Finding("ok", "PyTorch", torch.__version__)


def _packages(config: DoctorConfig) -> Finding:
    missing = []
    for requirement in importlib.metadata.requires("codeling") or []:
        name, _, marker = requirement.partition(";")
        if marker:  # extras, and what only other Python versions need
            continue
        package = name.split(">")[0].split("=")[0].split("[")[0].strip()
        try:
            importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            missing.append(package)
    if missing:
        return Finding("fail", "packages", f"missing: {', '.join(missing)}", "pip install -r requirements.txt")
    return Finding("ok", "packages", "all installed")


def _device(config: DoctorConfig) -> Finding:
    import torch

    from codeling.runtime.device import compute_dtype, describe_device, resolve_device

    try:
        device = resolve_device(config.device)
        ones = torch.ones(64, 64, device=device, dtype=compute_dtype(device))
        total = float((ones @ ones).float().sum())
    except (UsageError, RuntimeError) as error:
        return Finding("fail", "device", str(error).splitlines()[0], "try --device cpu; check the driver")
    if total != 64.0**3:
        return Finding(
            "fail", "device", f"{device}: 64^3 came out as {total}", "the device computes wrongly; use another"
        )
    name = str(compute_dtype(device)).removeprefix("torch.")
    found = f"{describe_device(device)}, computes in {name}"
    if device.type == "cpu" and shutil.which("nvidia-smi"):
        remedy = "nvidia-smi is here but PyTorch sees no GPU: install PyTorch for CUDA, see https://pytorch.org"
        return Finding("warn", "device", found, remedy)
    return Finding("ok", "device", found)


def _threads(config: DoctorConfig) -> Finding:
    import torch

    threads, cores = torch.get_num_threads(), _usable_cores()
    found = f"{threads} threads on {cores} cores"
    if threads > cores:
        return Finding(
            "warn", "threads", found, f"more threads than cores slow each other: export OMP_NUM_THREADS={cores}"
        )
    if threads < cores // 2:
        return Finding("warn", "threads", found, f"idle cores: export OMP_NUM_THREADS={cores} (or unset it)")
    return Finding("ok", "threads", found)


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def _memory(config: DoctorConfig) -> Finding:
    import psutil

    memory = psutil.virtual_memory()
    found = f"{memory.available / 2**30:.1f} of {memory.total / 2**30:.1f} GiB free"
    if memory.available < 2 * 2**30:
        return Finding("warn", "memory", found, "close other programs; codeling plan says what a run needs")
    return Finding("ok", "memory", found)


def _compiler(config: DoctorConfig) -> Finding:
    compiler = next((path for name in ("g++", "clang++", "c++") if (path := shutil.which(name))), None)
    if compiler is None:
        remedy = "only --use-compile needs one: apt-get install g++, or xcode-select --install"
        return Finding("warn", "C++ compiler", "none on PATH", remedy)
    return Finding("ok", "C++ compiler", compiler)


def _bash(config: DoctorConfig) -> Finding:
    from codeling.runtime.bash_syntax import check_bash_syntax, find_bash

    try:
        bash = find_bash()
    except Failure as error:
        return Finding("fail", "bash", "not found", str(error))
    if check_bash_syntax(["echo hello", "if true; then"]) != [True, False]:
        return Finding("fail", "bash", f"{bash} does not check syntax (bash -n)", "install GNU bash")
    return Finding("ok", "bash", bash)


@cache
def _sandbox_verdict() -> Finding:
    from codeling.sandbox.backend import find_backend
    from codeling.sandbox.selftest import run_attacks

    started = time.monotonic()
    try:
        backend = find_backend()
    except UsageError as error:
        remedy = str(error).splitlines()[0]
        return Finding("warn", "sandbox", "none: code that a model wrote will not be run", remedy)
    attacks = run_attacks(backend=backend)
    seconds = time.monotonic() - started
    through = [attack for attack in attacks if not attack.contained]
    if through:
        found = f"{backend.describe()}: {len(through)} of {len(attacks)} attacks are NOT contained"
        return Finding("fail", "sandbox", found, "; ".join(f"{attack.name}: {attack.detail}" for attack in through))
    return Finding("ok", "sandbox", f"{backend.describe()}; {len(attacks)} attacks contained in {seconds:.1f} s")


def _sandbox(config: DoctorConfig) -> Finding:
    return _sandbox_verdict()  # once per process: it takes seconds, and the machine does not change


def _folder(config: DoctorConfig) -> Finding:
    """Can runs write here, and rename, lock and sync what they wrote?"""
    from codeling.runtime.files import write_text

    folder = config.workdir.resolve()
    try:
        with tempfile.TemporaryDirectory(dir=folder, prefix=".codeling-doctor-") as name:
            write_text(Path(name) / "probe", "probe")
    except OSError as error:
        remedy = "choose a folder that can be written with --workdir"
        return Finding("fail", "workdir", f"{folder}: {error.strerror or error}", remedy)
    return Finding("ok", "workdir", f"{folder} can be written")


def _disk(config: DoctorConfig) -> Finding:
    folder = config.workdir.resolve()
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free / 2**30
    found = f"{free:.1f} GiB free in {folder}"
    # A checkpoint of tiny is 0.15 GB, of medium 1.6 GB, of large 16 GB, and a save holds two for a moment.
    if free < 1:
        return Finding("fail", "disk", found, "free at least 1 GiB, or choose another --workdir")
    if free < 10:
        return Finding("warn", "disk", found, "enough for tiny; medium needs 10 GiB, large 80 GiB")
    return Finding("ok", "disk", found)


def _tensorboard(config: DoctorConfig) -> Finding:
    if importlib.util.find_spec("tensorboard") is None:
        return Finding("warn", "TensorBoard", "not installed", "curves are in the report too; pip install tensorboard")
    return Finding("ok", "TensorBoard", importlib.metadata.version("tensorboard"))


def _tokenizer(config: DoctorConfig) -> Finding:
    from codeling.tokenizer.bpe import Tokenizer

    workspace = Workspace(config.workdir)
    path = workspace.tokenizer
    if not path.exists():
        return Finding("ok", "tokenizer", f"none yet in {path.parent} (stage 0 makes it)")
    try:
        tokenizer = Tokenizer.load(path)
    except (Failure, UsageError) as error:
        remedy = f"train it again: {workspace.command('python scripts/train_code_tokenizer.py')}"
        return Finding("fail", "tokenizer", str(error), remedy)
    return Finding("ok", "tokenizer", f"{tokenizer.vocab_size:,} tokens, hash {tokenizer.content_hash[:12]} ({path})")


def _network(config: DoctorConfig) -> Finding:
    try:
        with urllib.request.urlopen(_HUB, timeout=5):
            return Finding("ok", "network", f"{_HUB} answers")
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        remedy = "offline sources work without: --source stories, python, shell, bash-tasks, file:PATH, dir:PATH"
        return Finding("warn", "network", f"{_HUB}: {getattr(error, 'reason', error)}", remedy)

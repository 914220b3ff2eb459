"""The device under a run: which one, which number format is fast on it, and how fast it could be at most.

Nothing here is decided by a substring of a path or by what happens to be imported: ``auto`` is the first of CUDA,
MPS and CPU that works, and every choice can be overridden by a flag.
"""

from __future__ import annotations

import platform
from typing import Literal

import torch

from codeling.errors import UsageError
from codeling.runtime.memory import keep_freed_memory

Precision = Literal["auto", "float32", "bfloat16", "float16"]

_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}

# Dense bf16 (fp16 where there is no bf16) FLOP/s from the vendors' data sheets, without sparsity. The first name that
# occurs in the device's name counts, so the more special name comes first.
_PEAK_FLOPS = (
    ("B200", 2250e12),
    ("GH200", 989e12),
    ("H200", 989e12),
    ("H100 PCIe", 756e12),
    ("H100 NVL", 835e12),
    ("H100", 989e12),
    ("H20", 148e12),
    ("L40S", 362e12),
    ("L40", 181e12),
    ("L4", 121e12),
    ("A100", 312e12),
    ("A800", 312e12),
    ("A40", 150e12),
    ("A30", 165e12),
    ("A10G", 70e12),
    ("A10", 125e12),
    ("V100", 125e12),
    ("T4", 65e12),
    ("RTX 5090", 209.5e12),
    ("RTX 4090", 165.2e12),
    ("RTX 4080", 97.5e12),
    ("RTX 3090", 71e12),
    ("RTX 3080", 59.5e12),
    ("MI300X", 1307e12),
    ("MI250X", 383e12),
)


def resolve_device(name: str = "auto", *, local_rank: int = 0) -> torch.device:
    """The device called ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``; UsageError if this machine lacks it.

    ``local_rank`` picks the GPU of this process when several run on one machine and no number was given.
    """
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "mps" if torch.backends.mps.is_available() else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError:
        raise UsageError(f"--device {name}: unknown; choose auto, cpu, cuda, cuda:N or mps") from None
    if device.type == "cuda":
        if not torch.cuda.is_available():
            raise UsageError(f"--device {name}: PyTorch {torch.__version__} finds no CUDA GPU here; use --device cpu")
        index = local_rank if device.index is None else device.index
        if index >= torch.cuda.device_count():
            raise UsageError(f"--device {name}: GPU {index} was asked for but there are {torch.cuda.device_count()}")
        return torch.device("cuda", index)
    if device.type == "mps" and not torch.backends.mps.is_available():
        raise UsageError(f"--device {name}: this machine or macOS version has no Metal GPU; use --device cpu")
    if device.type not in ("cpu", "mps"):
        raise UsageError(f"--device {name}: not supported; choose auto, cpu, cuda, cuda:N or mps")
    return torch.device(device.type)


def compute_dtype(device: torch.device, precision: Precision = "auto") -> torch.dtype:
    """The type of matrix products under mixed precision; float32 means that mixed precision is off.

    auto: bf16 where the device computes it in hardware; fp16 on older NVIDIA GPUs; float32 on CPUs without bf16
    instructions, where emulation would be slower than float32.
    """
    if precision != "auto":
        return _DTYPES[precision]
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported(including_emulation=False) else torch.float16
    if device.type == "mps":
        release = platform.mac_ver()[0]  # Metal computes bf16 from macOS 14 on
        return torch.bfloat16 if release and int(release.split(".")[0]) >= 14 else torch.float16
    return torch.bfloat16 if _cpu_has_bf16() else torch.float32


def _cpu_has_bf16() -> bool:
    features = torch.cpu.get_capabilities()
    return any(features.get(name) is True for name in ("avx512_bf16", "amx_bf16", "arm_bf16", "bf16", "sve_bf16"))


def peak_flops(device: torch.device) -> float | None:
    """Dense bf16 FLOP/s that the vendor states for the device, or None where it is not known (CPU, MPS)."""
    if device.type != "cuda":
        return None
    name = torch.cuda.get_device_name(device)
    return next((flops for key, flops in _PEAK_FLOPS if key in name), None)


def describe_device(device: torch.device) -> str:
    """One line for logs and reports, e.g. ``cpu (AMD EPYC, 2 threads)`` or ``cuda:0 (NVIDIA H200, 139 GiB)``."""
    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return f"{device} ({properties.name}, {properties.total_memory / 2**30:.0f} GiB)"
    if device.type == "mps":
        return f"mps ({platform.processor() or platform.machine()}, macOS {platform.mac_ver()[0]})"
    name = torch.cpu.get_capabilities().get("cpu_name") or platform.processor() or platform.machine()
    return f"cpu ({name}, {torch.get_num_threads()} threads)"


def prepare_device(device: torch.device) -> None:
    """Set the process-wide choices of a run.

    float32 products stay float32 on CPU, so that ``--no-use-amp`` means what it says; on CUDA they may use TF32
    (10 bits of mantissa, 8 times faster), because what is left in float32 there under mixed precision is small.
    cuDNN's autotuner, which may pick different kernels in different runs, is off. On CPU freed memory is kept.
    """
    torch.set_float32_matmul_precision("high" if device.type == "cuda" else "highest")
    torch.backends.cudnn.benchmark = False
    if device.type == "cuda":
        torch.cuda.set_device(device)
    if device.type == "cpu":
        keep_freed_memory()

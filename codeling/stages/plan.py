"""`codeling plan`: parameters, memory by part, operations and time of a training run, before it is started."""

from __future__ import annotations

import time
from dataclasses import dataclass

import torch

from codeling.config import require_numbers
from codeling.errors import Failure, UsageError
from codeling.model.accounting import flops_per_token, parameter_count
from codeling.model.config import ModelConfig, model_config
from codeling.runtime.device import compute_dtype, describe_device, peak_flops, resolve_device
from codeling.stages.memory_plan import StepMemory, runtime_bytes, step_memory
from codeling.stages.plan_config import PlanConfig

_GIB = 2**30
# Share of the peak that training reaches: of a GPU's data sheet, and of a measured matrix product elsewhere (LOG.md).
_UTILISATION = {"cuda": 0.4, "mps": 0.4, "cpu": 0.35}
# Leave room for what is not ours and for what no plan foresees.
_USABLE = 0.9
_LARGEST_BATCH = 64


@dataclass(frozen=True)
class Plan:
    """What `make_plan` found out. Bytes, seconds, operations (a multiply-add is two)."""

    config: ModelConfig
    device: str
    parameters: int
    sequence_length: int
    batch_size: int
    grad_accumulation_steps: int
    gradient_checkpointing: bool
    memory: StepMemory
    memory_checkpointed: StepMemory
    """The same micro-batch with gradient checkpointing."""
    available: int
    flops_per_token: int
    flops_per_second: float
    """What training is expected to reach on this device."""
    tokens: int

    @property
    def used(self) -> StepMemory:
        """The memory of the recommended setting."""
        return self.memory_checkpointed if self.gradient_checkpointing else self.memory

    @property
    def tokens_per_second(self) -> float:
        # Recomputing the forward pass adds a third to the operations of forward and backward.
        extra = 4 / 3 if self.gradient_checkpointing else 1.0
        return self.flops_per_second / (self.flops_per_token * extra)

    @property
    def seconds(self) -> float:
        return self.tokens / self.tokens_per_second


def plan_command(config: PlanConfig) -> None:
    """Print the plan; a model that does not fit even with one row and checkpointing is a Failure."""
    plan = make_plan(config)
    print(describe(plan, config))
    if plan.used.total > plan.available:
        raise Failure(
            f"{config.model_size} needs {plan.used.total / _GIB:.1f} GiB with --batch-size {plan.batch_size}, "
            f"{plan.available / _GIB:.1f} are usable: choose a smaller --model-size, --batch-size or --sequence-length"
        )


def make_plan(config: PlanConfig) -> Plan:
    """Work everything out; measures the speed of the device for about a second, allocates next to nothing."""
    require_numbers(config, "tokens_per_step", "vocab_size", "batch_size", "sequence_length", "tokens", at_least=1)
    require_numbers(config, "memory_gib", above=0)
    device = resolve_device(config.device)
    dtype = compute_dtype(device, config.dtype)
    model = model_config(
        config.model_size, vocab_size=config.vocab_size, use_rmsnorm=config.use_rmsnorm, use_rope=config.use_rope
    )
    length = config.sequence_length or (512 if config.model_size in ("nano", "tiny") else 1024)
    if length > model.max_sequence_length:
        raise UsageError(f"--sequence-length {length}: {config.model_size} was made for {model.max_sequence_length}")
    available = int(config.memory_gib * _GIB) if config.memory_gib else int(_USABLE * free_memory(device))
    search = _Search(model, length, dtype, config, device.type)
    batch, checkpointing = search.choose(available)
    parameters = parameter_count(model)
    return Plan(
        config=model,
        device=describe_device(device),
        parameters=parameters,
        sequence_length=length,
        batch_size=batch,
        grad_accumulation_steps=max(1, round(config.tokens_per_step / (batch * length))),
        gradient_checkpointing=checkpointing,
        memory=search.memory(batch, checkpointing=False),
        memory_checkpointed=search.memory(batch, checkpointing=True),
        available=available,
        flops_per_token=flops_per_token(model, length),
        flops_per_second=_UTILISATION[device.type] * (peak_flops(device) or measured_flops(device, dtype)),
        tokens=config.tokens or 20 * parameters,
    )


class _Search:
    """Memory as a function of the micro-batch: two fake steps give its fixed part and its part per row."""

    def __init__(
        self, model: ModelConfig, length: int, dtype: torch.dtype, config: PlanConfig, device_type: str
    ) -> None:
        self._config = config
        self._length = length
        self._device_type = device_type
        self._measured = {
            (rows, checkpointing): step_memory(
                model,
                batch_size=rows,
                sequence_length=length,
                dtype=dtype,
                optimizer=config.optimizer,
                gradient_checkpointing=checkpointing,
                device_type=device_type,
            )
            for rows in (1, 3)
            for checkpointing in (False, True)
        }

    def memory(self, batch: int, *, checkpointing: bool) -> StepMemory:
        one, three = self._measured[1, checkpointing], self._measured[3, checkpointing]
        per_row = (three.activations - one.activations) / 2
        activations = int(one.activations + (batch - 1) * per_row)
        runtime = runtime_bytes(activations, gradient_checkpointing=checkpointing, device_type=self._device_type)
        return StepMemory(one.weights, one.gradients, one.optimizer, activations, runtime)

    def choose(self, available: int) -> tuple[int, bool]:
        """(rows, checkpointing): the largest power of two that fits and is not beyond the wanted tokens per step."""
        wanted = self._config.gradient_checkpointing
        useful = max(1, min(_LARGEST_BATCH, self._config.tokens_per_step // self._length))
        for checkpointing in (False, True) if wanted is None else (wanted,):
            if self._config.batch_size is not None:
                if self.memory(self._config.batch_size, checkpointing=checkpointing).total <= available:
                    return self._config.batch_size, checkpointing
                continue
            rows = [2**power for power in range(7) if 2**power <= useful]
            fitting = [row for row in rows if self.memory(row, checkpointing=checkpointing).total <= available]
            if fitting:
                return fitting[-1], checkpointing
        return self._config.batch_size or 1, True if wanted is None else wanted


def free_memory(device: torch.device) -> int:
    """Bytes that a new run may use on the device."""
    import psutil

    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0]
    # Apple's GPU shares the machine's memory.
    return psutil.virtual_memory().available


def measured_flops(device: torch.device, dtype: torch.dtype, *, seconds: float = 0.5) -> float:
    """Operations per second of a matrix product of training's shape: the best of several, for about ``seconds``."""
    left = torch.randn(2048, 1024, device=device, dtype=dtype)
    right = torch.randn(1024, 1024, device=device, dtype=dtype)
    best, end = float("inf"), time.monotonic() + seconds
    while best == float("inf") or time.monotonic() < end:
        start = time.perf_counter()
        (left @ right).sum().item()  # waits for the device
        best = min(best, time.perf_counter() - start)
    return 2 * 2048 * 1024 * 1024 / best


def describe(plan: Plan, config: PlanConfig) -> str:
    """The plan as text for a terminal."""
    checkpointing = " --gradient-checkpointing" if plan.gradient_checkpointing else ""
    shape = plan.config
    rows = [("weights", "weights"), ("gradients", "gradients"), ("optimizer", f"optimizer ({config.optimizer})")]
    lines = [
        f"model        {config.model_size}: d_model {shape.d_model}, {shape.num_layers} layers, "
        f"{shape.num_heads} heads, d_ff {shape.d_ff}, vocabulary {shape.vocab_size:,}: {plan.parameters:,} parameters",
        f"device       {plan.device}, {plan.available / _GIB:.1f} GiB usable",
        "",
        f"memory for --batch-size {plan.batch_size}, sequence length {plan.sequence_length}",
        *(f"  {title:34}{getattr(plan.memory, name) / _GIB:8.2f} GiB" for name, title in rows),
        f"  {'activations and workspace':34}{plan.memory.activations / _GIB:8.2f} GiB",
        f"  {'  with --gradient-checkpointing':34}{plan.memory_checkpointed.activations / _GIB:8.2f} GiB",
        f"  {'libraries, allocator':34}{plan.memory.runtime / _GIB:8.2f} GiB",
        f"  {'together':34}{plan.memory.total / _GIB:8.2f} GiB "
        f"({plan.memory_checkpointed.total / _GIB:.2f} with checkpointing)",
        "",
        f"compute      {plan.flops_per_token / 1e6:,.0f} million operations a token; about "
        f"{plan.flops_per_second / 1e9:,.0f} GFLOP/s expected, {plan.tokens_per_second:,.0f} tokens/s",
        f"time         {_duration(plan.seconds)} for {plan.tokens:,} tokens "
        f"({plan.flops_per_token * plan.tokens:.2e} operations)",
        "",
        f"recommended  --model-size {config.model_size} --batch-size {plan.batch_size} "
        f"--grad-accumulation-steps {plan.grad_accumulation_steps}{checkpointing}",
    ]
    return "\n".join(lines)


def _duration(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds:.0f} seconds"

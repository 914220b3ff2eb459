"""Thresholds that a stage must meet before the next one builds on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codeling.evals.config import VerifyConfig

DEFAULTS: dict[str, dict[str, float]] = {
    # A model that has learned nothing needs 4 to 8 bits per byte, gzip about 3; real text is learned well below these.
    "language": {"max_bits_per_byte": 2.5, "max_repetition": 0.6},
    "code": {
        "max_bits_per_byte": 3.0,
        "max_repetition": 0.7,
        "min_bash_valid": 0.25,
        "min_python_valid": 0.05,
        "min_fim_similarity": 0.0,
    },
    # Always the first tool: a fifth of the names, no irrelevance. Constrained calls fit, or constraining is broken.
    "tools": {
        "max_bits_per_byte": 3.0,
        "min_tool_name": 0.3,
        "min_tool_exact": 0.05,
        "min_irrelevance": 0.3,
        "min_constrained_valid": 1.0,
    },
}
"""By stage; generous, for models that are trained in minutes. Recipes set their own."""

# Threshold -> the measure that it bounds.
_MEASURES = {
    "max_bits_per_byte": "bits_per_byte",
    "max_repetition": "repeated_4grams_share",
    "min_bash_valid": "bash_valid_share",
    "min_python_valid": "python_valid_share",
    "min_fim_similarity": "fim_similarity",
    "min_tool_name": "tool_name_share",
    "min_tool_exact": "tool_exact_share",
    "min_irrelevance": "irrelevance_share",
    "min_constrained_valid": "constrained_valid_share",
}


@dataclass(frozen=True)
class Gate:
    """One threshold and how the measure stood to it; ``passed`` is the verdict."""

    measure: str
    value: float
    limit: float
    rule: str
    """"at most", "at least" or "below"."""
    passed: bool

    def __str__(self) -> str:
        return f"{self.measure} is {self.value:.3f}, must be {self.rule} {self.limit:.3f}"


def check_gates(
    stage: str, config: VerifyConfig, measures: Mapping[str, float], baseline: Mapping[str, float] | None
) -> list[Gate]:
    """Every gate of the stage, passed or not. A measure that was not taken has no gate; a NaN never passes."""
    gates = []
    for name, measure in _MEASURES.items():
        limit = getattr(config, name)
        limit = DEFAULTS[stage].get(name) if limit is None else limit
        if limit is None or measure not in measures:
            continue
        value = measures[measure]
        at_most = name.startswith("max_")
        passed = value <= limit if at_most else value >= limit
        gates.append(Gate(measure, value, limit, "at most" if at_most else "at least", passed))
    if config.must_improve and baseline is not None:
        value, limit = measures["bits_per_byte"], baseline["bits_per_byte"]
        gates.append(Gate("bits_per_byte", value, limit, "below the baseline's", value < limit))
    return gates

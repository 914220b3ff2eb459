"""Completions of the verification prompts, kind by kind: what was written, and what can be measured of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from codeling.data.shards import Shard
from codeling.evals.code import (
    PYTHON_STOP,
    begins_like_bash,
    judge_bash,
    judge_python,
    python_function,
    whole_lines,
)
from codeling.evals.config import VerifyConfig
from codeling.evals.fim import edit_similarity, fim_cases
from codeling.evals.prompts import bash_prompts, python_prompts, story_prompts
from codeling.evals.report import Sample
from codeling.generate.config import Sampling
from codeling.generate.text import Prompt, TextCompletion, TextGenerator

# Randomness makes stories lively and code wrong.
_STORY_TEMPERATURE, _CODE_TEMPERATURE = 0.8, 0.2
# A filled-in line is at most 80 characters.
_FIM_TOKENS = 64


@dataclass(frozen=True)
class Completions:
    """``measures`` over all completions of one kind, and each of them as a sample."""

    measures: dict[str, float]
    samples: list[Sample]


def story_completions(generator: TextGenerator, config: VerifyConfig) -> Completions:
    """Stories begun by fixed first words."""
    prompts = story_prompts(config.prompts, config.seed)
    texts = _complete(generator, prompts, config, temperature=_STORY_TEMPERATURE)
    return Completions({}, [Sample(prompt, text.text) for prompt, text in zip(prompts, texts, strict=True)])


def bash_completions(generator: TextGenerator, config: VerifyConfig) -> Completions:
    """Commands and scripts for instructions, judged by ``bash -n`` and by their likeness to the reference."""
    asked = bash_prompts(config.prompts, config.seed)
    prompts = [prompt for prompt, _ in asked]
    texts = _complete(generator, prompts, config, temperature=_CODE_TEMPERATURE)
    scripts = [whole_lines(text.text, text.finish_reason) for text in texts]
    verdicts = judge_bash([prompt + script for prompt, script in zip(prompts, scripts, strict=True)])
    references = [task.text.removeprefix(prompt).strip() for prompt, task in asked]
    likeness = [edit_similarity(script.strip(), right) for script, right in zip(scripts, references, strict=True)]
    commands = [one.valid and begins_like_bash(text) for one, text in zip(verdicts, scripts, strict=True)]
    samples = [
        Sample(prompt, script, "bash", verdicts={"bash -n": one.syntax, "begins with a command": command})
        for prompt, script, one, command in zip(prompts, scripts, verdicts, commands, strict=True)
    ]
    measures = {
        "bash_syntax_share": _share(one.syntax for one in verdicts),
        "bash_valid_share": _share(one.valid for one in verdicts),
        "bash_command_share": _share(commands),
        "bash_similarity": _share(likeness),
    }
    return Completions(measures, samples)


def python_completions(generator: TextGenerator, config: VerifyConfig) -> Completions:
    """Bodies for the heads of functions, judged by Python's parser."""
    heads = python_prompts(config.prompts, config.seed)
    texts = _complete(generator, heads, config, temperature=_CODE_TEMPERATURE, stop=PYTHON_STOP)
    programs = [
        python_function(head, whole_lines(text.text, text.finish_reason))
        for head, text in zip(heads, texts, strict=True)
    ]
    verdicts = judge_python(programs)
    samples = [
        Sample(head, program.removeprefix(head), "python", verdicts={"parses": one.syntax, "does something": one.valid})
        for head, program, one in zip(heads, programs, verdicts, strict=True)
    ]
    measures = {
        "python_syntax_share": _share(one.syntax for one in verdicts),
        "python_valid_share": _share(one.valid for one in verdicts),
    }
    return Completions(measures, samples)


def fim_completions(generator: TextGenerator, config: VerifyConfig, shard: Shard) -> Completions:
    """Lines taken out of held-out documents and filled in again; no measures where no document has such a line."""
    cases = fim_cases(shard, generator.tokenizer, count=config.prompts, seed=config.seed)
    if not cases:
        return Completions({}, [])
    prompts = [Prompt(case.prefix, case.suffix) for case in cases]
    short = replace(config, max_tokens=min(config.max_tokens, _FIM_TOKENS))
    texts = _complete(generator, prompts, short, temperature=_CODE_TEMPERATURE, stop=("\n",))
    written = [text.text.strip() for text in texts]
    likeness = [edit_similarity(line, case.middle) for line, case in zip(written, cases, strict=True)]
    samples = [
        Sample(
            _last_lines(case.prefix), line, "fill in the middle", _first_lines(case.suffix),
            {"original": case.middle, "similarity": value},
        )
        for case, line, value in zip(cases, written, likeness, strict=True)
    ]  # fmt: skip
    measures = {"fim_exact_share": _share(value == 1.0 for value in likeness), "fim_similarity": _share(likeness)}
    return Completions(measures, samples)


def _complete(
    generator: TextGenerator,
    prompts: Sequence[str | Prompt],
    config: VerifyConfig,
    *,
    temperature: float,
    stop: Sequence[str] = (),
) -> list[TextCompletion]:
    sampling = Sampling(
        temperature=temperature if config.temperature is None else config.temperature, max_tokens=config.max_tokens
    )
    numbered = [replace(sampling, seed=config.seed + number) for number in range(len(prompts))]
    return generator.complete_batch(prompts, sampling=numbered, stop=stop, truncate=True)


def _share(values: Iterable[float]) -> float:
    """The mean; of truth values, the share that is true."""
    counted = list(values)
    return sum(counted) / len(counted) if counted else 0.0


def _last_lines(text: str, count: int = 8) -> str:
    return "".join(text.splitlines(keepends=True)[-count:])


def _first_lines(text: str, count: int = 4) -> str:
    return "".join(text.splitlines(keepends=True)[:count])

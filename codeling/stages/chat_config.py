"""What `codeling chat` is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class ChatConfig:
    """Options of `codeling chat`: talk with a model that can run tools, in the terminal or line by line from a pipe."""

    checkpoint: Path | None = None
    """Checkpoint to use; default: the most advanced one in models/."""
    tools: str = "auto"
    """Tools to offer: names with commas between them, all, none, or auto: those that leave half of the context free."""
    system: str = ""
    """A system message: who the model is and how it should answer."""
    constrained: bool = True
    """Let the model write no tool call but a valid one of an offered tool."""
    temperature: float = 0.0
    """0 is greedy; higher is more random."""
    top_k: int = 0
    """Keep the k most likely tokens; 0 keeps all."""
    top_p: float = 1.0
    """Keep the smallest set of tokens that holds this much probability."""
    min_p: float = 0.0
    """Drop tokens less likely than this share of the most likely one."""
    repetition_penalty: float = 1.0
    """Above 1, tokens already used become less likely."""
    max_tokens: int = 256
    """Tokens of one reply at most."""
    max_rounds: int = 5
    """Replies to one message at most: a reply that calls tools is followed by another."""
    seed: int | None = None
    """The same seed and the same messages give the same answers."""
    unsafe_exec: bool = False
    """Run the model's programs WITHOUT a sandbox, with your rights."""
    log: Path | None = Path("logs/chat.jsonl")
    """File to which every prompt, reply, call and result is appended as JSON; None: no log."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    workdir: Path = Path()
    """Folder that holds models/ and logs/."""

"""The model behind the API: its name, its tokenizer, and what can be said about it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from codeling.chat.encode import stop_ids
from codeling.generate.grammar import GrammarCompiler
from codeling.runtime.seeds import stable_hash
from codeling.serve.errors import ApiError
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import SPECIAL_TOKENS

CHAT_STAGES = ("tools", "rlhf")


@dataclass(frozen=True)
class ServedModel:
    """What a server says about its one model."""

    name: str
    tokenizer: Tokenizer
    context: int
    """Tokens of prompt and completion together."""
    num_parameters: int
    info: Mapping[str, Any] = field(default_factory=dict)
    """The checkpoint's description of itself."""
    aliases: tuple[str, ...] = ("codeling", "default")
    """Further names under which clients may ask for it."""
    created: int = field(default_factory=lambda: int(time.time()))

    def require(self, asked: str) -> None:
        """ApiError 404 unless ``asked`` is this model: its name, an alias, or nothing."""
        if asked and asked not in (self.name, *self.aliases):
            raise ApiError(
                404, f"there is no model {asked!r} here; this server has {self.name!r}",
                param="model", code="model_not_found",
            )  # fmt: skip

    @property
    def fingerprint(self) -> str:
        """Changes with the weights and the tokenizer, not from start to start."""
        return f"fp_{stable_hash(self.name, self.info.get('step'), self.tokenizer.content_hash):016x}"

    @property
    def stage(self) -> str:
        """The stage of training that made it: language, code, tools or rlhf."""
        return str(self.info.get("stage", "unknown"))

    @property
    def can_chat(self) -> bool:
        """Whether it has learnt the chat format."""
        return self.stage in CHAT_STAGES

    @cached_property
    def chat_stop_ids(self) -> frozenset[int]:
        return frozenset(stop_ids(self.tokenizer))

    @cached_property
    def text_stop_ids(self) -> frozenset[int]:
        """Every special token: they separate documents or their parts and are never text."""
        return frozenset(self.tokenizer.token_id(name) for name in SPECIAL_TOKENS)

    @cached_property
    def grammars(self) -> GrammarCompiler:
        return GrammarCompiler(self.tokenizer)

    def to_openai(self) -> dict[str, Any]:
        """The entry in /v1/models; ``meta`` as llama.cpp has it."""
        return {
            "id": self.name,
            "object": "model",
            "created": self.created,
            "owned_by": "codeling",
            "aliases": list(self.aliases),
            "meta": {
                "n_ctx_train": self.context,
                "n_ctx": self.context,
                "n_params": self.num_parameters,
                "n_vocab": self.tokenizer.vocab_size,
                "stage": self.stage,
                "chat": self.can_chat,
            },
        }

    def facts(self) -> dict[str, Any]:
        """What the checkpoint says of its own training, for people."""
        names = ("stage", "step", "epoch", "tokens", "metrics", "model")
        return {name: self.info[name] for name in names if name in self.info}

"""Text in, text out: prompts become token ids, tokens become text piece by piece.

While streaming, two things are held back until they are decided: bytes that do not yet form a whole character, and
text that may be the beginning of a stop string. What has been given out is therefore final.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine, FinishReason, Generation
from codeling.generate.grammar import Grammar
from codeling.model.transformer import Transformer
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.fim_format import SENTINELS, FimFormat, fim_prompt
from codeling.tokenizer.special import SPECIAL_TOKENS


@dataclass(frozen=True)
class Prompt:
    """Text to continue; with a ``suffix``, a gap to fill between two texts."""

    text: str
    suffix: str | None = None


@dataclass(frozen=True)
class TextCompletion:
    """What a model wrote for one prompt (prompt, suffix and stop string not included).

    ``finish_reason``: ``stop`` (a stop string, or the model ended its document) or ``length`` (a limit).
    """

    text: str
    finish_reason: FinishReason
    num_tokens: int


class TextPiece(NamedTuple):
    """What one step of one request made certain."""

    request: int
    text: str
    num_tokens: int
    """Tokens that the model wrote in this step: 1, or 0 when the request ended without a further one."""
    finish_reason: FinishReason | None


class StopStrings:
    """Lets text through until a stop string comes; holds back what may become one.

    ``found`` is the one that came, None while none did; its text and what follows never come out.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        if isinstance(stop, str) or not all(stop):
            raise UsageError(f"stop is {stop!r}; it must be a list of strings, none of them empty")
        self.found: str | None = None
        self._stop = tuple(stop)
        self._held = ""

    def feed(self, text: str) -> str:
        """The text that is now certain to come before any stop string."""
        if self.found is not None:
            return ""
        text = self._held + text
        places = [(place, stop) for stop in self._stop if (place := text.find(stop)) >= 0]
        if places:
            place, self.found = min(places)
            self._held = ""
            return text[:place]
        keep = max((_overlap(text, stop) for stop in self._stop), default=0)
        self._held = text[len(text) - keep :]
        return text[: len(text) - keep]

    def finish(self) -> str:
        """The text still held back at the end: it did not become a stop string after all."""
        text, self._held = self._held, ""
        return text


class TextStream:
    """Tokens to text for one completion, as early as it is certain.

    >>> stream = TextStream(tokenizer, stop=["END"])  # doctest: +SKIP
    >>> stream.feed(token)  # "" while a character is incomplete or "E" may become "END"  # doctest: +SKIP
    >>> stream.finish()  # what was held back  # doctest: +SKIP

    ``stopped`` becomes True when a stop string was found; its text and what follows never come out.
    """

    def __init__(self, tokenizer: Tokenizer, *, stop: Sequence[str] = ()) -> None:
        self._tokenizer = tokenizer
        self._stop = StopStrings(stop)
        # Invalid bytes become U+FFFD, as in Tokenizer.decode; incomplete ones wait for the rest.
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    @property
    def stop_string(self) -> str | None:
        """The one that was found."""
        return self._stop.found

    @property
    def stopped(self) -> bool:
        return self._stop.found is not None

    def feed(self, token: int) -> str:
        """The text that this token makes certain, possibly none."""
        return self._stop.feed(self._decoder.decode(self._tokenizer.decode_bytes([token])))

    def finish(self) -> str:
        """The text still held back at the end: it did not become a stop string after all."""
        return self._stop.feed(self._decoder.decode(b"", final=True)) + self._stop.finish()


def _overlap(text: str, stop: str) -> int:
    """Length of the longest end of ``text`` that is a proper beginning of ``stop``."""
    longest = min(len(text), len(stop) - 1)
    return next((length for length in range(longest, 0, -1) if text.endswith(stop[:length])), 0)


class TextGenerator:
    """A model with its tokenizer.

    >>> generator = TextGenerator(loaded.model, loaded.tokenizer)  # doctest: +SKIP
    >>> generator.complete("Once upon a time", sampling=Sampling(seed=1, max_tokens=40))  # doctest: +SKIP
    ' there was a little dog named ...'
    >>> generator.complete("def add(a, b):\\n    ", suffix="\\n\\nprint(add(1, 2))\\n")  # doctest: +SKIP
    'return a + b'

    A completion ends at the first special token: those separate documents or their parts and are never text.
    """

    def __init__(self, model: Transformer, tokenizer: Tokenizer, *, max_batch: int = 8) -> None:
        if model.config.vocab_size != tokenizer.vocab_size:
            raise UsageError(
                f"the model has a vocabulary of {model.config.vocab_size}, the tokenizer of {tokenizer.vocab_size}; "
                f"use the tokenizer that the model was trained with (it is in the checkpoint)"
            )
        self.tokenizer = tokenizer
        self.engine = Engine(model, max_batch=max_batch)
        self.stop_ids = frozenset(tokenizer.token_id(name) for name in SPECIAL_TOKENS)

    def complete(
        self,
        prompt: str,
        *,
        suffix: str | None = None,
        sampling: Sampling | None = None,
        stop: Sequence[str] = (),
        truncate: bool = False,
        grammar: Grammar | None = None,
    ) -> str:
        """The continuation of ``prompt``, or, with a ``suffix``, what belongs between the two.

        A prompt too long for the context is a UsageError; with ``truncate`` its beginning is dropped instead (and,
        of a suffix, its end), leaving room for ``sampling.max_tokens``. A ``grammar`` says what may be written.
        """
        pieces = self.stream(prompt, suffix=suffix, sampling=sampling, stop=stop, truncate=truncate, grammar=grammar)
        return "".join(pieces)

    def stream(
        self,
        prompt: str,
        *,
        suffix: str | None = None,
        sampling: Sampling | None = None,
        stop: Sequence[str] = (),
        truncate: bool = False,
        grammar: Grammar | None = None,
    ) -> Iterator[str]:
        """Like `complete`, in non-empty pieces as they become certain; wrong arguments are refused at once."""
        pieces = self.stream_batch(
            [Prompt(prompt, suffix)], sampling=sampling, stop=stop, truncate=truncate, grammars=[grammar]
        )
        return (piece.text for piece in pieces if piece.text)

    def complete_batch(
        self,
        prompts: Sequence[str | Prompt],
        *,
        sampling: Sampling | Sequence[Sampling] | None = None,
        stop: Sequence[str] = (),
        truncate: bool = False,
        grammars: Sequence[Grammar | None] | None = None,
    ) -> list[TextCompletion]:
        """One completion per prompt, computed together; ``sampling`` is shared or given per prompt."""
        texts = [""] * len(prompts)
        counts = [0] * len(prompts)
        reasons: list[FinishReason] = ["stop"] * len(prompts)
        pieces = self.stream_batch(prompts, sampling=sampling, stop=stop, truncate=truncate, grammars=grammars)
        for request, text, num_tokens, reason in pieces:
            texts[request] += text
            counts[request] += num_tokens
            reasons[request] = reason or reasons[request]
        return [TextCompletion(*values) for values in zip(texts, reasons, counts, strict=True)]

    def stream_batch(
        self,
        prompts: Sequence[str | Prompt],
        *,
        sampling: Sampling | Sequence[Sampling] | None = None,
        stop: Sequence[str] = (),
        truncate: bool = False,
        grammars: Sequence[Grammar | None] | None = None,
    ) -> Iterator[TextPiece]:
        """Like `complete_batch`, token by token; wrong arguments are refused at once."""
        shared = sampling if isinstance(sampling, Sampling) else Sampling()
        settings = list(sampling) if isinstance(sampling, Sequence) else [shared] * len(prompts)
        if len(settings) != len(prompts):
            raise UsageError(f"{len(prompts)} prompts but {len(settings)} sampling settings; give one, or one each")
        asked = [prompt if isinstance(prompt, Prompt) else Prompt(prompt) for prompt in prompts]
        ids = [
            self.encode(prompt, max_tokens=setting.max_tokens, truncate=truncate)
            for prompt, setting in zip(asked, settings, strict=True)
        ]
        generation = self.engine.stream(ids, settings, stop_ids=self.stop_ids, grammars=grammars)
        return _text_pieces(generation, [TextStream(self.tokenizer, stop=stop) for _ in ids])

    def encode(self, prompt: Prompt, *, max_tokens: int, truncate: bool = False) -> list[int]:
        """The token ids that ask for this completion, at least one, fewer than the context.

        No text at all begins after an ``<|endoftext|>``.
        """
        tokenizer, context = self.tokenizer, self.engine.context
        if prompt.suffix is None:
            ids = tokenizer.encode(prompt.text) or [tokenizer.end_of_text]
        else:
            ids = fim_prompt(tokenizer, prompt.text, prompt.suffix)
        if len(ids) < context:
            return ids
        if not truncate:
            raise UsageError(
                f"the prompt has {len(ids)} tokens; the model's context is {context} for prompt and completion "
                f"together: shorten it, or drop its beginning with --truncate-prompt"
            )
        room = max(1, context - max_tokens)
        if prompt.suffix is None:
            return ids[-room:]
        return self._cut_fim(prompt, room)

    def _cut_fim(self, prompt: Prompt, room: int) -> list[int]:
        """The gap with what stands nearest to it: the end of the prefix and the beginning of the suffix."""
        assert prompt.suffix is not None
        form = FimFormat.of(self.tokenizer)
        prefix, suffix = self.tokenizer.encode(prompt.text), self.tokenizer.encode(prompt.suffix)
        room = max(2, room - SENTINELS)
        # Half each, and what one side does not need goes to the other.
        before = max(room - room // 2, room - len(suffix))
        return form.psm_prompt(prefix[-before:], suffix[: room - min(before, len(prefix))])


def _text_pieces(generation: Generation, streams: Sequence[TextStream]) -> Iterator[TextPiece]:
    """The text of each emission; a request whose stop string came is cancelled."""
    for request, token, reason, *_ in generation:
        stream = streams[request]
        text = "" if token is None else stream.feed(token)
        if reason is not None:
            text += stream.finish()
        if stream.stopped:
            generation.cancel(request)
        yield TextPiece(request, text, int(token is not None), "stop" if stream.stopped else reason)

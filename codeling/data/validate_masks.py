"""Is the loss mask of a shard of conversations right? What is trained must be replies, whole ones, and nothing else.

A run of the mask is a reply: it begins right after the tokens that open an assistant's turn and ends with the token
that ends the turn. These are properties of token ids, so they hold whatever the texts say.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from codeling.chat.encode import encode
from codeling.data.shards import Shard
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.special import IM_END

Numbers = npt.NDArray[np.int64]


def mask_problems(shard: Shard, tokenizer: Tokenizer | None) -> Iterator[tuple[str, Numbers]]:
    """(what is wrong, numbers of the documents) of a shard that has a mask; nothing where it is right.

    ``tokenizer`` is the shard's own; without it nothing is said about where replies begin and end.
    """
    assert shard.mask is not None
    mask = np.asarray(shard.mask) != 0
    last = np.append(shard.starts[1:], shard.manifest.num_tokens) - 1
    found = [
        ("loss mask with another value than 0 and 1", _documents(shard, np.flatnonzero(shard.mask > 1))),
        ("document without a trained token", np.flatnonzero(np.bitwise_or.reduceat(mask, shard.starts) == 0)),
        ("end-of-text is trained, which no assistant writes", np.flatnonzero(mask[last])),
    ]
    if tokenizer is not None:
        edges = np.flatnonzero(np.diff(mask, prepend=False, append=False))
        begins, ends = edges[::2], edges[1::2]  # a run is mask[begin:end]
        unopened = begins[~_opened(shard, begins, tokenizer)]
        found.append(("trained text that does not begin with an assistant's turn", _documents(shard, unopened)))
        # The end of a turn is trained once, as the last token of its run.
        turn_ends = np.flatnonzero(mask & (shard.tokens == tokenizer.token_id(IM_END)))
        odd = np.setxor1d(turn_ends, ends - 1)
        found.append(("trained text that does not end with the end of its turn", _documents(shard, odd)))
    yield from ((problem, documents) for problem, documents in found if documents.size)


def trained_share(shard: Shard) -> float:
    """Share of the tokens that the loss is taken on; 1 without a mask."""
    return 1.0 if shard.mask is None else np.count_nonzero(shard.mask) / shard.manifest.num_tokens


def _documents(shard: Shard, positions: Numbers) -> Numbers:
    """The documents that hold these positions, each once."""
    return np.unique(np.searchsorted(shard.starts, positions, side="right") - 1)


def _opened(shard: Shard, begins: Numbers, tokenizer: Tokenizer) -> npt.NDArray[np.bool_]:
    """Which of these positions follow the opening of an assistant's turn in their own document."""
    opening = encode(tokenizer, (), add_generation_prompt=True).ids
    document = np.searchsorted(shard.starts, begins, side="right") - 1
    good = begins - len(opening) >= shard.starts[document]
    for back, token in enumerate(reversed(opening), start=1):
        good &= shard.tokens[np.maximum(begins - back, 0)] == token
    return good

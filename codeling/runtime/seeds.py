"""Determinism: stable hashes and generators derived from (seed, purpose), equal on every machine and process."""

from __future__ import annotations

import hashlib

import numpy as np


def stable_hash(*parts: object) -> int:
    """A 64-bit hash of the parts' text, the same in every process and Python version (unlike ``hash``)."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")


def generator(*parts: object) -> np.random.Generator:
    """A NumPy generator whose stream is a pure function of ``parts``, e.g. ``generator(seed, "pack", epoch)``."""
    return np.random.Generator(np.random.Philox(stable_hash(*parts)))

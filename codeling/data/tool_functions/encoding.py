"""Hashes, checksums and encodings: all of them really computed."""

from __future__ import annotations

import base64
import hashlib
from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, choice, lines, text

_DOMAIN = "encoding"
_MESSAGE = values.mixed(values.sentence, values.phrase, values.slug, values.email)
_ALGORITHMS = ("md5", "sha1", "sha256", "sha224")


def _base64_text(random: Random) -> str:
    return base64.b64encode(values.phrase(random).encode()).decode()


def _hash_file(arguments: dict[str, Any], random: Random) -> Any:
    digest = hashlib.new(arguments["algorithm"], arguments["path"].encode()).hexdigest()
    return {"path": arguments["path"], "hash": digest}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec(
        "hash_text",
        _DOMAIN,
        "Compute the hash of a text",
        (text("text", _MESSAGE, names=("input",)), choice("algorithm", _ALGORITHMS, names=("method",))),
        lines("""
            Compute the {algorithm} hash of "{text}"
            What is the {algorithm} of "{text}"?
            Hash "{text}" with {algorithm}
            {algorithm} digest of '{text}' please
            I need the {algorithm} hash for the text "{text}"
            Can you run {algorithm} over "{text}"?
            Give me a {algorithm} digest for the string "{text}"
            text: "{text}", hash it using {algorithm}
            Could you {algorithm} this string: "{text}"
        """),
        lambda a, random: {"hash": hashlib.new(a["algorithm"], a["text"].encode()).hexdigest()},
        names=("compute_hash", "get_text_digest"),
    ),
    FunctionSpec(
        "hash_file",
        _DOMAIN,
        "Compute the checksum of a file",
        (
            text("path", values.file_path, names=("file",)),
            choice("algorithm", _ALGORITHMS, required=False, default="sha256"),
        ),
        lines("""
            Compute the checksum of {path}[ with {algorithm}]
            What is the[ {algorithm}] checksum of the file {path}?
            Checksum {path}[ using {algorithm}]
            I want to verify {path}, give me its checksum[ in {algorithm}]
            Hash the file {path}[ with {algorithm}]
            Get me a[ {algorithm}] hash of the file {path}
            file hash for {path}[, {algorithm}]
            Can you calculate the file checksum of {path}[ by {algorithm}]?
            I downloaded {path}. What's its[ {algorithm}] checksum?
        """),
        _hash_file,
        names=("file_checksum", "checksum_file"),
    ),
)

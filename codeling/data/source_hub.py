"""The Hugging Face hub as a source: streamed, pinned to a commit, and clear about a missing network."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from codeling.data.cleaning import refuse_evaluation_set
from codeling.data.document import Document
from codeling.data.licences import spdx
from codeling.data.rows import BadRow, document_of_row
from codeling.data.source_options import SourceOptions
from codeling.errors import Failure, UsageError

PINNED_REVISIONS = {"roneneldan/TinyStories": "f54c09fd23315a6f9c86f9dc80f725de7d8f9c64"}
"""Commits that this version was written for; any other id is pinned to its newest commit when first opened."""

CONNECT_SECONDS = 10
OFFLINE_REMEDY = (
    "without a network, name another source: --source python,shell,bash-tasks (code on this machine), "
    "--source stories (the built-in generator), or --source file:PATH (your own data)"
)

_SPEC = re.compile(
    r"(?P<id>[\w.-]+(?:/[\w.-]+)?)(?:@(?P<revision>[\w./-]+))?(?::(?P<config>[^:]*))?(?::(?P<split>[^:]+))?"
)


@dataclass(frozen=True)
class HubSpec:
    """``hub:ID[@REVISION][:config[:split]]``, taken apart."""

    id: str
    revision: str | None = None
    config: str | None = None
    split: str = "train"

    @classmethod
    def parse(cls, text: str) -> HubSpec:
        match = _SPEC.fullmatch(text)
        if not match:
            raise UsageError(f"hub:{text}: write hub:ID[@REVISION][:config[:split]], as in hub:roneneldan/TinyStories")
        spec = cls(match["id"], match["revision"], match["config"] or None, match["split"] or "train")
        refuse_evaluation_set(spec.id, split=spec.split if match["split"] else None)
        return spec

    def __str__(self) -> str:
        revision = f"@{self.revision}" if self.revision else ""
        return f"{self.id}{revision}:{self.config or ''}:{self.split}"


def pin(spec: HubSpec) -> HubSpec:
    """``spec`` with its revision as a commit hash; asks the hub, once, with a short timeout. Raises Failure offline."""
    revision = spec.revision or PINNED_REVISIONS.get(spec.id)
    if revision and re.fullmatch(r"[0-9a-f]{40}", revision):
        return replace(spec, revision=revision)
    with explained(spec.id):
        from huggingface_hub import HfApi

        return replace(spec, revision=HfApi().dataset_info(spec.id, revision=revision, timeout=CONNECT_SECONDS).sha)


def read_hub(argument: str, options: SourceOptions) -> Iterator[Document]:
    """``hub:ID[@REVISION][:config[:split]]``: the rows of a data set, streamed; ``options.start`` rows are skipped."""
    name = f"hub:{HubSpec.parse(argument).id}"
    for number, id, licence, row in hub_rows(argument, start=options.start):
        try:
            yield document_of_row(row, source=name, id=id, text_field=options.text_field, licence=licence)
        except BadRow as error:
            raise Failure(f"{name}, row {number}: {error}") from None


def hub_rows(argument: str, *, start: int = 0) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """(row number from 0, stable id, the data set's licence, row) of ``ID[@REVISION][:config[:split]]``, streamed."""
    spec = HubSpec.parse(argument)
    with explained(spec.id):
        licence = _licence(spec.id, spec.revision or PINNED_REVISIONS.get(spec.id))
        spec = pin(spec)
        from datasets import load_dataset

        rows = load_dataset(spec.id, spec.config, split=spec.split, revision=spec.revision, streaming=True)
        for number, row in enumerate(rows.skip(start) if start else rows, start=start):
            yield number, f"{spec.id}@{(spec.revision or '')[:8]}:{number}", licence, row


def _licence(id: str, revision: str | None) -> str:
    """The licence of the data set's card; also the first, fast, proof that the hub can be reached."""
    from huggingface_hub import HfApi

    card = HfApi().dataset_info(id, revision=revision, timeout=CONNECT_SECONDS).card_data
    stated = card.get("license") if card else None
    name = stated[0] if isinstance(stated, list) and stated else stated
    return (spdx(name) or name) if isinstance(name, str) else "unknown"


@contextlib.contextmanager
def explained(id: str) -> Iterator[None]:
    """Turn what goes wrong on the way to the hub into a Failure that says what to type instead."""
    # huggingface_hub reads these when it is imported: without them an unreachable hub takes minutes to give up.
    os.environ.setdefault("HF_HUB_ETAG_TIMEOUT", str(CONNECT_SECONDS))
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    from datasets.exceptions import DatasetsError
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        HTTPError,  # of the HTTP library it was built on, which changes between its versions
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    try:
        yield
    except GatedRepoError:
        raise Failure(
            f"hub:{id}: its owner asks you to accept terms first: https://huggingface.co/datasets/{id}"
        ) from None
    except RepositoryNotFoundError:
        raise Failure(f"hub:{id}: no such data set on the hub (or a private one); check the name") from None
    except OfflineModeIsEnabled:
        raise Failure(f"hub:{id}: HF_HUB_OFFLINE forbids the network; {OFFLINE_REMEDY}") from None
    except HfHubHTTPError as error:
        raise Failure(f"hub:{id}: the hub refused: {error}; {OFFLINE_REMEDY}") from None
    except (HTTPError, ConnectionError, TimeoutError) as error:
        raise Failure(
            f"hub:{id}: the hub cannot be reached ({type(error).__name__}: {error}); {OFFLINE_REMEDY}"
        ) from None
    except (DatasetsError, FileNotFoundError, ValueError) as error:
        if isinstance(error, UsageError):
            raise
        raise Failure(f"hub:{id}: cannot be read: {error}") from None

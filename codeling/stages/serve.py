"""`codeling serve`: a checkpoint behind an HTTP server."""

from __future__ import annotations

import sys
from pathlib import Path

from codeling.checkpoint import load_model
from codeling.generate.service import EngineService, ServiceLimits
from codeling.runtime.device import prepare_device, resolve_device
from codeling.runtime.paths import Workspace
from codeling.serve.backend import Backend
from codeling.serve.client_settings import client_settings
from codeling.serve.config import ServeConfig
from codeling.serve.generation import Generator
from codeling.serve.http_server import serve
from codeling.serve.metrics import Metrics
from codeling.serve.model import ServedModel
from codeling.stages.complete import find_checkpoint


def serve_command(config: ServeConfig) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    config.check()
    needs_key = bool(config.key())
    path = find_checkpoint(config.checkpoint, Workspace(config.workdir))
    chosen = "" if config.checkpoint else " (the most advanced one; another with --checkpoint FILE)"
    _say(f"Loading {path}{chosen}")

    def ready(backend: Backend, url: str) -> None:
        if not backend.model.can_chat:
            _say(
                f"This model comes from stage {backend.model.stage!r}: it completes text and code, and has not learnt "
                f"to chat or to call tools."
            )
        print(client_settings(backend.model, url=url, needs_key=needs_key), flush=True)
        _say(f"\nServing {backend.model.name} at {url}, in a browser too - Ctrl-C ends it")

    serve(lambda metrics: load_backend(path, config, metrics), config, on_ready=ready)


def load_backend(path: Path, config: ServeConfig, metrics: Metrics) -> Backend:
    """The model of a checkpoint, ready to be asked."""
    device = resolve_device(config.device)
    prepare_device(device)
    loaded = load_model(path, device=device)
    model = ServedModel(
        name=config.model_name or path.stem,
        tokenizer=loaded.tokenizer,
        context=loaded.model.config.max_sequence_length,
        num_parameters=sum(parameter.numel() for parameter in loaded.model.parameters()),
        info=loaded.info,
        aliases=config.model_aliases,
    )
    model.grammars  # noqa: B018 - built now, so that no request waits for it
    limits = ServiceLimits(
        max_rows=config.max_batch, max_waiting=config.max_queue, kv_bytes=int(config.cache_gigabytes * 2**30)
    )
    service = EngineService(loaded.model, limits)
    return Backend(model, Generator(service, metrics, timeout_seconds=config.timeout_seconds), config, metrics)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)

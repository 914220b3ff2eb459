"""The fork server of these tests: processes that have imported everything before, so that one costs 50 ms, not 4 s.

multiprocessing starts one per session, with the first process and with the modules it is told of then; so all tests
tell it of the same.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

MODULES = [
    "codeling.stages.pipeline",
    "codeling.stages.training",
    "codeling.rlhf.align",
    "codeling.rlhf.dpo",
    "torch.utils.tensorboard",
    "torch._dynamo",  # torch.optim imports it with the first optimizer, which takes longer than most runs here
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "PIL.PngImagePlugin",
    "tyro",
    "typeguard",
    "docstring_parser",
]


def context() -> ForkServerContext:
    """What ``Process`` and ``Pipe`` of such a process come from."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(MODULES)
    return server

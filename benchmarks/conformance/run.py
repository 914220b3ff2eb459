"""Runs clients and suites that others wrote against `codeling serve`.

    python benchmarks/conformance/run.py                       all of them, on the best checkpoint in models/
    python benchmarks/conformance/run.py schemathesis --checkpoint models/tool_model_best.pth

Each has an environment of its own in .conformance/, made on the first run with pinned versions, because their pins
clash with each other's and with ours; llama.cpp needs none, its wheel is among our requirements. The server is a real
one, on a free port, for as long as the suites take. What passes and what does not, and why, is in
docs/05-DEPLOYMENT.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from codeling.runtime.paths import Workspace
from codeling.stages.complete import find_checkpoint

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".conformance"
NAMES = ("codeling", "gpt-6-astra", "gpt-3.5-turbo-instruct", "ft:gpt-4o-mini:acemeco:suffix:abc123")
"""Models that the suites ask for."""
MAX_TOKENS = "64"
"""Of a completion for which a suite names no limit; a tiny model seldom ends by itself."""


@dataclass(frozen=True)
class Suite:
    """``packages`` for pip or npm, none to run in this project's environment; ``command`` from (the environment's
    program folder, the server's URL). The checkpoint's path is in CODELING_CHECKPOINT.
    """

    packages: tuple[str, ...]
    command: Callable[[Path, str], list[str]]
    is_node: bool = False


def _python(script: str) -> Callable[[Path, str], list[str]]:
    return lambda programs, url: [str(programs / "python"), str(HERE / script), url]


SUITES = {
    "anthropic": Suite(("anthropic==2.14.0",), _python("anthropic_client.py")),
    "ollama": Suite(("ollama==0.6.3",), _python("ollama_client.py")),
    "litellm": Suite(("litellm==1.110.2",), _python("litellm_client.py")),
    "llama-cpp": Suite((), _python("llama_cpp_twin.py")),
    "openai": Suite(
        ("openai[aiohttp]==3.57.0", "pytest==9.2.0", "pytest-asyncio==1.5.0", "pytest-xdist==3.8.0", "rich==15.0.0"),
        _python("openai_sdist.py"),
    ),
    "langchain": Suite(
        ("langchain-openai==1.7.4", "langchain-tests==1.1.9"),
        lambda programs, _: [
            str(programs / "python"),
            "-m",
            "pytest",
            "-q",
            "-rxX",
            "--tb=short",
            "-c",
            os.devnull,
            "--rootdir",
            str(HERE),
            "-p",
            "no:cacheprovider",
            "-p",
            "expected_failures",
            "--asyncio-mode=auto",
            # Its tests share connections, which belong to an event loop.
            "-o",
            "asyncio_default_test_loop_scope=session",
            "-o",
            "asyncio_default_fixture_loop_scope=session",
            str(HERE / "langchain_suite.py"),
        ],
    ),
    "schemathesis": Suite(
        ("schemathesis==4.32.5",),
        lambda programs, url: [
            str(programs / "schemathesis"),
            "--config-file",
            str(HERE / "schemathesis.toml"),
            "run",
            f"{url}/openapi.json",
            "--max-examples",
            "10",
            "--seed",
            "1",
            "--phases",
            "coverage,fuzzing",
            "--continue-on-failure",
            "--no-shrink",
            "--max-time",
            "600",
            "--request-timeout",
            "60",
        ],
    ),
    "node": Suite(
        ("openai@7.59.0", "ai@7.0.173", "@ai-sdk/openai-compatible", "zod"),
        lambda programs, url: ["node", str(programs / "node_clients.mjs"), url],
        is_node=True,
    ),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="*", help=f"which ones: {', '.join(SUITES)}; default: all")
    parser.add_argument("--checkpoint", type=Path, help="default: the best one in models/")
    arguments = parser.parse_args()
    names = arguments.suites or list(SUITES)
    if unknown := set(names) - SUITES.keys():
        parser.error(f"no suite {', '.join(sorted(unknown))}; there are: {', '.join(SUITES)}")
    checkpoint = find_checkpoint(arguments.checkpoint, Workspace(Path()))
    server, url = _serve(checkpoint)
    results: dict[str, bool] = {}
    try:
        for name in names:
            print(f"=== {name}", flush=True)
            command = SUITES[name].command(_environment(name, SUITES[name]), url)
            environment = os.environ | {"CODELING_URL": url, "OPENAI_API_KEY": "none"}
            environment["CODELING_CHECKPOINT"] = str(checkpoint)
            environment["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or it looks for prices on the network
            if SUITES[name].packages:
                environment["PYTHONPATH"] = str(HERE)  # with the plugin, and without us
            results[name] = subprocess.run(command, env=environment, check=False).returncode == 0
    finally:
        server.terminate()
        server.wait()
    for name, passed in results.items():
        print(f"{'pass' if passed else 'FAIL'}  {name}")
    return 0 if all(results.values()) else 1


def _serve(checkpoint: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "codeling", "serve", "--port", "0", "--no-access-log"]
    command += ["--checkpoint", str(checkpoint), "--max-tokens", MAX_TOKENS, "--model-aliases", *NAMES]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    for line in server.stderr:
        if line.startswith("Serving "):
            return server, line.split(" at ")[1].split(",")[0]
        print(line, end="")
    raise SystemExit(f"the server did not start: exit status {server.wait()}")


def _environment(name: str, suite: Suite) -> Path:
    """The folder with the environment's programs; made when it is not there."""
    if not suite.packages:
        return Path(sys.executable).parent
    folder = ENVIRONMENTS / name
    if suite.is_node:
        if not (folder / "node_modules").exists():
            folder.mkdir(parents=True, exist_ok=True)
            subprocess.run(["npm", "install", "--silent", "--prefix", str(folder), *suite.packages], check=True)
        # A module finds its packages from where it is.
        script = folder / "node_clients.mjs"
        script.write_text((HERE / "node_clients.mjs").read_text(encoding="utf-8"), encoding="utf-8")
        return folder
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *suite.packages], check=True)
    return folder / "bin"


if __name__ == "__main__":
    sys.exit(main())

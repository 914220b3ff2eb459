"""Runs clients and suites that others wrote against `codeling serve`.

    python benchmarks/conformance/run.py                       all of them, on the best checkpoint in models/
    python benchmarks/conformance/run.py schemathesis --checkpoint models/tool_model_best.pth

Each has an environment of its own in .conformance/, made on the first run with pinned versions, because their pins
clash with each other's and with ours. The server is a real one, on a free port, for as long as the suites take. What
passes and what does not, and why, is in docs/05-DEPLOYMENT.md.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENTS = HERE.parents[1] / ".conformance"


@dataclass(frozen=True)
class Suite:
    """``packages`` for pip or npm; ``command`` from (the environment's program folder, the server's URL)."""

    packages: tuple[str, ...]
    command: Callable[[Path, str], list[str]]
    is_node: bool = False


def _python(script: str) -> Callable[[Path, str], list[str]]:
    return lambda programs, url: [str(programs / "python"), str(HERE / script), url]


SUITES = {
    "anthropic": Suite(("anthropic==2.14.0",), _python("anthropic_client.py")),
    "ollama": Suite(("ollama==0.6.3",), _python("ollama_client.py")),
    "litellm": Suite(("litellm==1.110.2",), _python("litellm_client.py")),
    "langchain": Suite(
        ("langchain-openai==1.7.4", "langchain-tests==1.1.9"),
        lambda programs, _: [
            str(programs / "python"),
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "--asyncio-mode=auto",
            str(HERE / "langchain_suite.py"),
        ],
    ),
    "schemathesis": Suite(
        ("schemathesis==4.32.5",),
        lambda programs, url: [
            str(programs / "schemathesis"),
            "run",
            f"{url}/openapi.json",
            "--max-examples",
            "15",
            "--seed",
            "1",
            "--exclude-checks",
            "positive_data_acceptance",
            "--phases",
            "examples,coverage,fuzzing",
            "--continue-on-failure",
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
    parser.add_argument("--checkpoint", help="default: the best one in models/")
    arguments = parser.parse_args()
    names = arguments.suites or list(SUITES)
    if unknown := set(names) - SUITES.keys():
        parser.error(f"no suite {', '.join(sorted(unknown))}; there are: {', '.join(SUITES)}")
    server, url = _serve(arguments.checkpoint)
    results: dict[str, bool] = {}
    try:
        for name in names:
            print(f"=== {name}", flush=True)
            command = SUITES[name].command(_environment(name, SUITES[name]), url)
            environment = os.environ | {"CODELING_URL": url, "OPENAI_API_KEY": "none"}
            environment["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # or it looks for prices on the network
            environment.pop("PYTHONPATH", None)  # theirs, not ours
            results[name] = subprocess.run(command, env=environment, check=False).returncode == 0
    finally:
        server.terminate()
        server.wait()
    for name, passed in results.items():
        print(f"{'pass' if passed else 'FAIL'}  {name}")
    return 0 if all(results.values()) else 1


def _serve(checkpoint: str | None) -> tuple[subprocess.Popen[str], str]:
    more = ["--checkpoint", checkpoint] if checkpoint else []
    command = [sys.executable, "-m", "codeling", "serve", "--port", "0", "--no-access-log", *more]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert server.stderr is not None
    for line in server.stderr:
        if line.startswith("Serving "):
            return server, line.split(" at ")[1].split()[0]
        print(line, end="")
    raise SystemExit(f"the server did not start: exit status {server.wait()}")


def _environment(name: str, suite: Suite) -> Path:
    """The folder with the environment's programs; made when it is not there."""
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

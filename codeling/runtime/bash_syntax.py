"""Does a text parse as Bash? Answered by ``bash -n`` itself, which reads commands and executes none of them.

One short-lived process per text is the only exact method: glued together, the open quote of one text can be closed
by the next. A process costs about 2 ms, and a few threads keep all cores busy, so a thousand texts take a second.

What it does NOT say: that a command exists, that its options are right, or that it is safe to run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from codeling.errors import Failure

MAX_BYTES = 1 << 20  # a longer "script" is a runaway generation; parsing it would only cost time and memory


def find_bash() -> str:
    """The absolute path of ``bash``; a Failure with the remedy where there is none."""
    path = shutil.which("bash")
    if path is None:
        raise Failure(
            "bash: not found on PATH, and only bash can tell whether a text is valid Bash; "
            "install it (Debian/Ubuntu: apt-get install bash, Alpine: apk add bash, macOS: brew install bash)"
        )
    return path


def check_bash_syntax(texts: Sequence[str], *, timeout_seconds: float = 10.0, workers: int | None = None) -> list[bool]:
    """For each text, whether ``bash -n`` accepts it. Safe for arbitrary model output: nothing in it is executed.

    >>> check_bash_syntax(["echo hello", "if true; then"])
    [True, False]

    Args:
        texts: whole scripts or single commands.
        timeout_seconds: per text; a text that takes longer to parse counts as invalid.
        workers: threads, each waiting for one ``bash``; by default one per core, at most 8.

    Raises Failure where the machine has no bash.
    """
    return [message is None for message in bash_syntax_errors(texts, timeout_seconds=timeout_seconds, workers=workers)]


def bash_syntax_errors(
    texts: Sequence[str], *, timeout_seconds: float = 10.0, workers: int | None = None
) -> list[str | None]:
    """Like `check_bash_syntax`, but what bash says about each text: None where it parses, else the first complaint."""
    if not texts:
        return []
    bash = find_bash()
    workers = workers or min(8, os.cpu_count() or 1)
    if workers == 1 or len(texts) == 1:
        return [_syntax_error(bash, text, timeout_seconds) for text in texts]
    with ThreadPoolExecutor(max_workers=min(workers, len(texts))) as pool:
        return list(pool.map(lambda text: _syntax_error(bash, text, timeout_seconds), texts))


def _syntax_error(bash: str, text: str, timeout_seconds: float) -> str | None:
    # Bash drops NUL bytes silently and would then judge another text than the one it was given.
    if "\0" in text:
        return "contains a NUL character"
    script = text.encode("utf-8", "surrogatepass")
    if len(script) > MAX_BYTES:
        return f"{len(script)} bytes, more than the {MAX_BYTES} that are looked at"
    # A file, not a pipe: bash reads a pipe one byte per system call, and no writer can block on it.
    with tempfile.TemporaryFile() as file:
        file.write(script)
        file.seek(0)
        try:
            result = subprocess.run(
                [bash, "--noprofile", "--norc", "-n", "-s"],
                stdin=file,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                # An empty environment: no BASH_ENV to source, no exported functions, the same locale everywhere.
                env={"LC_ALL": "C"},
                close_fds=False,  # lets Python use vfork, several times faster from a large process
                timeout=timeout_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return f"still parsing after {timeout_seconds:g} seconds"
    if result.returncode == 0:
        return None
    lines = result.stderr.decode("utf-8", "replace").splitlines()
    return lines[0] if lines else f"bash ended with status {result.returncode}"

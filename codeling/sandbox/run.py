"""Run one program that nobody has read: the one door through which model-written code is executed.

    >>> run("python", "print(6 * 7)").stdout
    '42\\n'

What contains it, and what that does not protect against, is in docs/SANDBOX.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from codeling.sandbox.backend import find_backend
from codeling.sandbox.limits import Limits
from codeling.sandbox.process import Job, Language, SandboxProcess
from codeling.sandbox.result import Result
from codeling.sandbox.workspace import Workspace

_NO_FILES: Mapping[str, str | bytes] = MappingProxyType({})


def run(
    language: Language,
    code: str,
    *,
    stdin: str = "",
    files: Mapping[str, str | bytes] = _NO_FILES,
    limits: Limits | None = None,
    workspace: Workspace | None = None,
    collect: bool = False,
    unsafe: bool = False,
) -> Result:
    """Run ``code`` alone in a sandbox of its own and return how it ended; never raises for what the program does.

    Args:
        language: ``python`` (the standard library only) or ``bash``.
        stdin: what the program can read; nothing by default.
        files: content by relative path, put into the program's folder, which is its working directory.
        limits: bounds on time, memory, output, files and processes; `Limits()` by default.
        workspace: its files are there at the start, and it holds what the program left afterwards.
        collect: return the files that the program left, as ``Result.files`` (always with a workspace).
        unsafe: run it WITHOUT containment, with the rights of this user; must be asked for explicitly.

    Raises UsageError where the machine has no means of containment, or a file's name leaves the folder.
    """
    limits = limits or Limits()
    job = Job(language, code, stdin=stdin, files=files, collect=collect or workspace is not None)
    if workspace is not None:
        job = replace(job, files={**workspace.files(), **files})
    with SandboxProcess(find_backend(unsafe=unsafe), limits) as process:
        result = process.execute(job)
    if workspace is not None:
        workspace.replace(result.files)
    return result

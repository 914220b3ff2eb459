"""``read_file``, ``write_file``, ``list_files``: the files of one conversation's workspace, and no others.

The workspace holds plain files and folders only (the sandbox takes over nothing else from a program), so a name
without ``..`` stays inside. A symbolic link could only have been put there by a person; it is refused all the same.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from codeling.tools.context import ToolContext, ToolError, shorten, to_json

MAX_ENTRIES = 100
"""Files and folders listed at most."""


def read_file(arguments: dict[str, Any], context: ToolContext) -> str:
    """``{"content": "..."}``, shortened in the middle when it is long; a part with ``first_line`` and ``last_line``."""
    text = read_text(arguments["path"], context)
    first, last = arguments.get("first_line", 1), arguments.get("last_line")
    if first > 1 or last is not None:
        lines = text.splitlines(keepends=True)
        if first > len(lines) or (last is not None and last < first):
            asked = f"line {first} and after" if last is None else f"lines {first} to {last}"
            raise ToolError(f"{arguments['path']} has {len(lines)} lines, so there is nothing in {asked}")
        text = "".join(lines[first - 1 : last])
    return to_json({"content": shorten(text, context.max_characters)})


def write_file(arguments: dict[str, Any], context: ToolContext) -> str:
    """``{"path", "bytes"}``; makes the folders on the way, replaces the file or, with ``append``, adds to it."""
    path = _inside(arguments["path"], context)
    target = context.workspace.path / path
    if path == "." or arguments["path"].endswith("/") or target.is_dir():
        raise ToolError(f"{arguments['path']} is a folder; give the path of a file, such as notes.txt")
    data = arguments["content"].encode("utf-8", "replace")
    if arguments.get("append", False) and target.is_file():
        data = context.workspace.read(path) + data
    _check_room(path, len(data), context)
    context.workspace.write(path, data)
    return to_json({"path": path, "bytes": len(data)})


def list_files(arguments: dict[str, Any], context: ToolContext) -> str:
    """``{"files": [{"path", "bytes"}]}`` of a folder and all below it, by path; folders end with a slash."""
    path = arguments.get("path", ".")
    if not is_folder(path, context):
        raise ToolError(f"{path} is a file; read_file shows it" if _exists(path, context) else _absent(path))
    names = files_below(path, context)
    entries: list[dict[str, Any]] = []
    for name in names[:MAX_ENTRIES]:
        size = {} if name.endswith("/") else {"bytes": (context.workspace.path / name).lstat().st_size}
        entries.append({"path": name.encode("utf-8", "replace").decode("utf-8"), **size})
    answer: dict[str, Any] = {"files": entries}
    if len(names) > MAX_ENTRIES:
        answer["note"] = f"the first {MAX_ENTRIES} of {len(names)}"
    return to_json(answer)


def read_text(path: str, context: ToolContext) -> str:
    """The text of a workspace file; a ToolError when it is absent or not text."""
    name = _inside(path, context)
    if is_folder(path, context):
        raise ToolError(f"{path} is a folder; list_files shows what is in it")
    if not _exists(path, context):
        raise ToolError(_absent(path))
    try:
        return context.workspace.read(name).decode("utf-8")
    except UnicodeDecodeError:
        raise ToolError(f"{path} is not a text file (UTF-8)") from None


def is_folder(path: str, context: ToolContext) -> bool:
    """Whether ``path`` is a folder of the workspace, or the workspace itself."""
    return (context.workspace.path / _inside(path, context)).is_dir()


def files_below(path: str, context: ToolContext) -> list[str]:
    """Paths of all files and folders in the folder ``path``, sorted; folders end with a slash."""
    prefix = _inside(path, context)
    names = context.workspace.list()
    return (
        names if prefix == "." else [name for name in names if name.startswith(f"{prefix}/") and name != f"{prefix}/"]
    )


def _inside(path: str, context: ToolContext) -> str:
    """``path`` in its plain form, "." for the workspace itself; a ToolError when it leads out of the workspace."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        raise ToolError(f"{path!r} is no file name") from None
    plain = PurePosixPath(path)
    if "\0" in path or len(path) > 1000 or any(len(part.encode()) > 255 for part in plain.parts):
        raise ToolError(f"{path[:100]!r} is no file name")
    if plain.is_absolute() or ".." in plain.parts:
        raise ToolError(f"{path} is outside the workspace; give a path inside it, such as notes.txt")
    root = context.workspace.path.resolve()
    if (root / plain).resolve() != root / plain:
        raise ToolError(f"{path} is or contains a symbolic link, which is not followed")
    return plain.as_posix()


def _exists(path: str, context: ToolContext) -> bool:
    return (context.workspace.path / _inside(path, context)).is_file()


def _absent(path: str) -> str:
    return f"{path}: no such file or folder; list_files shows what there is"


def _check_room(path: str, size: int, context: ToolContext) -> None:
    """Programs get the whole workspace, so it may not hold more than a program may have."""
    limits = context.limits
    if size > limits.file_bytes:
        raise ToolError(f"{path} would have {size} bytes; a file may have {limits.file_bytes}")
    others = [name for name in context.workspace.list() if name != path]
    folders = len(PurePosixPath(path).parts) - 1
    if len(others) + folders + 1 > limits.files:
        raise ToolError(f"the workspace is full: it holds {len(others)} files and folders of {limits.files}")
    used = sum((context.workspace.path / name).lstat().st_size for name in others if not name.endswith("/"))
    if used + size > limits.disk_bytes:
        raise ToolError(f"the workspace is full: {used} bytes are used of {limits.disk_bytes}")

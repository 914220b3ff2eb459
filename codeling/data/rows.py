"""A row of a data set (a mapping of fields) -> a Document: which field is the text, and what language it is in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from codeling.data.document import Document
from codeling.data.languages import normalise_language

Row = Mapping[str, Any]


class BadRow(ValueError):
    """A row without usable text; the caller knows file and line and says so."""


def document_of_row(row: Row, *, source: str, id: str, text_field: str | None = None, licence: str = "") -> Document:
    """The row as a document. Raises BadRow when no text can be found.

    With ``text_field`` only that field is read. Otherwise the shapes of ``SHAPES`` are tried in order. Language and
    licence come from the row's own fields (lang, language; license, licence) where it has them.
    """
    if text_field is not None:
        if text_field not in row:
            raise BadRow(f"no field '{text_field}' (fields: {', '.join(row)}); name another with --text-field")
        text, language = _string(row, text_field), "text"
    else:
        text, language = _recognise(row)
    stated = row.get("lang") or row.get("language")
    if isinstance(stated, str):
        language = normalise_language(stated)
    row_licence = row.get("license") or row.get("licence")
    return Document(
        text=text,
        source=source,
        language=language,
        licence=row_licence if isinstance(row_licence, str) else licence or "unknown",
        id=id,
    )


def _recognise(row: Row) -> tuple[str, str]:
    for fields, (language, render) in SHAPES.items():
        if all(field in row for field in fields):
            return render(*(_string(row, field) for field in fields)), language
    raise BadRow(f"no text in fields {', '.join(map(str, row)) or '(none)'}; name the one to use with --text-field")


def _string(row: Row, field: str) -> str:
    value = row[field]
    if not isinstance(value, str):
        raise BadRow(f"field '{field}' is {type(value).__name__}, not text")
    return value


def _comment(text: str, mark: str) -> str:
    return "\n".join(f"{mark} {line}".rstrip() for line in text.strip().splitlines())


def _bash_task(instruction: str, command: str) -> str:
    return f"{_comment(instruction, '#')}\n{command}\n"


def _question_and_answer(question: str, answer: str) -> str:
    return f"{question.strip()}\n\n{answer.strip()}\n"


SHAPES: dict[tuple[str, ...], tuple[str, Callable[..., str]]] = {
    ("text",): ("text", str),
    ("content",): ("text", str),
    ("instruction", "command"): ("bash", _bash_task),
    ("nl", "bash"): ("bash", _bash_task),
    ("prompt", "code"): ("python", lambda prompt, code: f"{_comment(prompt, '#')}\n{code}\n"),
    ("question", "context", "answer"): (
        "sql",
        lambda question, context, answer: f"{context.strip()}\n{_comment(question, '--')}\n{answer.strip()}\n",
    ),
    ("original_string",): ("text", str),
    ("code",): ("text", str),
    ("query", "answer"): ("markdown", _question_and_answer),
    ("instruction", "output"): ("markdown", _question_and_answer),
    ("story",): ("text", str),
}
"""Fields a row must have -> (language unless the row states one, how the fields become text); first match wins."""

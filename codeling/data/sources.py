"""Where documents come from: ``open_source("python,shell,bash-tasks")`` -> a stream of Documents.

A source is one entry in ``SOURCES``: a name and a function from its argument and the options to documents.
Every source is deterministic (same machine, same arguments: same documents in the same order) and streams.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from codeling.config import did_you_mean
from codeling.data.document import Document
from codeling.data.source_files import read_files, read_tree
from codeling.data.source_hub import HubSpec, pin, read_hub
from codeling.data.source_machine import read_python, read_shell
from codeling.data.source_options import SourceOptions
from codeling.errors import UsageError

DEFAULT_STORIES = 50_000
DEFAULT_BASH_TASKS = 60_000
DEFAULT_CODE_TASKS = 20_000
DEFAULT_TOOL_CALLS = 10_000


def open_source(
    spec: str,
    *,
    seed: int = 0,
    limit: int | None = None,
    text_field: str | None = None,
    options: SourceOptions | None = None,
) -> Iterator[Document]:
    """The documents of a comma-separated list of sources, one source after the other.

    Grammar: ``hub:ID[@REVISION][:config[:split]]``, ``file:PATH``, ``dir:PATH``, ``python[:N]``, ``shell[:N]``,
    ``stories[:N]``, ``bash-tasks[:N]``, ``code-tasks[:N]``, ``tool-calls[:N]``. ``limit`` is per source. ``options``
    carries the rarer settings; seed, limit and text_field override it. What is wrong with the list is a UsageError at
    once, before anything is read.

    >>> [d.language for d in open_source("stories:1,bash-tasks:1")]
    ['text', 'bash']
    """
    shared = options or SourceOptions()
    changes = {"seed": seed, "limit": limit, "text_field": text_field}
    shared = replace(shared, **{key: value for key, value in changes.items() if value})
    return itertools.chain.from_iterable([open_one(one, shared) for one in split_specs(spec)])


def open_one(spec: str, options: SourceOptions) -> Iterator[Document]:
    """The documents ``options.start`` to ``options.limit`` of a single source (an element of ``split_specs``)."""
    name, _, argument = spec.partition(":")
    if name in _OF_THIS_MACHINE and argument:
        most = _count(name, argument)
        options, argument = replace(options, limit=min(most, options.limit or most)), ""
    begins_there = name in ("hub", *_GENERATORS)
    documents = SOURCES[name](argument, options)
    return itertools.islice(documents, *_window(options, begins_there=begins_there))


def _window(options: SourceOptions, *, begins_there: bool) -> tuple[int, int | None]:
    if options.limit is None:
        return (0 if begins_there else options.start), None
    if begins_there:
        return 0, max(0, options.limit - options.start)
    return min(options.start, options.limit), options.limit


def split_specs(spec: str) -> list[str]:
    """Take a comma-separated list of sources apart; a name or a shape that cannot be meant is a UsageError."""
    specs = [part.strip() for part in spec.split(",")]
    for one in specs:
        name, colon, argument = one.partition(":")
        if name not in SOURCES:
            raise UsageError(f"--source {spec}: unknown source '{name}'{did_you_mean(name, SOURCES)}")
        if name in ("hub", "file", "dir") and not argument:
            raise UsageError(f"--source {spec}: '{name}' needs a value, as in {_EXAMPLES[name]}")
        if name == "hub":
            HubSpec.parse(argument)
        elif name in _GENERATORS:
            _generator_count(name, argument if colon else None)
        elif name in _OF_THIS_MACHINE and colon:
            _count(name, argument)
    return specs


def pin_specs(specs: Sequence[str]) -> list[str]:
    """The same list with every hub entry pinned to a commit, so that a later run reads the same rows."""
    return [f"hub:{pin(HubSpec.parse(spec[4:]))}" if spec.startswith("hub:") else spec for spec in specs]


def _read_stories(argument: str, options: SourceOptions) -> Iterator[Document]:
    """``stories[:N]``: N generated children's stories."""
    from codeling.data.stories import generate_stories

    count = _generator_count("stories", argument or None, limit=options.limit)
    return generate_stories(seed=options.seed, limit=max(0, count - options.start), start=options.start)


def _read_bash_tasks(argument: str, options: SourceOptions) -> Iterator[Document]:
    """``bash-tasks[:N]``: N generated pairs of an instruction and the command or script for it."""
    from codeling.data.bash_tasks import generate_bash_tasks

    count = _generator_count("bash-tasks", argument or None, limit=options.limit)
    return generate_bash_tasks(seed=options.seed, limit=max(0, count - options.start), start=options.start)


def _read_code_tasks(argument: str, options: SourceOptions) -> Iterator[Document]:
    """``code-tasks[:N]``: N generated small tasks of stage 4's training families, each solved: comment or head of a
    function, then the command or body. The families and values of its tests are never among them."""
    from codeling.tasks.generate import generate_texts

    count = _generator_count("code-tasks", argument or None, limit=options.limit)
    texts = itertools.islice(generate_texts("train", seed=options.seed, limit=count), options.start, None)
    for language, identity, text in texts:
        yield Document(text.prompt + text.solution, "code-tasks", language, "CC0-1.0", identity)


def _read_tool_calls(argument: str, options: SourceOptions) -> Iterator[Document]:
    """``tool-calls[:N]``: the text of N generated conversations with tool calls, without the tokens of the format.

    For vocabularies: training on conversations takes ``codeling data prepare-tools``, which knows whose words they are.
    """
    from codeling.chat.render import pieces
    from codeling.data.tool_conversations import generate_conversations

    count = _generator_count("tool-calls", argument or None, limit=options.limit)
    examples = generate_conversations(seed=options.seed, limit=max(0, count - options.start), start=options.start)
    for example in examples:
        conversation = example.conversation
        parts = pieces(conversation.messages, conversation.tools)
        text = "\n".join(part.text.strip("\n") for part in parts if not part.is_token and part.text.strip("\n"))
        yield Document(text=text, source="tool-calls", language="json", licence="CC0-1.0", id=example.id)


def _generator_count(name: str, argument: str | None, *, limit: int | None = None) -> int:
    """How many documents a generator makes in all: as typed, else the limit, else its default."""
    if argument is None:
        return limit or _GENERATORS[name]
    count = _count(name, argument)
    return min(count, limit or count)


def _count(name: str, argument: str) -> int:
    if not argument.isdecimal() or int(argument) < 1:
        raise UsageError(f"--source {name}:{argument}: the number of documents is a whole number above 0")
    return int(argument)


_GENERATORS = {
    "stories": DEFAULT_STORIES,
    "bash-tasks": DEFAULT_BASH_TASKS,
    "code-tasks": DEFAULT_CODE_TASKS,
    "tool-calls": DEFAULT_TOOL_CALLS,
}
_OF_THIS_MACHINE = ("python", "shell")
_EXAMPLES = {"hub": "hub:roneneldan/TinyStories", "file": "file:data/my.jsonl", "dir": "dir:~/my-project"}

SOURCES: dict[str, Callable[[str, SourceOptions], Iterator[Document]]] = {
    "hub": read_hub,
    "file": read_files,
    "dir": read_tree,
    "python": read_python,
    "shell": read_shell,
    "stories": _read_stories,
    "bash-tasks": _read_bash_tasks,
    "code-tasks": _read_code_tasks,
    "tool-calls": _read_tool_calls,
}
"""Name -> function; to add a source, write the function and its line here."""

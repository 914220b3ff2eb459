"""`codeling chat`: talk with a checkpoint in the terminal; it can run tools, and both sides see what they answer.

On a terminal there are colours, a prompt and line editing. From a pipe every line is a message, and only the
conversation goes to standard output; remarks about it always go to standard error.
"""

from __future__ import annotations

import contextlib
import io
import sys
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from codeling.agent import Agent, Answered, Called, Done, Event, Forgotten, TextDelta
from codeling.chat.conversation import Conversation
from codeling.chat.encode import encode
from codeling.chat.messages import Message
from codeling.checkpoint import LoadedModel, load_model
from codeling.config import did_you_mean
from codeling.errors import Failure, UsageError
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.runtime.device import prepare_device, resolve_device
from codeling.runtime.files import write_json
from codeling.runtime.paths import Workspace as Folders
from codeling.sandbox.backend import find_backend
from codeling.sandbox.workspace import Workspace
from codeling.stages.chat_config import ChatConfig
from codeling.stages.complete import find_checkpoint
from codeling.tokenizer.bpe import Tokenizer
from codeling.tools.calls import call_json
from codeling.tools.catalog import CATALOG, choose_tools
from codeling.tools.context import ExecutableTool, ToolContext, shorten

_CHAT_STAGES = ("tools", "rlhf")
_SHOWN_CHARACTERS = 600  # of a tool's call or result; the model sees more
_DIM, _PLAIN = "\x1b[2m", "\x1b[0m"
_HELP = """Type a message; end a line with \\ to go on in the next. Ctrl-C ends an answer, Ctrl-D the chat.
  /tools      the tools that the model may call
  /reset      forget the conversation and delete its files
  /save FILE  write the conversation as JSON
  /help       this
  /quit       leave"""


def chat(config: ChatConfig) -> None:
    """Run the chat until the input ends."""
    sampling = Sampling(
        temperature=config.temperature,
        top_k=config.top_k,
        top_p=config.top_p,
        min_p=config.min_p,
        repetition_penalty=config.repetition_penalty,
        max_tokens=config.max_tokens,
        seed=config.seed,
    )
    asked = None if config.tools == "auto" else choose_tools(name.strip() for name in config.tools.split(","))
    if config.max_rounds < 1:
        raise UsageError(f"--max-rounds {config.max_rounds}: must be at least 1")
    folders = Folders(config.workdir)
    path = find_checkpoint(config.checkpoint, folders)
    device = resolve_device(config.device)
    prepare_device(device)
    loaded = load_model(path, device=device)
    engine = Engine(loaded.model, max_batch=1)
    tools, sandbox = _runnable(CATALOG if asked is None else asked, explicit=asked is not None, config=config)
    tools = _fitting(tools, loaded, context=engine.context, system=config.system, explicit=asked is not None)
    screen = Screen()
    screen.note(_introduction(path, loaded, tools, sandbox=sandbox, folders=folders))
    with Workspace() as workspace:
        agent = Agent(
            engine,
            loaded.tokenizer,
            tools,
            context=ToolContext(workspace, unsafe=config.unsafe_exec),
            sampling=sampling,
            max_rounds=config.max_rounds,
            constrained=config.constrained,
            log=None if config.log is None else folders.root / config.log,
        )
        Chat(agent, tools, workspace, screen, system=config.system).run()


def _runnable(
    tools: Mapping[str, ExecutableTool], *, explicit: bool, config: ChatConfig
) -> tuple[dict[str, ExecutableTool], str]:
    """The tools that can run on this machine, and what contains them; those asked for by name must all be able to."""
    if not any(tool.runs_code for tool in tools.values()):
        return dict(tools), ""
    try:
        return dict(tools), find_backend(unsafe=config.unsafe_exec).describe()
    except UsageError:
        if explicit:
            raise
        rest = {name: tool for name, tool in tools.items() if not tool.runs_code}
        return rest, "none on this machine, so nothing is executed (codeling doctor says what is missing)"


def _fitting(
    tools: Mapping[str, ExecutableTool], loaded: LoadedModel, *, context: int, system: str, explicit: bool
) -> dict[str, ExecutableTool]:
    """``tools`` if they were asked for and fit into the context; otherwise the first of them that fill half of it."""
    if explicit:
        if (needed := _prompt_tokens(loaded.tokenizer, tools, system)) >= context:
            raise UsageError(
                f"--tools: the descriptions of {len(tools)} tools need {needed} tokens, the model's context has "
                f"{context}; choose fewer, such as --tools execute_python,execute_bash"
            )
        return dict(tools)
    # Beyond the length that it was trained on a model is lost, even where its context goes on.
    trained = loaded.info.get("train", {}).get("sequence_length") or context
    chosen: dict[str, ExecutableTool] = {}
    for name, tool in tools.items():
        if _prompt_tokens(loaded.tokenizer, chosen | {name: tool}, system) <= min(context, trained) // 2:
            chosen[name] = tool
    return chosen


def _prompt_tokens(tokenizer: Tokenizer, tools: Mapping[str, ExecutableTool], system: str) -> int:
    messages = [*([Message("system", system)] if system else []), Message("user", "")]
    offered = [entry.tool for entry in tools.values()]
    return len(encode(tokenizer, messages, offered, add_generation_prompt=True).ids)


def _introduction(
    path: Path, loaded: LoadedModel, tools: Mapping[str, ExecutableTool], *, sandbox: str, folders: Folders
) -> str:
    stage = loaded.info.get("stage")
    lines = [f"{path}; tools: {', '.join(tools) or 'none'}; /help lists the commands"]
    if sandbox:
        lines.append(f"sandbox: {sandbox}")
    if stage not in _CHAT_STAGES:
        lines.append(
            f"This checkpoint comes from stage {stage!r} and has not learnt to chat or to call tools: it only goes on "
            f"writing. Teach it with: {folders.command(f'codeling train --stage tools --checkpoint {path}')}"
        )
    return "\n".join(lines)


class Chat:
    """One conversation at a time, from typed lines to printed answers."""

    def __init__(
        self,
        agent: Agent,
        tools: Mapping[str, ExecutableTool],
        workspace: Workspace,
        screen: Screen,
        *,
        system: str = "",
    ) -> None:
        self._agent, self._tools, self._workspace, self._screen = agent, tools, workspace, screen
        self._system = [Message("system", system)] if system else []
        self.messages: list[Message] = list(self._system)

    def run(self) -> None:
        """Answer line after line until the input ends or ``/quit`` comes."""
        for line in self._screen.lines():
            command, _, argument = line.strip().partition(" ")
            if command == "/quit":
                return
            if command.startswith("/"):
                self._command(command, argument.strip())
            elif line.strip():
                self.answer(line)

    def answer(self, text: str) -> None:
        """Ask the model, and print what happens; Ctrl-C ends the answer only."""
        # The text is encoded as plain text, whatever it spells: nobody can type a role, a call or its result.
        self.messages.append(Message("user", text))
        try:
            with contextlib.closing(self._agent.reply(self.messages)) as events:
                for event in events:
                    self._screen.show(event)
        except KeyboardInterrupt:
            self._screen.end_line()
            self._screen.note("[interrupted]")
        except (UsageError, Failure) as error:
            self._screen.end_line()
            self._screen.note(f"[failed: {error}]")

    def _command(self, command: str, argument: str) -> None:
        commands: dict[str, Callable[[str], None]] = {
            "/tools": self._list_tools,
            "/reset": self._reset,
            "/save": self._save,
            "/help": lambda _: self._screen.say(_HELP),
        }
        if command in commands:
            commands[command](argument)
        else:
            self._screen.note(f"no command {command}{did_you_mean(command, [*commands, '/quit'])}")

    def _list_tools(self, _: str) -> None:
        for name, entry in self._tools.items():
            parameters = entry.tool.parameters
            required = parameters.get("required", [])
            arguments = ", ".join(one if one in required else f"[{one}]" for one in parameters["properties"])
            self._screen.say(f"{name}({arguments}): {entry.tool.description}")
        if not self._tools:
            self._screen.say("none")

    def _reset(self, _: str) -> None:
        self.messages = list(self._system)
        self._workspace.replace({})
        self._screen.note("[a new conversation]")

    def _save(self, argument: str) -> None:
        if not argument:
            self._screen.note("say where: /save FILE")
            return
        tools = tuple(entry.tool for entry in self._tools.values())
        try:
            path = Path(argument).expanduser()
            write_json(path, Conversation(tuple(self.messages), tools).to_openai())
        except (OSError, ValueError, RuntimeError) as error:  # also a NUL in the name, and ~somebody who is not here
            self._screen.note(f"[not saved: {error}]")
        else:
            self._screen.note(f"Saved: {path} ({len(self.messages)} messages)")


class Screen:
    """What is typed and what is shown."""

    def __init__(self) -> None:
        self._interactive = sys.stdin.isatty() and sys.stdout.isatty()
        self._colour = sys.stdout.isatty()
        self._in_line = False
        # Any character may come from a model or a pipe; one that cannot be shown or read must not end the program.
        for stream in (sys.stdin, sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="replace")

    def lines(self) -> Iterator[str]:
        """Messages as they are typed, until the end of the input; a line that ends with a backslash goes on."""
        if self._interactive:
            with contextlib.suppress(ImportError):
                import readline  # noqa: F401 - editing and history for input()
        while True:
            parts: list[str] = []
            try:
                while not parts or parts[-1].endswith("\\"):
                    parts.append(self._read("... " if parts else "> "))
            except EOFError:
                if not parts:
                    return
            except KeyboardInterrupt:
                self.end_line(force=True)
                self.note("[Ctrl-D or /quit leaves]")
                continue
            yield "\n".join([*(part.removesuffix("\\") for part in parts[:-1]), parts[-1]])

    def _read(self, prompt: str) -> str:
        if self._interactive:
            return input(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.removesuffix("\n").removesuffix("\r")

    def show(self, event: Event) -> None:
        """Print what the agent does."""
        if isinstance(event, TextDelta):
            self._write(event.text)
        elif isinstance(event, Called):
            self._aside(f"call: {call_json(event.call)}")
        elif isinstance(event, Answered):
            self._aside(f"{'result' if event.call else 'no call'}: {event.result}")
        elif isinstance(event, Forgotten):
            self.note(f"[the context is full: the model no longer sees the first {event.messages} messages]")
        else:
            self._close(event)

    def _close(self, done: Done) -> None:
        self.end_line(force=done.tokens == 0)
        remark = {
            "length": "[cut: the limit of tokens (--max-tokens) or the end of the context was reached]",
            "rounds": "[stopped: it called tools again and again (--max-rounds)]",
            "context": "[no answer: message and tools fill the whole context; shorten it, or use fewer --tools]",
        }.get(done.reason)
        if remark:
            self.note(remark)

    def say(self, text: str) -> None:
        """A line of its own on standard output."""
        self.end_line()
        print(visible(text), flush=True)

    def note(self, text: str) -> None:
        """A remark that is not part of the conversation."""
        self.end_line()
        print(visible(text), file=sys.stderr, flush=True)

    def end_line(self, *, force: bool = False) -> None:
        """End the line that is being written, if there is one."""
        if self._in_line or force:
            print(flush=True)
        self._in_line = False

    def _write(self, text: str) -> None:
        print(visible(text), end="", flush=True)
        self._in_line = not text.endswith("\n")

    def _aside(self, text: str) -> None:
        self.end_line()
        text = visible(shorten(text, _SHOWN_CHARACTERS))
        print(f"{_DIM}{text}{_PLAIN}" if self._colour else text, flush=True)


def visible(text: str) -> str:
    """``text`` without control characters, which could move the cursor or take a terminal over; written out instead.

    >>> visible("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    if text.isprintable():
        return text
    return "".join(f"\\x{ord(c):02x}" if unicodedata.category(c) == "Cc" and c not in "\n\t" else c for c in text)

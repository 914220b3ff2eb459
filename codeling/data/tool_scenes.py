"""Scenes in which the executable tools are used: what a user asks, which calls that takes, what is said of the results.

A scene is written before anything runs; ``tool_executed`` carries its calls out and completes it with what the tools
really answered. So answers are functions of results, and true whatever came out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from codeling.data import tool_programs as programs

Result = Mapping[str, Any]
Call = tuple[str, dict[str, Any]]
_MOST_LINES = 6
_MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Turn:
    """A user's message; the calls of each reply to it, before the last; and the last reply, from all results."""

    ask: str
    rounds: tuple[tuple[Call, ...], ...]
    answer: Callable[[Sequence[Result]], str]


Scene = tuple[Turn, ...]


def run_python_line(rng: Random) -> Scene:
    """A line of Python, or one that fails."""
    code = programs.python_failure(rng) if rng.random() < 0.2 else programs.python_line(rng)
    ask = rng.choice(
        ("Run this Python: {}", "What does `{}` print?", "Execute `{}` in Python", "Run `{}` with Python, please",
         "Python: {}", "What is the output of `{}`?", "Try `{}` in Python")
    )  # fmt: skip
    return (Turn(ask.format(code), ((_python(code),),), lambda results: _printed(results[0])),)


def run_python_program(rng: Random) -> Scene:
    """A few lines of Python."""
    code = programs.python_program(rng)
    ask = rng.choice(
        ("Run this program:\n{}", "What does this print?\n{}", "Execute this code:\n{}", "Run this in Python:\n{}",
         "What is the output of this program?\n{}")
    )  # fmt: skip
    return (Turn(ask.format(code), ((_python(code),),), lambda results: _printed(results[0])),)


def calculate(rng: Random) -> Scene:
    """Something to work out with Python, which the model writes."""
    said, expression = programs.calculation(rng)
    ask = rng.choice(
        ("Use Python to calculate {}", "Work out {} with Python", "What is {}? Use Python.", "Calculate {} in Python")
    )

    def answer(results: Sequence[Result]) -> str:
        value = str(results[0].get("stdout", "")).strip()
        return f"It is {value}." if value and results[0].get("exit_code") == 0 else _printed(results[0])

    return (Turn(ask.format(said), ((_python(f"print({expression})"),),), answer),)


def run_bash(rng: Random) -> Scene:
    """A Bash command."""
    command = programs.bash_line(rng)
    ask = rng.choice(
        ("Run `{}`", "What does `{}` print?", "Execute `{}` in the shell", "Run this command: {}", "Bash: {}",
         "Please run `{}` and tell me the output", "What is the output of `{}`?")
    )  # fmt: skip
    return (Turn(ask.format(command), ((_bash(command),),), lambda results: _printed(results[0])),)


def write_and_look(rng: Random) -> Scene:
    """A file is written, then read, counted or listed."""
    path, lines = f"{rng.choice(programs.NAMES)}.txt", programs.words(rng, 1, 4)
    content = "\n".join(lines) + "\n"
    ask = rng.choice(
        ("Write these words to {}, one per line: {}", "Make a file {} with one word per line: {}",
         "Create {} with these lines: {}", "Save these words in {}, each on its own line: {}")
    ).format(path, ", ".join(lines))  # fmt: skip
    written = Turn(ask, ((("write_file", {"path": path, "content": content}),),), _written)
    count = f"wc -l < {path}"
    look = rng.choice(
        (
            Turn(rng.choice(("What is in {}?", "Show me {}", "Read {}", "Open {}")).format(path),
                 ((("read_file", {"path": path}),),), _content),
            Turn(rng.choice(("How many lines does {} have?", "Count the lines of {}")).format(path),
                 ((_bash(count),),), lambda results: _counted(results[0], path)),
            Turn(rng.choice(("Which files are there?", "List the files", "What files do I have?")),
                 ((("list_files", {}),),), _listed),
            Turn(f"What does `sort {path}` print?", ((_bash(f"sort {path}"),),), lambda r: _printed(r[0])),
            Turn(f"Add the line {rng.choice(programs.WORDS)} to {path}", (), _written),
        )
    )  # fmt: skip
    if not look.rounds:
        line = look.ask.split()[3]
        append = ("write_file", {"path": path, "content": f"{line}\n", "append": True})
        look = Turn(look.ask, ((append,),), _written)
    return written, look


def missing_file(rng: Random) -> Scene:
    """A file that does not exist: the error is told as it is."""
    path = f"{rng.choice(programs.NAMES)}.{rng.choice(('txt', 'md', 'csv'))}"
    ask = rng.choice(("What is in {}?", "Read {}", "Show me {}", "Open the file {}")).format(path)
    return (Turn(ask, ((("read_file", {"path": path}),),), lambda results: _content(results, path)),)


def two_files(rng: Random) -> Scene:
    """Two files, written in one reply and read in one reply."""
    paths = [f"{name}.txt" for name in rng.sample(programs.NAMES, 2)]
    lines = rng.sample(programs.WORDS, 2)
    ask = f"Write {lines[0]} to {paths[0]} and {lines[1]} to {paths[1]}"
    write = tuple(
        ("write_file", {"path": path, "content": f"{line}\n"}) for path, line in zip(paths, lines, strict=True)
    )
    read = tuple(("read_file", {"path": path}) for path in paths)
    return (
        Turn(ask, (write,), lambda results: " ".join(_written([result]) for result in results)),
        Turn(f"Read {paths[0]} and {paths[1]}", (read,), lambda r: "\n".join(_content([one]) for one in r)),
    )


def run_tests_of_code(rng: Random) -> Scene:
    """A function with its tests in one text, right or wrong."""
    right, wrong, tests = programs.tested_function(rng)
    code = f"{wrong if rng.random() < 0.4 else right}\n\n{tests}"
    ask = rng.choice(("Run these tests:\n{}", "Do these tests pass?\n{}", "Test this:\n{}")).format(code)
    return (Turn(ask, ((("run_tests", {"code": code}),),), lambda results: _tested(results[-1])),)


def mend_until_tests_pass(rng: Random) -> Scene:
    """A module with a bug and its tests, from the user; then the model mends the module and runs the tests again."""
    right, wrong, tests = programs.tested_function(rng)
    name = wrong.split("(")[0].removeprefix("def ")
    module, test_file = f"{name}_code.py", f"test_{name}.py"
    tests = f"from {name}_code import {name}\n\n\n{tests}"
    save = (
        ("write_file", {"path": module, "content": wrong}),
        ("write_file", {"path": test_file, "content": tests}),
    )
    mend = ("write_file", {"path": module, "content": right})
    return (
        Turn(f"Save this as {module}:\n{wrong}\nand this as {test_file}:\n{tests}", (save,),
             lambda results: " ".join(_written([result]) for result in results)),
        Turn("Run the tests", ((("run_tests", {}),),), lambda results: _tested(results[-1])),
        Turn(f"{name} should return {right.split('return ')[1].strip()}. Correct it and run the tests again.",
             ((mend,), (("run_tests", {}),)), lambda results: _tested(results[-1])),
    )  # fmt: skip


def check_code(rng: Random) -> Scene:
    """Code to look at without running it."""
    code = programs.questionable_code(rng)
    ask = rng.choice(("Check this code:\n{}", "Is there anything wrong with this?\n{}", "Analyze this Python:\n{}"))
    return (Turn(ask.format(code), ((("analyze_code", {"code": code}),),), lambda results: _analyzed(results[0])),)


def look_up(rng: Random) -> Scene:
    """What Python's documentation says of a function."""
    name = rng.choice(_DOCUMENTED)
    ask = rng.choice(
        ("What does {} do?", "Look up {}", "What do the Python docs say about {}?", "Search the docs for {}")
    )
    call = ("search_docs", {"query": name, "limit": 1})
    return (Turn(ask.format(name), ((call,),), lambda results: _looked_up(results[0])),)


SCENES: tuple[tuple[Callable[[Random], Scene], int], ...] = (
    (run_python_line, 6),
    (run_python_program, 3),
    (calculate, 3),
    (run_bash, 6),
    (write_and_look, 5),
    (missing_file, 1),
    (two_files, 2),
    (run_tests_of_code, 2),
    (mend_until_tests_pass, 1),
    (check_code, 2),
    (look_up, 1),
)
"""Scenes with their weights: how often each is drawn, relative to the others."""

_DOCUMENTED = (
    "json.dumps", "json.loads", "os.path.join", "os.listdir", "os.makedirs", "str.split", "str.strip", "str.join",
    "str.replace", "str.startswith", "list.append", "list.sort", "list.pop", "dict.get", "dict.items", "math.gcd",
    "math.sqrt", "math.floor", "random.choice", "random.shuffle", "shutil.copy", "shutil.move", "itertools.chain",
    "functools.lru_cache", "collections.Counter", "subprocess.run", "re.sub", "re.findall", "time.sleep", "time.time",
    "statistics.mean", "textwrap.wrap", "glob.glob", "tempfile.mkdtemp", "datetime.date.today", "sorted", "enumerate",
    "zip", "print", "isinstance", "heapq.heappush", "bisect.bisect_left", "hashlib.sha256", "urllib.parse.quote",
)  # fmt: skip


def _python(code: str) -> Call:
    return "execute_python", {"code": code}


def _bash(command: str) -> Call:
    return "execute_bash", {"command": command}


def _failed(result: Result) -> str | None:
    """What to say of a result that is an error; None when it is none."""
    return f"That failed: {str(result['error']).rstrip('.')}." if "error" in result else None


def _printed(result: Result) -> str:
    if failed := _failed(result):
        return failed
    # Some commands (grep, expr) leave with 1 although nothing went wrong, and then complain of nothing.
    if result["exit_code"] != 0 and (result.get("stderr") or not result["stdout"]):
        lines = str(result.get("stderr", "")).strip().splitlines()
        reason = lines[-1] if lines else result.get("status", f"exit code {result['exit_code']}")
        return f"It fails: {reason}"
    lines = str(result["stdout"]).rstrip("\n").split("\n")
    if lines == [""]:
        return "It prints nothing."
    if len(lines) == 1 and len(lines[0]) <= _MOST_CHARACTERS:
        return f"It prints {lines[0]}"
    text = "\n".join(lines[:_MOST_LINES])[:_MOST_CHARACTERS]
    return f"It prints:\n{text}" + ("\n..." if len(text) < len("\n".join(lines)) else "")


def _counted(result: Result, path: str) -> str:
    number = str(result.get("stdout", "")).strip()
    if result.get("exit_code") != 0 or not number:
        return _printed(result)
    return f"{path} has {number} line{'' if number == '1' else 's'}."


def _written(results: Sequence[Result]) -> str:
    result = results[-1]
    return _failed(result) or f"Done: {result['path']} has {result['bytes']} bytes."


def _content(results: Sequence[Result], path: str = "") -> str:
    if failed := _failed(results[-1]):
        return f"There is no file {path}." if path and "no such file" in failed else failed
    return str(results[-1]["content"]).rstrip("\n") or "It is empty."


def _listed(results: Sequence[Result]) -> str:
    if failed := _failed(results[-1]):
        return failed
    paths = [entry["path"] for entry in results[-1]["files"]]
    if not paths:
        return "There are no files."
    return f"There is {paths[0]}." if len(paths) == 1 else f"There are {', '.join(paths[:-1])} and {paths[-1]}."


def _tested(result: Result) -> str:
    if failed := _failed(result):
        return failed
    bad = result["failed"] + result["errors"]
    total = bad + result["passed"]
    if not bad:
        return f"All {total} tests pass." if total != 1 else "The test passes."
    return f"{bad} of {total} tests fail. {result['failures'][0]['message']}"


def _analyzed(result: Result) -> str:
    if "valid" not in result:
        return _failed(result) or "It could not be analyzed."
    if not result["valid"]:
        return f"It is not valid Python: {result['error']}."
    findings = result.get("findings", [])
    if findings:
        first = findings[0]
        return f"Line {first['line']}: {first['message']}{'' if first['message'].endswith('.') else '.'}"
    most = max(result["functions"], key=lambda function: function["complexity"], default=None)
    said = f" {most['name']} has complexity {most['complexity']}." if most else ""
    return f"It is valid, and nothing looks wrong.{said}"


def _looked_up(result: Result) -> str:
    if failed := _failed(result):
        return failed
    entry = result["results"][0]
    paragraph = " ".join(entry.get("text", "").split("\n\n")[0].split())
    sentence, dot, _ = paragraph.partition(". ")
    return f"{entry['name']}: {sentence[:_MOST_CHARACTERS]}{'.' if dot else ''}"

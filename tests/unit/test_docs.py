"""The documentation says what the program does: pages are compared with code, links followed, commands parsed."""

import contextlib
import importlib.util
import io
import itertools
import os
import re
import shlex
import sys
from pathlib import Path

import pytest

from codeling import cli, config
from codeling.stages.recipes import recipe_path

PROJECT = Path(__file__).parents[2]
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/**/*.md")])
SCRIPT_REFERENCE = PROJECT / "docs" / "reference" / "SCRIPT-REFERENCE.md"
ARCHITECTURE = PROJECT / "docs" / "03-ARCHITECTURE.md"


def _generator():
    spec = importlib.util.spec_from_file_location("generate_reference", SCRIPT_REFERENCE.with_name("generate.py"))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


generator = _generator()


def _page(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def test_script_reference_is_what_the_code_says():
    assert _page(SCRIPT_REFERENCE) == generator.render(), "type: python docs/reference/generate.py"


def test_every_script_is_in_the_reference():
    scripts = [path.name for path in (PROJECT / "scripts").iterdir() if path.suffix in (".py", ".sh")]
    assert scripts
    assert [name for name in scripts if f"`scripts/{name}`" not in _page(SCRIPT_REFERENCE)] == []


SAMPLES = {"text": ("abc", "abc"), "path": ("a/b", "a/b"), "whole number": ("7", 7), "number": ("0.25", 0.25)}
"""Kind of an option -> a value as typed and as printed."""


@pytest.mark.parametrize("positive", [True, False], ids=["on", "off"])
@pytest.mark.parametrize("name", cli.COMMANDS)
def test_flags_of_the_reference_do_what_it_says(name, positive, monkeypatch):
    """Give every option of the page a value of its kind, all at once, and read them back from --print-config."""
    for variable in [name for name in os.environ if name.startswith("CODELING_")]:
        monkeypatch.delenv(variable)
    command = cli.COMMANDS[name]
    config_class = cli._load(command.config)
    default = cli._load(command.base)(None, []) if command.base else config_class(**command.preset)
    positionals, arguments, expected = [], [], {}
    for option in generator.options_of(config_class, default, owners={}):
        flags = option.flags.split(", ")
        key = flags[0].removeprefix("--").lower().replace("-", "_")
        kind = option.kind.removesuffix(", any number")
        if kind == "switch":
            if key == "resume" and positive:
                continue  # needs a checkpoint to read; the documented commands below have one
            arguments.append(flags[0] if positive else flags[1])
            expected[key] = positive
            continue
        if kind.startswith("`"):
            typed = kind.split(", ")[0].strip("`")
            value = {"True": True, "False": False}.get(typed, typed)
        else:
            typed, value = SAMPLES[kind]
        expected[key] = [value] if kind != option.kind else value
        if flags[0].startswith("--"):
            arguments += [flags[0], typed]
        else:
            positionals.append(typed)
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        assert cli.run([*name.split(), *positionals, *arguments, "--print-config"]) == 0
    printed = dict(generator.flat(config.tomllib.loads(output.getvalue())))
    assert expected.items() <= printed.items()
    assert len(expected) >= len(printed) - (1 if positive else 0)


def _links(text: str) -> list[str]:
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    return re.findall(r"\]\(([^)\s]+)\)", without_code) + re.findall(r'(?:src|href)="([^"]+)"', without_code)


def _anchors(text: str) -> set[str]:
    """The anchors that GitHub makes of the headings."""
    headings = re.findall(r"^#+ +(.*?)\s*$", re.sub(r"```.*?```", "", text, flags=re.DOTALL), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(PROJECT).as_posix())
def test_relative_links_lead_somewhere(page):
    broken = []
    for link in _links(_page(page)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        if not target.exists() or (anchor and anchor not in _anchors(_page(target))):
            broken.append(link)
    assert broken == []


def _commands(text: str) -> list[list[str]]:
    """The commands in the page's ```bash blocks, as lists of words; pipes and lists of commands are taken apart."""
    commands = []
    for block in re.findall(r"^```bash\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE):
        pending = ""
        for line in block.replace("\\\n", " ").splitlines():
            pending = f"{pending}\n{line}" if pending else line
            lexer = shlex.shlex(pending, posix=True, punctuation_chars=True)
            lexer.whitespace_split = True
            try:
                words = list(lexer)
            except ValueError:  # a quotation that goes on in the next line
                continue
            pending = ""
            commands += _split(words)
        assert not pending, f"unfinished command in a bash block: {pending}"
    return commands


def _split(words: list[str]) -> list[list[str]]:
    commands: list[list[str]] = [[]]
    for word in words:
        if set(word) <= set("|&;()<>"):
            commands.append([])
        else:
            commands[-1].append(word)
    return [command for command in commands if command]


def _arguments(command: list[str]) -> list[str] | None:
    """What ``codeling`` is given by a documented command, through scripts too; None for another program's command."""
    while command and re.match(r"[A-Z_]+=", command[0]):
        command = command[1:]
    if not command:
        return None
    if Path(command[0]).name == "torchrun":  # its own options come before the script or module
        start = next(i for i, word in enumerate(command) if word == "-m" or word.startswith("scripts/"))
        command = ["python", *command[start:]]
    if Path(command[0]).name == "codeling":
        return command[1:]
    if command[:3] == ["python", "-m", "codeling"]:
        return command[3:]
    if Path(command[0]).name.startswith("python") and len(command) > 1 and command[1].startswith("scripts/"):
        (script,) = [one for one in generator.read_scripts() if f"scripts/{one.name}" == command[1]]
        return [*script.command.split(), *script.preset, *command[2:]]
    return None


def _shown(command: list[str]) -> str:
    return shlex.join(command)


DOCUMENTED = {
    _shown(command): (page, arguments)
    for page in PAGES
    for command in _commands(_page(page))
    if (arguments := _arguments(command)) is not None
}


def test_documented_commands_are_found():
    assert len(DOCUMENTED) >= 20


@pytest.mark.parametrize("command", DOCUMENTED)
def test_documented_commands_are_accepted(command, tmp_path, monkeypatch):
    page, arguments = DOCUMENTED[command]
    for variable in [name for name in os.environ if name.startswith("CODELING_")]:
        monkeypatch.delenv(variable)
    monkeypatch.chdir(tmp_path)
    for argument in arguments:
        if argument.endswith(".toml"):  # the reader's own recipe
            (tmp_path / argument).write_text(_page(recipe_path("quick")), encoding="utf-8")
    if "--resume" in arguments:
        _interrupted_run(tmp_path, arguments)
    errors = io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(errors):
        try:
            asked = {"-h", "--help", "--version"} & set(arguments)
            status = cli.run(arguments if asked else [*arguments, "--print-config"])
        except SystemExit as left:
            status = left.code or 0
    assert status == 0, f"{page.relative_to(PROJECT)}: {command}\n{errors.getvalue()}"


def _interrupted_run(folder: Path, arguments: list[str]) -> None:
    """A checkpoint's description where the documented command expects one: enough to read its options from."""
    from codeling.checkpoint import FORMAT, SCHEMA
    from codeling.config import to_mapping
    from codeling.runtime.files import write_json
    from codeling.train.config import TrainConfig

    after = dict(itertools.pairwise(arguments))
    path = folder / after.get("--checkpoint", f"models/{after.get('--stage')}_model_last.pth")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"weights")
    stage = "code" if "code" in path.name else "language"
    info = {"stage": stage, "train": to_mapping(TrainConfig(stage=stage, model_size="tiny"))}
    write_json(path.with_suffix(".json"), {"format": FORMAT, "schema": SCHEMA, "sha256": "", "bytes": 7, "info": info})


def test_documented_make_targets_exist():
    targets = set(re.findall(r"^([a-z-]+):", _page(PROJECT / "Makefile"), flags=re.MULTILINE))
    asked = {command[1] for page in PAGES for command in _commands(_page(page)) if command[0] == "make"}
    assert asked
    assert asked - targets == set()


def test_architecture_names_every_module():
    page = _page(ARCHITECTURE)
    modules = [path.relative_to(PROJECT / "codeling") for path in (PROJECT / "codeling").rglob("*.py")]
    missing = [str(path) for path in modules if path.name != "__init__.py" and f"`{path.name}`" not in page]
    assert missing == [], "say in docs/03-ARCHITECTURE.md what these are for"
    named = set(re.findall(r"`([a-z_0-9]+\.py)`", page))
    files = {path.name for folder in ("codeling", "scripts", "tests", "benchmarks", "docs") for path in
             (PROJECT / folder).rglob("*.py")}  # fmt: skip
    assert named - files == set(), "docs/03-ARCHITECTURE.md names files that do not exist"


def test_every_requirement_is_explained():
    lines = [line for line in _page(PROJECT / "requirements.txt").splitlines() if re.match(r"[a-z]", line)]
    names = {re.split(r"[\[=<>;]", line)[0].strip() for line in lines}
    assert [name for name in sorted(names) if f"| `{name}` |" not in _page(ARCHITECTURE)] == []

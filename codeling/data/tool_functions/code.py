# ruff: noqa: E501  (each line is one entry of a table)
"""Source code: searching, formatting, testing, building, documenting. Results are simulated where code would run.

What codeling executes for real (running programs, test files, analysing a source text, searching the documentation) is
in the tool catalogue and not repeated here: these functions act on a project's files.
"""

from __future__ import annotations

import ast
import json
import re
from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, number, text

_DOMAIN = "code"
_SOURCE = values.file_with(*values.CODE_EXTENSIONS)
_PYTHON = values.file_with("py")
_LINE = values.magnitudes(1, 4000)
_LANGUAGES = ("python", "javascript", "typescript", "go", "rust", "java", "ruby", "php")
_TYPES = ("int", "str", "float", "bool", "list", "dict", "bytes")


def symbol(random: Random) -> str:
    """The name of a function or variable: parse_order, fetchTicket, golden_engine."""
    verb = random.choice(
        ("get", "set", "parse", "load", "save", "fetch", "build", "check", "render", "update", "send", "sort")
    )
    first, second = values.noun(random), values.noun(random)
    return random.choice((f"{verb}_{first}", f"{verb}{first.title()}", f"{verb}_{first}_{second}", f"{first}_{second}"))


def class_name(random: Random) -> str:
    """The name of a class: OrderParser."""
    return "".join(values.noun(random).title() for _ in range(2))


def expression(random: Random) -> str:
    """A Python expression of numbers: (14 + 3) * 7."""
    a, b, c = (random.randint(1, 99) for _ in range(3))
    return random.choice(
        (f"({a} + {b}) * {c}", f"{a} * {b} - {c}", f"{a} ** 2 + {b}", f"{a} % {b} + {c}", f"max({a}, {b}, {c})")
    )


def _regex(random: Random) -> str:
    return f"{random.choice(('^', '', '.*'))}{values.noun(random)}{random.choice(('[0-9]+', '.*', '_?[a-z]+', '$', '(s|ed)'))}"


def _json_text(random: Random) -> str:
    broken = random.random() < 0.4
    shown = json.dumps({values.noun(random): random.randint(1, 900), values.noun(random): values.word(random)})
    return shown[:-1] if broken else shown


def _validated(a: dict[str, Any], random: Random) -> Any:
    try:
        json.loads(a["text"])
    except json.JSONDecodeError as error:
        return {"valid": False, "error": error.msg, "position": error.pos}
    return {"valid": True}


_OPERATIONS = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Mod: lambda a, b: a % b,
    ast.Pow: lambda a, b: a**b,
}


def _value(node: ast.AST) -> int:
    """The value of the small expressions that ``expression`` draws, without running anything."""
    if isinstance(node, ast.BinOp):
        return _OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.Call):
        return max(_value(argument) for argument in node.args)
    assert isinstance(node, ast.Constant) and isinstance(node.value, int), node
    return node.value


_ERRORS = {
    "NameError: name '{}' is not defined": "the name is used before it exists",
    "KeyError: '{}'": "the dictionary has no such key",
    "ModuleNotFoundError: No module named '{}'": "the module is not installed",
    "AttributeError: no attribute '{}'": "the object has no such attribute",
    "undefined reference to '{}'": "the linker found no definition of it",
    "TypeError: {}() takes no arguments": "the call passes arguments to a function without parameters",
    "cannot find symbol {}": "the compiler knows no declaration of it",
}


def _explained(a: dict[str, Any], random: Random) -> Any:
    for shape, cause in _ERRORS.items():
        before, after = shape.split("{}")
        if a["message"].startswith(before) and a["message"].endswith(after):
            return {"cause": cause}
    return {"cause": "unknown"}


def _matches_regex(a: dict[str, Any], random: Random) -> Any:
    return {"match": re.search(a["pattern"], a["text"]) is not None}


def _uses(a: dict[str, Any], random: Random) -> Any:
    return {"uses": [{"file": _SOURCE(random), "line": _LINE(random)} for _ in range(random.randint(0, 3))]}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("find_definition", _DOMAIN, "Find where a symbol is defined",
        (text("symbol", values.mixed(symbol, class_name), names=("name",)), text("folder", values.folder, required=False, default=".", names=("path",))),
        lines("""
            Where is {symbol} defined[ in {folder}]?
            Find the definition of {symbol}[ in {folder}]
            Go to the definition of {symbol}[ within {folder}]
            def of {symbol}[ in {folder}]
            Which file defines {symbol}[ under {folder}]?
            Please locate where {symbol} is declared[ in {folder}]
            I can't find the definition of {symbol}[ anywhere in {folder}]
            Show me the place where somebody defined {symbol}[, look in {folder}]
            In which source file does the definition of {symbol} live[, searching {folder}]?
        """), lambda a, r: {"file": _SOURCE(r), "line": _LINE(r)}, names=("go_to_definition", "locate_definition")),
    FunctionSpec("find_references", _DOMAIN, "Find all uses of a symbol",
        (text("symbol", values.mixed(symbol, class_name), names=("name",)), flag("tests", "including tests", "excluding tests", names=("include_tests",))),
        lines("""
            Where is {symbol} used[, {tests}]?
            Find all references to {symbol}[, {tests}]
            Who calls {symbol}[, {tests}]?
            references {symbol}[ {tests}]
            List every use of {symbol}[, {tests}]
            Please show all places that use {symbol}[, {tests}]
            If I change {symbol}, which code is affected[, {tests}]?
            What code relies on {symbol}[, {tests}]?
            Can you track down the usages of {symbol}[, {tests}]?
        """), _uses, names=("find_usages", "who_calls")),
    FunctionSpec("rename_symbol", _DOMAIN, "Rename a symbol in the whole project",
        (text("old", symbol, names=("symbol",)), text("new", symbol, names=("new_name",))),
        lines("""
            Rename the symbol {old} to {new} everywhere
            Rename {old} to {new} across the code
            Refactor {old} into the name {new}
            In the whole project, call {old} {new} instead
            rename symbol {old} -> {new}
            Please change the function name {old} to {new} in all files
            The name {old} is unclear, rename it to {new} in the code
            All code that says {old} should say {new}
            Give {old} the better name {new} all over the code base
        """), answer("new", changed_files=values.whole(1, 40)), names=("refactor_rename",)),
    FunctionSpec("format_code", _DOMAIN, "Format a source file",
        (text("path", _SOURCE, names=("file",)), integer("line_length", values.whole(60, 140), required=False, default=88, names=("width",)), flag("check", "only checking", "changing the file", names=("check_only",))),
        lines("""
            Format {path}[ with line length {line_length}][, {check}]
            Run the formatter on {path}[, {line_length} columns][, {check}]
            Please format the code in {path}[ to {line_length} characters][, {check}]
            black {path}[ -l {line_length}][ {check}]
            Tidy up the code style of {path}[, lines up to {line_length}][, {check}]
            Can you auto-format the source file {path}[ at {line_length} columns][, {check}]?
            The code in {path} is ugly, format it[ with width {line_length}][, {check}]
            Make {path} follow the formatter[ with lines of {line_length}][, {check}]
            Apply standard formatting to {path}[, maximum line {line_length}][, {check}]
        """), lambda a, r: {"path": a["path"], "changed": r.random() < 0.6}, names=("reformat_code", "code_formatter")),
    FunctionSpec("lint_file", _DOMAIN, "Lint a source file for problems",
        (text("path", _SOURCE, names=("file",)), flag("fix", "fixing what can be fixed", "without fixing anything"), listing("ignore", lambda r: f"{r.choice('EFWBN')}{r.randint(100, 999)}", 1, 3, required=False, description="rule codes")),
        lines("""
            Lint {path}[, {fix}][, ignore {ignore}]
            Run the linter on {path}[ {fix}][, ignoring {ignore}]
            Check {path} for lint errors[, {fix}][, except {ignore}]
            ruff {path}[ {fix}][ ignore {ignore}]
            Any lint problems in {path}[, {fix}][, not counting {ignore}]?
            Please lint the file {path}[, {fix}][, skip the rules {ignore}]
            What does the linter say about {path}[, {fix}][, leaving out {ignore}]?
            Look for style violations in {path}[, {fix}][ but ignore {ignore}]
            Can you put {path} through the linter[, {fix}][, disregarding {ignore}]?
        """), answer("path", problems=values.whole(0, 30)), names=("run_linter", "lint_code")),
    FunctionSpec("type_check", _DOMAIN, "Check the types of a source file",
        (text("path", _PYTHON, names=("file",)), flag("strict", "in strict mode", "not in strict mode")),
        lines("""
            Type check {path}[ {strict}]
            Run the type checker on {path}[ {strict}]
            mypy {path}[ {strict}]
            Are there type errors in {path}[, {strict}]?
            Check the types in {path}[ {strict}]
            Please run pyright over {path}[ {strict}]
            Is {path} correctly typed[, {strict}]?
            Do the annotations in {path} hold[, checked {strict}]?
            Verify the type hints of {path}[ {strict}]
        """), answer("path", errors=values.whole(0, 12)), names=("check_types", "run_type_checker")),
    FunctionSpec("run_test_file", _DOMAIN, "Run the tests of one file",
        (text("path", lambda r: f"tests/test_{values.file_stem(r)}.py".replace("-", "_"), names=("file",)), text("keyword", values.word, "only tests with it in the name", required=False), flag("stop_on_failure", "stopping at the first failure", "running all of them", names=("fail_fast",))),
        lines("""
            Run the tests in {path}[ matching {keyword}][, {stop_on_failure}]
            pytest {path}[ -k {keyword}][ {stop_on_failure}]
            Do the tests of {path} pass[, only those with {keyword}][, {stop_on_failure}]?
            Please run {path}[, just the {keyword} tests][, {stop_on_failure}]
            Execute the test file {path}[ for {keyword}][, {stop_on_failure}]
            Test {path}[, filter {keyword}][, {stop_on_failure}]
            Can you check that {path} is green[, only {keyword}][, {stop_on_failure}]?
            Are all tests in {path} fine[ that contain {keyword}][, {stop_on_failure}]?
            Start the unit tests from {path}[, selecting {keyword}][, {stop_on_failure}]
        """), answer(passed=values.whole(1, 90), failed=values.one_of((0, 0, 0, 1, 2))), names=("test_file",)),
    FunctionSpec("measure_coverage", _DOMAIN, "Measure test coverage of a folder",
        (text("folder", values.folder, names=("path",)), number("minimum", values.decimal(50, 99), "percent", required=False)),
        lines("""
            Measure the test coverage of {folder}[, at least {minimum} percent]
            What is the coverage of {folder}[? It should be {minimum} percent]
            How much of {folder} is covered by tests[, minimum {minimum}]?
            coverage {folder}[ min {minimum}]
            Check the test coverage for {folder}[, fail under {minimum} percent]
            Please run coverage on the code in {folder}[ with a threshold of {minimum} percent]
            Is {folder} well covered by tests[? We need {minimum} percent]
            Compute how many percent of {folder} the tests cover[, required: {minimum}]
            Does the test suite reach most of {folder}[, or {minimum} percent of it]?
        """), answer("folder", percent=values.decimal(20, 99)), names=("test_coverage", "coverage_report")),
    FunctionSpec("generate_tests", _DOMAIN, "Write unit tests for a function",
        (text("function", symbol), text("path", _SOURCE, names=("file",)), integer("count", values.whole(1, 25), required=False, default=3, names=("num_tests",))),
        lines("""
            Write[ {count}] unit tests for {function} in {path}
            Generate[ {count}] tests for the function {function} of {path}
            Please create[ {count}] tests that cover {function} from {path}
            unit tests for {function} ({path})[, {count} of them]
            I need[ {count}] test cases for {function}, which is in {path}
            Can you come up with[ {count}] tests for {function} in the file {path}?
            {function} in {path} has no tests, write[ {count}] for it
            Add[ {count}] tests checking {function} of the file {path}
            In {path}, {function} is untested, so make[ {count}] unit tests
        """), answer("function", tests=values.whole(1, 25)), names=("write_tests", "create_unit_tests")),
    FunctionSpec("evaluate_expression", _DOMAIN, "Evaluate a Python expression",
        (text("expression", expression, names=("code",)),),
        lines("""
            Evaluate {expression} in Python
            What does Python give for {expression}?
            python: {expression}
            Compute the Python expression {expression}
            Run {expression} in the Python interpreter
            Please evaluate the expression {expression}
            If I type {expression} in Python, what do I get?
            Tell me what {expression} evaluates to
            Let Python work out {expression}
        """), lambda a, r: {"value": _value(ast.parse(a["expression"], mode="eval").body)}, names=("eval_python", "python_eval")),
    FunctionSpec("run_script", _DOMAIN, "Run a script file with arguments",
        (text("path", values.file_with("py", "sh", "js", "rb", "pl"), names=("file",)), listing("arguments", values.mixed(values.noun, values.file_name), 1, 3, required=False, names=("args",)), integer("timeout", values.magnitudes(1, 3600), "seconds", required=False)),
        lines("""
            Run the script {path}[ with {arguments}][, timeout {timeout} seconds]
            Execute {path}[ with the arguments {arguments}][ for at most {timeout} seconds]
            Start the script {path}[, arguments {arguments}][, limit {timeout} seconds]
            run {path}[ args {arguments}][ timeout {timeout}]
            Please run my script {path}[ on {arguments}][, no longer than {timeout} seconds]
            Can you launch {path}[ passing {arguments}][, stop it after {timeout} seconds]?
            What happens when {path} is run[ with {arguments}][ within {timeout} seconds]?
            I'd like the script {path} to run[ using {arguments}][, maximum {timeout} seconds]
            Call the script file {path}[ giving it {arguments}][ and stop after {timeout} seconds]
        """), answer("path", exit_code=values.one_of((0, 0, 0, 1))), names=("execute_script",)),
    FunctionSpec("explain_error", _DOMAIN, "Explain an error message of a program",
        (text("message", lambda r: r.choice(tuple(_ERRORS)).format(symbol(r)), names=("error",)), choice("language", _LANGUAGES, required=False)),
        lines("""
            What does "{message}" mean[ in {language}]?
            Explain the error "{message}"[ from {language}]
            I get "{message}"[ in {language}], why?
            error: "{message}"[ ({language})]
            Help, my[ {language}] program says "{message}"
            Please explain why I see "{message}"[ in my {language} code]
            How do I fix "{message}"[ in {language}]?
            My code stops with "{message}"[, it is {language}]
            What is wrong when "{message}" appears[ in {language}]?
        """), _explained, names=("explain_exception",)),
    FunctionSpec("translate_code", _DOMAIN, "Translate a source file to another language",
        (text("path", _SOURCE, names=("file",)), choice("target", _LANGUAGES, names=("to_language",))),
        lines("""
            Translate {path} to {target}
            Convert the code in {path} to {target}
            Rewrite {path} in {target}
            port {path} to {target}
            Please turn the program {path} into {target}
            How would {path} look in {target}?
            I need {path} as {target} code
            Can you make a {target} version of {path}?
            We are moving to {target}, translate the source {path}
        """), answer("path", lines=values.magnitudes(5, 900)), names=("convert_code", "port_code")),
    FunctionSpec("count_code_lines", _DOMAIN, "Count lines of code by language",
        (text("folder", values.folder, names=("path",)), choice("language", _LANGUAGES), flag("comments", "with comments", "without comments", names=("include_comments",))),
        lines("""
            How many lines of {language} are in {folder}[, {comments}]?
            Count the {language} lines of code in {folder}[ {comments}]
            cloc {folder} {language}[ {comments}]
            How much {language} code does {folder} contain[, {comments}]?
            Lines of {language} code in {folder}[ {comments}]?
            Please count all {language} code lines under {folder}[, {comments}]
            How big is our {language} code base in {folder}[, in lines {comments}]?
            Tell me the number of {language} code lines in {folder}[ {comments}]
            In {folder}, how many lines of code are written in {language}[, {comments}]?
        """), answer("language", lines=values.magnitudes(10, 400_000)), names=("lines_of_code", "code_size")),
    FunctionSpec("find_todos", _DOMAIN, "Find open remarks in source code",
        (text("folder", values.folder, names=("path",)), choice("tag", ("TODO", "FIXME", "HACK", "XXX", "NOTE"))),
        lines("""
            Find all {tag} comments in {folder}
            Which {tag} remarks are there in {folder}?
            List every {tag} in the code of {folder}
            {tag}s in {folder}
            Show me the {tag} comments under {folder}
            Please collect the {tag} notes from the sources in {folder}
            Is there still a {tag} somewhere in {folder}?
            What {tag} comments did we leave in {folder}?
            Go through the source of {folder} and gather each {tag}
        """), _uses, names=("list_todos",)),
    FunctionSpec("add_docstring", _DOMAIN, "Add a docstring to a function",
        (text("function", symbol), text("path", _PYTHON, names=("file",)), choice("style", ("google", "numpy", "sphinx"), required=False, default="google")),
        lines("""
            Add a[ {style}] docstring to {function} in {path}
            Write a docstring for {function} in {path}[, {style} style]
            Document the function {function} of {path}[ in {style} style]
            docstring {function} {path}[ {style}]
            Please give {function} in {path} a docstring[ in {style} style]
            {function} in {path} has no documentation, add a docstring[ ({style})]
            Can you document what {function} in {path} does[, using {style} style]?
            In {path}, put a[ {style}-style] docstring on {function}
            Describe {function} with a docstring inside {path}[, following {style}]
        """), answer("function", added=True), names=("write_docstring", "document_function")),
    FunctionSpec("add_type_hints", _DOMAIN, "Set the type of a parameter",
        (text("function", symbol), text("parameter", values.noun, names=("argument",)), choice("type", _TYPES, names=("annotation",))),
        lines("""
            Annotate the parameter {parameter} of {function} as {type}
            In {function}, give {parameter} the type {type}
            Add the type hint {type} to {parameter} in {function}
            type {function}({parameter}: {type})
            Please mark {parameter} in the function {function} as {type}
            The argument {parameter} of {function} is always {type}, annotate it
            Can you put a {type} annotation on {parameter} of {function}?
            {function} expects {parameter} to be {type}, add that hint
            Type the argument {parameter} from {function} with {type}
        """), answer("function", changed=True), names=("annotate_parameter",)),
    FunctionSpec("build_project", _DOMAIN, "Build a project",
        (text("folder", values.folder, names=("project",)), choice("profile", ("debug", "release", "test"), required=False, default="debug"), integer("jobs", values.whole(1, 64), "parallel jobs", required=False)),
        lines("""
            Build the project in {folder}[ in {profile} mode][ with {jobs} jobs]
            Compile {folder}[ for {profile}][ using {jobs} jobs]
            make {folder}[ {profile}][ -j{jobs}]
            Please build {folder}[, {profile} profile][, {jobs} jobs]
            Run the[ {profile}] build of {folder}[ with {jobs} parallel jobs]
            Can you compile the project {folder}[ as {profile}][, {jobs} jobs at once]?
            I changed the code in {folder}, build it again[ in {profile} mode][ on {jobs} jobs]
            Does {folder} still build[ in {profile}][, with {jobs} jobs]?
            Produce a[ {profile}] build from {folder}[, {jobs} jobs in parallel]
        """), answer("folder", seconds=values.decimal(1, 400)), names=("compile_project", "run_build")),
    FunctionSpec("profile_script", _DOMAIN, "Find the slow functions of a script",
        (text("path", _PYTHON, names=("script",)), integer("top", values.whole(1, 40), required=False, default=10, names=("limit",))),
        lines("""
            Profile {path}[ and show the top {top}]
            Which functions of {path} are slow[? Show {top}]
            Why is {path} so slow[? Give me {top} functions]
            profile {path}[ top {top}]
            Find the[ {top}] slowest functions in {path}
            Please run the profiler on {path}[, list {top} entries]
            Where does {path} spend its time[, the {top} worst places]?
            Measure which parts of {path} take long[, first {top}]
            I want to speed up {path}, profile it[ and report {top} functions]
        """), lambda a, r: {"functions": [{"name": symbol(r), "seconds": values.decimal(0.1, 9)(r)} for _ in range(min(3, a["top"]))]}, names=("run_profiler", "find_slow_code")),
    FunctionSpec("set_breakpoint", _DOMAIN, "Set a breakpoint at a line",
        (text("path", _SOURCE, names=("file",)), integer("line", _LINE, names=("line_number",)), text("condition", lambda r: f"{values.noun(r)} {r.choice(('>', '<', '=='))} {r.randint(0, 99)}", required=False)),
        lines("""
            Set a breakpoint at line {line} of {path}[ if {condition}]
            Break at {path}:{line}[ when {condition}]
            Stop the debugger on line {line} in {path}[ if {condition}]
            breakpoint {path} {line}[ if {condition}]
            Please put a breakpoint on line {line} in the file {path}[ with the condition {condition}]
            I want to halt at line {line} of {path}[ whenever {condition}]
            Can you add a breakpoint in {path}, line {line}[, only if {condition}]?
            Pause execution when {path} reaches line {line}[ and {condition}]
            In {path}, the debugger should stop at line {line}[ given {condition}]
        """), answer("path", "line", breakpoint=values.whole(1, 20)), names=("add_breakpoint",)),
    FunctionSpec("test_regex", _DOMAIN, "Test a regular expression on a text",
        (text("pattern", _regex, names=("regex",)), text("text", values.mixed(values.identifier, values.sentence), names=("input",))),
        lines("""
            Does the regex {pattern} match "{text}"?
            Test the regular expression {pattern} on "{text}"
            regex {pattern} on "{text}"
            Try {pattern} as a regex against "{text}"
            Does "{text}" match the pattern {pattern}?
            Please check if the regular expression {pattern} fits "{text}"
            Will the regex {pattern} find anything in "{text}"?
            Match "{text}" against the regex {pattern}
            For the text "{text}", does the regular expression {pattern} succeed?
        """), _matches_regex, names=("regex_test", "match_regex")),
    FunctionSpec("validate_json", _DOMAIN, "Check whether a text is valid JSON",
        (text("text", _json_text, names=("json",)),),
        lines("""
            Is {text} valid JSON?
            Validate the JSON {text}
            Check this JSON: {text}
            json ok? {text}
            Does {text} parse as JSON?
            Please tell me if {text} is well-formed JSON
            My parser refuses {text}, is it real JSON?
            Look for JSON errors in {text}
            Would a JSON parser accept {text}?
        """), _validated, names=("check_json", "json_validator")),
    FunctionSpec("create_project", _DOMAIN, "Create a new project from a template",
        (text("name", values.slug, names=("project",)), choice("language", _LANGUAGES), flag("git", "with a git repository", "without a git repository", names=("init_git",))),
        lines("""
            Create a new {language} project called {name}[ {git}]
            Start a {language} project {name}[ {git}]
            Set up the project {name} in {language}[ {git}]
            new {language} project {name}[ {git}]
            Please scaffold a {language} project named {name}[, {git}]
            I want to begin a project {name} written in {language}[, {git}]
            Can you generate an empty {language} project with the name {name}[ {git}]?
            Make the skeleton of a {language} project, {name}[, {git}]
            Prepare a fresh code project named {name} for {language}[, {git}]
        """), answer("name", created=True), names=("new_project", "scaffold_project")),
    FunctionSpec("extract_function", _DOMAIN, "Move lines of code into a new function",
        (text("path", _SOURCE, names=("file",)), integer("start", values.whole(1, 1500), "first line", names=("start_line",)), integer("end", values.whole(1501, 4000), "last line", names=("end_line",)), text("name", symbol, names=("function",))),
        lines("""
            Extract lines {start} to {end} of {path} into the function {name}
            In {path}, make lines {start} to {end} a function called {name}
            Move lines {start}-{end} of {path} to a new function {name}
            extract {path} {start}-{end} as {name}
            Please turn the code from line {start} to {end} in {path} into a function {name}
            Refactor {path}: lines {start} through {end} become {name}
            I want lines {start} up to {end} in {path} as their own function {name}
            Can you pull lines {start} to {end} out of {path} into {name}?
            Create a function {name} from lines {start} till {end} of {path}
        """), answer("path", "name"), names=("extract_method",)),
    FunctionSpec("sort_imports", _DOMAIN, "Sort the imports of a source file",
        (text("path", _PYTHON, names=("file",)), flag("remove_unused", "removing unused ones", "keeping unused ones")),
        lines("""
            Sort the imports in {path}[, {remove_unused}]
            isort {path}[ {remove_unused}]
            Put the imports of {path} in order[, {remove_unused}]
            Please organise the imports of {path}[, {remove_unused}]
            Clean up the import block of {path}[, {remove_unused}]
            Can you sort all imports of the file {path}[, {remove_unused}]?
            The imports in {path} are a mess, sort them[, {remove_unused}]
            Order the import statements of {path}[, {remove_unused}]
            In {path}, arrange the imports properly[, {remove_unused}]
        """), lambda a, r: {"path": a["path"], "changed": r.random() < 0.7}, names=("organize_imports",)),
    FunctionSpec("build_docs", _DOMAIN, "Build the documentation of a project",
        (text("folder", values.folder, names=("project",)), choice("format", ("html", "pdf", "epub"), required=False, default="html")),
        lines("""
            Build the documentation of {folder}[ as {format}]
            Generate the docs for {folder}[ in {format}]
            Make the[ {format}] documentation of the project {folder}
            build docs {folder}[ {format}]
            Please render the docs of {folder}[ to {format}]
            Can you produce documentation for the code in {folder}[, format {format}]?
            I need the project docs of {folder}[ as {format}]
            Update the generated documentation in {folder}[, as {format}]
            Turn the docs sources of {folder} into a manual[ in {format}]
        """), answer("folder", pages=values.magnitudes(1, 400)), names=("generate_docs", "render_documentation")),
    FunctionSpec("benchmark_function", _DOMAIN, "Measure how fast a function runs",
        (text("function", symbol), integer("runs", values.magnitudes(1, 100_000), required=False, default=100, names=("repeats",))),
        lines("""
            Benchmark {function}[ over {runs} runs]
            How fast is the function {function}[, measured {runs} times]?
            Time {function}[ with {runs} runs]
            bench {function}[ x{runs}]
            Please measure the speed of {function}[ in {runs} runs]
            How long does one call of {function} take[? Repeat it {runs} times]
            Run {function}[ {runs} times] to see how fast it is
            Can you time the function {function}[, averaging {runs} calls]?
            What is the mean run time of {function}[ across {runs} repeats]?
        """), answer("function", microseconds=values.decimal(0.5, 900)), names=("time_function", "measure_speed")),
)  # fmt: skip

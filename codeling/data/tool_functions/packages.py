# ruff: noqa: E501  (each line is one entry of a table)
"""Packages of a language or a system: finding, installing, updating, publishing. Results are simulated."""

from __future__ import annotations

from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, text

_DOMAIN = "packages"
_MANAGERS = ("pip", "npm", "cargo", "apt", "brew", "conda")
_KNOWN = (
    "numpy",
    "pandas",
    "requests",
    "flask",
    "django",
    "pytest",
    "scipy",
    "react",
    "lodash",
    "express",
    "serde",
    "tokio",
    "curl",
    "vim",
    "nginx",
    "htop",
    "tmux",
    "jq",
    "redis",
    "ffmpeg",
    "pillow",
    "black",
    "ruff",
    "mypy",
)
_LICENSES = ("MIT", "Apache-2.0", "BSD-3-Clause", "GPL-3.0", "MPL-2.0", "ISC")


def package(random: Random) -> str:
    """A package's name: numpy, brave-turtle, pymaple, maple-parser2."""
    if random.random() < 0.25:
        return random.choice(_KNOWN)
    shape = random.randrange(4)
    if shape == 0:
        return f"{random.choice(('py', 'lib', 'go', 'node-', 'fast', 'easy-', 'open'))}{values.noun(random)}"
    name = f"{values.noun(random)}-{values.noun(random)}"
    return name if shape < 3 else f"{name}{random.randint(2, 9)}"


def _environment(random: Random) -> str:
    return random.choice((values.slug, lambda r: f"py3{r.randint(8, 14)}", lambda r: f"{values.noun(r)}-env"))(random)


def _outdated(a: dict[str, Any], random: Random) -> Any:
    rows = range(random.randint(0, 3))
    return {"outdated": [{"name": package(random), "latest": values.version(random)} for _ in rows]}


def _bumped(a: dict[str, Any], random: Random) -> Any:
    major, minor, patch = map(int, a["version"].split("."))
    parts = {"major": (major + 1, 0, 0), "minor": (major, minor + 1, 0), "patch": (major, minor, patch + 1)}[a["part"]]
    return {"version": ".".join(map(str, parts))}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("install_package", _DOMAIN, "Install a package",
        (text("package", package, names=("name",)), text("version", values.version, required=False), choice("manager", _MANAGERS, required=False)),
        lines("""
            Install {package}[ version {version}][ with {manager}]
            Please install the package {package}[, version {version}][, using {manager}]
            Can you install {package}[ {version}][ with {manager}]?
            I need {package}[ in version {version}] installed[ by {manager}]
            install {package}[ =={version}][ via {manager}]
            Set up the package {package}[ at version {version}][ through {manager}]
            Get {package}[ {version}] onto this machine[ with {manager}]
            My code needs the package {package}[, version {version}], install it[ with {manager}]
            {package} is missing here, please install[ version {version}][ using {manager}]
        """), answer("package", installed=True), names=("add_package",)),
    FunctionSpec("uninstall_package", _DOMAIN, "Uninstall a package",
        (text("package", package, names=("name",)), flag("purge", "with its settings", "but keep its settings")),
        lines("""
            Uninstall {package}[ {purge}]
            Remove the package {package}[ {purge}]
            Please uninstall the package {package}[ {purge}]
            Can you remove the package {package} from this machine[ {purge}]?
            uninstall {package}[ {purge}]
            I don't use the package {package} any more, uninstall it[ {purge}]
            Get rid of the package {package}[ {purge}]
            The package {package} should go[, {purge}]
            Take {package} off my computer[ {purge}]
        """), answer("package", removed=True), names=("remove_package",)),
    FunctionSpec("upgrade_package", _DOMAIN, "Upgrade a package to a newer version",
        (text("package", package, names=("name",)), text("version", values.version, required=False, default="latest")),
        lines("""
            Upgrade {package}[ to {version}]
            Update the package {package}[ to version {version}]
            Please bring {package} up to date[, to version {version}]
            Can you upgrade the package {package}[ to {version}]?
            upgrade {package}[ -> {version}]
            I want a newer {package}[, version {version}]
            My {package} is old, upgrade it[ to {version}]
            Move {package} to a newer release[, {version}]
            The installed {package} needs an update[ to {version}]
        """), answer("package", upgraded=True), names=("update_package",)),
    FunctionSpec("search_packages", _DOMAIN, "Search a registry for packages",
        (text("query", values.mixed(values.phrase, values.noun)), choice("registry", ("pypi", "npm", "crates", "docker", "maven"), required=False, default="pypi"),
         integer("limit", values.whole(1, 50), required=False, default=10)),
        lines("""
            Search for packages about "{query}"[ on {registry}][, at most {limit}]
            Find packages for "{query}"[ in {registry}][, {limit} results]
            Which packages exist for "{query}"[ on {registry}][? Show {limit}]
            Look up packages matching "{query}"[ on {registry}][, limit {limit}]
            package search "{query}"[ {registry}][ top {limit}]
            Is there a package for "{query}"[ on {registry}][? List {limit}]
            Please search[ {registry}] for a "{query}" package[, give me {limit}]
            I need a library that does "{query}"[, from {registry}][, list {limit} options]
            What libraries are there for "{query}"[ in {registry}][, the best {limit}]?
        """), lambda a, r: {"packages": [package(r) for _ in range(min(3, a["limit"]))]}, names=("find_packages",)),
    FunctionSpec("get_package_info", _DOMAIN, "Get facts about a package",
        (text("package", package, names=("name",)),),
        lines("""
            Tell me about the package {package}
            What is the package {package}?
            Show information on the package {package}
            package info {package}
            Give me the details of the package {package}
            What does the library {package} do?
            Look up the description of the package {package}
            Who makes the package {package} and what is it for?
            I keep hearing of the library {package}, what is it?
        """), lambda a, r: {"name": a["package"], "version": values.version(r), "author": values.full_name(r)}, names=("package_info", "describe_package")),
    FunctionSpec("list_installed_packages", _DOMAIN, "List installed packages",
        (choice("manager", _MANAGERS),),
        lines("""
            List the packages installed with {manager}
            Which {manager} packages are installed?
            Show all installed {manager} packages
            {manager} list
            What have I installed through {manager}?
            Print everything {manager} has installed
            Please list what {manager} installed here
            I'd like an overview of my {manager} packages
            What packages did {manager} put on this machine?
        """), lambda a, r: {"packages": [package(r) for _ in range(r.randint(1, 3))]}, names=("installed_packages",)),
    FunctionSpec("list_outdated_packages", _DOMAIN, "List packages that have updates",
        (choice("manager", _MANAGERS),),
        lines("""
            Which {manager} packages are outdated?
            List outdated {manager} packages
            Are there updates for my {manager} packages?
            {manager} outdated
            Show the {manager} packages that need an update
            What could I upgrade in {manager}?
            Check {manager} for packages with newer versions
            Is anything from {manager} out of date?
            Tell me what is no longer current in {manager}
        """), _outdated, names=("outdated_packages", "check_for_updates")),
    FunctionSpec("get_latest_version", _DOMAIN, "Get the newest version of a package",
        (text("package", package, names=("name",)), flag("prerelease", "including pre-releases", "without pre-releases")),
        lines("""
            What is the latest version of {package}[, {prerelease}]?
            Get the newest version of {package}[, {prerelease}]
            Which version of {package} is current[, {prerelease}]?
            latest {package} version[ {prerelease}]
            How new can {package} get? Give the latest version[, {prerelease}]
            Tell me the most recent release of {package}[, {prerelease}]
            Look up the last version of the package {package}[, {prerelease}]
            What's the version number of the newest {package}[, {prerelease}]?
            I want to know the top release of {package}[ {prerelease}]
        """), answer("package", version=values.version), names=("latest_version", "newest_release")),
    FunctionSpec("get_package_dependencies", _DOMAIN, "List what a package depends on",
        (text("package", package, names=("name",)), integer("depth", values.whole(1, 9), required=False, default=1)),
        lines("""
            What does {package} depend on[, to depth {depth}]?
            List the dependencies of {package}[ with depth {depth}]
            Show the dependency tree of {package}[, {depth} levels deep]
            Which packages does {package} need[, depth {depth}]?
            deps of {package}[, depth {depth}]
            Please give me the dependencies for {package}[, {depth} levels]
            What gets pulled in by {package}[, down to level {depth}]?
            What else is installed when I install {package}[? Go {depth} levels down]
            Tell me the requirements of the package {package}[ up to depth {depth}]
        """), lambda a, r: {"dependencies": [package(r) for _ in range(r.randint(0, 3))]}, names=("package_dependencies", "dependency_tree")),
    FunctionSpec("find_dependents", _DOMAIN, "List packages that need a package",
        (text("package", package, names=("name",)),),
        lines("""
            Which packages depend on {package}?
            What needs {package}?
            List the packages that require {package}
            Who uses the package {package} as a dependency?
            reverse dependencies of {package}
            Show everything that would break without {package}
            Find the dependents of {package}
            Can I remove {package}, or does a package need it?
            Why is {package} installed? Which package wants it?
        """), lambda a, r: {"dependents": [package(r) for _ in range(r.randint(0, 3))]}, names=("reverse_dependencies",)),
    FunctionSpec("check_vulnerabilities", _DOMAIN, "Check a package for known vulnerabilities",
        (text("package", package, names=("name",)), text("version", values.version), choice("severity", ("low", "medium", "high", "critical"), "lowest to report", required=False, default="low")),
        lines("""
            Does {package} {version} have known vulnerabilities[ of severity {severity} or more]?
            Check {package} version {version} for vulnerabilities[, from {severity} up]
            Is {package} {version} safe[ apart from issues below {severity}]?
            Scan {package} {version} for security problems[, at least {severity}]
            vulnerabilities {package} {version}[ severity {severity}]
            Are there security advisories for {package} {version}[, {severity} or worse]?
            Please audit the package {package} at version {version}[, minimum severity {severity}]
            Any CVEs for {package} in version {version}[, {severity} and above]?
            We ship {package} {version}, is it vulnerable[ with {severity} severity or higher]?
        """), answer("package", vulnerabilities=values.whole(0, 3)), names=("audit_package", "scan_package")),
    FunctionSpec("get_package_license", _DOMAIN, "Get the licence of a package",
        (text("package", package, names=("name",)),),
        lines("""
            Which license does {package} have?
            What is the licence of {package}?
            Under which license is {package} published?
            license of {package}
            Look up the license for the package {package}
            Can I use {package} commercially? Show its license
            Tell me how {package} is licensed
            Is {package} MIT or GPL or something else?
            Our lawyers ask for the license of {package}
        """), answer("package", license=values.one_of(_LICENSES)), names=("package_license",)),
    FunctionSpec("get_download_count", _DOMAIN, "How often a package was downloaded",
        (text("package", package, names=("name",)), choice("period", ("day", "week", "month", "year"), required=False, default="month")),
        lines("""
            How often was {package} downloaded[ in the last {period}]?
            How many downloads does {package} have[ per {period}]?
            Download count of {package}[ for the {period}]
            How popular is {package}? Show its downloads[ of the {period}]
            downloads {package}[ {period}]
            Get the number of downloads for {package}[ this {period}]
            Tell me how many people downloaded the package {package}[ in a {period}]
            Give me download statistics of {package}[ over the past {period}]
            Do many people download {package}[ in one {period}]?
        """), answer("package", downloads=values.magnitudes(10, 90_000_000)), names=("package_downloads",)),
    FunctionSpec("publish_package", _DOMAIN, "Publish a package to a registry",
        (text("package", package, names=("name",)), text("version", values.version), flag("dry_run", "as a dry run", "for real")),
        lines("""
            Publish {package} {version}[ {dry_run}]
            Release the package {package} as version {version}[, {dry_run}]
            Upload {package} version {version} to the registry[, {dry_run}]
            Please publish version {version} of {package}[, {dry_run}]
            publish {package}@{version}[ {dry_run}]
            Can you push out {package} {version} to the package registry[, {dry_run}]?
            {package} {version} is ready, publish it[ {dry_run}]
            Make {version} of {package} available to everybody[, {dry_run}]
            It's time to put {package} {version} on the registry[, {dry_run}]
        """), answer("package", "version", published=True), names=("release_package",)),
    FunctionSpec("pin_package", _DOMAIN, "Pin a package to a version in a file",
        (text("package", package, names=("name",)), text("version", values.version), text("file", values.file_with("txt", "toml", "lock", "cfg"), names=("path",))),
        lines("""
            Pin {package} to {version} in {file}
            In {file}, fix the version of {package} at {version}
            Lock {package} at version {version} in {file}
            Please pin the package {package} to {version} in the file {file}
            pin {package}=={version} {file}
            {file} should say {package} {version} exactly
            Can you hold {package} at {version} in {file}?
            Write {package} pinned to {version} into {file}
            Keep {package} on {version}, put that in {file}
        """), answer("package", "version"), names=("lock_package_version",)),
    FunctionSpec("install_requirements", _DOMAIN, "Install all packages of a requirements file",
        (text("file", values.file_with("txt", "toml", "json", "lock"), names=("path",)), flag("upgrade", "upgrading existing ones", "leaving existing ones")),
        lines("""
            Install everything in {file}[, {upgrade}]
            Install the requirements from {file}[, {upgrade}]
            pip install -r {file}[, {upgrade}]
            Please install all packages listed in {file}[, {upgrade}]
            Can you set up the dependencies of {file}[, {upgrade}]?
            Use {file} to install what is needed[, {upgrade}]
            The packages named in {file} must be installed[, {upgrade}]
            Read {file} and install all its packages[, {upgrade}]
            I cloned the project, install its requirements {file}[, {upgrade}]
        """), answer(installed=values.whole(1, 40)), names=("install_from_file",)),
    FunctionSpec("create_environment", _DOMAIN, "Create a virtual environment",
        (text("name", _environment, names=("environment",)), text("python", lambda r: f"3.{r.randint(7, 14)}", "Python version", required=False)),
        lines("""
            Create a virtual environment called {name}[ with Python {python}]
            Make a venv {name}[ using python {python}]
            Set up the virtual environment {name}[, Python {python}]
            Please create a Python environment named {name}[ for version {python}]
            venv {name}[ python {python}]
            I need a fresh virtualenv {name}[ with Python {python}]
            Can you make a new virtual env {name}[ on Python {python}]?
            Start a clean Python environment under the name {name}[, version {python}]
            For this project, prepare a virtualenv {name}[ that has Python {python}]
        """), answer("name", created=True), names=("make_virtualenv", "create_venv")),
    FunctionSpec("remove_environment", _DOMAIN, "Delete a virtual environment",
        (text("name", _environment, names=("environment",)),),
        lines("""
            Delete the virtual environment {name}
            Remove the venv {name}
            Please delete the Python environment {name}
            Get rid of the virtualenv {name}
            rm venv {name}
            Can you remove the virtual environment called {name}?
            I no longer use the env {name}, delete it
            The virtual env {name} can be thrown away
            Drop the Python environment named {name}
        """), answer("name", removed=True), names=("delete_venv",)),
    FunctionSpec("export_environment", _DOMAIN, "Write installed packages to a file",
        (text("file", values.file_with("txt", "yaml", "lock"), names=("path",)), flag("hashes", "with hashes", "without hashes")),
        lines("""
            Export the installed packages to {file}[ {hashes}]
            Write all installed packages to {file}[, {hashes}]
            pip freeze > {file}[, {hashes}]
            Freeze my environment into {file}[ {hashes}]
            Please save the package versions I have to {file}[, {hashes}]
            Make a requirements file {file} from my environment[ {hashes}]
            Can you dump my current packages to {file}[ {hashes}]?
            Create {file} listing what is installed[, {hashes}]
            Store the exact versions of my packages in {file}[, {hashes}]
        """), answer("file", packages=values.whole(3, 200)), names=("freeze_packages", "freeze_environment")),
    FunctionSpec("compare_versions", _DOMAIN, "Compare two version numbers",
        (text("first", values.version, names=("version_a",)), text("second", values.version, names=("version_b",))),
        lines("""
            Is version {first} newer than {second}?
            Compare the versions {first} and {second}
            Which version is newer, {first} or {second}?
            version {first} vs {second}
            Tell me whether {first} comes after {second}, as versions
            Does release {first} come before {second}?
            Put the versions {first} and {second} in order
            I have {first}, the other is {second}: which version is higher?
            Of the releases {first} and {second}, which came later?
        """), lambda a, r: {"newer": max(a["first"], a["second"], key=lambda v: [int(part) for part in v.split(".")])}, names=("version_compare",)),
    FunctionSpec("bump_version", _DOMAIN, "Raise a version number",
        (text("version", values.version, names=("current",)), choice("part", ("major", "minor", "patch"))),
        lines("""
            Bump the {part} version of {version}
            What comes after {version} in a {part} release?
            Raise {version} by one {part} version
            {part} bump from {version}
            Give me the next {part} version after {version}
            We are at {version}, what is the next {part} release?
            Please increase the {part} part of {version}
            Starting from {version}, do a {part} bump
            If {version} gets a {part} update, what is the new version?
        """), _bumped, names=("next_version", "increment_version")),
    FunctionSpec("clear_package_cache", _DOMAIN, "Empty the cache of a package manager",
        (choice("manager", _MANAGERS),),
        lines("""
            Clear the {manager} cache
            Empty the package cache of {manager}
            {manager} cache clean
            Delete everything cached by {manager}
            Please clean up the cache of {manager}
            Free some space by clearing {manager}'s cache
            Can you wipe the {manager} package cache?
            The cache of {manager} is too big, empty it
            Throw out the downloads that {manager} keeps cached
        """), answer("manager", freed_bytes=values.magnitudes(1000, 9_000_000_000)), names=("clean_package_cache",)),
    FunctionSpec("add_repository_source", _DOMAIN, "Add a package source",
        (text("url", values.url, names=("source",)), choice("manager", _MANAGERS)),
        lines("""
            Add {url} as a package source for {manager}
            Add the repository {url} to {manager}
            Make {manager} also look at {url}
            Please register {url} as a source in {manager}
            {manager} add source {url}
            Can {manager} install from {url} too? Add it
            I want {manager} to use the extra package index {url}
            Configure {url} as an additional source of {manager}
            Let {manager} fetch packages from {url} as well
        """), answer("url", added=True), names=("add_package_index",)),
    FunctionSpec("generate_lockfile", _DOMAIN, "Resolve dependencies into a lock file",
        (listing("packages", package, 2, 4, names=("names",)), text("output", values.file_with("lock", "json", "txt"), names=("lockfile",))),
        lines("""
            Generate the lock file {output} for {packages}
            Resolve {packages} and write {output}
            Lock the dependencies {packages} into {output}
            Make a lockfile {output} from {packages}
            lock {packages} > {output}
            Please resolve the versions of {packages} into the file {output}
            Can you find versions of {packages} that work together and lock them in {output}?
            Solve the dependencies {packages} and save the lock to {output}
            Which versions of {packages} fit together? Put them in the lock {output}
        """), answer("output", packages_locked=values.whole(3, 90)), names=("lock_dependencies",)),
)  # fmt: skip

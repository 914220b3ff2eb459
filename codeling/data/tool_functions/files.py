# ruff: noqa: E501  (each line is one entry of a table)
"""Files and folders of a machine: looking, changing, packing, comparing, and the arithmetic of paths."""

from __future__ import annotations

import posixpath
from random import Random
from typing import Any

from codeling.data.tool_functions import values
from codeling.data.tool_functions.spec import FunctionSpec, answer, choice, flag, integer, lines, listing, text

_DOMAIN = "files"
_BYTES = values.magnitudes(40, 90_000_000)
_ARCHIVES = ("zip", "tar", "gzip")


def _names(low: int, high: int) -> Any:
    return lambda random: sorted({values.file_name(random) for _ in range(random.randint(low, high))})


def _mode(random: Random) -> str:
    return f"{random.choice((4, 5, 6, 7))}{random.choice((0, 4, 5, 6, 7))}{random.choice((0, 4, 5, 6, 7))}"


def _archive(random: Random) -> str:
    return values.file_with("zip", "tar", "tgz", "tar.gz")(random)


def _matches(a: dict[str, Any], random: Random) -> Any:
    count = random.randint(0, 3)
    return {"matches": [{"file": values.file_name(random), "line": random.randint(1, 400)} for _ in range(count)]}


def _largest(a: dict[str, Any], random: Random) -> Any:
    sizes = sorted((_BYTES(random) for _ in range(min(3, a["count"] or 3))), reverse=True)
    return {"files": [{"name": values.file_name(random), "bytes": size} for size in sizes]}


def _extracted(a: dict[str, Any], random: Random) -> Any:
    return {"folder": a["folder"] or ".", "files": _names(1, 3)(random)}


FUNCTIONS: tuple[FunctionSpec, ...] = (
    FunctionSpec("append_to_file", _DOMAIN, "Add text at the end of a file",
        (text("path", values.file_path, names=("file",)), text("text", values.sentence, names=("content",))),
        lines("""
            Append "{text}" to {path}
            Add the line "{text}" to the end of {path}
            Can you add "{text}" at the bottom of {path}?
            At the end of {path}, add: "{text}"
            append to {path}: "{text}"
            I'd like "{text}" appended to the file {path}
            Put one more line in {path} that says "{text}"
            Stick "{text}" on the end of {path} please
            The file {path} needs a last line: "{text}"
        """), answer("path", appended=True), names=("append_line", "add_to_file")),
    FunctionSpec("delete_file", _DOMAIN, "Delete a file",
        (text("path", values.file_path, names=("file",)), flag("permanent", "permanently", "but keep it in the trash")),
        lines("""
            Delete {path}[ {permanent}]
            Remove the file {path}[ {permanent}]
            Please delete the file {path}[ {permanent}]
            I don't need {path} any more, delete it[ {permanent}]
            Can you get rid of the file {path}[ {permanent}]?
            rm {path}[ {permanent}]
            Erase {path}[ {permanent}]
            The file {path} should be deleted[ {permanent}]
            Throw away {path}[ {permanent}] please
        """), answer("path", deleted=True), names=("remove_file",)),
    FunctionSpec("copy_file", _DOMAIN, "Copy a file to another place",
        (text("source", values.file_path, names=("from",)), text("destination", values.file_path, names=("to",)),
         flag("overwrite", "overwriting what is there", "without overwriting")),
        lines("""
            Copy {source} to {destination}[, {overwrite}]
            Make a copy of {source} at {destination}[, {overwrite}]
            Please copy the file {source} to {destination}[ {overwrite}]
            Can you duplicate {source} as {destination}[, {overwrite}]?
            cp {source} {destination}[ {overwrite}]
            I want a copy of {source} in {destination}[, {overwrite}]
            Copy the contents of {source} into a new file {destination}[, {overwrite}]
            {destination} should become a copy of {source}[, {overwrite}]
            Could {source} be copied over to {destination}[, {overwrite}]?
        """), answer("destination", bytes=_BYTES), names=("duplicate_file",)),
    FunctionSpec("move_file", _DOMAIN, "Move a file into another folder",
        (text("path", values.file_path, names=("source",)), text("folder", values.folder, names=("destination",))),
        lines("""
            Move {path} to the folder {folder}
            Move the file {path} into {folder}
            Please put {path} into the folder {folder}
            Can you move {path} over to {folder}?
            mv {path} into folder {folder}
            {path} belongs in {folder}, please move it there
            Relocate {path} to {folder}
            I want {path} to live in {folder} from now on
            Take {path} and move it to {folder}
        """), lambda a, r: {"path": posixpath.join(a["folder"], posixpath.basename(a["path"]))}, names=("relocate_file",)),
    FunctionSpec("rename_file", _DOMAIN, "Give a file a new name",
        (text("path", values.file_path, names=("old_name",)), text("new_name", values.file_name, names=("name",))),
        lines("""
            Rename {path} to {new_name}
            Change the name of {path} to {new_name}
            Please rename the file {path} as {new_name}
            Can {path} be called {new_name} instead?
            rename {path} -> {new_name}
            I want {path} renamed to {new_name}
            Give {path} the new name {new_name}
            The file {path} should have the name {new_name}
            {path} has a bad name, make it {new_name}
        """), lambda a, r: {"path": posixpath.join(posixpath.dirname(a["path"]), a["new_name"])},
        names=("change_file_name",)),
    FunctionSpec("create_folder", _DOMAIN, "Create a new folder",
        (text("path", values.folder, names=("folder",)),),
        lines("""
            Create the folder {path}
            Make a new directory {path}
            Please create a directory called {path}
            Can you make the folder {path}?
            mkdir {path}
            I need a new folder at {path}
            Set up an empty folder {path}
            Add a new directory named {path}
            There should be a folder {path}, create it
        """), answer("path", created=True), names=("make_directory", "create_directory")),
    FunctionSpec("delete_folder", _DOMAIN, "Delete a folder",
        (text("path", values.folder, names=("folder",)), flag("force", "even if it has files in it", "only if it is empty")),
        lines("""
            Delete the folder {path}[ {force}]
            Remove the directory {path}[ {force}]
            Please delete the whole folder {path}[, {force}]
            Can you remove the folder {path}[ {force}]?
            rmdir {path}[, {force}]
            I want the directory {path} gone[, {force}]
            Get rid of the directory {path}[, {force}]
            The folder {path} can be deleted[, {force}]
            We no longer use the folder {path}, delete it[ {force}]
        """), answer("path", deleted=True), names=("remove_directory",)),
    FunctionSpec("find_files", _DOMAIN, "Find files by extension",
        (text("extension", values.one_of(values.EXTENSIONS), names=("suffix",)),
         text("folder", values.folder, required=False, default=".", names=("path",)),
         flag("recursive", "including subfolders", "not in subfolders")),
        lines("""
            Find all .{extension} files[ in {folder}][, {recursive}]
            Which .{extension} files are there[ in {folder}][, {recursive}]?
            List every file ending in .{extension}[ under {folder}][, {recursive}]
            Look for .{extension} files[ in {folder}][ {recursive}]
            Search[ {folder}] for files with the extension {extension}[, {recursive}]
            I need all the {extension} files[ from {folder}][, {recursive}]
            Locate files of type {extension}[ in {folder}][, {recursive}]
            Are there any .{extension} files[ in {folder}][, {recursive}]?
            Show me where the .{extension} files are[ within {folder}][, {recursive}]
        """), lambda a, r: {"files": [f"{values.file_stem(r)}.{a['extension']}" for _ in range(r.randint(0, 3))]},
        names=("search_files", "locate_files")),
    FunctionSpec("get_file_size", _DOMAIN, "Get the size of a file",
        (text("path", values.file_path, names=("file",)),
         choice("unit", ("bytes", "kilobytes", "megabytes"), required=False, default="bytes")),
        lines("""
            How big is {path}[ in {unit}]?
            What is the size of {path}[ in {unit}]?
            Get the file size of {path}[ in {unit}]
            Tell me how large the file {path} is[, in {unit}]
            size of {path}[ in {unit}]
            How much space does the file {path} take[ in {unit}]?
            I'd like to know the size[ in {unit}] of {path}
            How many[ {unit}], the size of file {path}?
            Is {path} a big file? Give me its size[ in {unit}]
        """), answer("path", size=values.magnitudes(1, 90_000)), names=("file_size",)),
    FunctionSpec("count_file_lines", _DOMAIN, "Count the lines of a file",
        (text("path", values.file_path, names=("file",)), flag("skip_empty", "ignoring empty lines", "counting empty lines too")),
        lines("""
            How many lines does {path} have[, {skip_empty}]?
            Count the lines in {path}[, {skip_empty}]
            Number of lines in {path}[, {skip_empty}]?
            Give me the line count of the file {path}[ {skip_empty}]
            wc -l {path}[, {skip_empty}]
            Please count how many lines are in {path}[, {skip_empty}]
            What is the line count of {path}[, {skip_empty}]?
            How long is {path} in lines[, {skip_empty}]?
            I want to know how many lines the file {path} contains[, {skip_empty}]
        """), answer("path", lines=values.magnitudes(1, 20_000)), names=("line_count",)),
    FunctionSpec("read_first_lines", _DOMAIN, "Show the first lines of a file",
        (text("path", values.file_path, names=("file",)), integer("count", values.whole(1, 99), names=("num_lines",))),
        lines("""
            Show the first {count} lines of {path}
            What are the first {count} lines of {path}?
            Print the top {count} lines of {path}
            head -n {count} {path}
            Let me see the first {count} lines in {path}
            Give me the beginning of {path}, {count} lines
            Display {path} but only the top {count} lines
            How does {path} start? Show {count} lines
            From {path}, read the initial {count} lines
        """), lambda a, r: {"lines": [values.sentence(r) for _ in range(min(2, a["count"]))]}, names=("head_file",)),
    FunctionSpec("read_last_lines", _DOMAIN, "Show the last lines of a file",
        (text("path", values.file_path, names=("file",)), integer("count", values.whole(1, 99), names=("num_lines",))),
        lines("""
            Show the last {count} lines of {path}
            What are the last {count} lines of {path}?
            Print the final {count} lines of {path}
            tail -n {count} {path}
            Let me see the last {count} lines in {path}
            Give me the end of {path}, {count} lines
            Display {path} but only the bottom {count} lines
            How does {path} end? Show {count} lines
            From {path}, read the closing {count} lines
        """), lambda a, r: {"lines": [values.sentence(r) for _ in range(min(2, a["count"]))]}, names=("tail_file",)),
    FunctionSpec("set_permissions", _DOMAIN, "Change the permission mode of a file",
        (text("path", values.file_path, names=("file",)), text("mode", _mode, "octal digits", names=("permissions",))),
        lines("""
            Set the permissions of {path} to {mode}
            chmod {mode} {path}
            Change the mode of {path} to {mode}
            Please give {path} the permissions {mode}
            Can you make {path} have mode {mode}?
            {path} should have permissions {mode}
            Apply mode {mode} to the file {path}
            I need {mode} permissions on {path}
            Switch the access rights of {path} to {mode}
        """), answer("path", "mode"), names=("change_mode", "chmod")),
    FunctionSpec("set_owner", _DOMAIN, "Change the owner of a file",
        (text("path", values.file_path, names=("file",)), text("owner", values.login, names=("user",))),
        lines("""
            Change the owner of {path} to {owner}
            chown {owner} {path}
            Make {owner} the owner of {path}
            {path} should belong to {owner}
            Please hand the file {path} over to the user {owner}
            Set the owner of {path} to {owner}
            I want {owner} to own {path}
            Can you give ownership of {path} to {owner}?
            Transfer ownership of {path} to user {owner}
        """), answer("path", "owner"), names=("change_owner",)),
    FunctionSpec("create_archive", _DOMAIN, "Pack files into an archive",
        (listing("files", values.file_name, names=("paths",)), text("archive", values.slug, "name without extension"),
         choice("format", _ARCHIVES, required=False, default="zip")),
        lines("""
            Pack {files} into an archive called {archive}[ as {format}]
            Compress {files} into {archive}[ with {format}]
            Make an archive {archive}[ in {format} format] from {files}
            Please archive {files} under the name {archive}[, format {format}]
            Bundle {files} together as {archive}[ using {format}]
            Create the[ {format}] archive {archive} with {files} in it
            Put {files} in one[ {format}] archive named {archive}
            I need {files} packed as {archive}[, as {format}]
            Can you build the archive {archive}[ in {format}] out of {files}?
        """), answer("archive", bytes=_BYTES), names=("compress_files", "pack_files")),
    FunctionSpec("extract_archive", _DOMAIN, "Unpack an archive",
        (text("archive", _archive, names=("path",)), text("folder", values.folder, required=False, names=("destination",))),
        lines("""
            Extract {archive}[ into {folder}]
            Unpack {archive}[ to {folder}]
            Unzip the archive {archive}[ in {folder}]
            Please extract the files of {archive}[ into {folder}]
            Can you unpack the archive {archive}[ to the folder {folder}]?
            Decompress {archive}[ into {folder}]
            Open up the archive {archive}[ and put the files in {folder}]
            Get everything out of {archive}[ and into {folder}]
            I need the contents of {archive} extracted[ to {folder}]
        """), _extracted, names=("unpack_archive", "decompress_archive")),
    FunctionSpec("list_archive", _DOMAIN, "List the contents of an archive",
        (text("archive", _archive, names=("path",)),),
        lines("""
            What is inside {archive}?
            List the contents of {archive}
            Which files are packed in {archive}?
            Show the entries of the archive {archive}
            contents of {archive} please, don't unpack it
            Look into the archive {archive} without extracting it
            Tell me what {archive} contains
            Peek inside the archive {archive}
            Before I unpack {archive}, what does it hold?
        """), lambda a, r: {"files": _names(1, 4)(r)}, names=("show_archive_contents",)),
    FunctionSpec("compare_files", _DOMAIN, "Show the differences of two files",
        (text("first", values.file_path, names=("file_a",)), text("second", values.file_path, names=("file_b",)),
         flag("ignore_case", "ignoring case", "respecting case")),
        lines("""
            Compare {first} with {second}[, {ignore_case}]
            What are the differences between {first} and {second}[, {ignore_case}]?
            diff {first} {second}[ {ignore_case}]
            How does {first} differ from {second}[, {ignore_case}]?
            Show me what changed from {first} to {second}[, {ignore_case}]
            Please compare the files {first} and {second}[, {ignore_case}]
            Are {first} and {second} the same[, {ignore_case}]?
            Check {first} against {second}[, {ignore_case}]
            Put {first} next to {second} and tell me the differences[, {ignore_case}]
        """), answer(different_lines=values.whole(0, 60)), names=("diff_files",)),
    FunctionSpec("file_exists", _DOMAIN, "Check whether a file exists",
        (text("path", values.file_path, names=("file",)),),
        lines("""
            Does {path} exist?
            Check whether the file {path} exists
            Is there a file {path}?
            Do we have a file named {path}?
            {path} - does it exist?
            See if {path} is there
            Can you check that {path} exists?
            Tell me if there is such a file as {path}
            I'm not sure {path} is still there, check it
        """), lambda a, r: {"exists": r.random() < 0.6}, names=("check_file", "path_exists")),
    FunctionSpec("get_modified_time", _DOMAIN, "When a file was last changed",
        (text("path", values.file_path, names=("file",)),),
        lines("""
            When was {path} last modified?
            When did {path} last change?
            What is the modification time of {path}?
            Get the last modified date of {path}
            mtime of {path}
            Tell me when somebody last edited {path}
            How old is the last change to {path}?
            On which day was {path} last touched?
            Find out when the file {path} was updated last
        """), lambda a, r: {"modified": f"{values.iso_date(r)}T{r.randint(0, 23):02}:{r.randint(0, 59):02}"},
        names=("last_modified", "file_modified_time")),
    FunctionSpec("create_empty_file", _DOMAIN, "Create an empty file",
        (text("path", values.file_path, names=("file",)),),
        lines("""
            Create an empty file {path}
            Make a blank file called {path}
            touch {path}
            Please create the file {path} with nothing in it
            I need an empty {path}
            Can you make an empty file at {path}?
            Set up {path} as an empty file
            Start a new blank file named {path}
            Put an empty file at {path} for me
        """), answer("path", bytes=0), names=("touch_file", "new_empty_file")),
    FunctionSpec("create_symlink", _DOMAIN, "Create a symbolic link to a path",
        (text("target", values.file_path, names=("source",)), text("link", values.file_path, names=("link_name",))),
        lines("""
            Create a symlink {link} that points to {target}
            Make a symbolic link from {link} to {target}
            Please link {link} to {target}
            ln -s {target} {link}
            Can you add a symlink at {link} for {target}?
            I want {link} to be a symlink to {target}
            {link} should point to {target}, as a symbolic link
            Symlink {target} as {link}
            Set up a soft link named {link} leading to {target}
        """), answer("link", "target"), names=("make_symlink", "link_file")),
    FunctionSpec("get_folder_size", _DOMAIN, "Get the total size of a folder",
        (text("folder", values.folder, names=("path",)),),
        lines("""
            How much space does the folder {folder} use?
            What is the total size of the directory {folder}?
            du -sh {folder}
            How big is the folder {folder}?
            Get the size of everything in {folder}
            Add up the sizes of all files in {folder}
            Tell me how large the directory {folder} is
            Is the folder {folder} very big? Give me its size
            How many bytes are in the folder {folder} altogether?
        """), answer("folder", bytes=_BYTES), names=("folder_size", "directory_size")),
    FunctionSpec("search_in_files", _DOMAIN, "Search the files of a folder for text",
        (text("query", values.mixed(values.word, values.phrase, values.identifier), names=("pattern",)),
         text("folder", values.folder, names=("path",)), flag("ignore_case", "ignoring case", "with exact case")),
        lines("""
            Search for "{query}" in the files of {folder}[, {ignore_case}]
            grep "{query}" in {folder}[ {ignore_case}]
            Which files in {folder} contain "{query}"[, {ignore_case}]?
            Look for the text "{query}" in all files under {folder}[, {ignore_case}]
            Where in {folder} does "{query}" occur[, {ignore_case}]?
            Find "{query}" inside the files of {folder}[, {ignore_case}]
            In {folder}, which files mention "{query}"[, {ignore_case}]?
            Go through the files in {folder} and find "{query}"[, {ignore_case}]
            I'm looking for the words "{query}" somewhere in {folder}[, {ignore_case}]
        """), _matches, names=("grep_files", "find_text_in_files")),
    FunctionSpec("replace_in_file", _DOMAIN, "Replace a text everywhere in a file",
        (text("path", values.file_path, names=("file",)), text("old", values.identifier, names=("search",)),
         text("new", values.identifier, names=("replacement",))),
        lines("""
            Replace "{old}" with "{new}" in {path}
            In {path}, change every "{old}" to "{new}"
            Substitute "{new}" for "{old}" in the file {path}
            Please replace all "{old}" by "{new}" in {path}
            Edit {path}: "{old}" becomes "{new}"
            Can you swap "{old}" for "{new}" throughout {path}?
            Everywhere {path} says "{old}", it should say "{new}"
            Find "{old}" in {path} and put "{new}" instead
            In the file {path}, "{old}" must be turned into "{new}"
        """), answer("path", replaced=values.whole(0, 40)), names=("substitute_in_file", "edit_file_text")),
    FunctionSpec("split_file", _DOMAIN, "Split a file into parts",
        (text("path", values.file_path, names=("file",)), integer("lines", values.magnitudes(5, 50_000), "lines per part")),
        lines("""
            Split {path} into parts of {lines} lines
            Cut {path} into pieces with {lines} lines each
            Please divide the file {path} every {lines} lines
            Can you split up {path}, {lines} lines per part?
            split -l {lines} {path}
            Break the file {path} into chunks of {lines} lines
            I need {path} in parts, each {lines} lines long
            Chop {path} up after every {lines} lines
            Turn {path} into several files of {lines} lines
        """), answer(parts=values.whole(2, 40)), names=("divide_file",)),
    FunctionSpec("merge_files", _DOMAIN, "Join several files into one",
        (listing("files", values.file_name, names=("inputs",)), text("output", values.file_path, names=("destination",))),
        lines("""
            Merge the files {files} into {output}
            Join {files} and write the result to {output}
            Concatenate {files} as {output}
            Please combine the files {files} into {output}
            Can you merge the files {files} to make {output}?
            cat {files} into one file {output}
            I want {files} in a single file {output}
            Put the contents of {files} one after the other in {output}
            {output} should hold {files} joined together
        """), answer("output", bytes=_BYTES), names=("join_files", "concatenate_files")),
    FunctionSpec("sort_file", _DOMAIN, "Sort the lines of a file",
        (text("path", values.file_path, names=("file",)),
         flag("descending", "in descending order", "in ascending order"), flag("unique", "without duplicates", "keeping duplicates")),
        lines("""
            Sort the lines of {path}[ {descending}][, {unique}]
            Put the lines of {path} in order[, {descending}][, {unique}]
            Please sort the file {path}[ {descending}][, {unique}]
            Can you sort {path}[ {descending}][ {unique}]?
            sort {path}[ {descending}][ {unique}]
            The lines in {path} should be sorted[ {descending}][, {unique}]
            Order the lines in the file {path}[ {descending}][ and {unique}]
            I want the lines of {path} sorted[ {descending}][, {unique}]
            {path} is a mess, sort its lines[ {descending}][, {unique}]
        """), answer("path", lines=values.magnitudes(2, 9000)), names=("sort_lines_in_file",)),
    FunctionSpec("find_largest_files", _DOMAIN, "Find the largest files in a folder",
        (text("folder", values.folder, names=("path",)),
         integer("count", values.whole(1, 50), required=False, default=10, names=("limit",))),
        lines("""
            What are the[ {count}] largest files in {folder}?
            Find the[ {count}] biggest files under {folder}
            Which[ {count}] files in {folder} take the most space?
            List the[ {count}] largest files of the folder {folder}
            Show me the[ top {count}] biggest files in {folder}
            {folder} is full, what are its[ {count}] largest files?
            I want to see the[ {count}] heaviest files in {folder}
            Which files make {folder} so big? Show[ {count}] of the largest
            Rank the files in {folder} by size[ and give me {count}]
        """), _largest, names=("largest_files", "biggest_files")),
    FunctionSpec("find_duplicate_files", _DOMAIN, "Find identical files in a folder",
        (text("folder", values.folder, names=("path",)),),
        lines("""
            Find duplicate files in {folder}
            Are there duplicates in the folder {folder}?
            Which files in {folder} are identical copies?
            Look for identical files under {folder}
            Check {folder} for duplicate files
            Does {folder} contain the same file twice?
            I think {folder} is full of duplicates, find them
            Show me all the files in {folder} that exist more than once
            Detect copies of the same file within {folder}
        """), lambda a, r: {"duplicates": [_names(2, 2)(r) for _ in range(r.randint(0, 2))]}, names=("duplicate_finder",)),
    FunctionSpec("delete_old_files", _DOMAIN, "Delete files older than some days",
        (text("folder", values.folder, names=("path",)), integer("days", values.magnitudes(1, 1000), names=("older_than",))),
        lines("""
            Delete all files in {folder} older than {days} days
            Remove everything in {folder} that is more than {days} days old
            Clean up {folder}: drop files older than {days} days
            Please delete the files in {folder} that are over {days} days old
            Can you clear {folder} of files older than {days} days?
            Files in {folder} older than {days} days can go
            Keep only the last {days} days of files in {folder}
            Purge {folder}, anything beyond {days} days
            In {folder}, get rid of files not changed for {days} days
        """), answer("folder", deleted=values.whole(0, 300)), names=("purge_old_files", "clean_old_files")),
    FunctionSpec("get_extension", _DOMAIN, "Get the extension of a file name",
        (text("path", values.file_path, names=("filename",)),),
        lines("""
            What is the extension of {path}?
            Get the file extension of {path}
            Which extension does {path} have?
            extension of {path}
            Tell me the extension in the name {path}
            Please extract the extension from {path}
            Give me only the suffix of {path}
            How does the name {path} end, what extension?
            From {path}, I just need the extension
        """), lambda a, r: {"extension": posixpath.splitext(a["path"])[1]}, names=("file_extension",)),
    FunctionSpec("join_paths", _DOMAIN, "Join parts to one path",
        (listing("parts", values.noun, names=("segments",)),),
        lines("""
            Join {parts} to one path
            Make a path out of {parts}
            What path do {parts} give when joined?
            Build a file path from the parts {parts}
            path from {parts}
            Combine {parts} into a path
            Can you put {parts} together as a path?
            The path segments are {parts}, join them
            Connect {parts} with slashes to form a path
        """), lambda a, r: {"path": posixpath.join(*a["parts"])}, names=("build_path",)),
    FunctionSpec("get_absolute_path", _DOMAIN, "Turn a relative path into an absolute one",
        (text("path", values.file_with(*values.EXTENSIONS), names=("relative_path",)), text("base", values.folder, names=("folder",))),
        lines("""
            What is the absolute path of {path} in {base}?
            Make {path} absolute, relative to {base}
            Resolve {path} from the folder {base}
            Turn {path} into an absolute path based on {base}
            absolute path of {path}, base {base}
            If I am in {base}, what is the full path of {path}?
            Starting from {base}, resolve the path {path}
            Give me the full path for {path} under {base}
            Where exactly is {path} when the base folder is {base}?
        """), lambda a, r: {"path": posixpath.normpath(posixpath.join(a["base"], a["path"]))}, names=("resolve_path",)),
)  # fmt: skip

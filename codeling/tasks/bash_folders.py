"""Bash tasks on files and folders, and with loops."""

from __future__ import annotations

from codeling.tasks.families import BashFamily, Choice
from codeling.tasks.input_values import number
from codeling.tasks.scenes import (
    folder_files,
    integers,
    leaves,
    lines,
    lines_with,
    prints,
    rows,
    some_words,
    table,
    word_lines,
)

_ENDINGS = (".txt", ".log", ".csv", ".md", ".py", ".sh", ".json", ".html", ".conf", ".tmp")
_FOLDERS = ("src", "docs", "logs", "backup", "archive", "data", "old", "build")
_FILES = ("notes.txt", "list.txt", "config.ini", "todo.txt", "data.csv", "names.txt", "readme.md", "hosts.txt")
_MARKS = ("error", "TODO", "main", "fail", "import", "warning")
_OTHER = ".dat"

FAMILIES = (
    BashFamily(
        "find_by_ending",
        "[Find|List|Print] all «e» files [below|under|in and below] the current folder",
        "find . -name '*«e»'",
        {"e": _ENDINGS},
        scene=lambda r, e: prints(
            files := folder_files(r, (e, _OTHER), folders=("", "a/", "a/b/")),
            [f"./{name}" for name in files if name.endswith(e)], any_order=True),
    ),
    BashFamily(
        "find_kind",
        "[Find|List|Print] all «kind» [below|under|in and below] «d»",
        "find «d» -type «kind»",
        {"kind": (Choice("files", "f", True), Choice("folders", "d", False)), "d": _FOLDERS},
        scene=lambda r, kind, d: prints(
            files := folder_files(r, (".txt", _OTHER), folders=(f"{d}/", f"{d}/x/")) | {f"{d}/{(r.choice('yz'))}/": ""},
            [name for name in files if not name.endswith("/")] if kind
            else {d, *(name.rpartition("/")[0] for name in files)}, any_order=True),
    ),
    BashFamily(
        "find_empty",
        "[Find|List|Print] the empty files [below|under] «d»",
        "find «d» -type f -empty",
        {"d": _FOLDERS},
        scene=lambda r, d: prints(
            files := folder_files(r, (".txt", _OTHER), folders=(f"{d}/",))
            | {f"{d}/{name}": "" for name in some_words(r, 1, 3)} | {f"{d}/none/": ""},
            [name for name, content in files.items() if not content and not name.endswith("/")], any_order=True),
    ),
    BashFamily(
        "count_files",
        "[Count|Print the number of] the «e» files [in|of] the current folder",
        "ls *«e» | wc -l",
        {"e": _ENDINGS},
        scene=lambda r, e: prints(files := folder_files(r, (e, _OTHER)), [sum(x.endswith(e) for x in files)]),
    ),
    BashFamily(
        "count_files_below",
        "[Count|Print the number of] the files [below|under] «d»",
        "find «d» -type f | wc -l",
        {"d": _FOLDERS},
        scene=lambda r, d: prints(files := folder_files(r, (".txt", _OTHER), folders=(f"{d}/", f"{d}/x/")),
                                  [len(files)]),
        held_out=True,
    ),
    BashFamily(
        "list_ending",
        "[List|Print|Show] the names of the «e» files in «d»",
        "ls «d» | grep '«e»$'",
        {"e": _ENDINGS, "d": _FOLDERS},
        scene=lambda r, e, d: prints(files := folder_files(r, (e, _OTHER), folders=(f"{d}/",)),
                                     [x.rpartition("/")[2] for x in files if x.endswith(e)], any_order=True),
    ),
    BashFamily(
        "files_that_contain",
        "[List|Print|Find] the names of the «e» files that contain «k»",
        "grep -l «k» *«e»",
        {"k": _MARKS, "e": _ENDINGS},
        scene=lambda r, k, e: prints(
            files := {f"{x}{r.choice([e, e, _OTHER])}": lines(r.choice([lines_with(r, k), some_words(r)]))
                      for x in some_words(r, 4, 6)} | {f"a{e}": k + "\n"},
            [x for x, content in files.items() if x.endswith(e) and k in content], any_order=True),
    ),
    BashFamily(
        "grep_below",
        "[Print|Show|Find] all lines [below|under] «d» that contain «k», without file names",
        "grep -rh «k» «d»",
        {"k": _MARKS, "d": _FOLDERS},
        scene=lambda r, k, d: prints(
            files := {f"{d}/{r.choice(['', 'x/'])}{x}.txt": lines(lines_with(r, k)) for x in some_words(r, 2, 3)},
            [line for content in files.values() for line in content.splitlines() if k in line], any_order=True),
        held_out=True,
    ),
    BashFamily(
        "copy_file",
        "[Copy «file» to «d»|Put a copy of «file» into «d»]",
        "cp «file» «d»/",
        {"file": _FILES, "d": _FOLDERS},
        scene=lambda r, file, d: leaves(files := {file: lines(word_lines(r)), f"{d}/x": "x\n"},
                                        {**files, f"{d}/{file}": files[file]}),
    ),
    BashFamily(
        "move_files",
        "Move [all|the] «e» files [to|into] «d»",
        "mv *«e» «d»/",
        {"e": _ENDINGS, "d": _FOLDERS},
        scene=lambda r, e, d: leaves(
            files := folder_files(r, (e, _OTHER)) | {f"{d}/": ""},
            {f"{d}/{x}" if x.endswith(e) else x: content for x, content in files.items() if not x.endswith("/")}),
    ),
    BashFamily(
        "backup_copy",
        "[Make a copy of «file» named|Copy «file» to] «file».«e»",
        "cp «file» «file».«e»",
        {"file": _FILES, "e": ("bak", "old", "orig", "copy", "save")},
        scene=lambda r, file, e: leaves(files := {file: lines(word_lines(r))},
                                        {**files, f"{file}.{e}": files[file]}),
    ),
    BashFamily(
        "rename_file",
        "Rename «file» to «n»",
        "mv «file» «n»",
        {"file": _FILES, "n": ("new.txt", "final.txt", "result.csv", "main.cfg", "index.md", "first.log")},
        scene=lambda r, file, n: leaves(files := {file: lines(word_lines(r)), "other": "x\n"},
                                        {n: files[file], "other": "x\n"}),
    ),
    BashFamily(
        "remove_files",
        "[Delete|Remove] [all|the] «e» files [in|of] the current folder",
        "rm *«e»",
        {"e": _ENDINGS},
        scene=lambda r, e: leaves(files := folder_files(r, (e, _OTHER)),
                                  {x: content for x, content in files.items() if not x.endswith(e)}),
    ),
    BashFamily(
        "remove_below",
        "[Delete|Remove] [all|the] «e» files [below|under] «d»",
        "find «d» -name '*«e»' -delete",
        {"e": _ENDINGS, "d": _FOLDERS},
        scene=lambda r, e, d: leaves(
            files := folder_files(r, (e, _OTHER), folders=(f"{d}/", f"{d}/x/")) | {f"{d}/x/k{_OTHER}": "k\n"}
            | {f"k{e}": "k\n"},
            {x: content for x, content in files.items() if not (x.startswith(d) and x.endswith(e))}),
        held_out=True,
    ),
    BashFamily(
        "make_folders",
        "Make the folder «d» and in it the folder «n»",
        "mkdir -p «d»/«n»",
        {"d": _FOLDERS, "n": ("new", "tmp", "2024", "images", "tests", "lib", "a", "final")},
        scene=lambda r, d, n: leaves(files := {f"{x}.txt": "x\n" for x in some_words(r, 1, 2)}
                                     | ({f"{d}/": ""} if r.random() < 0.4 else {}),
                                     {**{x: c for x, c in files.items() if x != f"{d}/"}, f"{d}/{n}/": ""}),
    ),
    BashFamily(
        "make_files",
        "Make empty files [named «n»1 to «n»«k»|«n»1 to «n»«k»]",
        "touch «n»{1..«k»}",
        {"n": ("file", "test", "part", "page", "log", "chapter"), "k": (3, 4, 5, 6, 8)},
        scene=lambda r, n, k: leaves(files := {f"{x}.txt": "x\n" for x in some_words(r, 1, 3)},
                                     {**files, **{f"{n}{i}": "" for i in range(1, k + 1)}}),
    ),
    BashFamily(
        "join_files",
        "[Join|Concatenate] [all|the] «e» files into «n»",
        "cat *«e» > «n»",
        {"e": _ENDINGS, "n": ("all", "joined", "result", "total", "merged")},
        scene=lambda r, e, n: leaves(
            files := folder_files(r, (e, _OTHER)),
            {**files, n: "".join(files[x] for x in sorted(files) if x.endswith(e))}),
    ),
    BashFamily(
        "append_line",
        "[Append|Add] the line «k» to «file»",
        "echo «k» >> «file»",
        {"k": ("done", "end", "ok", "export", "finished", "127.0.0.1", "EOF", "ready"), "file": _FILES},
        scene=lambda r, k, file: leaves(files := {file: lines(word_lines(r))}, {file: files[file] + f"{k}\n"}),
    ),
    BashFamily(
        "write_matches",
        "[Write|Save] the lines of «file» that contain «k» [to|in] «n»",
        "grep «k» «file» > «n»",
        {"file": _FILES, "k": _MARKS, "n": ("found.txt", "out.txt", "matches")},
        scene=lambda r, file, k, n: leaves(
            files := {file: lines(found := lines_with(r, k))}, {**files, n: lines(x for x in found if k in x)}),
    ),
    BashFamily(
        "write_sorted",
        "[Write|Save] the sorted lines of «file» to «n»",
        "sort «file» > «n»",
        {"file": _FILES, "n": ("sorted.txt", "out.txt", "ordered", "result")},
        scene=lambda r, file, n: leaves(
            files := {file: lines(found := some_words(r))}, {**files, n: lines(sorted(found))}),
    ),
    BashFamily(
        "edit_in_place",
        "Replace [every|each] «k» by «m» in «file» itself",
        "sed -i 's/«k»/«m»/g' «file»",
        {"k": ("red", "cat", "old", "foo", "one"), "m": ("blue", "dog", "new", "bar", "two"), "file": _FILES},
        scene=lambda r, k, m, file: leaves(
            files := {file: lines([*lines_with(r, k), f"{k} {k}"])}, {file: files[file].replace(k, m)}),
    ),
    BashFamily(
        "pack_folder",
        "[Pack|Put] the folder «d» [into|in] the archive «d».tar and list what is in it",
        "tar -cf «d».tar «d» && tar -tf «d».tar",
        {"d": _FOLDERS},
        scene=lambda r, d: leaves(
            files := folder_files(r, (".txt", _OTHER), folders=(f"{d}/",)),
            {**files, f"{d}.tar": None}, output=[f"{d}/", *files], any_order=True),
    ),
    BashFamily(
        "loop_names",
        "[Print|Write] «k» [before|in front of] the name of each «e» file",
        'for f in *«e»; do echo "«k» $f"; done',
        {"k": ("file", "found", "name", "see", "check"), "e": _ENDINGS},
        scene=lambda r, k, e: prints(
            files := folder_files(r, (e, _OTHER)) | {f"two words{e}": "x\n"},
            [f"{k} {x}" for x in sorted(files) if x.endswith(e)], any_order=True),
    ),
    BashFamily(
        "loop_lines",
        "[Print|Show] the number of lines of each «e» file[| with its name], as name: number",
        'for f in *«e»; do echo "$f: $(wc -l < "$f")"; done',
        {"e": _ENDINGS},
        scene=lambda r, e: prints(
            files := folder_files(r, (e, _OTHER)) | {f"my notes{e}": "a\nb\n"},
            [f"{x}: {content.count(chr(10))}" for x, content in files.items() if x.endswith(e)], any_order=True),
    ),
    BashFamily(
        "loop_copies",
        "Copy each «e» file to [its name|the same name] with .«k» [added|at the end]",
        'for f in *«e»; do cp "$f" "$f.«k»"; done',
        {"e": _ENDINGS, "k": ("bak", "old", "orig", "copy")},
        scene=lambda r, e, k: leaves(
            files := folder_files(r, (e, _OTHER)) | {f"my file{e}": "x\n"},
            {**files, **{f"{x}.{k}": content for x, content in files.items() if x.endswith(e)}}),
    ),
    BashFamily(
        "if_exists",
        "Print «p» if the file «file» exists, [else|otherwise] «q»",
        "if [ -f «file» ]; then echo «p»; else echo «q»; fi",
        {"p": ("yes", "found", "there", "ok"), "q": ("no", "missing", "none", "absent"), "file": _FILES},
        scene=lambda r, p, q, file: prints(
            files := {f"{x}.log": "x\n" for x in some_words(r, 1, 3)} | ({file: "x\n"} if r.random() < 0.5 else {}),
            [p if file in files else q]),
    ),
    BashFamily(
        "if_many_lines",
        "Print «p» if «file» has more than «k» lines, [else|otherwise] «q»",
        'if [ "$(wc -l < «file»)" -gt «k» ]; then echo «p»; else echo «q»; fi',
        {"p": ("long", "many", "yes"), "q": ("short", "few", "no"), "k": (3, 4, 5, 6), "file": _FILES},
        scene=lambda r, p, q, k, file: prints(
            {file: lines(found := integers(r, 3, 8)), "other": lines(integers(r))}, [p if len(found) > k else q]),
        held_out=True,
    ),
    BashFamily(
        "read_loop",
        "[Print|Show] each line of «file» [after|with] «k» and a blank[| before it]",
        'while read -r line; do echo "«k» $line"; done < «file»',
        {"k": ("-", "*", ">", "item", "line:", "#"), "file": _FILES},
        scene=lambda r, k, file: prints({file: lines(found := word_lines(r))}, [f"{k} {x}" for x in found]),
    ),
    BashFamily(
        "count_up",
        "[Print|Count] the numbers from «n» to «k», one [a|per] line",
        "seq «n» «k»",
        {"n": (1, 2, 3, 5, 10), "k": (12, 15, 20, 25, 30)},
        scene=lambda r, n, k: prints({f"{x}.txt": "x\n" for x in some_words(r, 1, 3)}, range(n, k + 1)),
    ),
    BashFamily(
        "columns_swapped",
        "[Print|Show] the first two columns of «file» [swapped|in the other order][|, with a blank between them]",
        "awk -F, '{print $2, $1}' «file»",
        {"file": ("table.csv", "people.csv", "data.csv", "scores.csv", "users.csv")},
        scene=lambda r, file: prints({file: table(found := rows(r, number(r, 2, 3)))},
                                     [f"{row[1]} {row[0]}" for row in found]),
    ),
    BashFamily(
        "script_exit_word",
        "Print «p» if «file» contains «k», [else|otherwise] «q»",
        "if grep -q «k» «file»; then echo «p»; else echo «q»; fi",
        {"p": ("yes", "found", "bad"), "q": ("no", "missing", "good"), "k": _MARKS, "file": _FILES},
        scene=lambda r, p, q, k, file: prints(
            {file: (text := lines(lines_with(r, k) if r.random() < 0.5 else some_words(r)))},
            [p if k in text else q]),
    ),
)  # fmt: skip

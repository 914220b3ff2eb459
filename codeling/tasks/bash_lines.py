"""Bash tasks on the lines and columns of one file."""

from __future__ import annotations

import re
from collections import Counter

from codeling.tasks.families import BashFamily, Choice
from codeling.tasks.input_values import WORDS, number
from codeling.tasks.scenes import integers, lines, lines_with, prints, rows, some_words, table, word_lines

_TEXTS = ("notes.txt", "list.txt", "words.txt", "input.txt", "todo.txt", "names.txt", "log.txt", "data.txt")
_NUMBERS = ("numbers.txt", "values.txt", "scores.txt", "sizes.txt", "prices.txt", "counts.txt")
_TABLES = ("table.csv", "people.csv", "data.csv", "scores.csv", "users.csv", "sales.csv")
_SPACED = ("table.txt", "report.txt", "people.txt", "scores.txt", "usage.txt", "stats.txt")
_MARKS = ("error", "warning", "TODO", "fail", "debug", "ok", "done", "info", "root", "http")
_COUNTS = (1, 2, 3, 4, 5)
_ORDINALS = (Choice("first", "1", 1), Choice("second", "2", 2), Choice("third", "3", 3))
_OPERATORS = (Choice("greater than", ">", 1), Choice("less than", "<", -1))

FAMILIES = (
    BashFamily(
        "count_lines",
        """[Count|Print the number of] [the lines in|lines in|the lines of] «file»
        How many lines does «file» have?""",
        "wc -l < «file»",
        {"file": (*_TEXTS, *_NUMBERS, *_TABLES)},
        scene=lambda r, file: prints({file: lines(found := word_lines(r))}, [len(found)]),
    ),
    BashFamily(
        "count_words",
        """[Count|Print the number of] [the words in|words in|the words of] «file»
        How many words does «file» have?""",
        "wc -w < «file»",
        {"file": _TEXTS},
        scene=lambda r, file: prints({file: lines(found := word_lines(r))}, [len(" ".join(found).split())]),
        held_out=True,
    ),
    BashFamily(
        "first_lines",
        "[Print|Show] the first «n» lines of «file»",
        "head -n «n» «file»",
        {"n": (2, 3, 4, 5), "file": _TEXTS},
        scene=lambda r, n, file: prints({file: lines(found := word_lines(r, 5))}, found[:n]),
    ),
    BashFamily(
        "last_lines",
        "[Print|Show] the last «n» lines of «file»",
        "tail -n «n» «file»",
        {"n": (2, 3, 4, 5), "file": _TEXTS},
        scene=lambda r, n, file: prints({file: lines(found := word_lines(r, 5))}, found[-n:]),
    ),
    BashFamily(
        "lines_from",
        "[Print|Show] «file» from line «n» on",
        "tail -n +«n» «file»",
        {"n": (2, 3, 4), "file": (*_TEXTS, *_TABLES)},
        scene=lambda r, n, file: prints({file: lines(found := word_lines(r, 5))}, found[n - 1 :]),
        held_out=True,
    ),
    BashFamily(
        "nth_line",
        "[Print|Show] [only line «n»|line «n»|line number «n»] of «file»",
        "sed -n '«n»p' «file»",
        {"n": _COUNTS, "file": _TEXTS},
        scene=lambda r, n, file: prints({file: lines(found := word_lines(r, 6))}, [found[n - 1]]),
    ),
    BashFamily(
        "line_range",
        "[Print|Show] lines «n» to «m» of «file»",
        "sed -n '«n»,«m»p' «file»",
        {"n": (1, 2, 3), "m": (4, 5, 6), "file": _TEXTS},
        scene=lambda r, n, m, file: prints({file: lines(found := word_lines(r, 6))}, found[n - 1 : m]),
    ),
    BashFamily(
        "grep_lines",
        "[Print|Show|Find] the lines [of|in] «file» that contain «k»",
        "grep «k» «file»",
        {"k": _MARKS, "file": _TEXTS},
        scene=lambda r, k, file: prints({file: lines(found := lines_with(r, k))}, [x for x in found if k in x]),
    ),
    BashFamily(
        "grep_without",
        "[Print|Show] the lines [of|in] «file» that do not contain «k»",
        "grep -v «k» «file»",
        {"k": _MARKS, "file": _TEXTS},
        scene=lambda r, k, file: prints({file: lines(found := lines_with(r, k))}, [x for x in found if k not in x]),
    ),
    BashFamily(
        "grep_count",
        "[Count|Print the number of] the lines [of|in] «file» that contain «k»",
        "grep -c «k» «file»",
        {"k": _MARKS, "file": _TEXTS},
        scene=lambda r, k, file: prints({file: lines(found := lines_with(r, k))}, [sum(k in x for x in found)]),
    ),
    BashFamily(
        "grep_ignoring_case",
        "[Print|Show] the lines [of|in] «file» that contain «k» in [any|upper or lower] case",
        "grep -i «k» «file»",
        {"k": _MARKS, "file": _TEXTS},
        scene=lambda r, k, file: prints(
            {file: lines(found := [r.choice([x, x.upper()]) for x in lines_with(r, k)])},
            [x for x in found if k.lower() in x.lower()],
        ),
        held_out=True,
    ),
    BashFamily(
        "grep_edge",
        "[Print|Show|Find] the lines [of|in] «file» that «edge» with «k»",
        "grep '«edge»' «file»",
        {"edge": (Choice("begin", "^«k»", True), Choice("end", "«k»$", False)), "k": _MARKS, "file": _TEXTS},
        scene=lambda r, edge, k, file: prints(
            {file: lines(found := [*lines_with(r, k), f"{k} one", f"two {k}"])},
            [x for x in found if (x.startswith(k) if edge else x.endswith(k))],
        ),
    ),
    BashFamily(
        "grep_numbered",
        "[Print|Show] the lines [of|in] «file» that contain «k», with [line numbers|their numbers]",
        "grep -n «k» «file»",
        {"k": _MARKS, "file": _TEXTS},
        scene=lambda r, k, file: prints(
            {file: lines(found := lines_with(r, k))}, [f"{i}:{x}" for i, x in enumerate(found, 1) if k in x]
        ),
    ),
    BashFamily(
        "sort_lines",
        "[Sort|Print sorted|Print in order] the lines of «file»",
        "sort «file»",
        {"file": _TEXTS},
        scene=lambda r, file: prints({file: lines(found := some_words(r))}, sorted(found)),
    ),
    BashFamily(
        "sort_order",
        "[Print|Show] the «what» [of|in] «file» «order»",
        "sort «order» «file»",
        {"order": (Choice("in reverse alphabetical order", "-r", True),
                   Choice("in order, without repeated ones", "-u", None)),
         "what": ("lines", "words", "names"), "file": _TEXTS},
        scene=lambda r, order, what, file: prints(
            {file: lines(found := some_words(r) * 2)},
            sorted(found, reverse=True) if order else sorted(set(found)),
        ),
    ),
    BashFamily(
        "sort_by_number",
        "[Sort|Print] the numbers [in|of] «file» from the «order»",
        "sort -«order» «file»",
        {"order": (Choice("smallest to the largest", "n", False), Choice("largest to the smallest", "rn", True)),
         "file": _NUMBERS},
        scene=lambda r, order, file: prints({file: lines(found := integers(r))}, sorted(found, reverse=order)),
    ),
    BashFamily(
        "largest_number",
        "[Print|Find|Show] the «which» number in «file»",
        "sort -n «file» | «which» -n 1",
        {"which": (Choice("largest", "tail", max), Choice("smallest", "head", min)), "file": _NUMBERS},
        scene=lambda r, which, file: prints({file: lines(found := integers(r))}, [which(found)]),
    ),
    BashFamily(
        "count_unique",
        "[Count|Print the number of] the different lines [of|in] «file»",
        "sort -u «file» | wc -l",
        {"file": (*_TEXTS, *_NUMBERS)},
        scene=lambda r, file: prints(
            {file: lines(found := [r.choice(WORDS[:5]) for _ in range(number(r, 4, 12))])}, [len(set(found))]
        ),
    ),
    BashFamily(
        "repeated_lines",
        "[Print|Show|Find] the lines [of|in] «file» that «how»",
        "sort «file» | uniq -«how»",
        {"how": (Choice("occur more than once", "d", True), Choice("occur only once", "u", False)),
         "file": (*_TEXTS, *_NUMBERS)},
        scene=lambda r, how, file: prints(
            {file: lines(found := [r.choice(WORDS[:9]) for _ in range(number(r, 7, 12))])},
            sorted(x for x, times in Counter(found).items() if (times > 1) == how),
        ),
    ),
    BashFamily(
        "most_frequent",
        "[Print|Show] each [different line|line] of «file» with its count, the most frequent first",
        "sort «file» | uniq -c | sort -rn",
        {"file": (*_TEXTS, *_NUMBERS)},
        scene=lambda r, file: prints(
            {file: lines(r.sample(found := [x for i, x in enumerate(some_words(r, 3, 4), 1) for _ in range(i)],
                                  len(found)))},
            [f"{times:7} {x}" for x, times in Counter(found).most_common()],
        ),
    ),
    BashFamily(
        "cut_column",
        "[Print|Show|Extract] the «n» column of «file»[|, which is separated by commas]",
        "cut -d, -f«n» «file»",
        {"n": _ORDINALS, "file": _TABLES},
        scene=lambda r, n, file: prints(
            {file: table(found := rows(r))}, [row[n - 1] for row in found]
        ),
    ),
    BashFamily(
        "awk_column",
        "[Print|Show|Extract] the «n» [word|field] of [each line|every line] of «file»",
        "awk '{print $«n»}' «file»",
        {"n": _ORDINALS, "file": _SPACED},
        scene=lambda r, n, file: prints(
            {file: table(found := rows(r), " ")}, [row[n - 1] for row in found]
        ),
    ),
    BashFamily(
        "sum_column",
        "[Add up|Sum|Print the sum of] the [numbers in the «n» column|«n» field] of «file»",
        "awk '{s += $«n»} END {print s}' «file»",
        {"n": _ORDINALS[1:], "file": _SPACED},
        scene=lambda r, n, file: prints(
            {file: table(found := rows(r), " ")}, [sum(int(row[n - 1]) for row in found)]
        ),
    ),
    BashFamily(
        "filter_column",
        "[Print|Show] the lines of «file» whose «n» field is «op» «k»",
        "awk '$«n» «op» «k»' «file»",
        {"n": _ORDINALS[1:], "op": _OPERATORS, "k": (20, 30, 40, 50), "file": _SPACED},
        scene=lambda r, n, op, k, file: prints(
            {file: table(found := [*rows(r), ["Zoe", str(k), str(k)]], " ")},
            [" ".join(row) for row in found if (int(row[n - 1]) - k) * op > 0],
        ),
    ),
    BashFamily(
        "filter_numbers",
        "[Print|Show] the numbers in «file» that are «op» «k»",
        "awk '$1 «op» «k»' «file»",
        {"op": _OPERATORS, "k": (10, 20, 25, 30, 40), "file": _NUMBERS},
        scene=lambda r, op, k, file: prints(
            {file: lines(found := [k, *integers(r)])}, [x for x in found if (x - k) * op > 0]
        ),
        held_out=True,
    ),
    BashFamily(
        "sort_by_column",
        "Sort «file» by [its «n» column|the «n» column], [as numbers|numerically]",
        "sort -t, -k«n» -n «file»",
        {"n": _ORDINALS[1:], "file": _TABLES},
        scene=lambda r, n, file: prints(
            {file: table(found := [[x[0], str(a), str(b)] for x, a, b in zip(
                rows(r), integers(r, 6, 6), integers(r, 6, 6), strict=False)])},
            [",".join(row) for row in sorted(found, key=lambda row: int(row[n - 1]))],
        ),
    ),
    BashFamily(
        "replace_text",
        "[Print|Show] «file» with [every «k» replaced by «m»|«m» in place of every «k»]",
        "sed 's/«k»/«m»/g' «file»",
        {"k": ("red", "cat", "old", "foo", "one"), "m": ("blue", "dog", "new", "bar", "two"), "file": _TEXTS},
        scene=lambda r, k, m, file: prints(
            {file: lines(found := [r.choice([x, f"{x} {k}"]) for x in [*lines_with(r, k), f"{k} {k}"]])},
            [re.sub(k, m, x) for x in found],
        ),
    ),
    BashFamily(
        "delete_lines",
        "[Print|Show] «file» without «which»",
        "sed '«which»' «file»",
        {"which": (Choice("its first line", "1d", lambda xs: xs[1:]), Choice("its last line", "$d", lambda xs: xs[:-1]),
                   Choice("empty lines", "/^$/d", lambda xs: [x for x in xs if x]),
                   Choice("comments", "/^#/d", lambda xs: [x for x in xs if not x.startswith("#")])),
         "file": _TEXTS},
        scene=lambda r, which, file: prints(
            {file: lines(found := [*word_lines(r), "", "# a comment", *some_words(r, 2, 3), "", "last # word"])},
            which(found),
        ),
    ),
    BashFamily(
        "translate_case",
        "[Print|Show] «file» in «case» [case|letters]",
        "tr «case» < «file»",
        {"case": (Choice("upper", "a-z A-Z", str.upper), Choice("lower", "A-Z a-z", str.lower)), "file": _TEXTS},
        scene=lambda r, case, file: prints(
            {file: lines(found := [x.title() for x in word_lines(r)])}, map(case, found)
        ),
    ),
    BashFamily(
        "number_lines",
        "[Print|Show] «file» with [a number before each line|numbered lines]",
        "nl «file»",
        {"file": (*_TEXTS, *_NUMBERS)},
        scene=lambda r, file: prints(
            {file: lines(found := word_lines(r))}, [f"{i:6}\t{x}" for i, x in enumerate(found, 1)]
        ),
    ),
    BashFamily(
        "reverse_lines",
        "[Print|Show] the lines of «file» in reverse order[|, the last one first]",
        "tac «file»",
        {"file": (*_TEXTS, *_NUMBERS)},
        scene=lambda r, file: prints({file: lines(found := word_lines(r))}, found[::-1]),
    ),
    BashFamily(
        "join_lines",
        "[Join|Print] the lines of «file» [in|to] one line, [separated by|with] «k»[| between them]",
        "paste -sd«k» «file»",
        {"k": (Choice("commas", ",", ","), Choice("plus signs", "+", "+"), Choice("colons", ":", ":")),
         "file": (*_TEXTS, *_NUMBERS)},
        scene=lambda r, k, file: prints({file: lines(found := some_words(r))}, [k.join(found)]),
    ),
)  # fmt: skip

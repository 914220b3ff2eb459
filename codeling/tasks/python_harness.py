"""Runs ONE program and evaluates its tests' expressions: the text of this file is what the sandbox is given.

Standard library only, without the slow imports: it starts once per graded program. It knows the expressions, never the
values that they should have. Each value leaves through a descriptor of its own as a line ``NONCE NUMBER JSON``; the
program's standard output leads nowhere. What the program can do to this process it does to itself alone; see
`codeling.tasks.grading`.
"""

import os


def describe(value):
    """A value as JSON with its type, ``["list", ...]``: whatever it is, only plain data comes out of it."""
    if value is None:
        return '["none"]'
    if isinstance(value, bool):
        return f'["bool",{int(value)}]'
    if isinstance(value, int):
        return f'["int","{int(value):x}"]'
    if isinstance(value, float):
        return f'["float","{float(value)!r}"]'
    if isinstance(value, complex):
        return f'["complex","{complex(value)!r}"]'
    if isinstance(value, str):
        return f'["str","{value.encode("utf-8", "surrogatepass").hex()}"]'
    if isinstance(value, (bytes, bytearray)):
        return f'["bytes","{bytes(value).hex()}"]'
    if isinstance(value, dict):
        pairs = ",".join(f"[{describe(key)},{describe(item)}]" for key, item in value.items())
        return f'["dict",[{pairs}]]'
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return f'["{kind.__name__}",[{",".join(map(describe, value))}]]'
    return '["other"]'


def main(nonce, program, calls):
    """Execute ``program``, evaluate ``calls`` in its names, report; never returns."""
    report = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)

    def tell(number, text):
        data = f"{nonce} {number} {text}\n".encode("ascii")
        while data:
            data = data[os.write(report, data) :]

    names = {"__name__": "program"}
    try:
        code = compile(program, "program.py", "exec", dont_inherit=True)
    except BaseException:  # what only compiling finds: a `return` outside of a function, too deep a nesting
        tell(-1, '["syntax"]')
        os._exit(0)
    try:
        exec(code, names)
        loaded = True
    except BaseException:  # SystemExit too: whatever ends the program must not end this
        loaded = False
    for number, call in enumerate(calls):
        try:
            text = describe(eval(call, names)) if loaded else '["raised"]'
        except BaseException:
            text = '["raised"]'
        tell(number, text)
    os._exit(0)  # threads that the program has left behind must not keep the process

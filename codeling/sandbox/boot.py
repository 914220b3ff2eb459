"""How the modules of `codeling.sandbox.inside` get into an interpreter that cannot see this project.

They are sent through its standard input, compiled where it is the same Python as ours: compiling them there would
take as long as all the rest of a short run.
"""

from __future__ import annotations

import marshal
from functools import cache
from pathlib import Path

# Each may import those before it; the last one is run.
MODULES = ("processes", "folder", "program", "watch", "supervisor")

# Run with -c. Importing a module that is in sys.modules does not ask where its package is.
BOOT = """
import marshal, os, sys
size, code = int(os.read(0, 8)), b""
while len(code) < size:
    code += os.read(0, size - len(code)) or os._exit(0)
for name, code in marshal.loads(code):
    module = sys.modules[name] = type(sys)(name)
    exec(code, module.__dict__)
module.main()
"""


@cache
def inside_code(*, compiled: bool) -> bytes:
    """What `BOOT` reads: 8 digits of size, then the modules' names and their code or source, marshalled."""
    folder = Path(__file__).parent / "inside"
    modules: list[tuple[str, object]] = []
    for name in MODULES:
        source = (folder / f"{name}.py").read_text(encoding="utf-8")
        modules.append(
            (f"codeling.sandbox.inside.{name}", compile(source, f"{name}.py", "exec") if compiled else source)
        )
    data = marshal.dumps(modules, marshal.version if compiled else 2)  # version 2 is read by every Python 3
    return b"%08d" % len(data) + data

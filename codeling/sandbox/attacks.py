"""The programs of the self-test: what a hostile or broken program would try. Every one prints BREACH where it succeeds.

``$NAME`` is replaced by what `codeling.sandbox.selftest` lays out as bait: a file, a server, a process.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from codeling.sandbox.limits import MIB, Limits
from codeling.sandbox.result import Status


@dataclass(frozen=True)
class Attack:
    """One program and how its run has to end.

    Attributes:
        name: for the table.
        code: Python or Bash; ``$FILE``, ``$PORT`` and so on are the bait.
        language: of the code.
        ends: the statuses that show that it was stopped, or that it got to its end.
        says: must be in its output, to show that it really tried.
        limits: of its run.
        harmless: does no damage where nothing contains it, so that a test can watch it succeed.
    """

    name: str
    code: str
    language: Literal["python", "bash"] = "python"
    ends: tuple[Status, ...] = ("ok",)
    says: str = "TRIED"
    limits: Limits = field(default_factory=lambda: Limits(wall_seconds=8))
    harmless: bool = False


_NETWORK = """
import socket
def tcp(host, port):
    with socket.create_connection((host, port), timeout=1) as link:
        link.sendall(b"hello")
def udp():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.sendto(b"hello", ("127.0.0.1", $UDP))
def machine():
    with socket.socket(40, socket.SOCK_STREAM) as link:  # AF_VSOCK: the hypervisor; no network namespace holds it
        link.settimeout(1)
        link.connect((2, 9999))
def abstract():
    with socket.socket(socket.AF_UNIX) as link:
        link.connect("\\0$SOCKET")
for name, attempt in {"tcp": lambda: tcp("127.0.0.1", $PORT), "out": lambda: tcp("198.51.100.1", 80), "udp": udp,
                      "dns": lambda: socket.getaddrinfo("example.com", 80), "vsock": machine, "unix": abstract}.items():
    try:
        attempt()
        if name != "udp":  # that one is only sent; the bait tells whether it came
            print("BREACH", name)
    except OSError as error:
        print("refused", name, error)
print("TRIED")
"""

_READ = """
import os, glob
found = ["/etc/shadow", "/etc/passwd", "/root/.bashrc", "/proc/1/root$FILE", "/proc/self/root$FILE", "$FILE",
         "/proc/self/cwd/../../..$FILE", "$PACKAGE/__init__.py"]
found += glob.glob("/root/*") + glob.glob("/home/*/.*") + glob.glob("$FOLDER/*")
for path in found:
    try:
        with open(path, "rb") as file:
            print("BREACH", path, file.read(40))
    except OSError as error:
        print("refused", path, error.strerror)
print("TRIED")
"""

_WRITE = """
import os, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
for path in ["$FOLDER/written", "$FILE", "/usr/written", "/etc/written", "/written", "/root/written",
             "/var/tmp/written", "/usr/bin/env", "/dev/written", "/proc/sys/kernel/hostname"]:
    try:
        with open(path, "ab") as file:
            file.write(b"x")
        print("BREACH", path)
    except OSError as error:
        print("refused", path, error.strerror)
for change in (lambda: os.chmod("$FILE", 0o777), lambda: os.utime("$FILE", (1, 1)), lambda: os.unlink("$FILE"),
               lambda: os.rename("$FILE", "$FILE.moved"), lambda: os.truncate("$FILE", 0)):
    try:
        change()
        print("BREACH changed a file")
    except OSError as error:
        print("refused", error.strerror)
print("TRIED")
"""

_KILL = """
import os, signal, ctypes
for process in [$PROCESS, os.getppid(), 1]:
    try:
        os.kill(process, signal.SIGKILL)
    except (OSError, OverflowError) as error:
        print("refused", process, error)
print("TRIED", flush=True)
os.kill(-1, signal.SIGKILL)
"""

_TRACE = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
PTRACE_ATTACH, PTRACE_SEIZE = 16, 0x4206
for process in [$PROCESS, os.getppid(), 1]:
    for request in (PTRACE_ATTACH, PTRACE_SEIZE):
        if libc.ptrace(request, process, None, None) == 0:
            print("BREACH traced", process)
    buffer = ctypes.create_string_buffer(8)
    piece = (ctypes.c_void_p * 2)(ctypes.addressof(buffer), 8)
    if libc.process_vm_readv(process, piece, 1, piece, 1, 0) > 0:
        print("BREACH read the memory of", process)
    for name in ("mem", "maps", "fd/0", "environ"):
        try:
            with open(f"/proc/{process}/{name}", "rb") as file:
                file.read(1)
            print("BREACH", process, name)
        except OSError as error:
            print("refused", process, name, error.strerror)
print("TRIED")
"""

_ENVIRONMENT = """
import os, glob
texts = [repr(dict(os.environ))]
for path in glob.glob("/proc/[0-9]*/environ") + glob.glob("/proc/[0-9]*/cmdline"):
    try:
        texts.append(open(path, "rb").read().decode("latin-1"))
    except OSError:
        pass
if any("$SECRET" in text for text in texts):
    print("BREACH found the secret")
print("TRIED", len(texts))
"""

_PRIVILEGE = """
import ctypes, os, subprocess
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments) == 0:
        print("BREACH", name)
    else:
        print("refused", name, os.strerror(ctypes.get_errno()))
call("mount", b"none", b"/work", b"tmpfs", 0, None)
call("mount", b"/", b"/work", None, 4096, None)
call("umount2", b"/usr", 2)
call("unshare", 0x10000000)
call("unshare", 0x00020000)
call("chroot", b"/")
call("setuid", 0)
call("setgid", 0)
call("sethostname", b"owned", 5)
call("mknod", b"disk", 0o060666, os.makedev(8, 0))
call("mknod", b"kmsg", 0o020666, os.makedev(1, 11))
call("swapon", b"/work/main.py", 0)
call("clock_settime", 0, (ctypes.c_long * 2)(1, 0))
call("setpriority", 0, os.getppid(), 19)
call("sched_setscheduler", os.getppid(), 5, ctypes.byref(ctypes.c_int(0)))
call("syscall", 206 if os.uname().machine == "x86_64" else 0, 16, ctypes.byref(ctypes.c_ulong(0)))  # io_setup
for command in (["su", "-c", "true"], ["sudo", "-n", "true"], ["unshare", "-Ur", "true"]):
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=3)
        if done.returncode == 0:
            print("BREACH", command)
    except (OSError, subprocess.TimeoutExpired) as error:
        print("refused", error)
print("TRIED")
"""

_DAEMON = """
import os, sys, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(3):
                os.close(number)
            os.execvp("sleep", ["sleep", "$MARK"])
        os._exit(0)
os.wait()
time.sleep(0.2)
print("TRIED")
"""

_MANY_ALLOCATE = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        block = bytearray(200 << 20)
        for place in range(0, len(block), 4096):
            block[place] = 1
        time.sleep(60)
print("TRIED", flush=True)
time.sleep(60)
"""

_HIDDEN_MEMORY = """
import ctypes, mmap, os
libc = ctypes.CDLL(None, use_errno=True)
held = 0
try:
    while held < 1 << 30:
        handle = os.memfd_create("x")
        for _ in range(16):
            held += os.write(handle, b"x" * (1 << 20))
except OSError as error:
    print("refused memfd", error.strerror)
for _ in range(40):
    segment = libc.shmget(0, 64 << 20, 0o1600)
    if segment < 0:
        break
    held += 64 << 20
try:
    for number in range(40):
        with open(f"/dev/shm/{number}", "wb") as file:
            held += file.write(b"x" * (15 << 20))
except OSError as error:
    print("refused shm", error.strerror)
if held > 300 << 20:
    print("BREACH held", held)
print("TRIED", held)
"""

_SOCKETS = """
import os, socket, time
read, write = os.pipe()
children = 0
for _ in range(24):
    try:
        child = os.fork()
    except OSError:
        break
    children += 1
    if child == 0:
        kept, held = [], 0
        try:
            while True:
                pair = socket.socketpair()
                kept += pair
                for end in pair:
                    end.setblocking(False)
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
                    try:
                        while True:
                            held += end.send(b"x" * 65536)
                    except BlockingIOError:
                        pass
        except OSError:
            pass
        os.write(write, b"%10d" % held)
        time.sleep(60)
held = sum(int(os.read(read, 10)) for _ in range(children))
print("BREACH held" if held > 700 << 20 else "TRIED", held)
"""

_UNREADABLE = """
import ctypes, mmap, os, time
PR_SET_DUMPABLE = 4
for _ in range(8):
    if os.fork() == 0:
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
        block = mmap.mmap(-1, 200 << 20)
        for place in range(0, len(block), 4096):
            block[place] = 1
        time.sleep(60)
print("TRIED", flush=True)
time.sleep(60)
"""

_FLOOD = """
import os
held = 0
try:
    for number in range(1000):
        for folder in (".", os.environ["TMPDIR"]):
            with open(f"{folder}/{number}", "wb") as file:
                for _ in range(8):
                    held += file.write(b"x" * (1 << 20))
                    if held > 400 << 20:
                        print("BREACH wrote", held)
                        raise SystemExit
except OSError as error:
    print("refused", error.strerror)
print("TRIED", held)
"""

_ENTRIES = """
for number in range(10 ** 7):
    open(f"$SHARED{number}", "w").close()
print("BREACH made them all")
"""

_LINKS = """
import os
os.symlink("$FILE", "link")
os.symlink("$FOLDER", "folder")
os.symlink("/", "root")
os.mkfifo("pipe")
os.mkdir("deep")
os.symlink("../../../../..$FILE", "deep/link")
for path in ("$FILE", "/etc/passwd"):
    try:
        os.link(path, "hard")
        print("BREACH linked", path)
    except OSError as error:
        print("refused", path, error.strerror)
open("line\\nbreak", "w").write("fine")
print("TRIED")
"""

ATTACKS: tuple[Attack, ...] = (
    Attack("network", _NETWORK, harmless=True),
    Attack("reading host files", _READ, harmless=True),
    Attack("writing outside", _WRITE),
    Attack(
        "fork bomb",
        "echo TRIED; f() { f | f & }; f; sleep 60",
        language="bash",
        ends=("timeout", "error", "killed", "ok", "output"),
        limits=Limits(wall_seconds=1.5),
    ),
    Attack(
        "10 GB in one process",
        "print('TRIED', flush=True)\nblock = bytearray(10 << 30)\nprint('BREACH', len(block))",
        ends=("memory",),
    ),
    Attack("2 GB in many processes", _MANY_ALLOCATE, ends=("memory",)),
    Attack("memory that no process owns", _HIDDEN_MEMORY, ends=("ok", "killed", "memory"), says=""),
    Attack("memory in sockets", _SOCKETS, ends=("memory", "ok"), says=""),
    Attack("memory of processes that cannot be looked into", _UNREADABLE, ends=("memory",)),
    Attack("1 GB of output", "yes TRIED | head -c 1G", language="bash", ends=("output",)),
    Attack("ptrace", _TRACE),
    Attack("sleep for ever", "echo TRIED; sleep 1000000", language="bash", ends=("timeout",), limits=Limits(1.0)),
    Attack(
        "computing for ever",
        "print('TRIED', flush=True)\nwhile True: pass",
        ends=("timeout",),
        limits=Limits(wall_seconds=10, cpu_seconds=1),
    ),
    Attack("kill -1", _KILL, ends=("killed", "ok", "error")),
    Attack("outliving the run", _DAEMON, harmless=True),
    Attack("reading the parent's environment", _ENVIRONMENT, harmless=True),
    Attack("mount, mknod, root", _PRIVILEGE),
    Attack("links in the files that are kept", _LINKS, harmless=True),
    Attack("filling the disk", _FLOOD, ends=("ok", "killed"), says="", limits=Limits(8, file_bytes=8 * MIB)),
    Attack(
        "10 million files",
        _ENTRIES.replace("$SHARED", ""),
        ends=("killed", "error", "timeout"),
        says="",
        limits=Limits(4),
    ),
    Attack(
        "10 million files in shared memory",
        _ENTRIES.replace("$SHARED", "/dev/shm/"),
        ends=("killed", "error"),
        says="",
        limits=Limits(4),
    ),
)

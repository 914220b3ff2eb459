"""From a forked child to the program: limits, an empty environment, no way to files or calls that are not its own."""

import ctypes
import os
import resource
import stat
import sys

try:
    import _signal as signal  # pyright: ignore - `signal` adds enumerations, which take half as long as starting Python
except ImportError:
    import signal

from codeling.sandbox.inside.processes import LINUX, others_of_this_user

SET_NO_NEW_PRIVILEGES, SET_SECCOMP = 38, 22


def become_program(libc, options, program, given, seccomp):
    """In the forked child: take the limits on, give up what was inherited, shut the doors, become the program."""
    os.setsid()
    os.dup2(given, 0)
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    for number in range(1, signal.NSIG):
        if signal.getsignal(number) not in (signal.SIG_DFL, None):
            signal.signal(number, signal.SIG_DFL)  # ignored signals would stay ignored beyond exec
    os.chdir(options["home"])
    os.umask(0o022)
    open_files = int(options["open_files"])
    os.closerange(3, 256)
    cpu = max(1, int(float(options["cpu_seconds"]) + 0.999))
    wanted = {
        resource.RLIMIT_CPU: (cpu, cpu + 1),
        resource.RLIMIT_FSIZE: int(options["file_bytes"]),
        resource.RLIMIT_NOFILE: open_files,
        resource.RLIMIT_NPROC: int(options["processes"]) + others_of_this_user(),
        resource.RLIMIT_CORE: 1,  # with 0, a machine that pipes core dumps to a program (as root) would still do so
    }
    if LINUX:
        wanted[resource.RLIMIT_AS] = int(options["memory_bytes"])
        wanted[resource.RLIMIT_MEMLOCK] = 0
    python, bash = options["python"], options["bash"]
    environment = {
        "PATH": os.path.dirname(python) + ":/usr/local/bin:/usr/bin:/bin",
        "HOME": options["home"],
        "TMPDIR": options["scratch"],
        "LANG": "C.UTF-8",
        "USER": "nobody",
        "PYTHONPATH": options["home"],  # the files of the run can be imported
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # the same program prints the same sets
        "PYTHONNOUSERSITE": "1",
        "MALLOC_ARENA_MAX": "2",  # or each thread reserves 64 MiB of the limited address space
    }
    if options["library_path"] and options["language"] == "python":
        environment["LD_LIBRARY_PATH"] = options["library_path"]
    arguments = {"python": [python, "-s", "-S", program], "bash": [bash, "--noprofile", "--norc", program]}
    arguments = arguments[options["language"]]
    if options["profile"]:
        arguments = ["/usr/bin/sandbox-exec", "-p", options["profile"], *arguments]
    for limit, value in wanted.items():
        soft, hard = value if isinstance(value, tuple) else (value, value)
        ceiling = resource.getrlimit(limit)[1]
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(limit, (soft, hard))
    if options["landlock"] != "0":
        restrict_files(libc, int(options["landlock"]), options)
    if seccomp:
        load_filter(libc, seccomp)
    os.execve(arguments[0], arguments, environment)


def load_filter(libc, program):
    """Seccomp in filter mode; ``program`` is an array of struct sock_filter."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]

    descriptor = Program(len(program) // 8, program)
    check(libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
    check(libc.prctl(SET_SECCOMP, 2, ctypes.byref(descriptor), 0, 0), "seccomp")


def restrict_files(libc, version, options):
    """Landlock: read and execute the system's programs, write in the two folders of the run, nothing else at all.

    Source: Linux Documentation/userspace-api/landlock.rst; the numbers of the calls are the same on every processor.
    """
    read_only = 1 << 0 | 1 << 2 | 1 << 3  # execute, read file, read folder
    everything = (1 << 13) - 1
    for needed, right in ((2, 1 << 13), (3, 1 << 14), (5, 1 << 15)):  # refer, truncate, ioctl of devices
        if version >= needed:
            everything |= right
    network, scopes = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    attributes = b"".join(value.to_bytes(8, sys.byteorder) for value in (everything, network, scopes))
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = check(libc.syscall(444, attributes, ctypes.c_size_t(size), 0), "landlock_create_ruleset")
    rules = [(path, read_only) for path in options["readable"].split(":")]
    rules += [(path, everything & ~(1 << 15)) for path in (options["home"], options["scratch"])]
    rules += [(path, 1 << 1 | 1 << 2) for path in ("/dev/null", "/dev/zero", "/dev/full", "/dev/urandom")]
    for path, rights in rules:
        if not os.path.exists(path):
            continue
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
        granted = rights & everything
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            granted &= 1 << 0 | 1 << 1 | 1 << 2 | (everything & 1 << 14)
        rule = granted.to_bytes(8, sys.byteorder) + opened.to_bytes(4, sys.byteorder)
        check(libc.syscall(445, ruleset, 1, rule, 0), "landlock_add_rule " + path)
        os.close(opened)
    check(libc.prctl(SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
    check(libc.syscall(446, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)


def check(value, what):
    if value < 0:
        raise OSError(ctypes.get_errno(), what + ": " + os.strerror(ctypes.get_errno()))
    return value

"""Runs ONE program inside a sandbox, watches it, and reports: process 1 of its namespace where there is one.

Started by `codeling.sandbox.process` with the report's descriptor as its argument, with nothing but the standard
library, perhaps in another Python than ours. It reads the job from descriptor 0 and writes the report; both are
netstrings (``5:hello,``), closed by an empty one. Descriptor 0 then is the leash: a byte on it, or its end, stops all.

It may not trust the program: the program runs as the same user, so this process makes itself untraceable, and takes
files over only when every process that the program started is dead.
"""

import ctypes
import os
import resource
import select
import stat
import sys
import time

try:
    import _signal as signal  # `signal` adds enumerations to it, which take half as long as starting Python
except ImportError:
    import signal

MAIN = {"python": "main.py", "bash": "main.sh"}
_PROCESS_1 = os.getpid() == 1
_LINUX = sys.platform.startswith("linux")
_PAGE = resource.getpagesize()
_SET_DUMPABLE, _SET_SECCOMP, _SET_SUBREAPER, _SET_NO_NEW_PRIVILEGES = 4, 22, 36, 38


def read_fields(descriptor):
    """The job's fields, as bytes, up to the empty one; an end before it means that nobody wants the run any more."""
    fields, buffer, scanned = [], bytearray(), 0
    while True:
        colon = buffer.find(b":", scanned, scanned + 20)
        size = int(buffer[scanned:colon]) if colon >= 0 else -1
        if colon >= 0 and len(buffer) > colon + 1 + size:
            if size == 0:
                return fields
            fields.append(bytes(buffer[colon + 2 : colon + 1 + size]))  # each field starts with one byte of padding
            scanned = colon + size + 2
            continue
        piece = os.read(descriptor, 1 << 20)
        if not piece:
            os._exit(0)
        buffer += piece


def write_fields(descriptor, fields):
    """Write netstrings, each with the byte of padding that lets a field be empty; then the empty one."""
    data = memoryview(b"".join(b"%d:.%s," % (len(field) + 1, field) for field in fields) + b"0:,")
    while data:
        data = data[os.write(descriptor, data) :]


def main():
    report = int(sys.argv[1])
    os.set_inheritable(report, False)
    os.closerange(3, report)  # whatever the way in left open
    os.closerange(report + 1, 1024)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
    libc = ctypes.CDLL(None, use_errno=True)
    if _LINUX:
        libc.prctl(_SET_DUMPABLE, 0, 0, 0, 0)
        libc.prctl(_SET_SUBREAPER, 1, 0, 0, 0)
    settings, code, stdin, seccomp, *files = read_fields(0)
    options = dict(line.split("=", 1) for line in os.fsdecode(settings).splitlines())
    home, scratch = options["home"], options["scratch"]
    for name, content in zip(files[::2], files[1::2]):  # noqa: B905 - strict= is newer than some system Pythons
        put(os.path.join(os.fsencode(home), name), content)
    program = os.path.join(scratch, MAIN[options["language"]])
    put(os.fsencode(program), code)
    put(os.fsencode(scratch) + b"/stdin", stdin)
    given = os.open(scratch + "/stdin", os.O_RDONLY)
    os.unlink(scratch + "/stdin")
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        try:
            become_program(libc, options, program, given, seccomp)
        except BaseException as error:  # whatever it is: the child must not go on as a second supervisor
            os.write(2, b"sandbox: cannot start the program: " + repr(error).encode() + b"\n")
            os._exit(126)
    os.close(given)
    os.close(1)
    os.close(2)
    os.open(os.devnull, os.O_RDWR)  # 1 and 2 stay taken
    os.dup(1)
    watch = Watch(child, options, started)
    watch.until_end()
    watch.kill_all()
    lines = ["%s=%s" % item for item in watch.outcome().items()]
    collected, dropped = [], 0
    if options["collect"] == "1":
        collected, dropped = collect(os.fsencode(home), int(options["files"]), int(options["disk_bytes"]))
    lines.append("dropped=%d" % dropped)
    write_fields(report, ["\n".join(lines).encode(), *collected])
    os._exit(0)


def put(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not path.endswith(b"/"):
        with open(path, "wb") as file:
            file.write(content)


def become_program(libc, options, program, given, seccomp):
    """In the forked child: take the limits on, give up what was inherited, shut the doors, and turn into the program."""
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
        resource.RLIMIT_CORE: 0,
    }
    if _LINUX:
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


def others_of_this_user():
    """Tasks that already count against this user's process limit; in a user namespace of its own there are none."""
    release = tuple(int("0" + "".join(filter(str.isdigit, part))) for part in os.uname().release.split(".")[:2])
    if not _LINUX or (_PROCESS_1 and release >= (5, 14)):
        return 8 if _PROCESS_1 else len(all_processes_of_user())
    return sum(len(listing("/proc/%d/task" % process)) for process in all_processes_of_user())


def all_processes_of_user():
    if not _LINUX:
        with os.popen("ps -U %d -o pid=" % os.getuid()) as listed:
            return [int(line) for line in listed]
    own = os.getuid()
    found = []
    for name in listing("/proc"):
        if name.isdigit():
            try:
                if os.stat("/proc/" + name).st_uid == own:
                    found.append(int(name))
            except OSError:
                continue  # it ended
    return found


def listing(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []


def load_filter(libc, program):
    """Seccomp in filter mode; ``program`` is an array of struct sock_filter."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]

    descriptor = Program(len(program) // 8, program)
    check(libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
    check(libc.prctl(_SET_SECCOMP, 2, ctypes.byref(descriptor), 0, 0), "seccomp")


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
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= 1 << 0 | 1 << 1 | 1 << 2 | (everything & 1 << 14)
        rule = (rights & everything).to_bytes(8, sys.byteorder) + opened.to_bytes(4, sys.byteorder)
        check(libc.syscall(445, ruleset, 1, rule, 0), "landlock_add_rule " + path)
        os.close(opened)
    check(libc.prctl(_SET_NO_NEW_PRIVILEGES, 1, 0, 0, 0), "no new privileges")
    check(libc.syscall(446, ruleset, 0), "landlock_restrict_self")
    os.close(ruleset)


def check(value, what):
    if value < 0:
        raise OSError(ctypes.get_errno(), what + ": " + os.strerror(ctypes.get_errno()))
    return value


class Watch:
    """The program's processes: waits for the first one, adds up what all of them use, stops them at a limit."""

    def __init__(self, child, options, started):
        self.child = child
        self.options = options
        self.started = started
        self.reason = ""
        self.code = None
        self.cpu = 0.0
        self.live_cpu = 0.0
        self.peak = 0
        self.wall = 0.0

    def until_end(self):
        """Return when the program ended or has to; looks at its memory and files about 30 times a second."""
        deadline = self.started + float(self.options["wall_seconds"])
        leash = select.poll() if hasattr(select, "poll") else None
        if leash:
            leash.register(0, select.POLLIN | select.POLLHUP)
        pause = 0.01
        while not self.reap() and not self.reason:
            now = time.monotonic()
            if now >= deadline:
                self.reason = "timeout"
            elif leash and leash.poll(0):
                self.reason = "stopped"
            else:
                await_child(min(pause, deadline - now))
                if time.monotonic() - now > 0.009:  # not for a program that ended at once
                    self.measure()
                    pause = min(pause * 1.5, 0.03)
        self.wall = time.monotonic() - self.started
        if self.code is None:
            self.measure()

    def reap(self):
        """Collect the dead; True once the program itself is among them."""
        while True:
            try:
                process, status, usage = os.wait4(-1, os.WNOHANG)
            except ChildProcessError:
                return True
            if process == 0:
                return self.code is not None
            self.cpu += usage.ru_utime + usage.ru_stime
            self.peak = max(self.peak, usage.ru_maxrss * (1024 if _LINUX else 1))
            if process == self.child:
                signalled = os.WIFSIGNALED(status)
                self.code = 128 + os.WTERMSIG(status) if signalled else os.WEXITSTATUS(status)
                if signalled and os.WTERMSIG(status) == signal.SIGXCPU:
                    self.reason = self.reason or "timeout"

    def measure(self):
        """Add up memory and processor time of what lives; set the reason to stop where a limit is passed."""
        processes = descendants()
        private = shared = total = 0
        cpu = 0.0
        for process in processes:
            pages, pages_shared, seconds = usage_of(process)
            private += pages - pages_shared
            shared = max(shared, pages_shared)
            total += pages
            cpu += seconds
        self.live_cpu = max(self.live_cpu, cpu)
        limit = int(self.options["memory_bytes"])
        estimate = (private + shared) * _PAGE
        if estimate <= limit < total * _PAGE:  # the truth is between the two, and costs more to find
            estimate = max(estimate, sum(map(proportional_bytes, processes)))
        self.peak = max(self.peak, min(estimate, total * _PAGE))
        if estimate > limit:
            self.reason = "memory"
        elif len(processes) > int(self.options["processes"]) + 8:  # where the kernel does not count them
            self.reason = "killed"
        elif self.too_many_files():
            self.reason = "killed"

    def too_many_files(self):
        home, scratch = self.options["home"], self.options["scratch"]
        if self.options["sized"] == "1":  # file systems of their own: bytes are bounded, entries can be asked for
            for folder in (home, scratch):
                space = os.statvfs(folder)
                if space.f_files - space.f_ffree > 20 * int(self.options["files"]):
                    return True
            return False
        size, entries = folder_use([os.fsencode(home), os.fsencode(scratch)], 20 * int(self.options["files"]))
        return size > int(self.options["disk_bytes"]) or entries > 20 * int(self.options["files"])

    def kill_all(self):
        """Kill whatever is left, also what hid behind a double fork; nothing can start anew meanwhile."""
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            if _PROCESS_1:
                try:
                    os.kill(-1, signal.SIGKILL)  # everything but process 1 itself
                except ProcessLookupError:
                    pass
            else:
                for process in descendants():
                    stop_process(process)
            if self.reap() and not descendants():
                return
            await_child(0.005)

    def outcome(self):
        cpu = max(self.cpu, self.live_cpu)
        code = "" if self.code is None or self.reason in ("timeout", "memory", "stopped") else self.code
        return {"reason": self.reason, "code": code, "wall": self.wall, "cpu": cpu, "peak": self.peak}


def await_child(seconds):
    if hasattr(signal, "sigtimedwait"):
        signal.sigtimedwait({signal.SIGCHLD}, max(seconds, 0))
    else:
        time.sleep(min(max(seconds, 0), 0.003))


def stop_process(process):
    try:
        if _LINUX:
            resource.prlimit(process, resource.RLIMIT_NPROC, (0, 0))
        os.kill(process, signal.SIGKILL)
    except OSError:
        pass  # it ended


def descendants():
    """The living processes below this one, by number."""
    if _PROCESS_1:
        return [int(name) for name in listing("/proc") if name.isdigit() and name != "1" and alive(int(name))]
    if _LINUX:
        parents = {}
        for name in listing("/proc"):
            if name.isdigit():
                fields = stat_fields(int(name))
                if fields and fields[0] != "Z":
                    parents[int(name)] = int(fields[1])
    else:
        with os.popen("ps -A -o pid=,ppid=,stat=") as listed:
            rows = [line.split() for line in listed]
        parents = {int(row[0]): int(row[1]) for row in rows if not row[2].startswith("Z")}
    found, fresh = set(), {os.getpid()}
    while fresh:
        fresh = {process for process, parent in parents.items() if parent in fresh} - found
        found |= fresh
    return sorted(found)


def alive(process):
    fields = stat_fields(process)
    return bool(fields) and fields[0] != "Z"


def stat_fields(process):
    """The fields of /proc/PID/stat from the third (state) on; a name in brackets before them can hold anything."""
    try:
        with open("/proc/%d/stat" % process) as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def usage_of(process):
    """Resident pages, those of them that are shared, and seconds of processor time."""
    if not _LINUX:
        with os.popen("ps -o rss= -p %d" % process) as listed:
            return int(listed.read().strip() or 0) * 1024 // _PAGE, 0, 0.0
    fields = stat_fields(process)
    try:
        with open("/proc/%d/statm" % process) as file:
            pages, shared = map(int, file.read().split()[1:3])
    except (OSError, ValueError):
        return 0, 0, 0.0
    seconds = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if fields else 0.0
    return pages, shared, seconds


def proportional_bytes(process):
    """Memory with every shared page divided among those who share it (PSS)."""
    try:
        with open("/proc/%d/smaps_rollup" % process) as file:
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except (OSError, ValueError, IndexError):
        return 0


def folder_use(folders, most):
    """Bytes and entries below ``folders``; stops counting at ``most`` entries."""
    size = entries = 0
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as found:
                for entry in found:
                    entries += 1
                    if entries > most:
                        return size, entries
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.path)
                    else:
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
        except OSError:
            continue
    return size, entries


def collect(home, most_files, most_bytes):
    """Names and contents of the plain files below ``home`` (folders end in "/"), and how many entries were left.

    Links are never followed: what they point to is not the program's to hand out.
    """
    fields, dropped, size, folders = [], 0, 0, [b""]
    while folders:
        folder = folders.pop()
        try:
            entries = sorted(os.scandir(os.path.join(home, folder)), key=lambda entry: entry.name)
        except OSError:
            dropped += 1
            continue
        for entry in entries:
            name = folder + entry.name
            if len(fields) >= 2 * most_files:
                dropped += 1
            elif entry.is_dir(follow_symlinks=False):
                fields += [name + b"/", b""]
                folders.append(name + b"/")
            else:
                content = read_plain(entry.path, most_bytes - size)
                if content is None:
                    dropped += 1
                else:
                    size += len(content)
                    fields += [name, content]
    return fields, dropped


def read_plain(path, most):
    """The bytes of a plain file of at most ``most``; None for anything else, without ever waiting for it."""
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        return None
    with open(opened, "rb") as file:
        details = os.fstat(opened)
        if not stat.S_ISREG(details.st_mode) or details.st_size > most:
            return None
        return file.read(most)


if __name__ == "__main__":
    main()

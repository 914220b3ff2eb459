"""The processes below the supervisor: which there are, what they use, and the end of them."""

import os
import resource
import sys

try:
    import _signal as signal  # pyright: ignore - `signal` adds enumerations, which take half as long as starting Python
except ImportError:
    import signal

LINUX = sys.platform.startswith("linux")
PROCESS_1 = os.getpid() == 1  # of a process namespace, so everything that /proc shows belongs to the run
PAGE = resource.getpagesize()
MOST_IN_SOCKET = 320 << 10  # the default buffer of 208 KiB, and the last piece that still went in


def stop_process(process):
    try:
        if LINUX:
            resource.prlimit(process, resource.RLIMIT_NPROC, (0, 0))
        os.kill(process, signal.SIGKILL)
    except OSError:
        pass  # it ended


def descendants():
    """The living processes below this one, by number."""
    if PROCESS_1:
        return [int(name) for name in listing("/proc") if name.isdigit() and name != "1" and alive(int(name))]
    if LINUX:
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
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return []


def usage_of(process):
    """Resident pages, those of them that are shared, and seconds of processor time."""
    if not LINUX:
        with os.popen(f"ps -o rss= -p {process}") as listed:
            return int(listed.read().strip() or 0) * 1024 // PAGE, 0, 0.0
    fields = stat_fields(process)
    try:
        with open(f"/proc/{process}/statm") as file:
            pages, shared = map(int, file.read().split()[1:3])
    except (OSError, ValueError):
        return 0, 0, 0.0
    seconds = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK") if fields else 0.0
    return pages, shared, seconds


def proportional_bytes(process):
    """Memory with every shared page divided among those who share it (PSS)."""
    try:
        with open(f"/proc/{process}/smaps_rollup") as file:
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except PermissionError:  # it made itself unreadable (PR_SET_DUMPABLE): what it maps counts as its own
        return usage_of(process)[0] * PAGE
    except (OSError, ValueError, IndexError):
        return 0


def socket_bytes():
    """Memory behind the sockets of this network namespace, which no process owns: what waits in TCP, and for all
    others, whose queues the kernel does not tell, as much as fits (their buffers cannot be made larger)."""
    total, tcp = 0, 0
    for name in ("tcp", "tcp6"):
        for line in lines_of("/proc/net/" + name)[1:]:
            waiting = line.split()[4].split(":")  # sent and not taken, come and not read
            total += sum(int(size, 16) for size in waiting)
            tcp += 1
    for line in lines_of("/proc/net/sockstat")[:1]:  # sockets: used 3
        total += max(0, int(line.split()[2]) - tcp) * MOST_IN_SOCKET
    return total


def lines_of(path):
    try:
        with open(path) as file:
            return file.read().splitlines()
    except OSError:
        return []


def others_of_this_user():
    """Tasks that already count against this user's process limit; in a user namespace of its own there are none."""
    release = tuple(int("0" + "".join(filter(str.isdigit, part))) for part in os.uname().release.split(".")[:2])
    if not LINUX or (PROCESS_1 and release >= (5, 14)):
        return 8 if PROCESS_1 else len(all_processes_of_user())
    return sum(len(listing(f"/proc/{process}/task")) for process in all_processes_of_user())


def all_processes_of_user():
    if not LINUX:
        with os.popen(f"ps -U {os.getuid()} -o pid=") as listed:
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

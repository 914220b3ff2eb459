"""Filters of system calls, as the classic BPF programs that ``prctl(PR_SET_SECCOMP)`` takes.

A second wall behind the first: it closes what neither a namespace nor Landlock contains (memory that no limit counts,
sockets to the hypervisor, tracing, kernel interfaces with a history of holes). What is refused gets EPERM, as if the
machine did not allow it, so that programs meet an error they know.

Source: Linux ``Documentation/userspace-api/seccomp_filter.rst``; numbers from the kernel's own system call tables.
"""

from __future__ import annotations

import platform
import struct

_ALLOW, _EPERM, _ENOSYS, _KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
_IGNORE = 0x00050000  # answer "done" without doing it
_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE = 0, 4  # offsets in struct seccomp_data; arguments are 64 bits each, from 16 on
_NEW_NAMESPACES = 0x7E020080  # CLONE_NEW{TIME,NS,CGROUP,UTS,IPC,USER,PID,NET}
_UNIX, _INET, _INET6, _NETLINK = 1, 2, 10, 16

# name: (x86_64, aarch64); -1 where the architecture has no such call.
_CALLS: dict[str, tuple[int, int]] = {
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "memfd_create": (319, 279), "memfd_secret": (447, 447), "shmget": (29, 194), "msgget": (68, 186),
    "semget": (64, 190), "mq_open": (240, 180), "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "unshare": (272, 97), "setns": (308, 268),
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "move_mount": (429, 429),
    "open_tree": (428, 428), "fsopen": (430, 430), "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433),
    "mount_setattr": (442, 442), "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142),
    "init_module": (175, 105), "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "acct": (163, 89), "quotactl": (179, 60), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "syslog": (103, 116),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "personality": (135, 92),
    "vhangup": (153, 58), "iopl": (172, -1), "ioperm": (173, -1), "modify_ldt": (154, -1),
    "fanotify_init": (300, 262), "lookup_dcookie": (212, 18), "pidfd_getfd": (438, 438),
    # One limit for the whole machine, which one program could use up.
    "io_setup": (206, 0),
    # The supervisor runs as the same user: it could be made to wait for the program that it watches.
    "setpriority": (141, 140), "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118), "sched_setattr": (314, 274), "ioprio_set": (251, 30),
    "migrate_pages": (256, 238), "move_pages": (279, 239),
}  # fmt: skip
# Landlock knows neither owners, modes nor times of files, so a user's own files could be made unreadable.
_METADATA: dict[str, tuple[int, int]] = {
    "chmod": (90, -1), "fchmodat": (268, 53), "fchmodat2": (452, 452), "chown": (92, -1), "lchown": (94, -1),
    "fchownat": (260, 54), "utime": (132, -1), "utimes": (235, -1), "futimesat": (261, -1), "setxattr": (188, 5),
    "lsetxattr": (189, 6), "removexattr": (197, 14), "lremovexattr": (198, 15), "setxattrat": (463, 463),
    "truncate": (76, 45),
}  # fmt: skip
_SIGNALS: dict[str, tuple[int, int]] = {
    "kill": (62, 129), "tkill": (200, 130), "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240), "pidfd_send_signal": (424, 424),
}  # fmt: skip
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7), "arm64": (1, 0xC00000B7)}
_CLONE, _CLONE3, _SOCKET, _UTIMENSAT, _PRLIMIT = (56, 220), (435, 435), (41, 198), (280, 88), (302, 261)
_SETSOCKOPT, _SOL_SOCKET, _SO_SNDBUF, _SO_RCVBUF = (54, 208), 1, 7, 8


def supported() -> bool:
    """Whether filters can be built for this processor."""
    return platform.machine() in _ARCHITECTURES


def refused_calls(*, network_namespace: bool, scoped_signals: bool) -> dict[str, tuple[int, int]]:
    """The calls that get EPERM whatever their arguments, with their numbers on x86_64 and aarch64 (-1: none)."""
    refused = dict(_CALLS)
    if not network_namespace:
        refused |= _METADATA
    if not scoped_signals:
        refused |= _SIGNALS
    return refused


def build_filter(*, network_namespace: bool, scoped_signals: bool) -> bytes:
    """The filter's instructions, 8 bytes each (``struct sock_filter``); empty on an unknown processor.

    Args:
        network_namespace: the program has an empty network of its own, so sockets of the internet families are
            harmless; otherwise no socket can be made at all, and nothing can change what Landlock does not guard.
        scoped_signals: signals cannot leave the sandbox; otherwise none can be sent.
    """
    if not supported():
        return b""
    column, architecture = _ARCHITECTURES[platform.machine()]
    refused = refused_calls(network_namespace=network_namespace, scoped_signals=scoped_signals)
    program = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_EQUAL, 1, 0, architecture),
        (_RETURN, 0, 0, _KILL),  # 32-bit calls would have other numbers
        (_LOAD, 0, 0, _NUMBER),
    ]
    if column == 0:
        program += [(_AT_LEAST, 0, 1, 0x40000000), (_RETURN, 0, 0, _EPERM)]  # the x32 numbers, likewise
    for numbers in refused.values():
        number = numbers[column]
        if number >= 0:
            program += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _EPERM)]
    # clone3 hides its flags in memory; told that it is missing, the C library takes clone, whose flags can be seen.
    program += [(_EQUAL, 0, 1, _CLONE3[column]), (_RETURN, 0, 0, _ENOSYS)]
    program += [
        (_EQUAL, 0, 4, _CLONE[column]),
        (_LOAD, 0, 0, _argument(0)),
        (_ANY_BIT, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    program += [  # limits of the process itself, not of another
        (_EQUAL, 0, 4, _PRLIMIT[column]),
        (_LOAD, 0, 0, _argument(0)),
        (_EQUAL, 1, 0, 0),
        (_RETURN, 0, 0, _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    program += [  # larger buffers are a wish, and no limit of memory counts them
        (_EQUAL, 0, 7, _SETSOCKOPT[column]),
        (_LOAD, 0, 0, _argument(1)),
        (_EQUAL, 0, 4, _SOL_SOCKET),
        (_LOAD, 0, 0, _argument(2)),
        (_EQUAL, 1, 0, _SO_SNDBUF),
        (_EQUAL, 0, 1, _SO_RCVBUF),
        (_RETURN, 0, 0, _IGNORE),
        (_RETURN, 0, 0, _ALLOW),
    ]
    families = (_UNIX, _INET, _INET6, _NETLINK) if network_namespace else ()
    allowed = [part for family in families for part in ((_EQUAL, 0, 1, family), (_RETURN, 0, 0, _ALLOW))]
    program += [
        (_EQUAL, 0, 2 + len(allowed), _SOCKET[column]),
        (_LOAD, 0, 0, _argument(0)),
        *allowed,
        (_RETURN, 0, 0, _EPERM),
    ]
    if not network_namespace:  # a time may be set through an open file (no path), not through a path
        program += [
            (_EQUAL, 0, 5, _UTIMENSAT[column]),
            (_LOAD, 0, 0, _argument(1)),
            (_EQUAL, 0, 2, 0),
            (_LOAD, 0, 0, _argument(1) + 4),
            (_EQUAL, 1, 0, 0),
            (_RETURN, 0, 0, _EPERM),
        ]
    program.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in program)


def _argument(index: int) -> int:
    return 16 + 8 * index  # the low half, on the little-endian processors above

"""What a reader's process may not do, set by itself before it looks at a foreign byte. Linux's own means, no packages.

Each fence answers whether it stands: a system may lack any of them. None can be taken down again.
"""

import ctypes
import os
import platform
import resource
import signal
import struct
from collections.abc import Iterable
from typing import Final

LINUX: Final = platform.system() == "Linux"
LIMITS, NAMESPACES, FILES, CALLS = "limits", "namespaces", "files", "calls"
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 1, 38, 22, 2

# --- limits ---------------------------------------------------------------------------------------------------------


def limits(memory: int, seconds: float) -> bool:
    """No more memory, processors' time and open files than this; no file written, no process started, no core."""
    stand = True
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, int(seconds) + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            stand = False
    # once whoever asked is gone, nobody waits for the answer
    return _prctl(PR_SET_PDEATHSIG, signal.SIGKILL) and stand


def namespaces() -> bool:
    """A network of its own with nothing on it, for a process without a sandbox around it."""
    if not LINUX:
        return False
    try:
        os.unshare(os.CLONE_NEWUSER | os.CLONE_NEWNET | os.CLONE_NEWIPC)
    except OSError:
        return False
    return True


def _prctl(option: int, first: object, second: object = None) -> bool:
    if not LINUX:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    return bool(libc.prctl(option, first, second, 0, 0) == 0)


# --- files: Landlock ------------------------------------------------------------------------------------------------

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG, PATH_BENEATH = 1, 1
READ_FILE, READ_DIR = 1 << 2, 1 << 3
# By version of Landlock: the rights on files it knows (bits from 0), and the bytes of its attributes.
FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
BOTH_NET, BOTH_SCOPES = 3, 3


def files(readable: Iterable[str]) -> bool:
    """Nothing but these folders and files can be opened, and only to be read."""
    if not LINUX:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(CREATE_RULESET, None, 0, VERSION_FLAG)
    if version < 1:
        return False
    rights = (1 << FILE_RIGHTS[min(version, 5)]) - 1
    attributes = struct.pack("=QQQ", rights, BOTH_NET, BOTH_SCOPES)[: 8 if version < 4 else 16 if version < 6 else 24]
    rules = libc.syscall(CREATE_RULESET, attributes, len(attributes), 0)
    if rules < 0:
        return False
    for path in readable:
        _allow(libc, rules, path)
    stands = _prctl(PR_SET_NO_NEW_PRIVS, 1) and libc.syscall(RESTRICT_SELF, rules, 0) == 0
    os.close(rules)
    return stands


def _allow(libc: ctypes.CDLL, rules: int, path: str) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    rights = READ_FILE | READ_DIR if os.path.isdir(path) else READ_FILE  # noqa: PTH112  # pathlib costs its import
    libc.syscall(ADD_RULE, rules, PATH_BENEATH, struct.pack("=Qi", rights, handle), 0)
    os.close(handle)


# --- calls: seccomp -------------------------------------------------------------------------------------------------

# What is refused, with its number on x86_64 and on aarch64 (None: it has none there).
REFUSED: Final[dict[str, tuple[int | None, int | None]]] = {
    # the network, and other processes' sockets
    "socket": (41, 198), "socketpair": (53, 199), "connect": (42, 203), "accept": (43, 202), "accept4": (288, 242),
    "bind": (49, 200), "listen": (50, 201), "sendto": (44, 206), "sendmsg": (46, 211), "sendmmsg": (307, 269),
    # processes
    "fork": (57, None), "vfork": (58, None), "execve": (59, 221), "execveat": (322, 281), "kill": (62, 129),
    "tkill": (200, 130), "setpgid": (109, 154), "setsid": (112, 157), "ptrace": (101, 117),
    "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240),
    "process_madvise": (440, 440), "process_mrelease": (448, 448), "kcmp": (312, 272), "move_pages": (279, 239),
    "migrate_pages": (256, 238),
    # how processes run
    "sched_setaffinity": (203, 122), "sched_setscheduler": (144, 119), "sched_setparam": (142, 118),
    "sched_setattr": (314, 274), "setpriority": (141, 140), "ioprio_set": (251, 30),
    # files: to change or to make
    "creat": (85, None), "truncate": (76, 45), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "link": (86, None), "linkat": (265, 37),
    "unlink": (87, None), "unlinkat": (263, 35), "symlink": (88, None), "symlinkat": (266, 36), "mknod": (133, None),
    "mknodat": (259, 33), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "fchmodat2": (452, 452),
    "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54), "setxattr": (188, 5),
    "lsetxattr": (189, 6), "fsetxattr": (190, 7), "removexattr": (197, 14), "lremovexattr": (198, 15),
    "fremovexattr": (199, 16), "setxattrat": (463, 463), "removexattrat": (466, 466), "file_setattr": (469, 469),
    "utime": (132, None), "utimes": (235, None), "futimesat": (261, None), "utimensat": (280, 88),
    "memfd_create": (319, 279),
    # the kernel's wide doors
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "unshare": (272, 97),
    "setns": (308, 268), "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    # what processes share by a number
    "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "semget": (64, 190), "semop": (65, 193), "semtimedop": (220, 192),
    "semctl": (66, 191), "mq_open": (240, 180), "mq_unlink": (241, 181),
    # and of the kernel itself
    "personality": (135, 92), "modify_ldt": (154, None), "init_module": (175, 105), "finit_module": (313, 273),
}  # fmt: skip
# Where they are missing, libraries take the older call, whose arguments a filter can see.
MISSING: Final = {"clone3": (435, 435), "openat2": (437, 437)}
OPEN, OPENAT, CLONE, TGKILL, PRLIMIT = (2, None), (257, 56), (56, 220), (234, 131), (302, 261)
FCNTL, IOCTL = (72, 25), (16, 29)
# Who is signalled when a file has something to say, and how: F_SETOWN, F_SETSIG, F_SETOWN_EX; FIOSETOWN, SIOCSPGRP.
OWNING: Final = {FCNTL: (8, 10, 15), IOCTL: (0x8901, 0x8902)}
MACHINES: Final = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
WRITING: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
CLONE_THREAD: Final = 0x10000
X32: Final = 0x40000000

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, ERROR = 0x7FFF0000, 0x80000000, 0x00050000
EPERM, ENOSYS = 1, 38
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16

Line = tuple[int, int, int, int]
REFUSE: Final[Line] = (RETURN, 0, 0, ERROR | EPERM)
PASS: Final[Line] = (RETURN, 0, 0, ALLOW)


def calls() -> bool:
    """No network, no process, no file to write, no other process's business: what needs them gets an error."""
    column, architecture = MACHINES.get(platform.machine(), (None, 0))
    if not LINUX or column is None or struct.calcsize("P") != 8:
        return False
    lines = _filter(column, architecture)
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *line) for line in lines))
    program = struct.pack("@HP", len(lines), ctypes.addressof(code))
    return _prctl(PR_SET_NO_NEW_PRIVS, 1) and _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, program)


def _filter(column: int, architecture: int) -> list[Line]:
    """The filter in the kernel's own words: a line is code, steps if so, steps if not, operand."""
    lines: list[Line] = [(LOAD, 0, 0, ARCHITECTURE), (EQUAL, 1, 0, architecture), (RETURN, 0, 0, KILL)]
    lines += [(LOAD, 0, 0, NUMBER)]
    lines += [(AT_LEAST, 0, 1, X32), (RETURN, 0, 0, KILL)]
    for table, error in ((REFUSED, EPERM), (MISSING, ENOSYS)):
        for numbers in table.values():
            lines += _if(numbers[column], [(RETURN, 0, 0, ERROR | error)])
    for numbers, argument in ((OPEN, 1), (OPENAT, 2)):
        lines += _if(numbers[column], _by(argument, (ANY_BIT, 0, 1, WRITING), REFUSE, PASS))
    for numbers, commands in OWNING.items():
        looks = [line for command in commands for line in ((EQUAL, 0, 1, command), REFUSE)]
        lines += _if(numbers[column], _by(1, *looks, PASS))
    # a thread is no process; abort() sends a signal to its own; a limit is asked for as one's own
    lines += _if(CLONE[column], _by(0, (ANY_BIT, 0, 1, CLONE_THREAD), PASS, REFUSE))
    lines += _if(TGKILL[column], _by(0, (EQUAL, 0, 1, os.getpid()), PASS, REFUSE))
    lines += _if(PRLIMIT[column], _by(0, (EQUAL, 0, 1, 0), PASS, REFUSE))
    return [*lines, (RETURN, 0, 0, ALLOW)]


def _if(number: int | None, then: list[Line]) -> list[Line]:
    return [] if number is None else [(EQUAL, 0, len(then), number), *then]


def _by(argument: int, *then: Line) -> list[Line]:
    """Go by an argument: by its lower half, which is all that the kernel reads of these. It ends in an answer."""
    return [(LOAD, 0, 0, ARGUMENTS + 8 * argument), *then]

"""Tries what no reader needs, and tells what came of it, a row each: what was tried, and “done” or the error."""

import ctypes
import fcntl
import os
import resource
import signal
import socket
import struct
import subprocess
import tempfile
import threading
from pathlib import Path

SEIZE = 0x4206  # takes hold of a process without stopping it
F_OWNER_PID, FIOSETOWN, SIOCSPGRP = 1, 0x8901, 0x8902
PIPE = 1  # its standard output


def connects(address):  # noqa: ANN001, ANN201
    with socket.create_connection(address, timeout=2):
        pass


def writes(path):  # noqa: ANN001, ANN201
    Path(path).write_bytes(b"x" * 10)


def forks():  # noqa: ANN201
    if os.fork() == 0:
        os._exit(0)


def threads():  # noqa: ANN201
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()


def kernel(number, *arguments):  # noqa: ANN001, ANN002, ANN201
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def of_another(process):  # noqa: ANN001, ANN201
    """How another process runs, set to what it is already."""
    number = {"x86_64": 0, "aarch64": 1}[os.uname().machine]
    one = os.sched_param(0)
    return {
        "a limit of a process": lambda: resource.prlimit(process, resource.RLIMIT_CORE),
        "processors of a process": lambda: os.sched_setaffinity(process, os.sched_getaffinity(process)),
        "a process's turn": lambda: os.sched_setscheduler(process, os.SCHED_OTHER, one),
        "a process's part of its turn": lambda: os.sched_setparam(process, one),
        "all of a process's turn": lambda: kernel(
            (314, 274)[number], process, struct.pack("=IIQiIQQQ", 48, 0, 0, 0, 0, 0, 0, 0), 0
        ),
        "a process's niceness": lambda: os.setpriority(
            os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, process)
        ),
        "a process's place at the disk": lambda: kernel((251, 30)[number], 1, process, 0),
        "a process's memory": lambda: kernel(440, -1, None, 0, 0, 0),
        "an owner": lambda: fcntl.fcntl(PIPE, fcntl.F_SETOWN, process),
        "an owner by kind": lambda: fcntl.fcntl(PIPE, 15, struct.pack("=ii", F_OWNER_PID, process)),
        "an owner's signal": lambda: fcntl.fcntl(PIPE, fcntl.F_SETSIG, signal.SIGCONT),
        "a socket's owner": lambda: fcntl.ioctl(PIPE, FIOSETOWN, struct.pack("=i", process)),
        "a socket's group": lambda: fcntl.ioctl(PIPE, SIOCSPGRP, struct.pack("=i", process)),
        "memory by a number": lambda: kernel((30, 196)[number], -1, None, 0),
    }


def what(told):  # noqa: ANN001, ANN201
    host, port = told["listens"].split(":")
    return {
        "the network": lambda: connects((host, int(port))),
        "a socket": lambda: socket.socket(socket.AF_UNIX).close(),
        "a name": lambda: socket.getaddrinfo("localhost", 80),
        "the passwords": lambda: Path("/etc/passwd").read_text(),
        "the project": lambda: Path(told["project"]).read_text(),
        "the settings": lambda: Path(told["settings"]).read_text(),
        "the test's folder": lambda: list(Path(told["folder"]).iterdir()),
        "other processes": lambda: Path(f"/proc/{told['process']}/environ").read_bytes(),
        "programs": lambda: list(Path("/usr/bin").iterdir()),
        "the system": lambda: list(Path("/etc").iterdir()),
        "a new file": lambda: writes(Path(told["folder"]) / "made"),
        "a scratch file": tempfile.mkdtemp,
        "what it was given": lambda: os.write(0, b"changed"),
        "a file without name": lambda: os.memfd_create("x"),
        "a process": forks,
        "a program": lambda: subprocess.run(["/bin/true"], check=True),
        "a signal": lambda: os.kill(int(told["process"]), 0),
        "a signal to a thread": lambda: kernel(
            234 if os.uname().machine == "x86_64" else 131, int(told["process"]), int(told["process"]), signal.SIGCONT
        ),
        "a look into a process": lambda: kernel(
            101 if os.uname().machine == "x86_64" else 117, SEIZE, int(told["process"]), 0, 0
        ),
        "a ring": lambda: kernel(425, 8, ctypes.create_string_buffer(256)),
        "a namespace": lambda: os.unshare(os.CLONE_NEWUSER),
        "a file's time": lambda: kernel(
            *((132,) if os.uname().machine == "x86_64" else (88, -100)), f"{told['folder']}/given".encode(), None, 0
        ),
        **of_another(int(told["process"])),
    }


def read(file, leaves, asked):  # noqa: ANN001, ANN201
    told = dict(line.split("=", 1) for line in file.read().decode().splitlines())
    for name, attempt in what(told).items():
        try:
            attempt()
        except Exception as error:
            leaves.row("", [name, type(error).__name__])
        else:
            leaves.row("", [name, "done"])
    leaves.row("", ["environment", " ".join(sorted({*os.environ} - {"PWD", "LC_CTYPE"}))])
    leaves.row(
        "", ["modules", " ".join(name for name in __import__("sys").modules if name.startswith(("django", "verify")))]
    )

"""Takes from this process, for good, the system calls by which it could reach out of itself.

A Linux seccomp filter: it also binds native code that a hostile file has taken over, as no hook of Python
does. On other machines the limits and the hook of documents/files/sandbox.py stand alone.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from pathlib import Path

# asm/unistd.h: socket, connect, bind, listen, clone, clone3, execve, execveat, kill, ptrace,
# process_vm_readv, process_vm_writev, truncate, fchmod, fchmodat, mkdirat, unlinkat, symlinkat, linkat,
# renameat, renameat2, openat2, io_uring_setup; on x86-64 also the older fork, vfork, creat, unlink, rename,
# mkdir, rmdir, link, symlink, chmod.
_REFUSED = {
    "x86_64": (
        *(
            41,
            42,
            49,
            50,
            56,
            435,
            59,
            322,
            62,
            101,
            310,
            311,
            76,
            91,
            268,
            258,
            263,
            266,
            265,
            264,
            316,
            437,
            425,
        ),
        *(57, 58, 85, 87, 82, 83, 84, 86, 88, 90),
    ),
    "aarch64": (
        *(
            198,
            203,
            200,
            201,
            220,
            435,
            221,
            281,
            129,
            117,
            270,
            271,
            45,
            52,
            53,
            34,
            35,
            36,
            37,
            38,
            276,
            437,
            425,
        ),
    ),
}
# Calls that open a file, with the place of the flags among their arguments.
_OPENING = {"x86_64": ((2, 1), (257, 2)), "aarch64": ((56, 2),)}
_AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_X32_BIT = 0x40000000

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC

_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_PRETEND = 0x00050000  # not done, and no error
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2


# For programs of others: connect, sendmsg, sendmmsg, kill, tkill, pidfd_send_signal, pidfd_getfd, ptrace,
# process_vm_readv, process_vm_writev, io_uring_setup, unshare, setns, bpf, mount, umount2.
_REFUSED_TO_PROGRAMS = {
    "x86_64": (42, 46, 307, 62, 200, 424, 438, 101, 310, 311, 425, 272, 308, 321, 165, 166),
    "aarch64": (203, 211, 269, 129, 130, 424, 438, 117, 270, 271, 425, 97, 268, 280, 40, 39),
}
_PRETENDED = {"x86_64": (49, 50), "aarch64": (200, 201)}  # bind, listen
_SOCKET = {"x86_64": 41, "aarch64": 198}
_SENDTO = {"x86_64": 44, "aarch64": 206}
_AF_UNIX = 1

# linux/landlock.h: the same numbers on all machines.
_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_WRITE_FILE, _READ_FILE = 1 << 1, 1 << 2
_READING_FILES = 1 << 0 | _READ_FILE | 1 << 3  # execute, read a file, read a folder
_WRITING_FILES = _WRITE_FILE | 0b1_1111_1111 << 4  # write, remove, make anything
_INSTALLED = (
    *("/usr", "/lib", "/lib64", "/bin", "/etc", "/opt", "/proc"),
    *("/var/cache/fontconfig", "/var/spool/libreoffice", "/var/lib/libreoffice"),
)
_DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def is_confinable() -> bool:
    return sys.platform == "linux" and platform.machine() in _REFUSED


def confine_process() -> bool:
    """For our own child, which only reads. True when the filter is in place; it cannot be taken off again."""
    return is_confinable() and _set_filter(_write_filter(platform.machine()))


def confine_program() -> bool:
    """For another's program: it may write and start threads and programs, but nobody hears of it."""
    return is_confinable() and _set_filter(_write_program_filter(platform.machine()))


def _set_filter(instructions: list[bytes]) -> bool:
    program = _Program(len(instructions), b"".join(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0


def _write_filter(machine: str) -> list[bytes]:
    """Classic BPF. Each test jumps over one instruction when it does not hold."""
    filter_ = _begin_filter(machine, _REFUSED[machine])
    for number, argument in _OPENING[machine]:
        filter_ += [
            _instruct(_EQUAL, number, no=4),
            _instruct(_LOAD, _ARGUMENTS_AT + 8 * argument),
            _instruct(_ANY_BIT, _WRITING, no=1),
            _instruct(_RETURN, _REFUSE),
            _instruct(_RETURN, _ALLOW),
        ]
    return [*filter_, _instruct(_RETURN, _ALLOW)]


def _write_program_filter(machine: str) -> list[bytes]:
    """Sockets are local, and lead nowhere: none is connected, nothing is sent to an address.

    LibreOffice wants to listen in /tmp for a second one of its kind: it is told that it does.
    """
    socket, sendto = _SOCKET[machine], _SENDTO[machine]
    filter_ = _begin_filter(machine, _REFUSED_TO_PROGRAMS[machine])
    for number in _PRETENDED[machine]:
        filter_ += [_instruct(_EQUAL, number, no=1), _instruct(_RETURN, _PRETEND)]
    return [
        *filter_,
        _instruct(_EQUAL, socket, no=4),
        _instruct(_LOAD, _ARGUMENTS_AT),
        _instruct(_EQUAL, _AF_UNIX, yes=1),
        _instruct(_RETURN, _REFUSE),
        _instruct(_RETURN, _ALLOW),
        _instruct(_EQUAL, sendto, no=4),
        _instruct(_LOAD, _ARGUMENTS_AT + 8 * 4),
        _instruct(_EQUAL, 0, yes=1),
        _instruct(_RETURN, _REFUSE),
        _instruct(_RETURN, _ALLOW),
        _instruct(_RETURN, _ALLOW),
    ]


def _begin_filter(machine: str, refused: tuple[int, ...]) -> list[bytes]:
    filter_ = [
        _instruct(_LOAD, _ARCHITECTURE_AT),
        _instruct(_EQUAL, _AUDIT_ARCHITECTURE[machine], yes=1),
        _instruct(_RETURN, _KILL),
        _instruct(_LOAD, _NUMBER_AT),
        _instruct(_ANY_BIT, _X32_BIT, no=1),
        _instruct(_RETURN, _KILL),
    ]
    for number in refused:
        filter_ += [_instruct(_EQUAL, number, no=1), _instruct(_RETURN, _REFUSE)]
    return filter_


def _instruct(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


# Files


def confine_files(folder: Path, program: Path) -> bool:
    """Landlock (Linux 5.13 and later): writes in `folder` alone, reads there and what the system installed.

    Papers, the database's socket and the environment of other processes are out of reach. False where the
    kernel has no Landlock: limits and the filter of system calls stand alone then.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    writing = _WRITING_FILES | (1 << 13 if version >= 2 else 0) | (1 << 14 if version >= 3 else 0)
    handled = struct.pack("=QQQ", _READING_FILES | writing, 0b11, 0b11)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_LANDLOCK_CREATE, handled, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    for place in (*_INSTALLED, str(program.parent)):
        _permit(libc, ruleset, place, _READING_FILES)
    for place in _DEVICES:
        _permit(libc, ruleset, place, _READ_FILE | _WRITE_FILE)
    _permit(libc, ruleset, str(folder), _READING_FILES | writing)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0


def _permit(libc: ctypes.CDLL, ruleset: int, place: str, access: int) -> None:
    try:
        descriptor = os.open(place, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return  # not on this machine
    libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", access, descriptor), 0)
    os.close(descriptor)

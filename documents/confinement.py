"""Takes from this process, for good, the system calls by which it could reach out of itself.

A Linux seccomp filter: it also binds native code that a hostile file has taken over, as no hook of Python
does. On other machines the limits and the hook of documents/sandbox.py stand alone.
"""

import ctypes
import errno
import os
import platform
import struct
import sys

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
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16

_PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 38, 22, 2


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def is_confinable() -> bool:
    return sys.platform == "linux" and platform.machine() in _REFUSED


def confine_process() -> bool:
    """True when the filter is in place. It cannot be taken off again."""
    if not is_confinable():
        return False
    instructions = _write_filter(platform.machine())
    program = _Program(len(instructions), b"".join(instructions))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0


def _write_filter(machine: str) -> list[bytes]:
    """Classic BPF. Each test jumps over one instruction when it does not hold."""
    filter_ = [
        _instruct(_LOAD, _ARCHITECTURE_AT),
        _instruct(_EQUAL, _AUDIT_ARCHITECTURE[machine], yes=1),
        _instruct(_RETURN, _KILL),
        _instruct(_LOAD, _NUMBER_AT),
        _instruct(_ANY_BIT, _X32_BIT, no=1),
        _instruct(_RETURN, _KILL),
    ]
    for number in _REFUSED[machine]:
        filter_ += [_instruct(_EQUAL, number, no=1), _instruct(_RETURN, _REFUSE)]
    for number, argument in _OPENING[machine]:
        filter_ += [
            _instruct(_EQUAL, number, no=4),
            _instruct(_LOAD, _ARGUMENTS_AT + 8 * argument),
            _instruct(_ANY_BIT, _WRITING, no=1),
            _instruct(_RETURN, _REFUSE),
            _instruct(_RETURN, _ALLOW),
        ]
    return [*filter_, _instruct(_RETURN, _ALLOW)]


def _instruct(code: int, value: int, *, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)

"""What the driver asks of the kernel: frames whose content passes it by, and filters."""

import ctypes
import marshal
import os

PR_SET_PDEATHSIG, PR_GET_DUMPABLE, PR_SET_DUMPABLE, PR_SET_SECCOMP = 1, 3, 4, 22

# What a child touches first it must copy first: everything it calls is looked up and made ready
# here, and the plainest form of each call is taken.
libc = ctypes.PyDLL(None)
none = ctypes.c_ulong(0)
libc.splice.restype = ctypes.c_ssize_t
libc.mmap.restype = ctypes.c_void_p


class Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]


def prctl(option, value):
    if libc.prctl(option, ctypes.c_ulong(value), none, none, none):
        raise OSError("prctl %d" % option)


class Policy:
    """A system call filter in memory that children inherit ready to be installed."""

    def __init__(self, code):
        self.code = ctypes.create_string_buffer(code, len(code))
        self.filter = Filter(len(code) // 8, ctypes.addressof(self.code))
        self.arguments = PR_SET_SECCOMP, ctypes.c_ulong(2), ctypes.byref(self.filter), none, none
        self.prctl = libc.prctl

    def install(self):
        if self.prctl(*self.arguments):
            raise OSError("prctl %d" % PR_SET_SECCOMP)


def read_exactly(count):
    parts = []
    while count:
        part = os.read(0, min(count, 1 << 20))
        if not part:
            os._exit(0)
        parts.append(part)
        count -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def read_frame():
    return marshal.loads(read_exactly(int.from_bytes(read_exactly(4), "little")))


def write_frame(frame):
    send([marshal.dumps(frame, 2)])


def read_part(descriptor, size, at=0):
    parts = []
    while size:
        part = os.pread(descriptor, min(size, 1 << 20), at)
        parts.append(part)
        at += len(part)
        size -= len(part)
    return b"".join(parts)


def receive(size, flags=os.MFD_CLOEXEC):
    """A memory file with the bytes that come next."""
    descriptor = os.memfd_create("isomer", flags)
    at = ctypes.c_int64(0)
    while size:
        moved = libc.splice(0, None, descriptor, ctypes.byref(at), ctypes.c_size_t(size), 0)
        if moved <= 0:
            os._exit(0)
        size -= moved
    return descriptor


def send(parts):
    """Writes a frame of bytes and of files, the latter given with the size to send."""
    length = sum(part[1] if type(part) is tuple else len(part) for part in parts)
    waiting = [length.to_bytes(4, "little")]
    for part in parts:
        if type(part) is not tuple:
            waiting.append(part)
        elif part[1]:
            write_all(1, b"".join(waiting))
            waiting = []
            copy(part[0], 0, part[1], 1)
    write_all(1, b"".join(waiting))


def copy(source, at, size, target):
    end = at + size
    while at < end:
        moved = os.sendfile(target, source, at, end - at)
        if not moved:
            raise OSError("a file has shrunk")
        at += moved


def write_all(descriptor, content):
    while content:
        content = content[os.write(descriptor, content):]


def sized(descriptor, most):
    """A file's first bytes, as a marshalled `bytes` object in parts."""
    size = min(os.fstat(descriptor).st_size, most)
    return b"s" + size.to_bytes(4, "little"), (descriptor, size)


def unconfined(words):
    """The frame that says that a process did not get as far as its program, and its words in a file."""
    return tuple_head(2), marshal.dumps("program confinement", 2), *sized(words, DIAGNOSTICS)


def tuple_head(count):
    return b"(" + count.to_bytes(4, "little")


def numbers_head(numbers, others):
    """The beginning of a marshalled tuple: these numbers, before so many others."""
    return tuple_head(len(numbers) + others), marshal.dumps(numbers, 2)[5:]

"""The working folder: files of a job laid into it, fetched from it and removed."""

import marshal
import os
import stat

FOLDER = os.environ["TMPDIR"]
# The first process of a process namespace takes all others with it when it ends.
FIRST = os.getpid() == 1
FRESH = os.stat(FOLDER)


def plain(text):
    """A text in which a private folder with a name of its own does not make a difference."""
    return text.replace(FOLDER, "/tmp")


def lay_out(files, given, at):
    """Writes files, which lie in another from this place on, into the empty working folder."""
    for path, size in files:
        folder = os.path.dirname(path)
        if folder:
            os.makedirs(folder, exist_ok=True)
        with open(path, "xb", 0) as file:
            copy(given, at, size, file.fileno())
        at += size


def fetch(paths, most):
    """Files that a program left, marshalled in parts; follows no link, opens nothing but plain files."""
    if not paths:
        return [tuple_head(0)]
    found = os.memfd_create("isomer")
    count = end = 0
    for path in paths:
        opened = []
        try:
            at, names = None, path.split("/")
            for name in names:
                last = name is names[-1]
                kind = os.O_NONBLOCK if last else os.O_DIRECTORY
                at = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | kind, dir_fd=at)
                opened.append(at)
            if stat.S_ISREG(os.fstat(at).st_mode):
                size = min(os.fstat(at).st_size, most)
                write_all(found, tuple_head(2) + marshal.dumps(path, 2) + b"s" + size.to_bytes(4, "little"))
                copy(at, 0, size, found)
                most -= size
                count += 1
        except OSError:
            pass
        finally:
            for descriptor in opened:
                os.close(descriptor)
    return [tuple_head(count), (found, os.fstat(found).st_size)]


def clean():
    """Empties the working folder; whether that failed, so that the jail is used up."""
    try:
        now = os.stat(FOLDER)
        if now.st_mode != FRESH.st_mode:
            os.chmod(FOLDER, stat.S_IMODE(FRESH.st_mode))
        if now.st_size == FRESH.st_size if FIRST else not os.listdir(FOLDER):
            return False
        # Names may be messages from one program to the next: they are read in another process.
        pid = os.fork()
        if pid == 0:
            try:
                remove_below(FOLDER, None, 0)
                os._exit(0)
            finally:
                os._exit(1)
        return os.waitpid(pid, 0)[1] != 0
    except OSError:
        return True


def remove_below(name, parent, depth):
    if depth > 100:
        raise RecursionError
    folder = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=parent)
    try:
        for child in os.listdir(folder):
            if stat.S_ISDIR(os.lstat(child, dir_fd=folder).st_mode):
                os.chmod(child, 0o700, dir_fd=folder)
                remove_below(child, folder, depth + 1)
                os.rmdir(child, dir_fd=folder)
            else:
                os.unlink(child, dir_fd=folder)
    finally:
        os.close(folder)

"""The run's folder: the files that are put in, how much is in it, and what is kept of it afterwards."""

import os
import stat


def put(path, content):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not path.endswith(b"/"):
        with open(path, "wb") as file:
            file.write(content)


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

# SPDX-License-Identifier: GPL-3.0-or-later
"""Keys that tests plant, and every form in which one could show where it must not.

All keys have one beginning, so that one is known for what it is wherever it turns up long after its test.
The beginning is computed: it stands in no file by itself.
"""
import base64
import functools
import hashlib
import os
import secrets
import stat

MARK = hashlib.sha256(b"the beginning of every key that a test plants").hexdigest()[:24]
AT_ONCE = 1 << 22


def plant():
    """A key as long as those of the service, that no other test has."""
    return MARK + secrets.token_hex(24)


@functools.lru_cache(maxsize=None)
def forms(text):
    """What to look for: {name: bytes}. In base64 it may begin at any of three places."""
    plain = text.encode()
    found = {"plain": plain, "capitals": plain.upper(), "hexadecimal": plain.hex().encode(), "HEXADECIMAL": plain.hex().upper().encode(),
             "percent": b"".join(b"%%%02x" % byte for byte in plain), "PERCENT": b"".join(b"%%%02X" % byte for byte in plain),
             "UTF-16LE": text.encode("utf-16-le"), "UTF-16BE": text.encode("utf-16-be"), "UTF-32": text.encode("utf-32-le"),
             "backwards": plain[::-1]}
    for before in range(3):
        # What stands before and behind changes the outer characters: they are left out.
        whole = base64.b64encode(b"\0" * before + plain)
        inner = whole[(0, 2, 3)[before]:len(whole) - (0 if (before + len(plain)) % 3 == 0 else 4)]
        found[f"base64 at {before}"] = inner
        found[f"base64 for addresses at {before}"] = inner.replace(b"+", b"-").replace(b"/", b"_")
    return found


def parts(key):
    """Of a key its two ends are looked for: one that was cut is a key that leaked."""
    return (key[:len(MARK)], key[-len(MARK):])


def find(content, keys=None):
    """The names of the forms in which one of @keys, by default any planted key, is in @content."""
    wanted = [part for key in keys for part in parts(key)] if keys is not None else [MARK]
    return [name for part in wanted for name, needle in forms(part).items() if needle in content]


def find_in_file(path, keys=None):
    """As find(), for a file of any size; one that went away or may not be read holds nothing."""
    found = []
    try:
        with open(path, "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return found
            before = b""
            while piece := file.read(AT_ONCE):
                found += find(before + piece, keys)
                before = piece[-1024:]
    except OSError:
        pass
    return sorted(set(found))


def files_below(folder):
    """The plain files below a folder, links not followed, nor what is mounted there (another system's /proc has no end)."""
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not os.path.ismount(os.path.join(where, name))]
        for name in names:
            path = os.path.join(where, name)
            try:
                if stat.S_ISREG(os.lstat(path).st_mode):
                    yield path
            except OSError:
                pass

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""After the whole suite no key that a test planted is in any file: test-no-key-left.py BUILD-FOLDER

Neither in the build folder, with all logs of the tests, nor in the folders for temporary files, as far
as anything there is of the suite's time.
"""
import os
import sys
import tempfile
import time

from journey import run_tests
from planted import files_below, find_in_file, plant

BUILD = os.path.abspath(sys.argv[1])
TEMPORARY = sorted({os.path.realpath(folder) for folder in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm") if os.path.isdir(folder)})


def suite_began():
    """When what runs the tests was started."""
    with open(f"/proc/{os.getppid()}/stat", encoding="utf-8", errors="replace") as stat:
        ticks = int(stat.read().rsplit(")", 1)[1].split()[19])
    with open("/proc/uptime", encoding="ascii") as uptime:
        return time.time() - float(uptime.read().split()[0]) + ticks / os.sysconf("SC_CLK_TCK") - 1


def is_of(path, since):
    try:
        state = os.lstat(path)
    except OSError:
        return False
    return state.st_uid == os.getuid() and state.st_mtime >= since


def look():
    since = suite_began()
    paths = set(files_below(BUILD)) | {path for folder in TEMPORARY for path in files_below(folder) if is_of(path, since)}
    return len(paths), {path: forms for path in paths if (forms := find_in_file(path))}


def test_no_key_is_left():
    """But two that are left here, which have to be found."""
    with tempfile.NamedTemporaryFile("w", prefix="relais-left.") as here, open(os.path.join(BUILD, "left"), "wb") as there:
        try:
            here.write("x" * 5000 + plant())
            here.flush()
            there.write(b"\0" * (1 << 22) + plant().encode("utf-16-be"))
            there.flush()
            n_files, found = look()
        finally:
            os.remove(there.name)
    print(f"# {n_files} files were looked through")
    assert found.pop(os.path.realpath(here.name), None) and found.pop(there.name, None), "what was left on purpose was not found"
    assert not found, found


run_tests([("no key is left", test_no_key_is_left)])

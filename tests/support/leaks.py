# SPDX-License-Identifier: GPL-3.0-or-later
"""Watches while a journey goes on whether a planted key shows anywhere: in arguments, environments and files of
any process, on a bus, in what was printed."""
import contextlib
import os
import subprocess
import tempfile
import threading
import time

from planted import files_below, find, find_in_file

EVERY = 0.02          # seconds; the shortest command takes longer


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


class Bus:
    """All messages of a bus, as they were."""

    def __init__(self, address, folder):
        self.path = os.path.join(folder, f"bus-{abs(hash(address))}")
        with open(self.path, "wb") as out:
            self.process = subprocess.Popen(["dbus-monitor", "--address", address, "--binary"], stdout=out, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while os.path.getsize(self.path) == 0:      # its own becoming a monitor is told first
            assert self.process.poll() is None and time.monotonic() < end, "the bus cannot be watched"
            time.sleep(0.02)

    def stop(self):
        time.sleep(0.5)
        self.process.terminate()
        self.process.wait()
        return read(self.path)


class Leaks:
    """`found` holds whatever was found of @keys, by which `check()` fails."""

    def __init__(self, keys, folders, buses=()):
        self.keys, self.folders = tuple(keys), folders
        self.found, self.seen_files, self.seen_processes = set(), {}, {}
        self.own = tempfile.TemporaryDirectory(prefix="relais-leaks.")    # not looked through: it holds what is looked at
        self.buses = [Bus(address, self.own.name) for address in buses]
        self.messages = b""
        self.ended = threading.Event()
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()

    def _note(self, where, content):
        self.found.update((where, form) for form in find(content, self.keys))

    def _watch(self):
        while not self.ended.wait(EVERY):
            self._look_at_processes()
            self._look_at_files()

    def _look_at_processes(self):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            arguments = read(f"/proc/{pid}/cmdline")
            if self.seen_processes.get(pid) == arguments:
                continue
            self.seen_processes[pid] = arguments
            name = read(f"/proc/{pid}/comm").decode(errors="replace").strip()
            self._note(f"the arguments of {name}", arguments)
            self._note(f"the environment of {name}", read(f"/proc/{pid}/environ"))

    def _look_at_files(self):
        for folder in self.folders:
            for path in files_below(folder):
                with contextlib.suppress(OSError):
                    state = os.stat(path)
                    known = (state.st_mtime_ns, state.st_size)
                    if self.seen_files.get(path) != known:
                        self.seen_files[path] = known
                        self.found.update((path, form) for form in find_in_file(path, self.keys))

    def printed(self, *texts):
        """What a command has printed."""
        for text in texts:
            self._note("what was printed", text if isinstance(text, bytes) else text.encode())

    def stop(self):
        """Looks once more at everything. Returns what was found."""
        if not self.ended.is_set():
            self.ended.set()
            self.thread.join()
            self.seen_files.clear()
            self._look_at_files()
            self.messages = b"".join(bus.stop() for bus in self.buses)
            self._note("a message on a bus", self.messages)
            self.own.cleanup()
        return self.found

    def check(self):
        assert not self.stop(), f"a key is in: {sorted(self.found)}"


@contextlib.contextmanager
def watching(keys, folders, buses=()):
    """A journey in which no key shows."""
    leaks = Leaks(keys, folders, buses)
    try:
        yield leaks
    finally:
        leaks.stop()
    leaks.check()

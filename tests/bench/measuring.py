# SPDX-License-Identifier: GPL-3.0-or-later
"""What benchmarks share: commands whose processor time and memory are counted, without anyone else's."""
import glob
import json
import os
import statistics
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
APP = os.path.join(HERE, "..", "..", "app", "core")


class Measured:
    """One command that has ended: its own processor time (of all its threads) and peak memory."""

    def __init__(self, argv, environment=None):
        read, write = os.pipe()
        start = time.monotonic()
        pid = os.fork()
        if pid == 0:
            os.dup2(write, 1)
            os.close(read)
            null = os.open(os.devnull, os.O_RDWR)
            os.dup2(null, 0)
            os.dup2(null, 2)
            os.execvpe(argv[0], argv, environment or os.environ)
        os.close(write)
        chunks = []
        reader = threading.Thread(target=lambda: chunks.append(os.fdopen(read).read()))
        reader.start()
        _, status, usage = os.wait4(pid, 0)
        self.wall = time.monotonic() - start
        reader.join()
        self.cpu = usage.ru_utime + usage.ru_stime
        self.memory = usage.ru_maxrss / 1024
        self.output = chunks[0]
        self.status = os.waitstatus_to_exitcode(status)
        assert self.status in (0, 1), (argv, self.status, self.output)

    def json(self):
        return json.loads(self.output)


def best(argv, environment=None, times=3):
    """The run with the least processor time: whatever else the machine does can only add to it. Its memory is the median."""
    runs = sorted((Measured(argv, environment) for _ in range(times)), key=lambda run: run.cpu)
    runs[0].memory = statistics.median(run.memory for run in runs)
    return runs[0]


COMPILER = os.environ.get("CC", "cc")


def flags_of(package):
    return subprocess.run(["pkg-config", "--cflags", "--libs", package], check=True, capture_output=True, text=True).stdout.split()


def compile_watch(folder):
    """Builds what looks into a program (watch.so) into @folder."""
    watch = os.path.join(folder, "watch.so")
    subprocess.run([COMPILER, "-O2", "-shared", "-fPIC", "-o", watch, os.path.join(HERE, "watch.c"), "-ldl"], check=True)
    return watch


def compile_bare(folder):
    """Builds a window with nothing in it into @folder."""
    bare = os.path.join(folder, "bare")
    subprocess.run([COMPILER, "-O2", "-o", bare, os.path.join(HERE, "bare.c"), *flags_of("gtk4")], check=True)
    return bare


def compile_describe(folder):
    """Builds what describes a file into @folder."""
    describe = os.path.join(folder, "describe")
    rooms = [os.path.join(APP, "values"), os.path.join(APP, "services", "segment-files")]
    sources = [source for room in rooms for source in sorted(glob.glob(os.path.join(room, "*.c")))]
    subprocess.run([COMPILER, "-O2", '-DGETTEXT_PACKAGE="relais"', *(f"-I{room}" for room in rooms), "-o", describe,
                    os.path.join(HERE, "describe.c"), *sources, *flags_of("gio-2.0")], check=True)
    return describe


def watched(argv, environment, watch):
    """Measured, and what the main loop did."""
    report = watch + ".json"
    run = Measured(argv, environment | {"LD_PRELOAD": watch, "RELAIS_BENCH_WATCH": report})
    with open(report, encoding="utf-8") as file:
        run.loop = json.load(file)
    return run

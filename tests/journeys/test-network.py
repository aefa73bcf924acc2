#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run whose network fails half way waits, says what for, and goes on by itself.

test-network.py RELAIS [SECONDS [FAULT…]]: how long a fault lasts; 0 for what the suite has time for

The program asks a host of another network over HTTPS, by its name. Each fault has a network,
a program and an account of its own, so that all of them are tried at once.
"""
import collections
import json
import os
import pty
import re
import subprocess
import sys
import threading
import time

from journey import KEY, Practice, accounted, program, run_tests
from watcher import watched
import network

BINARY = sys.argv[1]
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 0
ROWS = 4000
NAME = "account.test"
SILENCE = re.compile("No answer from ActiveCampaign for a while|There is no network at the moment")
NO_NAME = re.compile("No host of this name was found")
BROKE = re.compile("The connection to ActiveCampaign broke before it answered")


class Shown:
    """What a person sees of a run on a terminal, and when it changed."""

    def __init__(self, terminal):
        self.lines = []              # (when, text), each once
        self.terminal = terminal
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        text = ""
        while True:
            try:
                text += os.read(self.terminal, 4096).decode(errors="replace")
            except OSError:
                return
            *whole, text = re.split(r"\r\x1b\[K|\r?\n", text)
            for line in whole:
                if line and (not self.lines or self.lines[-1][1] != line):
                    self.lines.append((time.monotonic(), line))

    def between(self, start, end):
        return [line for when, line in self.lines if start <= when <= end]

    def first(self, sentence):
        return next((when for when, line in self.lines if sentence.search(line)), None)

    def longest_pause(self, start, end):
        times = [start, *(when for when, _ in self.lines if start < when < end), end]
        return max(later - earlier for earlier, later in zip(times, times[1:]))


class Lane:
    """A network with a program, and an account that a run is on its way to."""

    def __init__(self, relais, protocols="h2,http/1.1"):
        self.relais, self.protocols = relais, protocols
        self.network = network.Network(relais.home, NAME)
        with self.network.host.inside():
            self.account = Practice(relais, "--no-limits", "--fault", "import-delay=500")
            self.watching = watched(self.account)
            self.watcher = self.watching.__enter__()
            self.before = {c["email"] for c in self.account.contacts("1", 1)}
        self.tls = self.network.serve_tls(443, self.watcher.address, protocols)
        relais("connection", "add", "--name", "Main", "--host", NAME, "--unknown-host-ok", "--agree", given=KEY + "\n")
        path = os.path.join(relais.home, "segment.csv")
        self.people = {f"person.{n}@example.com" for n in range(ROWS)}
        with open(path, "w", encoding="utf-8") as out:
            out.write("EMail,First\n" + "".join(f"person.{n}@example.com,Name {n}\n" for n in range(ROWS)))
        relais.add_export({"name": "Far", "connection": "Main", "list": "1", "segments": [{"file": path}], "verify": "off",
                           "matching": {"email": "EMail", "first_name": "First"}})

    def start(self):
        terminal, slave = pty.openpty()
        self.process = subprocess.Popen([BINARY, "run", "Far", "--json"], env=self.relais.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=slave, text=True)
        os.close(slave)
        self.shown = Shown(terminal)

    def await_imports(self, n):
        end = time.monotonic() + 300
        while self.watcher.count() < n:
            assert self.process.poll() is None and time.monotonic() < end, (self.watcher.count(), self.shown.lines[-3:])
            time.sleep(0.02)

    def hold(self, at_least, sentence=None):
        """Lets a fault last, and looks whether it is shown. Returns when it began."""
        began = time.monotonic()
        time.sleep(max(SECONDS, at_least))
        assert self.process.poll() is None, self.process.communicate()
        shown = self.shown.between(began, time.monotonic())
        assert sentence is None or any(sentence.search(line) for line in shown), shown
        return began

    def restart_host(self):
        """Whoever is connected is not any more, and has to find the host again."""
        self.tls.kill()
        self.tls.wait()
        self.tls = self.network.serve_tls(443, self.watcher.address, self.protocols)

    def check_end(self, mended):
        """The run ends well by itself, everyone is there once, and whatever went twice is told."""
        out, _ = self.process.communicate(timeout=900)
        assert self.process.returncode == 0, (self.process.returncode, out, self.shown.lines[-5:])
        result = json.loads(out)
        assert result["status"] == "successful" and accounted(result["rows"]), result
        assert result["rows"]["read"] == result["rows"]["delivered"] == ROWS, result
        with self.network.host.inside():
            there = [c["email"] for c in self.account.contacts("1", 1)]
        assert len(there) == len(set(there)) and set(there) - self.before == self.people, "lost, doubled or more than was asked for"
        times = collections.Counter(digest for digest, _ in self.watcher.take())
        twice = sum(n > 1 for n in times.values())
        assert twice <= result["batches"]["repeated"] <= result["batches"]["accepted"] == len(times), (twice, len(times), result)
        sentences = {line for _, line in self.shown.lines if line.endswith(".")}
        print(f"# ended {time.monotonic() - mended:.0f} s after; {twice} batches arrived twice, {result['batches']['repeated']} told as repeated")
        for line in sorted(sentences):
            print(f"#   {line}")
        return twice

    def close(self):
        if getattr(self, "process", None) is not None and self.process.poll() is None:
            self.process.kill()
        self.watching.__exit__(None, None, None)
        self.tls.kill()
        self.account.stop()


def try_cable(lane):
    lane.start()
    lane.await_imports(4)
    lane.network.pull_cable()
    lane.hold(16, SILENCE)
    lane.network.plug_cable()
    lane.check_end(time.monotonic())


def try_names(lane):
    """At the beginning nobody answers what address the host has; in mid-run there is no such name for a while,
    and the host has to be found again. Where the program knows the address yet it does not need to ask."""
    lane.network.names.answers = "nothing"
    lane.start()
    lane.hold(8, NO_NAME)
    lane.network.names.answers = "right"
    lane.await_imports(4)
    lane.network.names.answers = "no such name"
    lane.restart_host()
    time.sleep(8)
    lane.network.names.answers = "right"
    lane.check_end(time.monotonic())


def try_silence(lane):
    lane.start()
    lane.await_imports(4)
    lane.network.swallow()
    lane.hold(16, SILENCE)
    lane.network.deliver()
    lane.check_end(time.monotonic())


def try_lost_connection(lane):
    lane.start()
    lane.await_imports(4)
    assert lane.network.forget_connections(), "nothing was connected"
    lane.hold(16, SILENCE)
    lane.check_end(time.monotonic())
    # It is noticed after a minute. From then on everything goes as if nothing had been.
    assert time.monotonic() - lane.shown.first(BROKE) < 25, lane.shown.lines


def try_lost_answers(lane):
    """What the program sends still arrives: it is sent again all the same, and that is told."""
    lane.start()
    lane.await_imports(2)
    with lane.network.host.inside():
        lane.account.post("/practice/faults", {"slow": "2s"})
    lane.await_imports(5)            # some have arrived whose answers are yet to come
    assert lane.network.forget_connections("dport"), "nothing was connected"
    with lane.network.host.inside():
        lane.account.post("/practice/faults", {"slow": False})
    assert lane.check_end(time.monotonic()) > 0, "nothing arrived twice: it is not what was to be tried"
    assert lane.shown.first(SILENCE) is not None, lane.shown.lines


def try_slowness(lane):
    lane.start()
    lane.await_imports(8)
    lane.network.throttle("64kbit")
    began = lane.hold(20)
    # Either it goes on, or it is said why not.
    assert lane.shown.longest_pause(began, time.monotonic()) < 15, lane.shown.lines
    lane.check_end(began)


FAULTS = {"a link that is cut": (try_cable, "h2,http/1.1"),
          "names that are not found": (try_names, "http/1.1"),
          "silence": (try_silence, "http/1.1"),
          "a connection that is lost without a word": (try_lost_connection, "h2,http/1.1"),
          "answers that are lost without a word": (try_lost_answers, "http/1.1"),
          "64 kbit a second": (try_slowness, "h2,http/1.1")}


def run_lane(fault):
    """In namespaces of its own."""
    attempt, protocols = FAULTS[fault]
    with program(BINARY) as relais:
        lane = Lane(relais, protocols)
        try:
            attempt(lane)
        finally:
            lane.close()


def check_lane(process):
    out, _ = process.communicate(timeout=1800)
    print("".join(line + "\n" for line in out.splitlines() if line.startswith("#")), end="")
    assert process.returncode == 0, out


def main():
    if len(sys.argv) > 4 and sys.argv[3] == "inside":
        run_lane(sys.argv[4])
        return
    reason = network.missing()
    if reason is not None:
        print(f"1..0 # SKIP {reason}")
        return
    wanted = sys.argv[3:] or list(FAULTS)
    lanes = {fault: network.start_inside(os.path.abspath(__file__), BINARY, str(SECONDS), "inside", fault) for fault in wanted}
    run_tests([(f"a run outlasts {fault}", lambda process=process: check_lane(process)) for fault, process in lanes.items()])


main()

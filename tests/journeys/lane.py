# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs in networks of their own: each lane has a network, a program and an account, so that all are tried at once."""
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
NAME = "account.test"
ENDS = {0: "successful", 1: "completed-with-errors"}
SILENCE = re.compile("No answer from ActiveCampaign for a while|There is no network at the moment")
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

    def first(self, sentence, start=0):
        return next((when for when, line in self.lines if when >= start and sentence.search(line)), None)

    def longest_pause(self, start, end):
        times = [start, *(when for when, _ in self.lines if start < when < end), end]
        return max(later - earlier for earlier, later in zip(times, times[1:]))

    def print_sentences(self):
        for line in sorted({line for _, line in self.lines if line.endswith(".")}):
            print(f"#   {line}")


class Lane:
    """A network with a program, which asks a host of another network over HTTPS, by its name."""

    def __init__(self, relais, protocols="h2,http/1.1", **definition):
        self.relais, self.protocols = relais, protocols
        self.segment = os.path.join(relais.home, "segment.csv")
        self.network = network.Network(relais.home, NAME)
        with self.network.host.inside():
            self.account = Practice(relais, "--no-limits", "--fault", "import-delay=500")
            self.watching = watched(self.account)
            self.watcher = self.watching.__enter__()
        self.before = self.people("1")
        self.tls = self.network.serve_tls(443, self.watcher.address, protocols)
        relais("connection", "add", "--name", "Main", "--host", NAME, "--unknown-host-ok", "--agree", given=KEY + "\n")
        self.write([])
        relais.add_export({"name": "Far", "connection": "Main", "list": "1", "segments": [{"file": self.segment}], "verify": "off",
                           "matching": {"email": "EMail", "first_name": "First"}, **definition})

    def write(self, numbers):
        with open(self.segment, "w", encoding="utf-8") as out:
            out.write("EMail,First\n" + "".join(f"{address(n)},Name {n}\n" for n in numbers))

    def people(self, status):
        """The addresses of whoever is on the list in this way; nobody may be there twice."""
        with self.network.host.inside():
            there = [contact["email"] for contact in self.account.contacts("1", status)]
        assert len(there) == len(set(there)), "somebody is there twice"
        return set(there)

    def ask_account(self, path, body=None):
        with self.network.host.inside():
            return self.account.ask(path, body)

    def start(self):
        terminal, slave = pty.openpty()
        self.process = subprocess.Popen([BINARY, "run", "Far", "--json"], env=self.relais.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=slave, text=True)
        os.close(slave)
        self.shown = Shown(terminal)

    def wait_for(self, is_so, seconds=300):
        """Waits until the run has come to something, and no longer than it lasts."""
        end = time.monotonic() + seconds
        while not is_so():
            assert self.process.poll() is None and time.monotonic() < end, (self.process.poll(), self.shown.lines[-3:])
            time.sleep(0.02)

    def end(self):
        """Returns: the result of a run that came to its end by itself"""
        out, _ = self.process.communicate(timeout=900)
        assert self.process.returncode in ENDS, (self.process.returncode, out, self.shown.lines[-5:])
        result = json.loads(out)
        assert result["status"] == ENDS[self.process.returncode] and accounted(result["rows"]), result
        return result

    def report(self):
        """Of the last run, what is remembered of it"""
        return self.relais.json("report", "Far")

    def restart_host(self):
        """Whoever is connected is not any more, and has to find the host again."""
        self.tls.kill()
        self.tls.wait()
        self.tls = self.network.serve_tls(443, self.watcher.address, self.protocols)

    def close(self):
        if getattr(self, "process", None) is not None and self.process.poll() is None:
            self.process.kill()
        self.watching.__exit__(None, None, None)
        self.tls.kill()
        self.account.stop()


def address(n):
    return f"person.{n}@example.com"


def check_lane(process):
    out, _ = process.communicate(timeout=1800)
    print("".join(line + "\n" for line in out.splitlines() if line.startswith("#")), end="")
    assert process.returncode == 0, out


def run_lanes(script, title, lanes, run_lane):
    """Tries those of @lanes that the command line names, or all; @run_lane(lane, relais) does in a process and namespaces of its own."""
    if len(sys.argv) > 4 and sys.argv[3] == "inside":
        with program(BINARY) as relais:
            run_lane(sys.argv[4], relais)
        return
    reason = network.missing()
    if reason is not None:
        print(f"1..0 # SKIP {reason}")
        return
    processes = {lane: network.start_inside(os.path.abspath(script), BINARY, str(SECONDS), "inside", lane)
                 for lane in sys.argv[3:] or lanes}
    run_tests([(f"{title} {lane}", lambda process=process: check_lane(process)) for lane, process in processes.items()])

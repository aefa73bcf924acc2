# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs whose journal lies on a disk that fails, or at whose work the program dies."""
import contextlib
import os
import random
import re
import shutil

from journey import practice_account, program
from watcher import watched

ROWS = 600
NEVER = 1000000000


def addresses(imports):
    return [address.decode() for _, body in imports for address in re.findall(rb'"email":"([^"]*)"', body)]


class Disk:
    """An export "Killed" of ROWS people and one row that is not valid; other people for each point that is tried."""

    def __init__(self, shim, relais, account, watcher):
        self.shim, self.relais, self.account, self.watcher = os.path.abspath(shim), relais, account, watcher
        self.path, self.kept = relais.home + "/segment.csv", relais.home + "/kept"
        self.wanted = set()
        self.write("nobody")
        relais.connect(watcher, "Practice", "--limits", "none")
        self.list_id = str(relais.json("lists", "Practice")[0]["id"])
        relais.add_export({"name": "Killed", "connection": "Practice", "list": self.list_id, "segments": [{"file": self.path}],
                           "matching": {"email": "EMail"}})
        self.before = {c["email"] for c in account.contacts(self.list_id, 1)}
        shutil.copytree(relais.home + "/data", self.kept)

    def write(self, name):
        people = sorted(f"{name}.{i}@example.com" for i in range(ROWS))
        with open(self.path, "w", encoding="utf-8") as out:
            out.write("EMail\nno-at.example.com\n" + "".join(person + "\n" for person in people))
        return people

    def begin_anew(self, name):
        """The journal is as before the first run, and the people are others. Returns them."""
        shutil.rmtree(self.relais.home + "/data")
        shutil.copytree(self.kept, self.relais.home + "/data")
        people = self.write(name)
        self.watcher.take()
        self.wanted |= set(people)
        return people

    def run(self, fault, *options, count=None):
        """A run with a fault. Returns its exit status, -9 when it died, and what it wrote."""
        kept = dict(self.relais.environment)
        self.relais.environment.update(LD_PRELOAD=self.shim, RELAIS_FAULT_DISK=fault,
                                       **({"RELAIS_FAULT_DISK_COUNT": count} if count else {}))
        process = self.relais.start("run", "Killed", *options)
        self.relais.environment = kept
        out, err = process.communicate(timeout=600)
        return process.returncode, out, err

    def count(self, kind):
        """How many pieces of work a whole run has that the fault would meet."""
        path = self.relais.home + "/count"
        self.begin_anew("counted")
        assert self.run(f"{kind}:{NEVER}", count=path)[0] == 1
        return int(open(path, encoding="ascii").read())

    def check_account(self):
        there = [c["email"] for c in self.account.contacts(self.list_id, 1)]
        assert len(there) == len(set(there)) and set(there) - self.before == self.wanted, "lost, doubled or more than was asked for"


@contextlib.contextmanager
def disk(binary, shim, language="en"):
    with program(binary, language) as relais, practice_account(relais, "--no-limits", "--fault", "import-delay=0") as account, \
            watched(account) as watcher:
        yield Disk(shim, relais, account, watcher)


def spread(total, points):
    """So many points of all, evenly, and others each time; 0 is every one."""
    step = max(1, total // points) if points else 1
    return range(random.randrange(step), total, step)

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed at random moments goes on each time it is started again.

test-kills.py RELAIS [KILLS [ROWS [SEED]]]: the seed of the moments, a new one each time unless it is given
"""
import collections
import csv
import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time

from journey import accounted, practice_account, program, run_tests
from watcher import watched
import segment

BINARY = sys.argv[1]
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
ROWS = int(sys.argv[3]) if len(sys.argv) > 3 else 100000
SEED = int(sys.argv[4]) if len(sys.argv) > 4 else random.SystemRandom().randrange(2 ** 32)

INTENT, ACCEPTED, CONFIRMED = 0, 1, 2      # batches.state


def read_batches(relais, run):
    """What the journal has of a run's batches, whether the program lives or not."""
    with sqlite3.connect(f"file:{relais.home}/data/relais/journal.sqlite?mode=ro", uri=True) as db:
        return db.execute("SELECT state, sendings, delivered, first_row FROM batches WHERE run_id = ?", (run,)).fetchall()


def last_run(relais):
    with sqlite3.connect(f"file:{relais.home}/data/relais/journal.sqlite?mode=ro", uri=True) as db:
        return db.execute("SELECT id, ended_at FROM runs WHERE export_name = 'Killed' ORDER BY number DESC LIMIT 1").fetchone()


class Kills:
    """Where the kills fell."""

    def __init__(self, rows):
        self.rows = rows
        self.met = collections.Counter()
        self.thirds = collections.Counter()

    def note(self, relais):
        run = last_run(relais)
        batches = read_batches(relais, run[0]) if run is not None and run[1] == 0 else []
        if not batches:
            self.met["before the first batch, or after the last"] += 1
            return
        self.met["batches in doubt"] += any(state == INTENT and sendings for state, sendings, _, _ in batches)
        self.met["batches accepted, their results not known"] += any(batch[0] == ACCEPTED for batch in batches)
        self.met["batches confirmed"] += any(batch[0] == CONFIRMED for batch in batches)
        self.thirds[min(2, sum(batch[2] for batch in batches) * 3 // self.rows)] += 1

    def fell_everywhere(self):
        return len(self.met) == 4 and all(self.met.values()) and all(self.thirds[i] for i in range(3))

    def check(self):
        for what, times in sorted(self.met.items()):
            print(f"# {times} kills met {what}")
        print(f"# with {', '.join(f'{self.thirds[i]} in the {name} third' for i, name in enumerate(('first', 'second', 'last')))} of the rows")
        if KILLS >= 20:
            assert self.fell_everywhere(), (self.met, self.thirds)


def check_report(relais, addresses, result, went_through):
    """Every batch that the account queued more than once is told as repeated, and nothing else went through."""
    batches = read_batches(relais, result["run"])
    times = collections.Counter(digest for digest, _ in went_through)
    first = {digest: re.search(rb'"email":"([^"]*)"', body).group(1).decode().lower() for digest, body in went_through}
    left = {addresses[row - 1]: sendings for _, sendings, _, row in batches}
    twice = sum(n > 1 for n in times.values())
    told = sum(sendings > 1 for sendings in left.values())
    assert all(state == CONFIRMED for state, _, _, _ in batches), batches
    assert result["batches"] == {"accepted": len(batches), "repeated": told, "allowed": 0}, (result, len(batches), told)
    assert len(times) == len(batches), (len(times), len(batches))
    for digest, n in times.items():
        assert n <= left[first[digest]], (n, left[first[digest]], first[digest])
    return twice, told


def confirmed(relais, ended):
    """The part of the rows that the run under way, if one is, has confirmed."""
    run = last_run(relais)
    if run is None or run[0] in ended:
        return 0
    return sum(batch[2] for batch in read_batches(relais, run[0])) / ROWS


def run_until(relais, is_time, *options):
    """Starts the run, and kills it when it is time. Returns its result when it came to its end first."""
    process = relais.start("run", "Killed", "--json", *options)
    started = time.monotonic()
    while True:
        try:
            out, err = process.communicate(timeout=0.03)
            break
        except subprocess.TimeoutExpired:
            if not is_time(time.monotonic() - started):
                continue
            process.send_signal(signal.SIGKILL)
            process.communicate()
            return None
    assert process.returncode == 1, (process.returncode, out, err)
    return json.loads(out)


def choose_time(rng, relais, ended, is_new):
    """A new run is killed as it begins, one that goes on when it has come some way further: how fast does not matter."""
    if is_new:
        after = rng.uniform(0.01, 0.25)
        return lambda seconds: seconds >= after
    goal = confirmed(relais, ended) + rng.uniform(0, 0.35)
    return lambda seconds: confirmed(relais, ended) >= goal


def define(list_id, name, path):
    return {"name": name, "connection": "Practice", "list": list_id, "segments": [{"file": path}],
            "matching": {"email": "EMail", "first_name": "FirstName", "last_name": "LastName", "phone": "Telephone"}}


def check_account(account, list_id, before, people):
    there = {c["email"]: c for c in account.contacts(list_id, 1)}
    wanted = {p["email"]: p for p in people.values()}
    assert set(there) - before == set(wanted), (sorted(set(wanted) - set(there))[:9], sorted(set(there) - before - set(wanted))[:9])
    for email, person in wanted.items():
        contact = there[email]
        assert (contact["firstName"], contact["lastName"]) == (person["first"], person["last"]), contact
    everyone = [c["email"].lower() for c in account.contacts()]
    assert len(everyone) == len(set(everyone)), "someone is there twice"


def test_kills():
    rng = random.Random(SEED)
    print(f"# seed {SEED}", flush=True)
    with program(BINARY) as relais, practice_account(relais, "--no-limits") as account, watched(account) as watcher:
        path = os.path.join(relais.home, "segment.csv")
        people, counts = segment.write(path, ROWS, seed=7)
        relais.connect(watcher, "Practice", "--limits", "none")
        list_id = str(relais.json("lists", "Practice")[0]["id"])
        before = {c["email"] for c in account.contacts(list_id, 1)}
        relais.add_export(define(list_id, "Killed", path))

        kills = Kills(ROWS)
        addresses = [row["EMail"].lower() for row in csv.DictReader(open(path, encoding="utf-8", newline=""))]
        killed, twice, told, ended = 0, 0, 0, set()
        watcher.take()

        def is_enough():
            """Where the kills fall depends on the machine: some more when there were none at one of the places."""
            return killed >= KILLS and (KILLS < 20 or kills.fell_everywhere() or killed >= 4 * KILLS)

        options, is_new = [], True
        while not is_enough() or options is not None:
            is_time = choose_time(rng, relais, ended, is_new) if not is_enough() else lambda seconds: seconds > 1200
            result = run_until(relais, is_time, *options)
            is_new = False
            run = last_run(relais)
            if result is None:
                killed += 1
                if killed % 100 == 0:
                    print(f"# {killed} kills so far", flush=True)
                kills.note(relais)
                if run is None or run[1] == 0 or run[0] in ended:
                    # What was asked for has begun, unless the last run is still the one before.
                    options = options if run is not None and run[0] in ended else []
                    continue
                # The kill came after its end was written down, and before it was told.
                result = next(r for r in relais.json("history", "Killed") if r["run"] == run[0])
            ended.add(run[0])
            rows = result["rows"]
            assert accounted(rows), result
            assert rows["read"] == ROWS and rows["not_sent"] == 0 and rows["refused"] == 0, result
            assert (rows["duplicate"], rows["invalid"]) == (counts["duplicate"], counts["invalid"]), (result, counts)
            assert rows["delivered"] == counts["valid"] and rows["unchanged"] == 0, (result, counts)
            n = check_report(relais, addresses, result, watcher.take())
            twice, told = twice + n[0], told + n[1]
            # It came to its end before the last kill: once more from the start, everything again.
            options, is_new = None if is_enough() else ["--again"], True

        check_account(account, list_id, before, people)
        print(f"# {killed} kills in {len(ended)} runs; {watcher.count()} imports went through, "
              f"{twice} batches more than once, {told} told as repeated")
        kills.check()
        assert relais.json("run", "Killed", expect=1)["rows"]["delivered"] == 0


if __name__ == "__main__":
    run_tests([(f"killed {KILLS} times in runs of {ROWS} rows, everyone is there once and every repetition is told", test_kills)])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that dies at a write, sync, truncation, opening or deletion of the journal goes on when it is started again.

test-disk-kills.py RELAIS FAULT-DISK [POINTS]: at so many points, spread evenly over a whole run; 0 is all of them
"""
import collections
import functools
import json
import os
import re
import shutil
import sys

from journey import accounted, practice_account, program, run_tests
from watcher import watched

BINARY, SHIM = sys.argv[1], os.path.abspath(sys.argv[2])
POINTS = int(sys.argv[3]) if len(sys.argv) > 3 else 4
ROWS = 600
DEATHS = ("die-before", "die-halfway", "die-after")


def write(path, name):
    people = {f"{name}.{i}@example.com" for i in range(ROWS)}
    with open(path, "w", encoding="utf-8") as out:
        out.write("EMail\nno-at.example.com\n" + "".join(sorted(person + "\n" for person in people)))
    return people


def start(relais, fault, count=None):
    kept = dict(relais.environment)
    relais.environment.update(LD_PRELOAD=SHIM, RELAIS_FAULT_DISK=fault, **({"RELAIS_FAULT_DISK_COUNT": count} if count else {}))
    process = relais.start("run", "Killed", "--json")
    relais.environment = kept
    out, err = process.communicate(timeout=600)
    return process.returncode, out, err


def addresses(imports):
    return [address.decode() for _, body in imports for address in re.findall(rb'"email":"([^"]*)"', body)]


def try_point(relais, watcher, kept, path, death, n):
    shutil.rmtree(relais.home + "/data")
    shutil.copytree(kept, relais.home + "/data")
    people = write(path, f"{death}.{n}")
    began_at = watcher.count()
    status, out, err = start(relais, f"{death}:{n}")
    if status == -9:
        runs = relais.json("history", "Killed")
        if runs and runs[0]["status"] in ("successful", "completed-with-errors"):
            result = runs[0]                    # it died after its end was written down
        else:
            result = relais.json("run", "Killed", expect=1)
    else:
        assert status == 1, (death, n, status, out, err)
        result = json.loads(out)
    went = watcher.since(began_at)
    assert result["status"] == "completed-with-errors" and accounted(result["rows"]), (death, n, result)
    assert (result["rows"]["read"], result["rows"]["delivered"], result["rows"]["invalid"]) == (ROWS + 1, ROWS, 1), (death, n, result)
    assert set(addresses(went)) == people, (death, n, "lost or more")
    twice = sum(times > 1 for times in collections.Counter(digest for digest, _ in went).values())
    assert twice <= result["batches"]["repeated"] <= result["batches"]["accepted"], (death, n, twice, result)
    assert relais.json("run", "Killed", expect=1)["rows"]["unchanged"] == ROWS, (death, n)
    return status == -9, twice, result["batches"]["repeated"], people


def test_deaths(death):
    with program(BINARY) as relais, practice_account(relais, "--no-limits", "--fault", "import-delay=0") as account, \
            watched(account) as watcher:
        path, kept, count = relais.home + "/segment.csv", relais.home + "/kept", relais.home + "/count"
        write(path, "nobody")
        relais.connect(watcher, "Practice", "--limits", "none")
        list_id = str(relais.json("lists", "Practice")[0]["id"])
        relais.add_export({"name": "Killed", "connection": "Practice", "list": list_id, "segments": [{"file": path}],
                           "matching": {"email": "EMail"}})
        before = {c["email"] for c in account.contacts(list_id, 1)}
        shutil.copytree(relais.home + "/data", kept)
        wanted = write(path, "counted")
        assert start(relais, "count:0", count)[0] == 1
        total = int(open(count, encoding="ascii").read())
        step = max(1, total // POINTS) if POINTS else 1
        killed, twice, told = 0, 0, 0
        for n in range(0, total, step):
            died, again, repeated, people = try_point(relais, watcher, kept, path, death, n)
            killed, twice, told, wanted = killed + died, twice + again, told + repeated, wanted | people
        there = [c["email"] for c in account.contacts(list_id, 1)]
        assert len(there) == len(set(there)) and set(there) - before == wanted, "lost, doubled or more than was asked for"
        print(f"# {killed} deaths at {total} pieces of work: {twice} batches went through more than once, {told} told as repeated")
        assert killed * 2 > len(range(0, total, step)), killed


run_tests([(f"{death.replace('-', ' ')} a piece of the journal's work", functools.partial(test_deaths, death)) for death in DEATHS])

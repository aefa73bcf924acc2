#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that dies at a write, sync, truncation, opening or deletion of the journal goes on when it is started again.

test-disk-kills.py RELAIS FAULT-DISK [POINTS]: at so many points, spread evenly over a whole run; 0 is all of them
"""
import collections
import functools
import json
import sys

from disk import ROWS, addresses, disk, spread
from journey import accounted, run_tests

BINARY, SHIM = sys.argv[1:3]
POINTS = int(sys.argv[3]) if len(sys.argv) > 3 else 4
DEATHS = ("die-before", "die-halfway", "die-after")


def try_point(on, death, n):
    people = on.begin_anew(f"{death}.{n}")
    status, out, err = on.run(f"{death}:{n}", "--json")
    if status == -9:
        runs = on.relais.json("history", "Killed")
        if runs and runs[0]["status"] in ("successful", "completed-with-errors"):
            result = runs[0]                    # it died after its end was written down
        else:
            result = on.relais.json("run", "Killed", expect=1)
    else:
        assert status == 1, (death, n, status, out, err)
        result = json.loads(out)
    went = on.watcher.take()
    assert result["status"] == "completed-with-errors" and accounted(result["rows"]), (death, n, result)
    assert (result["rows"]["read"], result["rows"]["delivered"], result["rows"]["invalid"]) == (ROWS + 1, ROWS, 1), (death, n, result)
    assert sorted(set(addresses(went))) == people, (death, n, "lost or more")
    twice = sum(times > 1 for times in collections.Counter(digest for digest, _ in went).values())
    assert twice <= result["batches"]["repeated"] <= result["batches"]["accepted"], (death, n, twice, result)
    assert on.relais.json("run", "Killed", expect=1)["rows"]["unchanged"] == ROWS, (death, n)
    return status == -9, twice, result["batches"]["repeated"]


def test_deaths(death):
    with disk(BINARY, SHIM) as on:
        total = on.count("count")
        points = spread(total, POINTS)
        killed, twice, told = (sum(column) for column in zip(*(try_point(on, death, n) for n in points)))
        on.check_account()
        print(f"# {killed} deaths at {len(points)} of {total} pieces of work: "
              f"{twice} batches went through more than once, {told} told as repeated")
        # How much work there is differs a little: what waits is written together.
        assert killed * 3 > len(points), killed


run_tests([(f"{death.replace('-', ' ')} a piece of the journal's work", functools.partial(test_deaths, death)) for death in DEATHS])

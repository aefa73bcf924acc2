#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: every fault of the stand-in at every moment of a run: matrix.py MATRIX-CELL [--all | --one-of N] [--jobs N] [SWITCH…]

Each cell is a process of its own, so that one that crashes or hangs is one wrong cell. Without --all a fair half is
tried, always the same: every other moment of a switch, beginning with the first or the second in turn; with --one-of a
smaller share. The table is printed with the results, a row for each switch.
"""
import argparse
import concurrent.futures
import os
import subprocess
import sys
import time

LONGEST = 200  # seconds for a cell; it gives up by itself before
TRIED, LEFT_OUT, SENSELESS = "tried", "·", "–"


def read_cells(program):
    """{switch: [moments that suit it]}, [all moments], in the program's order, and [faults of the stand-in without a switch]."""
    cells, moments, left_out = {}, [], []
    for line in subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines():
        switch, moment, *suits = line.split("\t")
        if not suits:
            left_out.append(switch)
            continue
        cells.setdefault(switch, [])
        if suits == ["suits"]:
            cells[switch].append(moment)
        if moment not in moments:
            moments.append(moment)
    return cells, moments, left_out


def choose(cells, one_of):
    """{switch: [moments]}: one of so many of those that suit each moment, but at least two where half of them are chosen, and one else."""
    chosen, turns = {}, {}
    least = 2 if one_of <= 2 else 1
    for switch, moments in cells.items():
        chosen[switch] = []
        for moment in moments:
            turn = turns.setdefault(moment, len(turns))
            turns[moment] = turn + 1
            if turn % one_of == 0:
                chosen[switch].append(moment)
        for moment in moments:
            if len(chosen[switch]) < least and moment not in chosen[switch]:
                chosen[switch].append(moment)
    return chosen


def find_unfair(cells, chosen, moments):
    """Sentences about what the choice leaves out too much of."""
    for switch, suiting in cells.items():
        if len(chosen[switch]) < min(2, len(suiting)):
            yield f"{switch} is tried at {len(chosen[switch])} moments"
    for moment in moments:
        suiting = sum(moment in cells[switch] for switch in cells)
        tried = sum(moment in chosen[switch] for switch in cells)
        if 2 * tried < suiting - 1:
            yield f"{moment} is tried with {tried} of {suiting} switches"


def try_cell(program, switch, moment):
    """What is wrong: a list of sentences."""
    try:
        done = subprocess.run([program, switch, moment], capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return [f"it has not come to its end after {LONGEST} s"]
    if done.returncode in (0, 1):
        return done.stdout.splitlines() or (["it says nothing"] if done.returncode else [])
    return done.stdout.splitlines() + [f"it ended with {done.returncode}"] + done.stderr.strip().splitlines()[-3:]


def print_table(cells, moments, results, prefix):
    width = max(map(len, cells))
    print(prefix + " " * width, *(f"{moment:^8}" for moment in moments))
    for switch, suiting in cells.items():
        marks = []
        for moment in moments:
            wrong = results.get((switch, moment))
            marks.append(SENSELESS if moment not in suiting else LEFT_OUT if wrong is None else "WRONG" if wrong else "ok")
        print(prefix + f"{switch:{width}}", *(f"{mark:^8}" for mark in marks))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--all", action="store_const", const=1, dest="one_of", default=2)
    parser.add_argument("--one-of", type=int)
    parser.add_argument("--jobs", type=int, default=16 * (os.cpu_count() or 1))
    parser.add_argument("switches", nargs="*")
    options = parser.parse_intermixed_args()
    cells, moments, left_out = read_cells(options.program)
    cells = {switch: suiting for switch, suiting in cells.items() if not options.switches or switch in options.switches}
    chosen = choose(cells, options.one_of)
    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        tasks = {(switch, moment): pool.submit(try_cell, options.program, switch, moment)
                 for switch in cells for moment in chosen[switch]}
        results = {cell: task.result() for cell, task in tasks.items()}
    took = time.monotonic() - began

    print(f"1..{len(cells) + 2}")
    for number, switch in enumerate(cells, 1):
        wrong = [(moment, results[switch, moment]) for moment in chosen[switch] if results[switch, moment]]
        for moment, sentences in wrong:
            for sentence in sentences:
                print(f"# {switch}, {moment}: {sentence}")
        print(("not ok" if wrong else "ok") + f" {number} {switch}: {', '.join(chosen[switch])}")
    unfair = [] if options.switches or options.one_of > 2 else list(find_unfair(cells, chosen, moments))
    for sentence in unfair:
        print("# " + sentence)
    print(("not ok" if unfair else "ok") + f" {len(cells) + 1} every switch comes at two moments, and every moment with half of the switches")
    for fault in left_out:
        print(f"# {fault} is not tried")
    print(("not ok" if left_out else "ok") + f" {len(cells) + 2} every fault of the stand-in has a switch")
    print_table(cells, moments, results, "# ")
    n_wrong = sum(bool(wrong) for wrong in results.values())
    n_suiting = sum(map(len, cells.values()))
    print(f"# {len(results)} of {n_suiting} cells tried in {took:.0f} s: {len(results) - n_wrong} ok, {n_wrong} wrong")
    sys.exit(1 if n_wrong or unfair or left_out else 0)


main()

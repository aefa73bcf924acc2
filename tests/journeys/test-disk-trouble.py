#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run whose disk is full, broken or read-only at some write of the journal says so, and goes on when the disk is well.

test-disk-trouble.py RELAIS FAULT-DISK LANGUAGE [POINTS]: at so many points, spread evenly over a whole run; 0 is all of them
"""
import collections
import functools
import sqlite3
import sys

from disk import ROWS, addresses, disk, spread
from journey import accounted, run_tests

BINARY, SHIM, LANGUAGE = sys.argv[1:4]
POINTS = int(sys.argv[4]) if len(sys.argv) > 4 else 4
WORDS = {
    "full": {"en": "The disk is full, so nothing can be written down in “{}”. Make room",
             "fr": "Le disque est plein, rien ne peut donc être noté dans «\u00a0{}\u00a0». Faites de la place"},
    "broken": {"en": "The disk reported an error while “{}” was in use. Check the disk",
               "fr": "Le disque a signalé une erreur pendant l’utilisation de «\u00a0{}\u00a0». Vérifiez le disque"},
    "read-only": {"en": "“{}” cannot be written. Check that the file and its folder belong to you and are not read-only",
                  "fr": "«\u00a0{}\u00a0» ne peut pas être écrit. Vérifiez que ce fichier et son dossier vous appartiennent "
                        "et ne sont pas en lecture seule"},
}
# The words are the same of a disk that is well again at once: then the run's end is written down.
TROUBLES = [*WORDS, *(("full-once", "broken-once") if LANGUAGE == "en" else ())]


def check_known(on, people, went):
    """The journal has every batch that went through, as sent no less often."""
    with sqlite3.connect(f"file:{on.relais.home}/data/relais/journal.sqlite?mode=ro", uri=True) as db:
        known = dict(db.execute("SELECT first_row, sendings FROM batches"))
    rows = {person: row for row, person in enumerate(people, 2)}
    times = collections.Counter(rows[addresses([sent])[0]] for sent in went)
    assert all(known.get(row, 0) >= n for row, n in times.items()), (times, known)


def check_end(on, people, went, result, where):
    """It delivered everybody, and tells of each batch that went through more than once. Returns how many those are."""
    rows = result["rows"]
    assert result["status"] == "completed-with-errors" and accounted(rows), (where, result)
    assert (rows["read"], rows["delivered"], rows["invalid"]) == (ROWS + 1, ROWS, 1), (where, result)
    assert sorted(set(addresses(went))) == people, (where, "lost or more")
    check_known(on, people, went)
    twice = sum(times > 1 for times in collections.Counter(digest for digest, _ in went).values())
    assert twice <= result["batches"]["repeated"] <= result["batches"]["accepted"], (where, twice, result)
    return twice


def try_point(on, trouble, n):
    """Returns whether the run met the trouble, whether it had begun by then, and what went through twice."""
    where = (trouble, n)
    people = on.begin_anew(f"{trouble}.{n}")
    status, out, err = on.run(f"{trouble}:{n}")
    went = on.watcher.take()
    runs = on.relais.json("history", "Killed")
    if status == 1:             # all of it was written down by then
        result = runs[0]
    else:
        assert status == 3, (where, status, out, err)
        assert WORDS[trouble.removesuffix("-once")][LANGUAGE].format(on.relais.home + "/data/relais/journal.sqlite") in err, (where, err)
        check_known(on, people, went)
        left = runs[0]["status"] if runs else None
        if left == "completed-with-errors" and not trouble.startswith("full"):
            result = runs[0]    # its end was written, and only waiting for the disk failed
        else:
            result = on.relais.json("run", "Killed", expect=1)
            # What could not begin may stand there as a failure, and is none that goes on.
            assert left == "interrupted" or not went and left in (None, "failure"), (where, runs, went)
            assert (left == "interrupted") == (bool(runs) and result["run"] == runs[0]["run"]), (where, runs, result)
            went += on.watcher.take()
    twice = check_end(on, people, went, result, where)
    assert on.relais.json("run", "Killed", expect=1)["rows"]["unchanged"] == ROWS, where
    on.relais("history", "--verify")
    return status == 3, status == 3 and left == "interrupted", twice, result["batches"]["repeated"]


def test_trouble(trouble):
    with disk(BINARY, SHIM, LANGUAGE) as on:
        total = on.count(trouble)
        points = spread(total, POINTS)
        met, begun, twice, told = (sum(column) for column in zip(*(try_point(on, trouble, n) for n in points)))
        on.check_account()
        print(f"# {trouble} at {len(points)} of {total} pieces of work: {met} runs ended with 3, {begun} of them had begun; "
              f"{twice} batches went through more than once, {told} told as repeated")
        # How much there is to write differs a little: what waits is written together.
        assert met * 3 > len(points) and begun > 0, (met, begun)


run_tests([(f"a disk that is {trouble} at some write stops a run that goes on when it is well ({LANGUAGE})",
            functools.partial(test_trouble, trouble)) for trouble in TROUBLES])

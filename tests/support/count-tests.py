#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the tests of a run, each test of a program by itself: count-tests.py FOLDER-OF-MESON'S-LOGS"""
import json
import os
import sys
import xml.etree.ElementTree as tree

BROKEN = ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS")


def read_results(folder):
    """How each program ended, by its name. The other file does not tell of one that died between two tests."""
    with open(os.path.join(folder, "testlog.json"), encoding="utf-8") as log:
        return {run["name"]: run["result"] for run in map(json.loads, log)}


def main(folder):
    passed = failed = skipped = 0
    results = read_results(folder)
    for suite in tree.parse(os.path.join(folder, "testlog.junit.xml")).getroot().iter("testsuite"):
        name = next((name for name in results if suite.get("name").endswith("." + name)), None)
        broken = results.pop(name, None) in BROKEN
        cases = list(suite.iter("testcase"))
        bad = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
        skip = sum(1 for case in cases if case.find("skipped") is not None)
        # A program that died has fewer cases than it meant to have: it counts as one more failure.
        failed += max(bad, 1 if broken else 0)
        skipped += skip
        passed += len(cases) - bad - skip
    failed += sum(1 for result in results.values() if result in BROKEN)
    print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or not passed else 0


sys.exit(main(sys.argv[1]))

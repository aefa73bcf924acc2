#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts the tests of a run, each test of a program by itself: count-tests.py JUNIT"""
import sys
import xml.etree.ElementTree as tree

passed = failed = skipped = 0
for suite in tree.parse(sys.argv[1]).getroot().iter("testsuite"):
    cases = list(suite.iter("testcase"))
    bad = sum(1 for case in cases if case.find("failure") is not None or case.find("error") is not None)
    skip = sum(1 for case in cases if case.find("skipped") is not None)
    # A program that died has fewer cases than it meant to have: it counts as one more failure.
    broken = int(suite.get("errors") or 0) + int(suite.get("failures") or 0)
    failed += max(bad, 1 if broken else 0)
    skipped += skip
    passed += len(cases) - bad - skip
print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""))
sys.exit(1 if failed or not passed else 0)

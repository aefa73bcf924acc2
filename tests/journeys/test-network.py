#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run whose network fails half way waits, says what for, and goes on by itself.

test-network.py RELAIS [SECONDS [FAULT…]]: how long a fault lasts; 0 for what the suite has time for
"""
import collections
import re
import time

from lane import BROKE, SECONDS, SILENCE, Lane, address, run_lanes

ROWS = 4000
NO_NAME = re.compile("No host of this name was found")


def await_imports(lane, n):
    lane.wait_for(lambda: lane.watcher.count() >= n)


def hold(lane, at_least, sentence=None):
    """Lets a fault last, and looks whether it is shown. Returns when it began."""
    began = time.monotonic()
    time.sleep(max(SECONDS, at_least))
    assert lane.process.poll() is None, lane.process.communicate()
    shown = lane.shown.between(began, time.monotonic())
    assert sentence is None or any(sentence.search(line) for line in shown), shown
    return began


def check_end(lane, mended):
    """The run ends well by itself, everyone is there once, and whatever went twice is told."""
    result = lane.end()
    assert result["status"] == "successful", result
    assert result["rows"]["read"] == result["rows"]["delivered"] == ROWS, result
    assert lane.people("1") - lane.before == {address(n) for n in range(ROWS)}, "lost, or more than was asked for"
    times = collections.Counter(digest for digest, _ in lane.watcher.take())
    twice = sum(n > 1 for n in times.values())
    assert twice <= result["batches"]["repeated"] <= result["batches"]["accepted"] == len(times), (twice, len(times), result)
    print(f"# ended {time.monotonic() - mended:.0f} s after; {twice} batches arrived twice, {result['batches']['repeated']} told as repeated")
    lane.shown.print_sentences()
    return twice


def try_cable(lane):
    lane.start()
    await_imports(lane, 4)
    lane.network.pull_cable()
    hold(lane, 16, SILENCE)
    lane.network.plug_cable()
    check_end(lane, time.monotonic())


def try_names(lane):
    """At the beginning nobody answers what address the host has; in mid-run there is no such name for a while,
    and the host has to be found again. Where the program knows the address yet it does not need to ask."""
    lane.network.names.answers = "nothing"
    lane.start()
    hold(lane, 8, NO_NAME)
    lane.network.names.answers = "right"
    await_imports(lane, 4)
    lane.network.names.answers = "no such name"
    lane.restart_host()
    time.sleep(8)
    lane.network.names.answers = "right"
    check_end(lane, time.monotonic())


def try_silence(lane):
    lane.start()
    await_imports(lane, 4)
    lane.network.swallow()
    hold(lane, 16, SILENCE)
    lane.network.deliver()
    check_end(lane, time.monotonic())


def try_lost_connection(lane):
    lane.start()
    await_imports(lane, 4)
    assert lane.network.forget_connections(), "nothing was connected"
    hold(lane, 16, SILENCE)
    check_end(lane, time.monotonic())
    # It is noticed after a minute. From then on everything goes as if nothing had been.
    assert time.monotonic() - lane.shown.first(BROKE) < 25, lane.shown.lines


def try_lost_answers(lane):
    """What the program sends still arrives: it is sent again all the same, and that is told."""
    lane.start()
    await_imports(lane, 2)
    lane.ask_account("/practice/faults", {"slow": "2s"})
    await_imports(lane, 5)            # some have arrived whose answers are yet to come
    assert lane.network.forget_connections("dport"), "nothing was connected"
    lane.ask_account("/practice/faults", {"slow": False})
    assert check_end(lane, time.monotonic()) > 0, "nothing arrived twice: it is not what was to be tried"
    assert lane.shown.first(SILENCE) is not None, lane.shown.lines


def try_slowness(lane):
    lane.start()
    await_imports(lane, 8)
    lane.network.throttle("64kbit")
    began = hold(lane, 20)
    # Either it goes on, or it is said why not.
    assert lane.shown.longest_pause(began, time.monotonic()) < 15, lane.shown.lines
    check_end(lane, began)


FAULTS = {"a link that is cut": (try_cable, "h2,http/1.1"),
          "names that are not found": (try_names, "http/1.1"),
          "silence": (try_silence, "http/1.1"),
          "a connection that is lost without a word": (try_lost_connection, "h2,http/1.1"),
          "answers that are lost without a word": (try_lost_answers, "http/1.1"),
          "64 kbit a second": (try_slowness, "h2,http/1.1")}


def run_fault(fault, relais):
    attempt, protocols = FAULTS[fault]
    lane = Lane(relais, protocols)
    try:
        lane.write(range(ROWS))
        attempt(lane)
    finally:
        lane.close()


run_lanes(__file__, "a run outlasts", FAULTS, run_fault)

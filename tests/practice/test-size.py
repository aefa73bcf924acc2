#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many contacts on one list: test-size.py RELAIS [CONTACTS [MIB]]

With 1000000 it tells what a million cost. A page at the end must cost about what the first
does, which is compared and not timed.
"""
import sys
import time

from account import account, equal, main

CONTACTS = int(sys.argv[2]) if len(sys.argv) > 2 else 100000
MIB = int(sys.argv[3]) if len(sys.argv) > 3 else 200     # that the program may take without any contact
BATCH = 250


def memory(there):
    with open(f"/proc/{there.process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def fastest(ask, times=7):
    def once():
        start = time.perf_counter()
        equal(ask().status, 200)
        return time.perf_counter() - start
    return min(once() for _ in range(times))


def fill(there):
    batch = None
    for first in range(0, CONTACTS, BATCH):
        people = [{"email": f"person.{i}@example.com", "first_name": "Zoé", "last_name": "Lefèvre", "phone": "+33639981234",
                   "subscribe": [{"listid": 1}]} for i in range(first, min(first + BATCH, CONTACTS))]
        answer = there.submit(people)
        equal(answer.status, 200)
        batch = answer.json["batchId"]
    there.settle(batch)


def test_size(binary):
    with account(binary) as there:
        start = time.monotonic()
        fill(there)
        filled = time.monotonic() - start
        equal(there.get("lists/1").json["list"]["active_subscribers"], str(CONTACTS + 1))

        last = there.get("contacts", limit=1, **{"orders[id]": "desc"}).json["contacts"][0]["id"]
        def page(after, **query):
            return there.get("contacts", limit=100, id_greater=after, **{"orders[id]": "ASC"}, **query)
        people = {"listid": 1, "status": 1}
        near = int(last) - 100
        page(near, **people)
        first_page = fastest(lambda: page(0, **people))
        costs = {
            "people of the list, at the end": fastest(lambda: page(near, **people)),
            "all contacts, at the end": fastest(lambda: page(near)),
            "who left the list": fastest(lambda: page(0, listid=1, status=2)),
            "who is on a small list": fastest(lambda: page(0, listid=2)),
        }
        equal(len(page(near, **people).json["contacts"]), 100)
        equal(len(page(0, listid=1, status=2).json["contacts"]), 3)

        start = time.monotonic()
        seen, after = 0, 0
        while True:
            answer = page(after, **people).json
            equal(int(answer["meta"]["total"]), CONTACTS + 1 - seen)
            seen += len(answer["contacts"])
            if len(answer["contacts"]) < 100:
                break
            after = answer["contacts"][-1]["id"]
        equal(seen, CONTACTS + 1)
        read = time.monotonic() - start
        print(f"# {CONTACTS:,} contacts: filled in {filled:.1f} s, read in {read:.1f} s, {memory(there):.0f} MiB at the most")
        for what, cost in costs.items():
            print(f"# a page of {what}: {cost * 1000:.1f} ms; the first page of the list: {first_page * 1000:.1f} ms")
            assert cost < 2 * first_page + 0.05, (what, cost, first_page)
        # A thousand bytes a contact are far from what it takes, and far from what a copy of everything would.
        assert memory(there) < MIB + CONTACTS * 1000 / 2**20, memory(there)


main([(f"{CONTACTS:,} contacts on a list, and pages that stay quick", test_size)])

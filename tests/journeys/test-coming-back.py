#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People leave a segment and come back: they leave the list and come back, unless they left it themselves.

test-coming-back.py RELAIS [KILLS]
"""
import collections
import contextlib
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

from journey import accounted, practice_account, program, run_tests

BINARY = sys.argv[1]
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 16
ACTIVE, UNSUBSCRIBED = "1", "2"
RETURNING = 3     # removals.state


@contextlib.contextmanager
def exporting(*options, language="en", **definition):
    """A program with an export that takes people off its list, and the account it sends to."""
    with program(BINARY, language) as relais, practice_account(relais, "--no-limits", "--fault", "import-delay=1", *options) as account:
        relais.connect(account, "Practice", "--limits", "none")
        write(relais, range(1, 21))
        relais.add_export({"name": "Newsletter", "connection": "Practice", "list": "1", "segments": [{"file": relais.home + "/people.csv"}],
                           "matching": {"email": "EMail", "first_name": "FirstName"}, "leavers": "remove",
                           "leavers_brake": {"share": 100}, "verify": "all", **definition})
        yield relais, account


def write(relais, people):
    with open(relais.home + "/people.csv", "w", encoding="utf-8") as out:
        out.write("EMail,FirstName\n" + "".join(f"{address(n)},Name{n}\n" for n in people))


def address(n):
    return f"person{n}@example.com"


def run(relais, *options):
    result = relais.json("run", "Newsletter", *options)
    assert accounted(result["rows"]) and result["status"] == "successful", result
    return result


def take_off(relais, account):
    """A run whose import takes so long that it is certain to the second that it was done after it had left."""
    account.post("/practice/faults", {"import-delay": "3s"})
    result = run(relais)
    account.post("/practice/faults", {"import-delay": "1"})
    return result


def rows(result, **expected):
    found = {state: n for state, n in result["rows"].items() if n}
    assert found == expected, (found, result)


def status(account, n, list_id="1"):
    contact = account.get(f"/api/3/contacts?email={address(n)}&include=contactLists")
    return next((row["status"] for row in contact["contactLists"] if row["list"] == list_id), None)


def states(relais):
    with sqlite3.connect(f"file:{relais.home}/data/relais/journal.sqlite?mode=ro", uri=True) as db:
        return collections.Counter(state for state, in db.execute("SELECT state FROM removals"))


def leave(account, n, list_id=None, reason=None):
    account.post("/practice/leave", {"email": address(n), **({"list": list_id} if list_id else {}), **({"reason": reason} if reason else {})})


def test_the_whole_way():
    with exporting() as (relais, account):
        rows(run(relais), read=20, delivered=20)
        for _ in range(2):
            write(relais, range(3, 21))
            result = take_off(relais, account)
            rows(result, read=18, unchanged=18)
            assert result["leavers"]["taken_off"] == 2 and [status(account, n) for n in (1, 2, 3)] == ["2", "2", "1"], result
            write(relais, range(1, 21))
            preview = relais.json("preview", "Newsletter")
            rows(preview, read=20, delivered=2, unchanged=18)
            assert preview["message"].startswith("2 people whom Relais took off the list earlier are in the segment again"), preview
            assert [status(account, n) for n in (1, 2)] == ["2", "2"], "a preview puts nobody back"
            result = run(relais)
            rows(result, read=20, delivered=2, unchanged=18)
            assert result["leavers"]["put_back"] == 2 and result["verified"]["same"] == 2, result
            assert [status(account, n) for n in (1, 2)] == ["1", "1"]
        assert "2  people came back into the segment and were put back on the list\n" in relais("report", "Newsletter")
        assert states(relais) == {}
        rows(run(relais), read=20, unchanged=20)


def test_in_french():
    with exporting(language="fr") as (relais, account):
        relais("run", "Newsletter")
        write(relais, range(3, 21))
        take_off(relais, account)
        write(relais, range(1, 21))
        assert "2 personnes que Relais avait retirées de la liste sont revenues dans le segment" in relais("preview", "Newsletter")
        assert "2  personnes sont revenues dans le segment et ont été remises sur la liste" in relais("run", "Newsletter")


def test_who_left_by_themselves_stays_away():
    ways = {1: ("1", None), 2: ("1", "Too many"), 3: ("2", None), 4: (None, None)}
    with exporting() as (relais, account):
        run(relais)
        for n in ways:
            account.post("/api/3/contactLists", {"contactList": {"list": 2, "contact": contact_id(account, n), "status": 1}})
        write(relais, range(6, 21))
        assert take_off(relais, account)["leavers"]["taken_off"] == 5
        time.sleep(1.1)   # the account tells moments by the second
        for n, (list_id, reason) in ways.items():
            leave(account, n, list_id, reason)
        write(relais, range(1, 21))
        assert relais.json("preview", "Newsletter")["message"].startswith("1 person")
        result = run(relais)
        rows(result, read=20, delivered=1, unchanged=15, barred=4)
        assert result["barred"]["unsubscribed"] == 4 and result["leavers"]["put_back"] == 1, result
        assert [status(account, n) for n in range(1, 6)] == ["2", "2", "2", "2", "1"]
        # Not by a run that sends everything either, nor when they join the other list again.
        account.post("/api/3/contactLists", {"contactList": {"list": 2, "contact": contact_id(account, 3), "status": 1}})
        rows(run(relais, "--again"), read=20, delivered=16, barred=4)
        assert [status(account, n) for n in range(1, 6)] == ["2", "2", "2", "2", "1"]


def contact_id(account, n):
    return account.get(f"/api/3/contacts?email={address(n)}")["contacts"][0]["id"]


def kill_when(relais, is_time):
    """Returns the run's result if it came to its end first."""
    process = subprocess.Popen([relais.binary, "run", "Newsletter", "--json"], env=relais.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    started = time.monotonic()
    while True:
        try:
            return json.loads(process.communicate(timeout=0.005)[0])
        except subprocess.TimeoutExpired:
            if is_time(time.monotonic() - started):
                process.send_signal(signal.SIGKILL)
                process.communicate()
                return None


def test_whenever_it_is_killed_nobody_who_left_comes_back():
    """Between two steps of putting somebody back it is killed, and people leave: the ones who did never come back, all others do."""
    seed = int(os.environ.get("RELAIS_TEST_SEED", time.time()))
    print(f"# seed {seed}")
    rng = random.Random(seed)
    everybody, returning = range(1, 301), range(1, 121)
    with exporting("--fault", "slow=10", verify="off") as (relais, account):
        write(relais, everybody)
        run(relais)
        write(relais, everybody[len(returning):])
        assert take_off(relais, account)["leavers"]["taken_off"] == len(returning)
        time.sleep(1.1)
        write(relais, everybody)
        gone, met, result = set(), collections.Counter(), None
        for _ in range(KILLS):
            left, after = sum(states(relais).values()), rng.uniform(0, 0.08)
            goal = left - rng.randint(1, 8)
            seen = []

            def is_time(seconds):
                if sum(states(relais).values()) <= goal:
                    seen.append(seconds)
                return seen and seconds - seen[0] >= after
            result = kill_when(relais, is_time)
            if result is not None:
                break
            met["somebody written down as returning" if states(relais)[RETURNING] else "nobody"] += 1
            for n in rng.sample(returning, 2):
                leave(account, n, rng.choice(["1", None]) if status(account, n) == ACTIVE else "1")
                gone.add(n)
            time.sleep(1.1)
        print(f"# {sum(met.values())} kills, of which {dict(met)}; {len(gone)} people left")
        result = result or run(relais)
        assert result["status"] == "successful" and accounted(result["rows"]), result
        back = {n for n in returning if status(account, n) == ACTIVE}
        assert not back & gone, f"{sorted(back & gone)} left and came back"
        assert back | gone == set(returning), f"{sorted(set(returning) - back - gone)} did not come back"
        assert RETURNING not in states(relais), states(relais)
        assert met["somebody written down as returning"] > 0 or KILLS < 10, met
        rows(run(relais), read=300, unchanged=300 - len(gone), barred=len(gone))


run_tests([(name[len("test_"):].replace("_", " "), value) for name, value in globals().copy().items() if name.startswith("test_")])

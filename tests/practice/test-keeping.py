#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account holds is there the next time, however the last time ended: test-keeping.py RELAIS"""
import glob
import http.client
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time

from account import Account, account, equal, main

KILLS = 12
SIZE = 40


def folder(test):
    """Gives a test a folder and a state file in it."""
    def run(binary):
        home = tempfile.mkdtemp(prefix="relais-practice-state.")
        try:
            test(binary, os.path.join(home, "account"))
        finally:
            shutil.rmtree(home)
    return run


@folder
def test_sessions(binary, state):
    with account(binary, state=state) as there:
        one = there.post("lists", {"list": {"name": "Mine", "stringid": "mine", "sender_url": "x", "sender_reminder": "y"}}).json["list"]["id"]
        there.imported([{"email": "kept@example.com", "first_name": "Kept", "fields": [{"id": 4, "value": "Pau"}], "tags": ["mine"],
                         "subscribe": [{"listid": int(one)}]}, {"email": "left@example.com", "subscribe": [{"listid": 1}]}])
        there.post("contactLists", {"contactList": {"list": 1, "contact": there.contact("left@example.com")["id"], "status": 2}})
        batch = there.submit([{"email": "a@example.com"}, {"email": "b@example.com"}]).json["batchId"]
        there.settle(batch)
    equal(oct(os.stat(state).st_mode & 0o777), "0o600")
    equal(sqlite3.connect(state).execute("SELECT count(*) FROM imports WHERE body IS NOT NULL").fetchall(), [(0,)], "what was done is not kept twice")
    with account(binary, state=state) as there:
        contact = there.contact("kept@example.com")
        equal((contact["firstName"], there.on_list("kept@example.com", one), there.on_list("left@example.com", 1)), ("Kept", "1", "2"))
        equal(there.get(f"contacts/{contact['id']}/fieldValues").json["fieldValues"][0]["value"], "Pau")
        equal(there.get("tags", search="mine").json["tags"][0]["subscriber_count"], "1")
        equal(there.get("settings/account").json["subscriber_total"], 2)
        equal(there.info(batch)["status"], "completed", "an import is remembered")
        equal(there.imported([{"email": "left@example.com", "subscribe": [{"listid": 1}]}, {"email": "c@example.com"}])["failure"], ["left@example.com"])


@folder
def test_accepted_and_not_done(binary, state):
    there = Account(binary, "--no-limits", "--fault", "import-delay=1000s", state=state)
    batch = there.submit([{"email": "late@example.com"}, {"email": "later@example.com"}]).json["batchId"]
    equal(there.contact("late@example.com"), None)
    there.kill()
    with account(binary, state=state) as there:
        equal(len(there.settle(batch)["success"]), 2)
        equal(there.state()["waiting_imports"], 0)
    with account(binary, "--fault", "import-delay=1000s", state=state) as there:
        again = there.submit([{"email": "third@example.com"}, {"email": "fourth@example.com"}]).json["batchId"]
    with account(binary, "--fault", "import-never-ends", state=state) as there:
        equal(len(there.settle(again)["success"]), 2, "after an orderly end too")
        never = there.submit([{"email": "x@example.com"}, {"email": "y@example.com"}]).json["batchId"]
    with account(binary, state=state) as there:
        there.imported([{"email": "z@example.com"}, {"email": "w@example.com"}])
        equal(there.info(never)["status"], "active", "what never ends does not end now")


def submit_until_killed(there, first, sent, accepted):
    """Sends batches of people of their own until the account is gone."""
    number = first
    try:
        while True:
            people = [{"email": f"b{number}.p{i}@example.com", "subscribe": [{"listid": 1}]} for i in range(SIZE)]
            sent.append(number)
            accepted[number] = there.submit(people).json["batchId"]
            number += 1
    except (OSError, http.client.HTTPException):
        pass


@folder
def test_kills(binary, state):
    rng = random.Random(20261124)
    sent, accepted = [], {}
    for kill in range(KILLS):
        there = Account(binary, "--no-limits", "--fault", "import-delay=0", state=state)
        sender = threading.Thread(target=submit_until_killed, args=(there, kill * 100000, sent, accepted))
        sender.start()
        # Half of them write for certain when they are killed, however busy the machine is.
        enough = len(accepted) + 2
        while kill % 2 == 0 and len(accepted) < enough and sender.is_alive():
            time.sleep(0.01)
        time.sleep(rng.uniform(0.05, 0.5))
        there.process.kill()
        sender.join()
        there.kill()
    with account(binary, state=state) as there:
        for number, batch in accepted.items():
            equal(len(there.settle(batch)["success"]), SIZE, f"batch {number} was accepted")
        found = {}
        after = 0
        while True:
            page = there.get("contacts", listid=1, status=1, limit=100, id_greater=after).json["contacts"]
            for contact in page:
                found.setdefault(contact["email"].split(".")[0], []).append(contact["email"])
            if len(page) < 100:
                break
            after = page[-1]["id"]
        del found["camille"]
        equal({len(emails) for emails in found.values()}, {SIZE}, "no batch is there in part")
        assert set(found) <= {f"b{number}" for number in sent}
        equal(there.get("settings/account").json["subscriber_total"], 1 + SIZE * len(found))
        print(f"# {KILLS} kills, {len(accepted)} batches accepted")
        assert len(accepted) >= KILLS


@folder
def test_one_at_a_time(binary, state):
    with account(binary, state=state):
        done = subprocess.run([binary, "practice", "--state", state], capture_output=True, text=True, timeout=120)
        equal(done.returncode, 3)
        assert "already in use" in done.stderr, done.stderr


@folder
def test_what_is_no_account(binary, state):
    with open(state, "w", encoding="utf-8") as out:
        out.write("This is no account.\n" * 100)
    done = subprocess.run([binary, "practice", "--state", state], capture_output=True, text=True, timeout=120)
    equal(done.returncode, 3)
    assert state in done.stderr, done.stderr
    equal(open(state, encoding="utf-8").readline(), "This is no account.\n", "nothing is overwritten")


@folder
def test_another_version(binary, state):
    other = sqlite3.connect(state)
    other.executescript("CREATE TABLE account (name TEXT, value TEXT); INSERT INTO account VALUES ('id', 'x'); PRAGMA user_version=99;")
    other.close()
    with account(binary, state=state) as there:
        equal(len(there.get("lists").json["lists"]), 4, "a fresh account")
        there.imported([{"email": "kept@example.com"}, {"email": "b@example.com"}])
    equal(sqlite3.connect(state + ".old").execute("SELECT value FROM account").fetchall(), [("x",)])
    with account(binary, state=state) as there:
        assert there.contact("kept@example.com") is not None
    equal(len(glob.glob(state + ".old*")), 1)


main([
    ("contacts, lists and who left are there in the next session", test_sessions),
    ("an import that was accepted is done in the next session", test_accepted_and_not_done),
    (f"killed {KILLS} times while it writes, no import is lost or done in part", test_kills),
    ("an account is open once", test_one_at_a_time),
    ("a file that is no account is left alone", test_what_is_no_account),
    ("what another version kept is put aside", test_another_version),
])

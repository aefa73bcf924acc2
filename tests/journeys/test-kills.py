#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed at random moments goes on each time it is started again.

test-kills.py RELAIS [KILLS [ROWS]]
"""
import json
import os
import random
import signal
import subprocess
import sys
import time

from journey import accounted, practice_account, program, run_tests
import segment

BINARY = sys.argv[1]
KILLS = int(sys.argv[2]) if len(sys.argv) > 2 else 50
ROWS = int(sys.argv[3]) if len(sys.argv) > 3 else 100000


def test_kills():
    rng = random.Random(20261124)
    with program(BINARY) as relais, practice_account(relais, "--no-limits") as account:
        path = os.path.join(relais.home, "segment.csv")
        people, counts = segment.write(path, ROWS, seed=7)
        relais.connect(account, "Practice", "--limits", "none")
        list_id = str(relais.json("lists", "Practice")[0]["id"])
        before = {c["email"] for c in account.contacts(list_id, 1)}
        relais.add_export({"name": "Killed", "connection": "Practice", "list": list_id, "segments": [{"file": path}],
                           "matching": {"email": "EMail", "first_name": "FirstName", "last_name": "LastName", "phone": "Telephone"}})

        # How long the moments of a kill may be: an undisturbed run of the same kind, roughly.
        killed = 0
        longest = 0.4
        result = None
        for attempt in range(KILLS * 4):
            process = relais.start("run", "Killed", "--json")
            if killed < KILLS:
                try:
                    out, err = process.communicate(timeout=rng.uniform(0.02, longest))
                except subprocess.TimeoutExpired:
                    process.send_signal(signal.SIGKILL)
                    process.communicate()
                    killed += 1
                    continue
            else:
                out, err = process.communicate(timeout=900)
            assert process.returncode == 1, (process.returncode, out, err)
            result = json.loads(out)
            if killed >= KILLS:
                break
            # It came to its end before the last kill: once more from the start, everything again.
            process = relais.start("run", "Killed", "--json", "--again")
            time.sleep(rng.uniform(0.1, longest))
            process.send_signal(signal.SIGKILL)
            process.communicate()
            killed += 1
        assert killed == KILLS and result is not None, (killed, result)

        rows = result["rows"]
        assert accounted(rows), result
        assert rows["read"] == ROWS and rows["not_sent"] == 0 and rows["refused"] == 0, result
        assert (rows["duplicate"], rows["invalid"]) == (counts["duplicate"], counts["invalid"]), (result, counts)
        assert rows["delivered"] + rows["unchanged"] == counts["valid"], (result, counts)

        there = {c["email"]: c for c in account.contacts(list_id, 1)}
        wanted = {p["email"]: p for p in people.values()}
        assert set(there) - before == set(wanted), (sorted(set(wanted) - set(there))[:9], sorted(set(there) - before - set(wanted))[:9])
        for email, person in wanted.items():
            contact = there[email]
            assert (contact["firstName"], contact["lastName"]) == (person["first"], person["last"]), contact
        everyone = [c["email"].lower() for c in account.contacts()]
        assert len(everyone) == len(set(everyone)), "someone is there twice"

        # Every batch that reached the account more often than once is in a report.
        state = account.state()
        repeated = sum(run["batches"]["repeated"] for run in relais.json("history", "Killed"))
        accepted = sum(run["batches"]["accepted"] for run in relais.json("history", "Killed"))
        print(f"# {KILLS} kills; {state['bulk_requests']} requests reached the account, {accepted} batches, {repeated} repeated")
        assert state["bulk_requests"] <= accepted + repeated * (KILLS + 1), (state, accepted, repeated)
        assert state["bulk_requests"] - accepted <= 0 or repeated > 0, (state, accepted, repeated)


if __name__ == "__main__":
    run_tests([(f"killed {KILLS} times in a run of {ROWS} rows, everyone is there once and every repetition is told", test_kills)])

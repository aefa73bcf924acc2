#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run looks up in the account afterwards, and how it is told: test-verify.py RELAIS"""
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time

from command import BINARY, PAST, REPORT, RUN, accounted, ask, check, connected, definition, main, write_rows

PEOPLE = [f"person{i}@example.com,Name{i},Last{i}" for i in range(1, 8)]


def add(relais, rows=PEOPLE, **changes):
    path = write_rows(os.path.join(relais.home, "people.csv"), rows)
    relais.add_export(definition(path, list=relais.list_id, **changes))


def run(relais, *options, status=0):
    return check(json.loads(ask(relais, "run", "Newsletter", "--json", *options, status=status).out), RUN)


def test_a_run_says_how_many_were_verified():
    for verify, mode in (("sample", "sample"), ("all", "all")):
        with connected() as (relais, account):
            add(relais, verify=verify)
            plain = ask(relais, "run", "Newsletter")
            assert "Verified 7 of 7: everybody who was delivered is in ActiveCampaign as they were sent.\n" in plain.out, plain
            assert "what differs" not in plain.out, plain
            report = check(relais.json("report", "Newsletter"), REPORT)
            assert report["verified"] == {"state": "done", "mode": mode, "delivered": 7, "asked": 7, "same": 7, "different": 0,
                                          "values_untold": False, "message": None, "rows": []}, report
            assert "Verified 7 of 7" in ask(relais, "report", "Newsletter").out
            csv = ask(relais, "report", "Newsletter", "--csv")
            assert csv.out == "row,email,state,code,reason,column,value,run\r\n" and "Verified 7 of 7" in csv.err, csv
            # Nothing is delivered the next time, which is nothing to speak of.
            assert "erified" not in ask(relais, "run", "Newsletter").out
            assert run(relais)["verified"]["state"] == "nothing"


def test_a_sample_of_many_says_so():
    with connected() as (relais, account):
        add(relais, [f"person{i}@example.com,Name{i},Last{i}" for i in range(1, 301)])
        assert "Verified 50 of 50, chosen at random: they are in ActiveCampaign as they were sent.\n" in ask(relais, "run", "Newsletter").out
        assert relais.json("report", "Newsletter")["verified"]["delivered"] == 300


def test_who_differs_is_told_and_the_status_is_1():
    with connected("en", "--fault", "lose=@2", "--fault", "change=@4") as (relais, account):
        add(relais)
        first = run(relais, status=1)
        assert first["status"] == "completed-with-errors" and first["rows"]["delivered"] == 7 and accounted(first["rows"]), first
        verified = first["verified"]
        assert (verified["asked"], verified["same"], verified["different"]) == (7, 5, 2), verified
        assert [(r["row"], r["email"], r["code"], r["field"], r["sent"], r["held"]) for r in verified["rows"]] == [
            (2, "person2@example.com", "not-found", None, None, None),
            (5, "person5@example.com", "other-value", "first_name", "Name5", "ame5")], verified
        report = check(relais.json("report", "Newsletter"), REPORT)
        assert report["verified"] == verified and report["rejected"] == [], report
        plain = ask(relais, "report", "Newsletter").out
        assert "Verified 5 of 7. 2 people are not in ActiveCampaign as they were sent.\n" in plain, plain
        assert re.search(r"^ +2  person2@example.com  .*does not have it\. It is sent again", plain, re.M), plain
        assert re.search(r"^ +5  person5@example.com  First name: “Name5” was sent, and ActiveCampaign holds “ame5”\.$", plain, re.M), plain
        # The history shows nothing more, and the two go out again.
        history = relais.json("history")
        assert [check(past, PAST)["status"] for past in history] == ["completed-with-errors"], history
        again = ask(relais, "run", "Newsletter")
        assert "Verified 2 of 2" in again.out, again
        assert relais.json("report", "Newsletter")["rows"]["unchanged"] == 5


def test_off_is_off():
    with connected("en", "--fault", "lose=@2") as (relais, account):
        add(relais, verify="off")
        assert run(relais)["verified"]["state"] == "none"
        assert "erified" not in ask(relais, "report", "Newsletter").out


@contextlib.contextmanager
def looking_again():
    """A run that has delivered everybody, and waits for them to show."""
    with connected("en", "--fault", "lag=600s") as (relais, account):
        add(relais)
        process = subprocess.Popen([BINARY, "run", "Newsletter", "--json"], env=relais.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(6000):
            history = relais.json("history")
            if history and history[0]["rows"]["delivered"] == 7:
                break
            time.sleep(0.05)
        yield relais, account, process


def test_ctrl_c_ends_looking_up_and_leaves_the_run():
    with looking_again() as (relais, account, process):
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        ended = check(json.loads(out), RUN)
        assert process.returncode == 0 and ended["status"] == "successful", (ended, err)
        assert ended["verified"]["state"] == "stopped" and ended["verified"]["different"] == 0, ended
        plain = ask(relais, "report", "Newsletter").out
        assert "Verified 0 of 7, then stopped. What was delivered is not affected." in plain, plain
        # They arrived, and are not sent again for that.
        assert run(relais)["rows"]["unchanged"] == 7


def test_what_cannot_be_looked_up_does_no_harm():
    with looking_again() as (relais, account, process):
        account.post("/practice/faults", {"not-allowed": "contacts"})
        out, err = process.communicate(timeout=120)
        ended = check(json.loads(out), RUN)
        assert process.returncode == 0 and ended["status"] == "successful" and ended["message"] is None, (ended, err)
        assert ended["verified"]["state"] == "failed" and len(ended["verified"]["message"]) > 10, ended
        plain = ask(relais, "report", "Newsletter").out
        assert "Verified 0 of 7; the others could not be read back" in plain and ended["verified"]["message"] in plain, plain


def test_french_words_are_french():
    with connected("fr", "--fault", "lose=@2", "--fault", "change=@4") as (relais, account):
        add(relais)
        said = ask(relais, "run", "Newsletter", status=1).out
        number = re.search(r"^Chacune d’elles, et ce qui diffère : relais report ([0-9a-f]{8})$", said, re.M).group(1)
        said += ask(relais, "report", number).out
        for words in ("Vérification de 5 sur 7. 2 personnes ne sont pas dans ActiveCampaign",
                      "Prénom : « Name5 » a été envoyé, et ActiveCampaign contient « ame5 ».", "Il est renvoyé la prochaine fois."):
            assert words in said, (words, said)
        assert "Vérification de 2 sur 2" in ask(relais, "run", "Newsletter").out


main(sys.modules["__main__"])

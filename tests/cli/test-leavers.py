#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People who left the segment, by command: test-leavers.py RELAIS"""
import collections
import csv
import io
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time

from command import BINARY, PAST, PREVIEW, REPORT, RUN, ask, check, connected, definition, main, refused, write_rows

ABOUT = {"about": "leavers", "batches": None}
ACTIVE, UNSUBSCRIBED = "1", "2"
INTENT, DONE, DOUBT = 0, 1, 2     # removals.state
NOBODY = {"departed": 0, "taken_off": 0, "in_doubt": 0, "already_off": 0, "kept": 0, "shared": 0, "unreadable": 0, "put_back": 0, "repeated": 0}
LOGGED = ["departed", "taken_off", "in_doubt", "kept", "put_back", "repeats"]


def write(relais, first, last, name="people"):
    return write_rows(os.path.join(relais.home, f"{name}.csv"), [f"person{i}@example.com,Name{i},Last{i}" for i in range(first, last + 1)])


def add(relais, first, last, name="Newsletter", **changes):
    path = write(relais, first, last, name)
    relais.add_export(definition(path, **dict({"name": name, "list": relais.list_id, "leavers": "remove", "verify": "off"}, **changes)))


def run(relais, *options, status=0, name="Newsletter"):
    result = check(json.loads(ask(relais, "run", name, "--json", *options, status=status).out), RUN)
    rows = dict(result["rows"])
    assert rows.pop("read") == sum(rows.values()), result
    return result


def people(relais, account, status):
    """Those of the segments who are on the list in this way."""
    return {contact["email"] for contact in account.contacts(relais.list_id, status) if contact["email"].startswith("person")}


def be_certain(account):
    """What an import did is told from what people do at the same time only when it takes its time."""
    account.post("/practice/faults", {"import-delay": "3s"})


def removals(relais):
    with sqlite3.connect(f"file:{relais.home}/data/relais/journal.sqlite?mode=ro", uri=True) as db:
        return collections.Counter(state for state, in db.execute("SELECT state FROM removals"))


def test_they_are_taken_off_and_told():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 20)
        assert run(relais)["leavers"] == NOBODY
        write(relais, 4, 20, "Newsletter")
        plain = ask(relais, "run", "Newsletter")
        assert "           3  people have left the segment\n           3  of them were taken off the list\n" in plain.out, plain
        assert people(relais, account, UNSUBSCRIBED) == {"person1@example.com", "person2@example.com", "person3@example.com"}
        assert len(people(relais, account, ACTIVE)) == 17
        report = check(relais.json("report", "Newsletter"), REPORT)
        assert report["leavers"] == dict(NOBODY, departed=3, taken_off=3) and report["batches"]["accepted"] == 0, report
        assert "3  of them were taken off the list\n" in ask(relais, "report", "Newsletter").out
        history = [check(past, PAST)["leavers"]["taken_off"] for past in relais.json("history")]
        assert history == [3, 0], history
        assert "taken off the list: 3\n" in ask(relais, "history").out
        line = json.loads(relais.json("history", "--log")[1]["line"])
        assert line["leavers"] == {name: {"departed": 3, "taken_off": 3}.get(name, 0) for name in LOGGED}, line
        assert json.loads(ask(relais, "history", "--verify", "--json").out)["state"] == "whole"


def test_the_definition_says_so():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 2, leavers_brake={"share": 5})
        shown = json.loads(ask(relais, "export", "show", "Newsletter").out)
        assert shown["leavers"] == "remove" and shown["leavers_brake"] == {"share": 5, "number": 10000}, shown
        ask(relais, "export", "add", "-", given=json.dumps(dict(shown, name="Copy")))
        assert dict(json.loads(ask(relais, "export", "show", "Copy").out), name="Newsletter") == shown


def test_a_cut_file_asks_and_each_answer_goes_on():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 100)
        run(relais)
        write(relais, 1, 30, "Newsletter")
        asked = run(relais, status=3)
        assert asked["status"] == "interrupted" and asked["leavers"] == dict(NOBODY, departed=70), asked
        assert "70 of the 100 people" in asked["message"] and "(70%)" in asked["message"] and "more than 10,000 people" in asked["message"], asked
        assert asked["question"] == dict(ABOUT, state="open", answer=None, people=70, of=100), asked
        plain = ask(relais, "run", "Newsletter", status=3)
        assert "--allow-leavers" in plain.err and "--keep-leavers" in plain.err and "To go on" not in plain.out, plain
        assert "          70  of them wait on the list for an answer\n" in plain.out, plain
        assert "  waits for an answer: take 70 off the list?\n" in ask(relais, "history").out
        assert check(relais.json("history")[0], PAST)["question"] == asked["question"]
        assert check(relais.json("report", "Newsletter"), REPORT)["question"] == asked["question"]
        assert len(people(relais, account, ACTIVE)) == 100
        imports = account.state()["bulk_requests"]

        kept = run(relais, "--keep-leavers")
        assert kept["run"] == asked["run"] and kept["status"] == "successful", kept
        assert kept["leavers"] == dict(NOBODY, departed=70, kept=70) and "70 people" in kept["message"], kept
        assert len(people(relais, account, ACTIVE)) == 100 and account.state()["bulk_requests"] == imports
        assert kept["question"] == dict(ABOUT, state="answered", answer="keep", people=70, of=100), kept
        assert "  answered: keep 70 on the list\n" in ask(relais, "history").out

        assert run(relais, status=3)["status"] == "interrupted"
        be_certain(account)
        allowed = run(relais, "--allow-leavers")
        assert allowed["leavers"] == dict(NOBODY, departed=70, taken_off=70) and allowed["message"] is None, allowed
        assert len(people(relais, account, ACTIVE)) == 30 and account.state()["bulk_requests"] == imports + 1
        assert check(relais.json("history")[0], PAST)["question"] == dict(ABOUT, state="answered", answer="take-off", people=70, of=100), allowed
        assert "  taken off the list: 70  answered: take 70 off the list\n" in ask(relais, "history").out
        assert "had asked about 70 people who left the segment, and was told to take them off the list.\n" in ask(relais, "report", "Newsletter").out


def test_a_question_is_over_when_a_later_run_has_begun():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 100)
        run(relais)
        write(relais, 1, 30, "Newsletter")
        asked = run(relais, status=3)
        write(relais, 1, 100, "Newsletter")
        assert run(relais)["question"] is None
        report = check(relais.json("report", asked["run"]), REPORT)
        assert report["question"] == dict(ABOUT, state="over", answer=None, people=70, of=100), report
        assert "70 of the 100 people" in report["message"] and "There is nothing to answer any more." in report["message"], report
        plain = ask(relais, "report", asked["run"]).out
        assert "Nobody answered" in plain and "--allow-leavers" not in plain, plain
        assert "  asked, and was not answered\n" in ask(relais, "history").out


def test_what_an_english_run_asked_is_told_in_french_to_whoever_reads_french():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 1100)
        run(relais)
        write(relais, 1, 30, "Newsletter")
        assert "1,070 of the 1,100 people" in run(relais, status=3)["message"]
        french = {"LANGUAGE": "fr"}
        said = ask(relais, "report", "Newsletter", environment=french).out
        assert "1\u202f070 des 1\u202f100 personnes" in said and "10\u202f000 personnes" in said and "Relais asks" not in said, said
        assert "  attend une réponse\u00a0: " in ask(relais, "history", environment=french).out


def test_who_had_left_by_themselves_and_who_is_shared_have_lines():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 20, leavers_brake={"share": 100})
        add(relais, 3, 3, name="Other")
        ask(relais, "run", "--all")
        account.post("/practice/leave", {"email": "person1@example.com", "list": relais.list_id})
        write(relais, 5, 20, "Newsletter")
        plain = ask(relais, "run", "Newsletter").out
        assert "           4  people have left the segment\n           2  of them were taken off the list\n" in plain, plain
        assert "           1  of them was off the list already\n" in plain, plain
        assert "           1  of them stays on the list, because another export sends them too\n" in plain, plain
        assert check(relais.json("report", "Newsletter"), REPORT)["leavers"] == dict(NOBODY, departed=4, taken_off=2, already_off=1, kept=1, shared=1)


def test_what_there_is_no_room_for_is_told_beside_the_question():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 100)
        run(relais)
        account.post("/practice/faults", {"contact-limit": 101})
        write_rows(os.path.join(relais.home, "Newsletter.csv"), [f"person{i}@example.com,Name{i},Last{i}" for i in (*range(1, 31), *range(101, 106))])
        asked = run(relais, status=3)
        assert asked["rows"]["refused"] == 5 and asked["question"]["people"] == 70, asked
        assert "--keep-leavers" in asked["message"] and "The account was full before this run: 101 of 101 contacts." in asked["message"], asked
        assert "The account was full before this run" in ask(relais, "report", "Newsletter").out


def test_who_comes_back_needs_room_as_anybody():
    """Whoever is on no list does not count against the plan, and does again when they come back."""
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 20)
        run(relais)
        write(relais, 4, 20, "Newsletter")
        be_certain(account)
        run(relais)
        account.post("/practice/faults", {"contact-limit": 18})
        write(relais, 1, 20, "Newsletter")
        told = check(relais.json("preview", "Newsletter"), PREVIEW)["message"]
        assert "3 people whom Relais took off the list earlier" in told and "may be up to 3 people of this segment." in told, told
        assert run(relais)["leavers"]["put_back"] == 3
        assert "  put back on the list: 3\n" in ask(relais, "history").out


def test_the_report_names_them():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        path = write_rows(os.path.join(relais.home, "Newsletter.csv"), ["=1+1@example.com,F,G", "-anna@example.com,A,B"] + [f"person{i}@example.com,Name{i},Last{i}" for i in range(3, 21)])
        relais.add_export(definition(path, list=relais.list_id, leavers="remove", verify="off"))
        run(relais)
        account.post("/practice/faults", {"refuse": "person3@"})
        write(relais, 5, 20, "Newsletter")
        be_certain(account)
        run(relais, status=1)
        report = check(relais.json("report", "Newsletter"), REPORT)
        assert [(left["email"], left["state"], left["code"]) for left in report["left"]] == [
            ("-anna@example.com", "taken_off", "taken-off"), ("=1+1@example.com", "taken_off", "taken-off"),
            ("person3@example.com", "kept", "not-taken-off"), ("person4@example.com", "taken_off", "taken-off")], report
        plain = ask(relais, "report", "Newsletter").out
        assert "People who left the segment, and what became of them:\n  -anna@example.com  Was taken off the list, and comes back" in plain, plain
        assert "  person3@example.com  Stays on the list, because ActiveCampaign refused" in plain and "not named" not in plain, plain
        table = ask(relais, "report", "Newsletter", "--csv")
        rows = list(csv.reader(io.StringIO(table.out)))
        assert rows[0] == ["row", "email", "state", "code", "reason", "column", "value", "run"] and [row[:4] for row in rows[1:]] == [
            ["", "-anna@example.com", "taken_off", "taken-off"], ["", "=1+1@example.com", "taken_off", "taken-off"],
            ["", "person3@example.com", "kept", "not-taken-off"], ["", "person4@example.com", "taken_off", "taken-off"]], rows
        # Kept no longer than rows that were not delivered are.
        ask(relais, "history", "--keep-days", "0")
        assert check(relais.json("report", "Newsletter"), REPORT)["left"] == []
        assert "people who left the segment" in ask(relais, "report", "Newsletter").out


def test_the_report_says_how_many_it_does_not_name():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 100)
        run(relais)
        write(relais, 1, 30, "Newsletter")
        run(relais, status=3)
        sentence = "70 people who left the segment are not named: this run did not see them on the list.\n"
        assert ask(relais, "report", "Newsletter").out.endswith(sentence)
        table = ask(relais, "report", "Newsletter", "--csv")
        assert table.out == "row,email,state,code,reason,column,value,run\r\n" and table.err == sentence, table


def preview(relais, *options):
    return check(json.loads(ask(relais, "preview", "Newsletter", "--json", *options).out), PREVIEW)


def test_a_preview_tells_who_would_be_taken_off():
    """Offline too, and it sends nothing: what it tells is what the run does."""
    nobody = dict(NOBODY, asks=False)
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 100)
        assert preview(relais)["leavers"] == dict(nobody, put_on=0)
        run(relais)
        write(relais, 4, 100, "Newsletter")
        imports = account.state()["bulk_requests"]
        for options in [], ["--offline"]:
            told = preview(relais, *options)
            assert told["leavers"] == dict(nobody, departed=3, taken_off=3, put_on=100) and told["message"] is None, told
            plain = ask(relais, "preview", "Newsletter", *options).out
            assert "           3  people have left the segment\n           3  of them would be taken off the list, if they are still on it\n" in plain, plain
        write(relais, 1, 60, "Newsletter")
        told = preview(relais)
        assert told["leavers"] == dict(nobody, departed=40, asks=True, put_on=100), told
        assert "40 of the 100 people" in told["message"] and "(40%)" in told["message"] and "--allow" not in told["message"], told
        plain = ask(relais, "preview", "Newsletter").out
        assert "40  of them would be taken off the list only after you have agreed\n" in plain and told["message"] in plain, plain
        assert account.state()["bulk_requests"] == imports and not people(relais, account, UNSUBSCRIBED)
        assert run(relais, status=3)["leavers"]["departed"] == 40


def test_one_answer_is_enough():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 2)
        refused(relais, "run", "Newsletter", "--allow-leavers", "--keep-leavers", named=["--allow-leavers", "--keep-leavers"])


def test_rows_that_could_never_be_read_are_nobodys_and_new_ones_keep_everybody():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        bad = ["nobody@,A,B", "two@@example.com,A,B", "two@@example.com,C,D"]
        path = write_rows(os.path.join(relais.home, "Newsletter.csv"), bad + [f"person{i}@example.com,A,B" for i in range(1, 21)])
        relais.add_export(definition(path, name="Newsletter", list=relais.list_id, leavers="remove", verify="off"))
        assert run(relais, status=1)["leavers"] == NOBODY
        write_rows(path, bad + [f"person{i}@example.com,A,B" for i in range(3, 21)])
        be_certain(account)
        gone = run(relais, status=1)
        assert gone["leavers"] == dict(NOBODY, departed=2, taken_off=2) and gone["message"] is None, gone
        write_rows(path, bad + ["person3#example.com,A,B"] + [f"person{i}@example.com,A,B" for i in range(4, 21)])
        for _ in range(2):      # asking again does not make it known
            kept = run(relais, status=1)
            assert kept["leavers"] == dict(NOBODY, departed=1, kept=1, unreadable=1), kept
            assert "the address in 1 row cannot be read, which is new" in kept["message"] and "Correct it" in kept["message"], kept
            assert check(relais.json("report", "Newsletter"), REPORT)["message"] == kept["message"]
        write_rows(path, bad + [f"person{i}@example.com,A,B" for i in range(4, 21)])
        assert run(relais, status=1)["leavers"] == dict(NOBODY, departed=1, taken_off=1)


def test_whom_another_export_sends_stays():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 20, leavers_brake={"share": 100})
        add(relais, 3, 3, name="Other", leavers="keep")
        ask(relais, "run", "--all")
        write(relais, 5, 20, "Newsletter")
        assert run(relais)["leavers"] == dict(NOBODY, departed=3, taken_off=3)
        assert "person3@example.com" in people(relais, account, ACTIVE)


def test_who_is_in_doubt_makes_it_one_with_errors():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 20)
        run(relais)
        account.post("/practice/faults", {"import-failed": True})
        write(relais, 3, 20, "Newsletter")
        failed = run(relais, status=1)
        assert failed["status"] == "completed-with-errors" and failed["leavers"] == dict(NOBODY, departed=2, in_doubt=2, repeated=1), failed
        assert "2  of them were to be taken off, and are not seen so yet\n" in ask(relais, "report", "Newsletter").out
        account.post("/practice/faults", {"import-failed": False})
        assert run(relais)["leavers"] == dict(NOBODY, departed=2, taken_off=2)


def test_ctrl_c_stops_it_and_it_goes_on():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais, 1, 20)
        run(relais)
        write(relais, 4, 20, "Newsletter")
        account.post("/practice/faults", {"import-never-ends": "@1"})
        imports = account.state()["bulk_requests"]
        process = subprocess.Popen([BINARY, "run", "Newsletter", "--json"], env=relais.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(1200):
            if removals(relais)[INTENT] == 3 and account.state()["bulk_requests"] > imports:
                break
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=120)
        ended = check(json.loads(out), RUN)
        assert process.returncode == 130 and ended["status"] == "canceled", (ended, err)
        again = run(relais)
        assert again["run"] == ended["run"] and again["leavers"] == dict(NOBODY, departed=3, taken_off=3, repeated=1), again


def kill_when(relais, is_time):
    """Returns the run's result if it came to its end first."""
    process = subprocess.Popen([BINARY, "run", "Newsletter", "--json"], env=relais.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    started = time.monotonic()
    while True:
        try:
            out, _ = process.communicate(timeout=0.005)
            return json.loads(out)
        except subprocess.TimeoutExpired:
            if is_time(time.monotonic() - started):
                process.send_signal(signal.SIGKILL)
                process.communicate()
                return None


def test_whenever_it_is_killed_it_goes_on():
    """Whoever left is off the list in the end, nobody else is, and nobody is called done who was not seen."""
    seed = int(os.environ.get("RELAIS_TEST_SEED", time.time()))
    print(f"# seed {seed}")
    rng = random.Random(seed)
    with connected("en", "--fault", "import-delay=100") as (relais, account):
        add(relais, 1, 1500, leavers_brake={"share": 100})
        run(relais)
        write(relais, 701, 1500, "Newsletter")
        met, result = collections.Counter(), None
        goals = [0, 1, 250, 500, rng.randint(1, 700), rng.randint(1, 700)]
        for goal in goals:
            later = rng.uniform(0, 0.2) if goal else rng.uniform(0.2, 0.6)
            result = kill_when(relais, lambda seconds: (removals(relais)[INTENT] >= goal) and (seconds > later))
            met["an import that may have left" if removals(relais)[INTENT] else "none"] += result is None
            if result is not None:
                break
        print(f"# kills met: {dict(met)}")
        result = result or run(relais, status=None)
        assert result["status"] == "successful" and result["leavers"]["in_doubt"] == 0, result
        assert people(relais, account, UNSUBSCRIBED) == {f"person{i}@example.com" for i in range(1, 701)}
        assert len(people(relais, account, ACTIVE)) == 800
        left = removals(relais)
        assert left[INTENT] == 0 and left[DONE] + left[DOUBT] == 700, left
        assert met["an import that may have left"] > 0 and result["leavers"]["taken_off"] <= 700, (met, left, result)
        # Each of them is named, also who was taken off by an attempt that was killed before it knew.
        left = check(relais.json("report", "Newsletter"), REPORT)["left"]
        assert {person["email"] for person in left} == people(relais, account, UNSUBSCRIBED) and {person["state"] for person in left} <= {"taken_off", "off"}, left
        assert run(relais)["leavers"] == NOBODY


main(sys.modules["__main__"])

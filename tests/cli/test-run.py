#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Previews, runs, history and reports: shapes, words, exit statuses and signals.

test-run.py RELAIS
"""
import contextlib
import csv
import io
import json
import os
import pty
import re
import select
import signal
import subprocess
import time

from command import (BINARY, EXPORTS, PAST, PREVIEW, REPORT, RUN, accounted, ask, check, connected, definition, main,
                     program, refused, sys, write_rows)

GOOD = ["zoe@example.com,Zoé,Lefèvre", "max@example.com,Max,Muller", "ada@example.com,Ada,Noël"]
BAD = ["no-at.example.com,A,B", "ZOE@example.com,Z,L", ",C,D", "two@@example.com,E,F"]


def add(relais, rows, name="Newsletter", **changes):
    path = write_rows(os.path.join(relais.home, name + ".csv"), rows)
    relais.add_export(definition(path, name=name, list=relais.list_id, **changes))
    return path


def test_a_successful_run_ends_with_0_and_the_next_one_has_nothing_to_do():
    with connected() as (relais, account):
        add(relais, GOOD)
        preview = check(relais.json("preview", "Newsletter"), PREVIEW)
        assert preview["rows"]["delivered"] == 3 and accounted(preview["rows"]) and preview["message"] is None, preview
        first = check(relais.json("run", "Newsletter"), RUN)
        assert first["status"] == "successful" and first["rows"]["delivered"] == 3 and accounted(first["rows"]), first
        assert first["batches"] == {"accepted": 1, "repeated": 0, "allowed": 0} and first["export"] == "Newsletter", first
        second = check(relais.json("run", "newsletter"), RUN)
        assert second["status"] == "successful" and second["rows"]["unchanged"] == 3 and second["run"] != first["run"], second
        again = check(relais.json("run", "Newsletter", "--again"), RUN)
        assert again["rows"]["delivered"] == 3, again
        assert check(relais.json("preview", "Newsletter"), PREVIEW)["rows"]["unchanged"] == 3
        offline = check(relais.json("preview", "Newsletter", "--offline"), PREVIEW)
        assert offline["rows"]["delivered"] == 3, "fingerprints are not looked at offline"
        history = relais.json("history")
        assert [check(run, PAST)["run"] for run in history] == [again["run"], second["run"], first["run"]], history
        assert relais.json("history", "Newsletter") == history
        assert check(relais.json("export", "list"), EXPORTS)[0]["status"] == "successful"


def test_errors_end_with_1_and_are_reported_row_by_row():
    with connected() as (relais, account):
        add(relais, GOOD + BAD)
        run = check(json.loads(ask(relais, "run", "Newsletter", "--json", status=1).out), RUN)
        assert run["status"] == "completed-with-errors" and accounted(run["rows"]), run
        assert run["rows"] == {"read": 7, "delivered": 3, "unchanged": 0, "duplicate": 1, "invalid": 3, "refused": 0, "barred": 0,
                               "not_sent": 0}, run
        for which in (run["run"], run["run"][:8], "Newsletter", "NEWSLETTER"):
            report = check(relais.json("report", which), REPORT)
            assert {k: v for k, v in report.items() if not k.startswith("rejected") and k != "left"} == run, report
            assert [(r["row"], r["email"], r["state"], r["code"]) for r in report["rejected"]] == [
                (4, "no-at.example.com", "invalid", "no-at"), (5, "ZOE@example.com", "duplicate", "repeated-address"),
                (6, "", "invalid", "empty-address"), (7, "two@@example.com", "invalid", "several-at")], report


def test_a_phone_that_is_none_is_left_out_and_told():
    with connected() as (relais, account):
        path = write_rows(relais.home + "/phones.csv", ["zoe@example.com,see file", "max@example.com,max1@example.com", "ada@example.com,3949",
                                                        "eva@example.com,06 12 34 56 78", "no-at,n/a"], "email,phone")
        matching = {"email": "email", "phone": "phone"}
        relais.add_export(definition(path, list=relais.list_id, phone_country="FR", matching=matching))
        noted = {"phone-as-written": 1, "phone-left-out": 2}
        assert check(relais.json("preview", "Newsletter"), PREVIEW)["noted"] == noted
        said = [ask(relais, "preview", "Newsletter").out, ask(relais, "run", "Newsletter", status=1).out, ask(relais, "report", "Newsletter").out]
        for text in said:
            assert re.search(r"^ +5  rows read\n +1  of them has a phone number without .*\n +2  of them have text instead of a phone number", text, re.M), text
        assert check(relais.json("report", "Newsletter"), REPORT)["noted"] == noted
        phones = {c["email"]: c["phone"] for c in account.contacts()}
        assert [phones[name + "@example.com"] for name in ("zoe", "max", "ada", "eva")] == ["", "", "3949", "+33612345678"], phones


def test_who_removes_an_export_is_told_that_its_history_goes():
    with connected() as (relais, account):
        add(relais, GOOD, "Twice")
        add(relais, GOOD, "Once")
        add(relais, GOOD, "Never")
        ask(relais, "run", "Twice", "Once")
        ask(relais, "run", "Twice")
        assert "history of its 2 runs" in ask(relais, "export", "remove", "Twice").out
        assert "history of its 1 run " in ask(relais, "export", "remove", "once").out
        assert "no history" in ask(relais, "export", "remove", "Never").out
        assert relais.json("history") == []


def test_plain_words_tell_the_same():
    with connected() as (relais, account):
        add(relais, GOOD + BAD)
        preview = ask(relais, "preview", "Newsletter")
        assert re.search(r"^ +3  would be sent$", preview.out, re.M) and preview.out.endswith("Nothing has been sent.\n"), preview
        run = ask(relais, "run", "Newsletter", status=1)
        assert run.out.startswith("Newsletter · Completed with errors\n") and run.err == "", run
        for line in ("3  delivered", "1  repeats the address of an earlier row", "3  cannot be sent as they are", "7  rows read"):
            assert re.search(rf"^ +{line}$", run.out, re.M), (line, run)
        number = re.search(r"relais report ([0-9a-f]{8})$", run.out, re.M).group(1)
        report = ask(relais, "report", number).out
        assert "do not count the header" in report, report
        refused(relais, "report", "Lettre", named="no export of that name")
        assert "Newsletter · Completed with errors" in report and re.search(r"^ +4  no-at\.example\.com  The address has no @ sign\.$", report, re.M), report
        history = ask(relais, "history").out
        assert re.fullmatch(rf"{number}  \d{{4}}-\d\d-\d\d \d\d:\d\d  Newsletter  Completed with errors  rows delivered: 3 of 7\n", history), history
        ask(relais, "run", "Newsletter", status=1)
        assert "  rows delivered: 0 of 7, unchanged: 3\n" in ask(relais, "history").out


def test_a_preview_lists_what_would_not_be_sent():
    with connected() as (relais, account):
        add(relais, GOOD + BAD)
        account.post("/api/3/contact/sync", {"contact": {"email": "max@example.com"}})
        max_id, = [c["id"] for c in account.contacts() if c["email"] == "max@example.com"]
        account.post("/api/3/contactLists", {"contactList": {"list": relais.list_id, "contact": max_id, "status": 2}})
        shown = ask(relais, "preview", "Newsletter").out
        rows = re.findall(r"^ +(\d+)  (\S*)  (\w.*\.)$", shown, re.M)
        assert [(int(r), e) for r, e, _ in rows] == [(2, "max@example.com"), (4, "no-at.example.com"), (5, "ZOE@example.com"), (6, ""),
                                                     (7, "two@@example.com")], shown
        assert "why:\n" in shown and "--csv" not in shown, shown
        # What it foresees is what the report tells afterwards.
        table = ask(relais, "preview", "Newsletter", "--csv")
        assert table.err == "", table
        ask(relais, "run", "Newsletter", status=1)
        told = list(csv.reader(io.StringIO(ask(relais, "report", "Newsletter", "--csv").out)))
        # A preview is of no run: it names none.
        assert list(csv.reader(io.StringIO(table.out))) == [told[0]] + [row[:-1] + [""] for row in told[1:]], table
        assert [reason for *_, reason in rows] == [r["reason"] for r in relais.json("report", "Newsletter")["rejected"]]
        refused(relais, "preview", "Newsletter", "--json", "--csv", named=["--json", "--csv"])


def test_a_preview_of_many_wrong_rows_says_how_many_more():
    with connected() as (relais, account):
        add(relais, GOOD + [f"person{i}.example.com,P,{i}" for i in range(30)], "L’été")
        shown = ask(relais, "preview", "L’été").out
        assert len(re.findall(r"no @ sign", shown)) == 20 and "… and 10 more rows. " in shown and "relais preview 'L’été' --csv\n" in shown, shown
        assert len(ask(relais, "preview", "L’été", "--csv", "--offline").out.splitlines()) == 31
        add(relais, [f"person{i}.example.com,P,{i}" for i in range(10001)], "Many")
        many = ask(relais, "preview", "Many", "--csv", "--offline")
        assert len(many.out.splitlines()) == 10001 and "1 more row " in many.err, many.err


def test_a_preview_without_wrong_rows_lists_none():
    with connected() as (relais, account):
        add(relais, GOOD)
        assert "why:" not in ask(relais, "preview", "Newsletter").out


def test_a_list_that_is_gone_is_told_by_preview_and_run_alike():
    with connected() as (relais, account):
        path = write_rows(relais.home + "/a.csv", GOOD)
        relais.add_export(definition(path, list="4711"))
        preview = refused(relais, "preview", "Newsletter", status=2, named="“Newsletter”")
        run = ask(relais, "run", "Newsletter", status=2)
        assert run.err == preview.err, (preview, run)
        ask(relais, "preview", "Newsletter", "--offline")


def test_thousands_stand_apart_and_below_each_other():
    for language, lines in (("en", ["       1,200  would be sent", "           1  cannot be sent as it is", "       1,201  rows read"]),
                            ("fr", ["       1\u202f200  ", "           1  ", "       1\u202f201  "])):
        with connected(language) as (relais, account):
            add(relais, [f"person{i}@example.com,A,B" for i in range(1200)] + ["nobody@,A,B"])
            said = ask(relais, "preview", "Newsletter", "--offline").out.splitlines()
            assert all(line.startswith(expected) for line, expected in zip(said, lines)), said


def test_french_words_are_french():
    with connected("fr") as (relais, account):
        add(relais, GOOD + BAD)
        said = ask(relais, "preview", "Newsletter").out + ask(relais, "run", "Newsletter", status=1).out
        said += ask(relais, "report", "Newsletter").out + ask(relais, "history").out + ask(relais, "export", "list").out
        said += ask(relais, "connection", "list").out
        for word in ("completed", "Completed", "delivered", "rows", "sent", "address", "connected", "errors"):
            assert word not in said, (word, said)


# As a fresh practice account knows them; the last two may be mailed on this list.
KEPT_OUT = ["marie.retiree@example.com,M,R", "opted-out@example.com,O,O", "bounced@example.com,B,B", "excluded@example.com,E,E",
            "NoReply@example.com,N,N", "anyone@blocked.example,A,A", "not-by-text@example.com,N,T", "not-a-customer@example.com,N,C"]


def test_who_is_barred_is_told_with_the_reason():
    with connected() as (relais, account):
        add(relais, GOOD + KEPT_OUT)
        preview = check(relais.json("preview", "Newsletter"), PREVIEW)
        assert preview["rows"]["barred"] == 6 and preview["rows"]["delivered"] == 5 and preview["message"] is None, preview
        assert preview["barred"] == {"unsubscribed": 2, "bounced": 1, "excluded": 3}, preview
        lines = ("2  would not be sent: are unsubscribed from the list", "1  would not be sent: mail has come back undelivered",
                 "3  would not be sent: are on the account’s exclusion list", "11  rows read")
        said = ask(relais, "preview", "Newsletter").out
        assert all(re.search(rf"^ +{line}$", said, re.M) for line in lines) and "may not be mailed" not in said, said
        assert "was not sent" not in said and "not sent:" not in said, said
        run = check(relais.json("run", "Newsletter"), RUN)
        assert run["status"] == "successful" and accounted(run["rows"]) and run["barred"] == preview["barred"], run
        report = check(relais.json("report", "Newsletter"), REPORT)
        assert report["barred"] == preview["barred"] and [(r["row"], r["state"], r["code"]) for r in report["rejected"]] == [
            (4, "barred", "unsubscribed"), (5, "barred", "unsubscribed"), (6, "barred", "bounced"),
            (7, "barred", "excluded"), (8, "barred", "excluded"), (9, "barred", "excluded")], report
        said = ask(relais, "report", "Newsletter").out
        assert all(re.search(rf"^ +{line.replace('would not be sent', 'not sent')}$", said, re.M) for line in lines), said
        members = {person["email"] for person in account.contacts(list_id=1, status=1)}
        assert not members & {row.split(",")[0].lower() for row in KEPT_OUT[:6]}, members
    with connected("fr") as (relais, account):
        add(relais, GOOD + KEPT_OUT)
        said = ask(relais, "preview", "Newsletter").out + ask(relais, "run", "Newsletter").out + ask(relais, "report", "Newsletter").out
        assert not re.search("unsubscribed|exclusion list|come back|not sent", said), said
        assert said.count("désabonnées de la liste") == 3 and said.count("liste d’exclusion du compte") >= 3, said


def test_what_the_account_does_not_tell_is_told():
    with connected("en", "--fault", "not-allowed=lists/exclusions") as (relais, account):
        add(relais, GOOD + KEPT_OUT)
        words = "The account’s exclusion list could not be read"
        preview = check(relais.json("preview", "Newsletter"), PREVIEW)
        assert preview["message"].startswith(words) and preview["barred"] == {"unsubscribed": 2, "bounced": 1, "excluded": 0}, preview
        assert words in ask(relais, "preview", "Newsletter").out
        run = check(json.loads(ask(relais, "run", "Newsletter", "--json", status=1).out), RUN)
        assert run["rows"]["refused"] == 3 and run["rows"]["barred"] == 3 and run["message"].startswith(words), run
        assert words in ask(relais, "report", "Newsletter").out
    with connected("en", "--fault", "status-unheeded") as (relais, account):
        add(relais, GOOD)
        for command in ("preview", "run"):
            result = ask(relais, command, "Newsletter", status=3)
            assert "Relais cannot tell who has to be left out" in result.out + result.err, result
        assert account.state()["bulk_requests"] == 0


def test_a_report_in_csv_can_be_read_again():
    rows = GOOD + BAD + ['"=cmd|\' /C calc\'!A0",A,B', '"+33 6 39 98 12 34",A,B', "+zoe@localhost,A,B", "=1+1@example.com,A,B", '"a ""b"", c",d,e']
    with connected() as (relais, account):
        add(relais, rows + ["=1+1@example.com,A,B", "ZOË@example.com,É,È"])
        ask(relais, "run", "Newsletter", status=1)
        raw = ask(relais, "report", "Newsletter", "--csv").raw
        table = list(csv.reader(io.StringIO(raw.decode(), newline="")))
        assert table[0] == ["row", "email", "state", "code", "reason", "column", "value", "run"], table
        assert raw.count(b"\r\n") == len(table) and b"\n" not in raw.replace(b"\r\n", b""), raw
        report = relais.json("report", "Newsletter")["rejected"]
        assert [(int(r[0]), r[2], r[3], r[4]) for r in table[1:]] == [(r["row"], r["state"], r["code"], r["reason"]) for r in report]
        cells = {int(r[0]): r[1] for r in table[1:]}
        # What a spreadsheet would run is quoted for it; an address that can be sent is left alone.
        assert cells[8].startswith("'=cmd|") and cells[9].startswith("'+33") and cells[10].startswith("'+zoe@"), cells
        assert cells[13] == "=1+1@example.com" and cells[12] == 'a "b", c', cells
        for row in table[1:]:
            for cell in (row[1], row[4], row[5], row[6]):
                assert not re.match(r"[=+@\t\r-]", cell) or re.fullmatch(r"[^\s\"(),;]+@[^\s@]+\.[a-z]+", cell), row

        path = relais.home + "/rejected.csv"
        with open(path, "wb") as out:
            out.write(raw)
        relais.add_export(definition(path, name="Again", list=relais.list_id, matching={"email": "email"}))
        again = relais.json("preview", "Again", "--offline")
        assert again["rows"]["read"] == len(report), again
        # The duplicates among them are people now.
        assert again["rows"]["delivered"] == len({r["email"].lower() for r in report if r["state"] == "duplicate"}), again


def test_what_became_of_whom_is_unknown_is_not_called_refused():
    for language, words in (("en", "unknown: sent, but the service never said what became of them"),
                            ("fr", "résultat inconnu : envoyées, mais le service n’a jamais dit ce qu’elles sont devenues")):
        with connected(language, "--fault", "info-forgets") as (relais, account):
            add(relais, GOOD)
            plain = ask(relais, "run", "Newsletter", status=1).out
            assert re.search(rf"^ +3  {words}$", plain, re.M), plain
            for wrong in ("refus", "3  delivered", "3  livré"):
                assert wrong not in plain, plain
            report = check(relais.json("report", "Newsletter"), REPORT)
            assert report["unknown"] == 3 and report["rows"]["delivered"] == 0 and report["rows"]["refused"] == 3, report
            assert {row["code"] for row in report["rejected"]} == {"unknown-outcome"}, report
            assert report["verified"]["state"] == "nothing", report


def test_several_exports_run_one_after_the_other_and_the_worst_status_counts():
    with connected() as (relais, account):
        add(relais, GOOD, "B")
        add(relais, GOOD + BAD, "A")
        add(relais, GOOD, "C", matching={"email": "no such column"})
        runs = [json.loads(line) for line in ask(relais, "run", "B", "A", "--json", status=1).out.splitlines()]
        assert [check(r, RUN)["export"] for r in runs] == ["B", "A"], runs
        runs = [json.loads(line) for line in ask(relais, "run", "--json", "--all", status=None).out.splitlines()]
        assert [r["export"] for r in runs if r["status"] not in ("failure",)] == ["A", "B"], runs
        refused(relais, "run", named="--all")
        refused(relais, "run", "--all", "A", named="--all")
        # No name is run when one is wrong.
        n = len(relais.json("history"))
        refused(relais, "run", "A", "Nothing", named="“Nothing”")
        assert len(relais.json("history")) == n


def test_all_of_nothing_is_nothing():
    with program(BINARY) as relais:
        assert ask(relais, "run", "--all").out == ""
        assert relais.json("history") == [] and ask(relais, "history").out == ""


def test_unknown_names_are_named():
    with connected() as (relais, account):
        add(relais, GOOD)
        for command in ("preview", "run", "history"):
            refused(relais, command, "Nothing", named="“Nothing”")
        refused(relais, "report", "Nothing", named="relais history")
        ask(relais, "run", "Newsletter")
        refused(relais, "report", "", named="relais history")
        refused(relais, "report", "zzzzzzzz", named="relais history")
        refused(relais, "report", "Newsletter", "--json", "--csv", named=["--json", "--csv"])
        refused(relais, "run", b"caf\xe9", named="caf")


def test_a_segment_that_is_gone_is_named():
    with connected() as (relais, account):
        os.remove(add(relais, GOOD))
        for words in (["preview", "Newsletter"], ["preview", "Newsletter", "--offline"]):
            refused(relais, *words, status=3, named="“Newsletter.csv”")
        failed(relais, status=3, named="“Newsletter.csv”")


def test_a_matching_that_does_not_fit_is_wrong_definition():
    with connected() as (relais, account):
        add(relais, GOOD, matching={"email": "courriel"})
        refused(relais, "preview", "Newsletter", named=["“courriel”", "“Newsletter.csv”"])
        failed(relais, status=2, named=["“courriel”", "“Newsletter.csv”"])


def failed(relais, status, named):
    """A run that fails, whether it began or not: a summary, and why on standard error; or one object that says both."""
    result = ask(relais, "run", "Newsletter", status=status)
    assert result.out.startswith("Newsletter · Failure\n") and re.search(r"^ +0  delivered$", result.out, re.M), result
    assert all(word in result.err for word in ([named] if isinstance(named, str) else named)), result
    run = ask(relais, "run", "Newsletter", "--json", status=status)
    told = check(json.loads(run.out), dict(RUN, properties=dict(RUN["properties"], run={"type": ["string", "null"]})))
    assert told["status"] == "failure" and told["export"] == "Newsletter" and told["message"] + "\n" == result.err, (told, result)
    assert run.err == "", run


def test_of_several_exports_each_is_told_although_some_cannot_begin():
    with connected() as (relais, account):
        os.remove(add(relais, GOOD, "A"))
        add(relais, GOOD, "B")
        runs = [json.loads(line) for line in ask(relais, "run", "A", "B", "--json", status=3).out.splitlines()]
        assert [(r["export"], r["status"]) for r in runs] == [("A", "failure"), ("B", "successful")], runs
        assert runs[0]["run"] is None and runs[1]["run"], runs


def test_a_key_that_is_gone_is_in_the_way():
    with connected() as (relais, account):
        add(relais, GOOD)
        os.remove(relais.home + "/test.keyring")
        failed(relais, status=4, named="API key")
        refused(relais, "preview", "Newsletter", status=4)
        ask(relais, "preview", "Newsletter", "--offline")


def test_an_offline_preview_asks_nobody():
    with connected() as (relais, account):
        add(relais, GOOD)
        account.stop()
        preview = relais.json("preview", "Newsletter", "--offline")
        assert preview["rows"]["delivered"] == 3, preview


def slow_account(language="en"):
    """An account that takes everything at once, and says what became of it after ten minutes."""
    return connected(language, "--fault", "import-delay=600000")


def start_long_run(relais, account):
    """Starts a run that has sent everything and waits."""
    if not relais.json("export", "list"):
        add(relais, [f"person.{i}@example.com,P,{i}" for i in range(1000)], "Long")
    process = relais.start("run", "Long", "--json")
    for _ in range(600):
        if account.state()["bulk_requests"] >= 4:
            return process
        assert process.poll() is None, process.communicate()
        time.sleep(0.1)
    raise AssertionError("not everything was sent in a minute")


def test_a_signal_cancels_and_the_run_goes_on_later():
    for number in (signal.SIGINT, signal.SIGTERM):
        with slow_account() as (relais, account):
            process = start_long_run(relais, account)
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
            assert process.returncode == 130, (process.returncode, out, err)
            run = check(json.loads(out), RUN)
            assert run["status"] == "canceled" and accounted(run["rows"]) and run["rows"]["not_sent"] > 0, run
            assert relais.json("export", "list")[0]["status"] == "canceled"

            # The same run goes on, and what was accepted is not sent again.
            process = relais.start("run", "Long", "--json")
            time.sleep(1)
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
            assert process.returncode == 130, (process.returncode, out, err)
            assert account.state()["bulk_requests"] == 4, account.state()
            assert [r["run"] for r in relais.json("history")] == [run["run"]]

            # What was read is not told as the size of the file.
            history, report = ask(relais, "history").out, ask(relais, "report", "Long").out
            assert "rows delivered so far: 0\n" in history and " of " not in history, history
            assert re.search(r"^ +1,?000  rows read so far$", report, re.M), report
            process = relais.start("run", "Long")
            time.sleep(1)
            process.send_signal(number)
            out, err = process.communicate(timeout=60)
            assert process.returncode == 130 and "rows read so far\n" in out and "relais run 'Long'\n" in out, (out, err)


def test_a_second_signal_does_not_wait():
    with slow_account() as (relais, account):
        process = start_long_run(relais, account)
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, err) == (130, ""), (process.returncode, out, err)
        assert relais.json("history")[0]["status"] in ("canceled", "interrupted")


def test_a_killed_run_is_interrupted_and_goes_on():
    with slow_account() as (relais, account):
        process = start_long_run(relais, account)
        # While it is under way, others see it, and cannot take it away.
        assert relais.json("export", "list")[0]["status"] == "processing"
        assert [r["status"] for r in relais.json("history")] == ["processing"]
        refused(relais, "export", "remove", "Long", status=4, named="“Long”")
        process.kill()
        process.communicate()
        assert relais.json("export", "list")[0]["status"] == "interrupted"
        run, = relais.json("history")
        assert check(run, PAST)["status"] == "interrupted", run
        assert check(relais.json("report", "Long"), REPORT)["status"] == "interrupted"
        assert "Interrupted" in ask(relais, "history").out


def test_waiting_on_standard_input_can_be_canceled():
    with connected() as (relais, account):
        process = relais.start("export", "add", "-")
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stdout.read() == ""
        process.communicate()


def test_progress_goes_to_a_terminal_and_results_to_standard_output():
    with slow_account() as (relais, account):
        add(relais, [f"person.{i}@example.com,P,{i}" for i in range(1000)], "Long")
        master, slave = pty.openpty()
        process = subprocess.Popen([BINARY, "run", "Long", "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave,
                                   env=relais.environment)
        os.close(slave)
        shown = b""
        end = time.monotonic() + 60
        while not re.search(rb"Confirming: [\d,]+ of [\d,]+", shown):
            assert time.monotonic() < end, shown
            if select.select([master], [], [], 0.5)[0]:
                shown += os.read(master, 4096)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        os.close(master)
        assert json.loads(out)["status"] == "canceled", out
        assert b"\r\x1b[K" in shown, shown


def test_a_terminal_shows_how_many_were_told():
    with connected() as (relais, account):
        for i in range(350):
            person = account.post("/api/3/contact/sync", {"contact": {"email": f"left{i}@example.com"}})["contact"]["id"]
            account.post("/api/3/contactLists", {"contactList": {"list": 1, "contact": person, "status": 2}})
        add(relais, GOOD)
        for command in ("preview", "run"):
            master, slave = pty.openpty()
            process = subprocess.Popen([BINARY, command, "Newsletter", "--json"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                       stderr=slave, env=relais.environment)
            os.close(slave)
            shown = b""
            with contextlib.suppress(OSError):  # the end of a terminal
                while part := os.read(master, 4096):
                    shown += part
            out, _ = process.communicate(timeout=60)
            os.close(master)
            assert json.loads(out)["rows"]["delivered"] == 3, out
            assert command == "run" or re.search(rb"Asking who may not be mailed: 3\d\d of 3\d\d", shown), shown


main(sys.modules["__main__"])

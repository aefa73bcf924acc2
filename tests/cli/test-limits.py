#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an account has no room for, and accounts that are held up.

test-limits.py RELAIS
"""
import csv
import io
import json
import os

from command import (BINARY, KEY, PREVIEW, REPORT, RUN, ask, check, connected, definition, main, practice_account, program, refused, sys,
                     write_rows)


def add(relais, n, first=1):
    path = write_rows(os.path.join(relais.home, "people.csv"), [f"person{i}@example.com,A,B" for i in range(first, first + n)])
    if first == 1:
        relais.add_export(definition(path, list=relais.list_id))
    return path


def room_for(account, n):
    """A practice account begins with one person on a list."""
    account.post("/practice/faults", {"contact-limit": n + 1})


def test_too_little_room_is_told_before_anybody_is_sent():
    with connected() as (relais, account):
        add(relais, 30)
        assert check(relais.json("preview", "Newsletter"), PREVIEW)["message"] is None
        room_for(account, 20)
        words = "The account’s plan has room for 20 more contacts, and this segment has up to 30 people"
        preview = check(relais.json("preview", "Newsletter"), PREVIEW)
        assert preview["message"].startswith(words) and preview["rows"]["delivered"] == 30, preview
        said = ask(relais, "preview", "Newsletter")
        assert words in said.out and said.err == "", said
        rows = ask(relais, "preview", "Newsletter", "--csv")
        assert words in rows.err and words not in rows.out, rows
        room_for(account, 0)
        words = "The account is full: 1 of 1 contacts."
        assert check(relais.json("preview", "Newsletter"), PREVIEW)["message"].startswith(words)
        assert check(relais.json("preview", "Newsletter", "--offline"), PREVIEW)["message"] is None
        assert account.state()["bulk_requests"] == 0


def test_a_run_delivers_what_there_is_room_for_and_tells_the_rest_why():
    with connected() as (relais, account):
        add(relais, 30)
        room_for(account, 20)
        words = "Before this run, the account’s plan had room for 20 more contacts, and up to 30 people"
        run = check(json.loads(ask(relais, "run", "Newsletter", "--json", status=1).out), RUN)
        assert run["rows"]["delivered"] == 20 and run["rows"]["refused"] == 10 and run["message"].startswith(words), run
        report = check(relais.json("report", "Newsletter"), REPORT)
        assert report["message"] == run["message"], report
        assert {r["code"] for r in report["rejected"]} == {"probably-full"} and len(report["rejected"]) == 10, report
        plain = ask(relais, "report", "Newsletter").out
        assert words in plain and plain.count("Probably the account is full") == 10, plain
        rows = list(csv.reader(io.StringIO(ask(relais, "report", "Newsletter", "--csv").out)))
        assert len(rows) == 11 and all("Probably the account is full" in " ".join(row) for row in rows[1:]), rows

        words = "The account was full before this run: 21 of 21 contacts."
        said = ask(relais, "run", "Newsletter", status=1).out
        assert words in said, said
        room_for(account, 30)
        run = check(relais.json("run", "Newsletter"), RUN)
        assert run["rows"]["delivered"] == 10 and run["rows"]["unchanged"] == 20 and run["message"] is None, run


def test_a_key_of_no_administrator_is_told_nothing():
    with connected("en", "--fault", "settings-403") as (relais, account):
        add(relais, 30)
        room_for(account, 20)
        assert check(relais.json("preview", "Newsletter"), PREVIEW)["message"] is None
        run = check(json.loads(ask(relais, "run", "Newsletter", "--json", status=1).out), RUN)
        assert run["rows"]["delivered"] == 20 and run["message"] is None, run
        assert "probably-full" not in {r["code"] for r in relais.json("report", "Newsletter")["rejected"]}


def test_an_account_that_is_held_up_is_told_and_used():
    words = "ActiveCampaign gives the status of this account as “under review”."
    with program(BINARY) as relais, practice_account(relais, "--no-limits", "--fault", "account-status=under review") as account:
        said = ask(relais, "connection", "add", "--name", "Practice", "--practice", "--host", account.address, "--agree", "--limits", "none",
                   given=KEY + "\n").out
        assert said.startswith("“Practice” is connected") and words in said, said
        said = ask(relais, "connection", "check", "Practice").out
        assert said.startswith("Connected, as ") and words in said, said
        relais.list_id = str(relais.json("lists", "Practice")[0]["id"])
        add(relais, 3)
        assert check(relais.json("preview", "Newsletter"), PREVIEW)["message"].startswith(words)
        run = check(relais.json("run", "Newsletter"), RUN)
        assert run["rows"]["delivered"] == 3 and run["message"].startswith(words), run
        account.post("/practice/faults", {"account-status": "off"})
        assert ask(relais, "connection", "check", "Practice").out.count("\n") == 1
        assert relais.json("preview", "Newsletter")["message"] is None


def test_an_account_that_is_not_paid_is_told_by_every_command_and_goes_on_later():
    with connected() as (relais, account):
        add(relais, 3)
        account.post("/practice/faults", {"unpaid": True})
        for words in (("connection", "check", "Practice"), ("lists", "Practice"), ("fields", "Practice"), ("preview", "Newsletter")):
            assert "because of a payment issue" in refused(relais, *words, status=4).err, words
        run = check(json.loads(ask(relais, "run", "Newsletter", "--json", status=4).out), RUN)
        assert run["status"] == "failure" and "because of a payment issue" in run["message"], run
        assert account.state()["bulk_requests"] == 0
        account.post("/practice/faults", {"unpaid": False})
        run = check(relais.json("run", "Newsletter"), RUN)
        assert run["status"] == "successful" and run["rows"]["delivered"] == 3, run


def test_all_of_it_is_french_where_the_person_is():
    with connected("fr", "--fault", "account-status=suspended") as (relais, account):
        add(relais, 30)
        room_for(account, 20)
        said = ask(relais, "preview", "Newsletter").out + ask(relais, "run", "Newsletter", status=1).out + ask(relais, "report", "Newsletter").out
        room_for(account, 0)
        said += ask(relais, "preview", "Newsletter").out + ask(relais, "run", "Newsletter", status=1).out
        assert not any(word in said for word in ("account", "room", "plan’s", "refuses", "Probably")), said
        assert said.count("suspended") == 5 and said.count("Le compte est plein") == 1, said
        account.post("/practice/faults", {"unpaid": True})
        assert "problème de paiement" in ask(relais, "connection", "check", "Practice", status=4).err


main(sys.modules[__name__])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The accountability log, the age of rows, and erasing, by command.

test-log.py RELAIS
"""
import contextlib
import getpass
import glob
import hashlib
import json
import os
import sqlite3

from command import BINARY, REPORT, ask, check, connected, definition, main, program, refused, shape, sys, write_rows

COUNT = {"type": "integer", "minimum": 0}
HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
CHECK = shape(state={"enum": ["whole", "changed", "missing", "moved", "added"]}, line={"type": ["integer", "null"]}, lines=COUNT,
              hash=dict(HASH, type=["string", "null"]), runs_before=COUNT, runs_open=COUNT)
LOG = {"type": "array", "items": shape(hash=HASH, line={"type": "string"})}
ROWS = ["zoe@example.com,Zoé,D", "max@example.com,Max,M", "planted-at.example.com,Bad,B"]


def journal(relais):
    path, = glob.glob(os.path.join(relais.environment["XDG_DATA_HOME"], "relais", "journal.sqlite"))
    return path


def change(relais, sql):
    with contextlib.closing(sqlite3.connect(journal(relais))) as db, db:
        db.executescript(sql)


def files_hold(relais, text):
    return any(text.encode() in open(path, "rb").read() for path in glob.glob(journal(relais) + "*"))


def add(relais, **changes):
    path = write_rows(relais.home + "/rows.csv", ROWS)
    ask(relais, "export", "add", "-", given=json.dumps(definition(path, list=relais.list_id, **changes)))


def test_each_run_has_a_line_that_anybody_can_check():
    with connected() as (relais, account):
        add(relais)
        assert "whole" in ask(relais, "history", "--verify").out
        assert ask(relais, "history", "--log").out == "" and relais.json("history", "--log") == []
        run = json.loads(ask(relais, "run", "Newsletter", "--json", status=1).out)
        ask(relais, "run", "Newsletter", status=1)
        previous = "0" * 64
        lines = ask(relais, "history", "--log").out.splitlines()
        for printed in lines:
            given, line = printed.split(" ", 1)
            assert hashlib.sha256((previous + "\n" + line).encode()).hexdigest() == given, printed
            previous = given
        first, second = (json.loads(line.split(" ", 1)[1]) for line in lines)
        assert first["line"] == 1 and first["run"] == run["run"] and first["attempt"] == 1, first
        assert first["who"] == getpass.getuser() and first["how"] == "command-line" and first["outcome"] == "completed-with-errors", first
        assert first["connection"] == "Practice" and first["host"].startswith("127.0.0.1:"), first
        assert first["list"] == relais.list_id and first["consent"]["version"] == 1 and first["consent"]["language"] == "en", first
        assert first["rows"] == run["rows"] and first["batches"] == run["batches"]["accepted"] and first["repeats"] == 0, first
        assert first["started"] <= first["attempt_started"] <= first["ended"] and first["ended"].endswith("Z"), first
        assert second["line"] == 2 and second["rows"]["unchanged"] == 2 and second["started"] >= first["ended"], second
        assert "@" not in "".join(lines) and account.key not in "".join(lines)
        assert [entry["hash"] + " " + entry["line"] for entry in check(relais.json("history", "--log"), LOG)] == lines
        found = check(relais.json("history", "--verify"), CHECK)
        assert found == {"state": "whole", "line": None, "lines": 2, "hash": previous, "runs_before": 0, "runs_open": 0}, found
        assert previous in ask(relais, "history", "--verify").out


def test_what_was_done_to_the_log_is_named():
    with connected() as (relais, account):
        add(relais)
        for _ in range(3):
            ask(relais, "run", "Newsletter", status=1)
        for sql, words, state in [("UPDATE log SET line = replace (line, 'Practice', 'practice') WHERE number = 2", "line 2 has been changed", "changed"),
                                  ("UPDATE log SET line = replace (line, 'practice', 'Practice') WHERE number = 2; DELETE FROM log WHERE number = 3",
                                   "line 3 is missing", "missing"),
                                  ("UPDATE log SET number = 9 WHERE number = 1; UPDATE log SET number = 1 WHERE number = 2;"
                                   " UPDATE log SET number = 2 WHERE number = 9", "where line 1 belongs", "moved")]:
            change(relais, sql)
            said = ask(relais, "history", "--verify", status=1)
            assert words in said.out and said.err == "", said
            found = check(json.loads(ask(relais, "history", "--verify", "--json", status=1).out), CHECK)
            assert found["state"] == state, found
        # Whatever was done, runs go on.
        ask(relais, "run", "Newsletter", status=1)


def test_runs_of_before_are_named():
    with connected() as (relais, account):
        add(relais)
        ask(relais, "run", "Newsletter", status=1)
        change(relais, "DELETE FROM log; UPDATE log_head SET lines = 0, hash = printf ('%064d', 0);"
                       " UPDATE runs SET attempts = 0, attempts_logged = 0, log_line = 0, log_hash = NULL")
        said = ask(relais, "history", "--verify").out
        assert "no line yet" in said and "1 run is from before" in said, said


def test_a_broken_off_run_gets_its_line_when_relais_starts():
    with connected() as (relais, account):
        add(relais)
        ask(relais, "run", "Newsletter", status=1)
        change(relais, "UPDATE runs SET status = 0, ended_at = 0, attempts = 2")
        found = relais.json("history", "--verify")
        assert found["lines"] == 2 and found["state"] == "whole" and found["runs_open"] == 0, found
        line = json.loads(relais.json("history", "--log")[1]["line"])
        assert line["attempt"] == 2 and line["ended"] is None and line["outcome"] == "interrupted", line
        ask(relais, "run", "Newsletter", status=1)
        lines = [json.loads(entry["line"]) for entry in relais.json("history", "--log")]
        assert lines[2]["attempt"] == 3 and lines[2]["run"] == lines[0]["run"] and lines[2]["started"] == lines[0]["started"], lines


def test_rows_age_and_the_report_says_so():
    with connected() as (relais, account):
        add(relais)
        assert "90 days" in ask(relais, "history", "--keep-days", "show").out
        ask(relais, "run", "Newsletter", status=1)
        report = check(relais.json("report", "Newsletter"), REPORT)
        assert len(report["rejected"]) == 1 and report["rejected_deleted_at"] is None, report
        change(relais, f"UPDATE runs SET started_at = started_at - {90 * 86400 * 10**6}, begun_at = begun_at - {90 * 86400 * 10**6},"
                       f" ended_at = ended_at - {90 * 86400 * 10**6}")
        # The next start of Relais does it, whatever it is started for.
        ask(relais, "export", "list")
        assert not files_hold(relais, "planted-at")
        report = check(relais.json("report", "Newsletter"), REPORT)
        assert report["rejected"] == [] and report["rejected_deleted_at"] and report["rows"]["invalid"] == 1, report
        assert "were deleted on" in ask(relais, "report", "Newsletter").out
        table = ask(relais, "report", "Newsletter", "--csv")
        assert "planted" not in table.out and "were deleted on" in table.err, table


def test_rows_need_not_be_kept_at_all():
    with connected() as (relais, account):
        add(relais)
        ask(relais, "run", "Newsletter", status=1)
        assert files_hold(relais, "planted-at")
        said = ask(relais, "history", "--keep-days", "0").out
        assert "Rows of 1 older run" in said and "as soon as" in said, said
        assert not files_hold(relais, "planted-at")
        assert relais.json("history", "--keep-days", "show") == {"keep_days": 0}
        run = json.loads(ask(relais, "run", "Newsletter", "--again", "--json", status=1).out)
        assert run["rows"]["invalid"] == 1 and not files_hold(relais, "planted-at"), run
        assert "were deleted on" in ask(relais, "report", "Newsletter").out
        assert "1 day " in ask(relais, "history", "--keep-days", "1").out


def test_an_export_can_be_erased():
    with connected() as (relais, account):
        add(relais)
        add(relais, name="Other")
        ask(relais, "run", "Newsletter", "Other", status=1)
        said = ask(relais, "export", "erase", "Newsletter").out
        assert "has been erased" in said and "accountability log stay" in said, said
        assert [run["export"] for run in relais.json("history")] == ["Other"]
        assert [(e["name"], e["status"]) for e in relais.json("export", "list")] == [("Newsletter", "not-started"), ("Other", "completed-with-errors")]
        assert files_hold(relais, "planted-at")
        ask(relais, "export", "erase", "Other")
        assert not files_hold(relais, "planted-at")
        found = relais.json("history", "--verify")
        assert found["state"] == "whole" and found["lines"] == 2, found
        # Nothing is remembered of who arrived.
        run = json.loads(ask(relais, "run", "Newsletter", "--json", status=1).out)
        assert run["rows"]["delivered"] == 2 and run["rows"]["unchanged"] == 0, run
        for name in ("Newsletter", "Other"):
            ask(relais, "export", "remove", name)
        ask(relais, "connection", "remove", "Practice")
        assert not files_hold(relais, "planted-at")
        found = relais.json("history", "--verify")
        assert found["state"] == "whole" and found["lines"] == 3, found


def test_what_does_not_go_together_is_refused():
    with program(BINARY) as relais:
        for words in (["--log", "--verify"], ["Newsletter", "--verify"], ["--log", "--keep-days", "3"], ["Newsletter", "--keep-days", "3"]):
            refused(relais, "history", *words, named="--keep-days")
        for days in ("-1", "x", "", "1.5", "36501", "99999999999999999999", "é"):
            refused(relais, "history", "--keep-days", days, named=["36500", "show"])
        refused(relais, "export", "erase", "Nothing", named="“Nothing”")


main(sys.modules["__main__"])

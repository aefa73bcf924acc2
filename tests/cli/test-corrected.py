#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""relais run --corrected: rejected rows come back corrected, and only these are sent."""
import csv
import io
import json
import os
import sys

from command import REPORT, RUN, ask, check, connected, definition, refused, main, write_rows

ROWS = ["ann@example.com,Ann,Lee", "bob.example.com,Bob,Ray", "+33@,Cy,Fox", "=dee@example,Dee,Kay", "eve@example.com,Eve,Orr"]


def add(relais, rows=ROWS, name="Newsletter"):
    path = write_rows(os.path.join(relais.home, name + ".csv"), rows)
    ask(relais, "export", "add", "-", given=json.dumps(definition(path, name=name)))
    return path


def rejected(relais, name="Newsletter"):
    """What is printed, as a spreadsheet reads it."""
    return list(csv.DictReader(io.StringIO(ask(relais, "report", name, "--csv").out, newline="")))


def write(relais, rows, delimiter=";", encoding="cp1252"):
    """As a spreadsheet in French writes it."""
    path = os.path.join(relais.home, "corrected.csv")
    with open(path, "w", encoding=encoding, newline="") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_only_what_was_corrected_is_sent():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais)
        ask(relais, "run", "Newsletter", status=1)
        rows = rejected(relais)
        assert [row["row"] for row in rows] == ["2", "3", "4"], rows
        # What could be run as a formula begins with an apostrophe, and comes back as it was.
        assert rows[1]["email"] == "'+33@" and rows[2]["email"] == "'=dee@example", rows
        rows[0]["email"] = "bob@example.com"
        first = relais.json("report", "Newsletter")["run"]
        result = ask(relais, "run", "Newsletter", "--json", "--corrected", write(relais, list(reversed(rows))))
        run = check(json.loads(result.out), RUN)
        assert result.err == "1 row has been corrected. 2 rows are as they were, and stay out.\n", result
        assert run["corrects"] == first and run["rows"]["read"] == 1 and run["rows"]["delivered"] == 1, run
        people = {person["email"]: person for person in account.contacts("1", 1)}
        assert people["bob@example.com"]["firstName"] == "Bob" and people["bob@example.com"]["lastName"] == "Ray", people
        assert "Only rows that an earlier run had not delivered were read" in ask(relais, "report", "Newsletter").out
        assert check(relais.json("report", "Newsletter"), REPORT)["corrects"] == first
        # The same once more: everybody is there.
        again = json.loads(ask(relais, "run", "Newsletter", "--json", "--corrected", write(relais, rows)).out)
        assert again["rows"]["unchanged"] == 1 and again["rows"]["delivered"] == 0, again


def test_what_a_spreadsheet_guards_survives():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais)
        ask(relais, "run", "Newsletter", status=1)
        rows = rejected(relais)
        rows[1]["email"] = "'+33@example.com"
        ask(relais, "run", "Newsletter", "--corrected", write(relais, rows, delimiter="\t", encoding="utf-16"))
        assert "+33@example.com" in {person["email"] for person in account.contacts("1", 1)}


def test_nothing_corrected_is_nothing_to_do():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        add(relais)
        ask(relais, "run", "Newsletter", status=1)
        before = account.state()["bulk_requests"]
        result = ask(relais, "run", "Newsletter", "--corrected", write(relais, rejected(relais)))
        assert result.out == "" and result.err.startswith("Nothing has been corrected in this file."), result
        assert account.state()["bulk_requests"] == before and len(relais.json("history")) == 1


def test_what_is_none_of_it_is_refused():
    with connected("en", "--fault", "import-delay=1") as (relais, account):
        segment = add(relais)
        add(relais, name="Other")
        ask(relais, "run", "Newsletter", status=1)
        rows = rejected(relais)
        rows[0]["email"] = "bob@example.com"
        path = write(relais, rows)
        before = account.state()["bulk_requests"]
        refused(relais, "run", "--corrected", path, "--all", named="--corrected with one NAME")
        refused(relais, "run", "Newsletter", "Other", "--corrected", path, named="--corrected with one NAME")
        refused(relais, "run", "Other", "--corrected", path, named=["of a run of “Newsletter”, not of “Other”"])
        refused(relais, "run", "Newsletter", "--corrected", segment, named="is not a file of rejected rows")
        refused(relais, "run", "Newsletter", "--corrected", path + ".gone", status=3)
        refused(relais, "run", "Newsletter", "--corrected", write(relais, [dict(row, run="x") for row in rows]), named="does not know the run")
        refused(relais, "run", "Newsletter", "--corrected", write(relais, [dict(rows[0], run="x"), rows[1]]), named="of several runs")
        refused(relais, "run", "Newsletter", "--corrected", write(relais, [dict(rows[0], row="two")]), named="“two” is not the number of a row")
        # The segment has changed meanwhile.
        path = write(relais, rows)
        write_rows(segment, ["new@example.com,N,N"] + ROWS)
        changed = ask(relais, "run", "Newsletter", "--corrected", path, status=3)
        assert "have changed since the run" in changed.err, changed
        assert account.state()["bulk_requests"] == before and len(relais.json("history")) == 1
        ask(relais, "export", "erase", "Newsletter")
        refused(relais, "run", "Newsletter", "--corrected", path, named="does not know the run")


main(sys.modules["__main__"])

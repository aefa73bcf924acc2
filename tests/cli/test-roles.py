#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each role may do on the command line, as the settings have it.

test-roles.py RELAIS
"""
import contextlib
import json
import os

from command import (BINARY, CONNECTIONS, PREVIEW, ask, check, connected, definition, main, refused, sys, write_rows)


def become(relais, role):
    """GSettings keeps what it knows in a file, where each command reads it anew."""
    folder = os.path.join(relais.environment["XDG_CONFIG_HOME"], "glib-2.0", "settings")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "keyfile"), "w", encoding="utf-8") as out:
        out.write(f"[io/github/relais/Relais]\nrole='{role}'\n")
    relais.environment["GSETTINGS_BACKEND"] = "keyfile"


@contextlib.contextmanager
def set_up():
    """Two connections to one account, one of them shared, each with an export."""
    with connected() as (relais, account):
        relais.connect(account, "Shared", "--limits", "none", "--access", "contributors")
        path = write_rows(os.path.join(relais.home, "people.csv"), ["zoe@example.com,Zoe,A", "anais@example.com,Anais,B"])
        relais.add_export(definition(path, list=relais.list_id))
        relais.add_export(definition(path, name="Open", connection="Shared", list=relais.list_id))
        yield relais, account, definition(path, name="New", list=relais.list_id)


def bulk_requests(account):
    return account.state()["bulk_requests"]


def test_a_viewer_looks_at_everything_and_changes_nothing():
    with set_up() as (relais, account, new):
        become(relais, "viewer")
        for words in (["connection", "add", "--name", "X", "--practice", "--agree"], ["connection", "list"], ["connection", "check", "Practice"],
                      ["connection", "remove", "Practice"], ["connection", "check", "nowhere"], ["lists", "Shared"], ["fields", "Shared"],
                      ["export", "change", "Open", "-"], ["export", "erase", "Open"], ["export", "remove", "Open"], ["preview", "Open"],
                      ["history", "--log"], ["history", "--keep-days", "3"]):
            refused(relais, *words, status=4, named="dministrator")
        refused(relais, "export", "add", "-", status=4, named="viewer", given=json.dumps(new))
        assert "viewer" in ask(relais, "run", "Open", status=4).err
        assert ask(relais, "run", "--all", status=4).err.count("is left out") == 2
        assert json.loads(ask(relais, "run", "Open", "--json", status=4).out)["status"] == "failure"
        assert bulk_requests(account) == 0
        assert [e["name"] for e in relais.json("export", "list")] == ["Newsletter", "Open"]
        assert json.loads(relais("export", "show", "Newsletter"))["connection"] == "Practice"
        assert check(relais.json("preview", "Newsletter", "--offline"), PREVIEW)["rows"]["delivered"] == 2
        assert relais.json("history") == [] and relais.json("history", "--keep-days", "show") == {"keep_days": 90}
        assert "whole" in relais("history", "--verify")


def test_a_contributor_works_with_what_is_shared():
    with set_up() as (relais, account, new):
        become(relais, "contributor")
        known = check(relais.json("connection", "list"), CONNECTIONS)
        assert known == [{"name": "Shared", "kind": "practice", "host": None, "access": "contributors", "account": None, "state": None}], known
        plain = ask(relais, "connection", "list")
        assert plain.out == "Shared · practice account\n" and plain.err == "", plain
        assert len(relais.json("lists", "Shared")) > 0 and isinstance(relais.json("fields", "Shared"), list)
        relais.add_export(dict(new, connection="Shared"))
        relais("export", "change", "New", "-", given=json.dumps(dict(new, connection="Shared", tags=["a"])))
        assert relais.json("preview", "New")["rows"]["delivered"] == 2
        assert json.loads(relais("run", "New", "--json"))["rows"]["delivered"] == 2
        relais("export", "erase", "New")
        relais("export", "remove", "New")


def test_a_contributor_only_looks_at_what_is_not_shared():
    with set_up() as (relais, account, new):
        become(relais, "contributor")
        host = account.address
        for words in (["lists", "Practice"], ["fields", "Practice"], ["export", "change", "Newsletter", "-"], ["export", "erase", "Newsletter"],
                      ["export", "remove", "Newsletter"], ["preview", "Newsletter"]):
            assert host not in refused(relais, *words, status=4, named=["“Practice”", "not shared"]).err
        for words in (["connection", "add", "--name", "X", "--practice", "--agree"], ["connection", "check", "Shared"],
                      ["connection", "remove", "Shared"], ["history", "--log"], ["history", "--keep-days", "3"]):
            refused(relais, *words, status=4, named="dministrator")
        refused(relais, "export", "add", "-", status=4, named="not shared", given=json.dumps(new))
        refused(relais, "export", "change", "Open", "-", status=4, named="not shared", given=json.dumps(dict(new, name="Open")))
        assert "not shared" in ask(relais, "run", "Newsletter", status=4).err
        assert bulk_requests(account) == 0
        assert json.loads(relais("export", "show", "Newsletter"))["connection"] == "Practice"
        assert relais.json("preview", "Newsletter", "--offline")["rows"]["delivered"] == 2
        assert {c["name"]: c["connection"] for c in relais.json("export", "list")} == {"Newsletter": "Practice", "Open": "Shared"}


def test_run_all_leaves_out_what_may_not_be_run():
    with set_up() as (relais, account, _):
        become(relais, "contributor")
        result = ask(relais, "run", "--all", "--json")
        assert [json.loads(line)["export"] for line in result.out.splitlines()] == ["Open"], result
        assert "“Newsletter” is left out." in result.err and "“Practice” is not shared" in result.err, result


def test_an_administrator_may_everything_and_so_may_who_was_told_nothing():
    with set_up() as (relais, account, new):
        for role in (None, "administrator", "nonsense"):
            if role:
                become(relais, role)
            assert [c["host"] for c in check(relais.json("connection", "list"), CONNECTIONS)] == [account.address] * 2
            relais("connection", "check", "Practice")
            relais("history", "--log")
            relais("history", "--keep-days", "30")
        relais("run", "--all")


def test_help_says_whose_role_allows_it():
    with connected() as (relais, _):
        for words in (["connection", "add"], ["connection", "check"], ["connection", "remove"]):
            assert "Only an administrator may do this." in relais(*words, "--help")
        for words in (["run"], ["export", "add"], ["export", "remove"], ["lists"], ["connection", "list"]):
            assert "and a contributor with connections that are shared" in relais(*words, "--help")
        for words in (["export", "list"], ["export", "show"], ["report"]):
            assert "administrator" not in relais(*words, "--help")
        assert "role" in relais("--help")


main(sys.modules[__name__])

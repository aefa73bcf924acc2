#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections by command: how a key comes in, and that it stays where it belongs.

test-connection.py RELAIS
"""
import os
import pty
import select
import signal
import subprocess
import time

from command import (BINARY, CONNECTIONS, FIELDS, KEY, LIST, ask, check, connected, definition, main, practice_account, program,
                     refused, sys, write_rows)


def add(relais, account, *options, given=KEY + "\n", **keywords):
    return ask(relais, "connection", "add", "--name", "Practice", "--practice", "--host", account.address, "--agree", *options,
               given=given, **keywords)


def everything_below(folder):
    for path, _, names in os.walk(folder):
        for name in names:
            if name != "test.keyring":
                with open(os.path.join(path, name), "rb") as file:
                    yield os.path.join(path, name), file.read()


def test_a_connection_is_added_listed_checked_and_removed():
    with program(BINARY) as relais, practice_account(relais) as account:
        assert check(relais.json("connection", "list"), CONNECTIONS) == []
        assert ask(relais, "connection", "list").out == ""
        added = add(relais, account)
        assert added.out.startswith("“Practice” is connected, as ") and added.err == "", added
        shown, = check(relais.json("connection", "list"), CONNECTIONS)
        assert shown["name"] == "Practice" and shown["kind"] == "practice" and shown["host"] == account.address, shown
        assert shown["access"] == "administrators" and shown["state"] == "connected" and shown["account"], shown
        assert ask(relais, "connection", "list").out == f"Practice · {account.address} · connected\n"
        assert ask(relais, "connection", "check", "practice").out.startswith("Connected, as ")
        assert "removed" in ask(relais, "connection", "remove", "PRACTICE").out
        assert relais.json("connection", "list") == []
        refused(relais, "connection", "remove", "Practice", named="“Practice”")


def test_the_key_is_taken_as_people_give_it():
    for given in (KEY, KEY + "\n", KEY + "\r\n", f"  {KEY} \n", f"\t{KEY}\n", KEY + "\nwhat comes after is not read\n"):
        with program(BINARY) as relais, practice_account(relais) as account:
            add(relais, account, given=given)


def test_what_cannot_be_a_key_is_refused_and_nothing_is_kept():
    with program(BINARY) as relais, practice_account(relais) as account:
        for given in ("", "\n", "\r\n", "   \n", "two words\n", "clé\n", "nul\0byte\n", "bell\a\n", "\n" + KEY + "\n", "x" * 5000 + "\n"):
            result = add(relais, account, given=given, status=4)
            assert "No API key was read" in result.err and result.out == "", (given, result)
        with open(os.devnull, "rb") as nothing:
            process = subprocess.run([BINARY, "connection", "add", "--name", "Practice", "--practice", "--host", account.address, "--agree"],
                                     stdin=nothing, env=relais.environment, capture_output=True, timeout=60)
            assert process.returncode == 4, process
        assert relais.json("connection", "list") == []


def test_a_wrong_key_is_refused_by_the_account():
    with program(BINARY) as relais, practice_account(relais) as account:
        result = add(relais, account, given="f" * 64 + "\n", status=4)
        assert result.out == "" and "f" * 64 not in result.err, result
        assert relais.json("connection", "list") == []


def test_the_key_is_in_no_file_but_the_keyring_and_in_no_output():
    with program(BINARY) as relais, practice_account(relais) as account:
        said = add(relais, account, environment={"G_MESSAGES_DEBUG": "all"})
        said.out += ask(relais, "connection", "check", "Practice", environment={"G_MESSAGES_DEBUG": "all"}).err
        assert KEY not in said.out + said.err, said
        holding = [path for path, content in everything_below(relais.home) if KEY.encode() in content]
        assert holding == [], holding


def test_what_is_missing_is_named():
    with program(BINARY) as relais:
        words = ["connection", "add"]
        refused(relais, *words, named="--name")
        refused(relais, *words, "--name", "  ", "--host", "a.api-us1.com", "--agree", named="--name")
        refused(relais, *words, "--name", "A", named="--host")
        refused(relais, *words, "--name", "A", "--host", "a.api-us1.com", "--agree", "--access", "everyone", named="--access")
        refused(relais, *words, "--name", "A", "--host", "a.api-us1.com", "--agree", "--limits", "1/1", named="--limits")
        for limits in ("", "0/1", "1/0", "x", "1", "1/1/1", "-1/1", "1/99999999", "99999999999999999999/1", " 1/1"):
            refused(relais, *words, "--name", "A", "--practice", "--agree", "--limits", limits, named="--limits")
        refused(relais, *words, "--name", "A", "--host", "a.api-us1.com", status=4, named=["--agree", "privacy"])
        refused(relais, *words, "--name", "A", "--host", "intranet.example.com", "--agree", status=4,
                named=["intranet.example.com", "--unknown-host-ok"])
        for options in ([], ["--agree"]):
            refused(relais, *words, "--name", "A", "--host", "127.0.0.1:8080", *options, named=["“127.0.0.1:8080”", "--practice"])
        for host in ("", "localhost", "a b.api-us1.com", "user@a.api-us1.com", "192.0.2.1", "https://a.api-us1.com:8443", "a..api-us1.com"):
            refused(relais, *words, "--name", "A", "--host", host, "--agree")
        for host in ("example.com:80", "127.0.0.1", "127.0.0.1:0", "127.0.0.1:70000", "192.0.2.1:80"):
            refused(relais, *words, "--name", "A", "--practice", "--host", host, "--agree")
        assert relais.json("connection", "list") == []


def test_access_and_limits_are_kept():
    with program(BINARY) as relais, practice_account(relais) as account:
        add(relais, account, "--access", "contributors", "--limits=100/60")
        assert relais.json("connection", "list")[0]["access"] == "contributors"


def test_two_connections_may_not_have_one_name():
    with program(BINARY) as relais, practice_account(relais) as account:
        add(relais, account)
        for name in ("Practice", "PRACTICE", " practice "):
            refused(relais, "connection", "add", "--name", name, "--practice", "--host", account.address, "--agree", given=KEY, named="--name")


def test_odd_names_are_kept_as_they_are_and_shown_harmlessly():
    names = ["Compte d’été", "日本", "a\"b'c$d`e", "two  blanks", "-dash", "é" * 200, "tab\there", "esc\x1b[31mred", "rtl\u202eoverride"]
    with program(BINARY) as relais, practice_account(relais) as account:
        for name in names:
            relais("connection", "add", "--name", name, "--practice", "--host", account.address, "--agree", given=KEY)
        assert {c["name"] for c in relais.json("connection", "list")} == set(names)
        shown = ask(relais, "connection", "list").out
        assert "\x1b" not in shown and "\u202e" not in shown and "\\u001b[31mred" in shown, shown
        for name in names:
            ask(relais, "connection", "remove", "--", name)
        assert relais.json("connection", "list") == []


def test_the_built_in_practice_account_needs_no_key():
    with program(BINARY) as relais:
        ask(relais, "connection", "add", "--name", "Try", "--practice", "--agree")
        shown, = check(relais.json("connection", "list"), CONNECTIONS)
        assert shown["host"] is None and shown["kind"] == "practice", shown
        assert check(relais.json("lists", "Try"), LIST)
        ask(relais, "connection", "remove", "Try")


def test_lists_and_fields_are_shown():
    with connected() as (relais, account):
        lists = check(relais.json("lists", "Practice"), LIST)
        assert len(lists) > 0, lists
        shown = ask(relais, "lists", "Practice").out.splitlines()
        assert [line.strip() for line in shown] == [f"{l['id']}  {l['name'] or '(no name)'}" for l in lists], shown
        assert "" in {l["name"] for l in lists}, "no list without a name is among them"
        fields = check(relais.json("fields", "Practice"), FIELDS)
        assert len(ask(relais, "fields", "Practice").out.splitlines()) == len(fields) > 0
        refused(relais, "lists", "Other", named="“Other”")
        refused(relais, "fields", "Other", named="“Other”")


def test_an_account_that_is_gone_is_told_and_remembered():
    with program(BINARY) as relais:
        with practice_account(relais) as account:
            add(relais, account)
        for command in (["connection", "check"], ["lists"], ["fields"]):
            result = ask(relais, *command, "Practice", status=None)
            assert result.status in (3, 4) and result.out == "" and result.err, result
        assert ask(relais, "connection", "check", "Practice", status=None).status == 4
        assert relais.json("connection", "list")[0]["state"] == "unreachable"


def test_a_keyring_that_is_not_there_is_told():
    """With a file for a keyring that cannot be read: nothing is kept, and nothing is written elsewhere."""
    with program(BINARY) as relais, practice_account(relais) as account:
        os.mkdir(relais.home + "/test.keyring")
        result = add(relais, account, status=4)
        assert result.out == "" and result.err, result
        assert relais.json("connection", "list") == []
        assert not [path for path, content in everything_below(relais.home) if KEY.encode() in content]


def test_without_a_session_bus_there_is_no_keyring_and_what_is_needed_is_told():
    with program(BINARY) as relais, practice_account(relais) as account:
        result = add(relais, account, status=4, environment={"SECRET_BACKEND": "", "XDG_RUNTIME_DIR": relais.home})
        assert "no keyring" in result.err and "dbus-run-session" in result.err, result
        assert relais.json("connection", "list") == []


def test_a_connection_in_use_stays():
    with connected() as (relais, account):
        path = write_rows(relais.home + "/a.csv", ["zoe@example.com,Zoé,D"])
        relais.add_export(definition(path, list=relais.list_id))
        refused(relais, "connection", "remove", "Practice", status=4, named=["“Newsletter”", "relais export remove"])
        ask(relais, "connection", "check", "Practice")
        relais("export", "remove", "Newsletter")
        ask(relais, "connection", "remove", "Practice")


def read_until(terminal, wanted, seconds=60):
    text = b""
    end = time.monotonic() + seconds
    while wanted not in text:
        assert time.monotonic() < end, text
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break
            if not piece:
                break
            text += piece
    assert wanted in text, text
    return text


def on_terminal(relais, account, act):
    """Adds a connection on a terminal of its own, on which @act types. Returns all that was shown, and the status."""
    master, slave = pty.openpty()
    process = subprocess.Popen([BINARY, "connection", "add", "--name", "Practice", "--practice", "--host", account.address, "--agree"],
                               stdin=slave, stdout=slave, stderr=slave, env=relais.environment, start_new_session=True)
    os.close(slave)
    shown = read_until(master, b": ")
    shown += act(master, process) or b""
    status = process.wait(60)
    while select.select([master], [], [], 0.2)[0]:
        try:
            piece = os.read(master, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    return shown.decode(), status


def test_a_terminal_is_asked_and_shows_nothing_of_the_key():
    def type_key(terminal, process):
        os.write(terminal, KEY.encode() + b"\n")
        return read_until(terminal, b"connected")

    with program(BINARY) as relais, practice_account(relais) as account:
        shown, status = on_terminal(relais, account, type_key)
        assert status == 0 and KEY not in shown and KEY[:8] not in shown, (status, shown)
        # The answer begins on a line of its own.
        assert "not shown): \r\n“Practice”" in shown, shown


def test_a_terminal_that_is_interrupted_leaves_nothing():
    def interrupt(terminal, process):
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)

    with program(BINARY) as relais, practice_account(relais) as account:
        shown, status = on_terminal(relais, account, interrupt)
        assert status == 130, (status, shown)
        assert relais.json("connection", "list") == []


def test_no_terminal_is_asked_for_what_is_refused_anyway():
    with program(BINARY) as relais:
        master, slave = pty.openpty()
        for options in (["--host", "a.api-us1.com"], ["--host", "127.0.0.1:8080", "--name", "A", "--agree"],
                        ["--host", "a b", "--name", "A", "--agree"], ["--host", "a.api-us1.com", "--name", "A", "--agree", "--limits", "x"]):
            process = subprocess.run([BINARY, "connection", "add", *options], stdin=slave, capture_output=True,
                                     env=relais.environment, timeout=60)
            assert process.returncode == 2 and b"API key" not in process.stderr, process
        os.close(slave)
        os.close(master)


main(sys.modules["__main__"])

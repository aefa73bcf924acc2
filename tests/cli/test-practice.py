#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The practice account as a command.

test-practice.py RELAIS
"""
import os
import pty
import re
import signal
import socket
import subprocess
import termios
import urllib.error
import urllib.request

from command import BINARY, KEY, Practice, ask, main, practice_account, program, refused, sys

from planted import files_below, find_in_file


def ask_account(address, key):
    request = urllib.request.Request(f"http://{address}/api/3/users/me", headers={"Api-Token": key})
    try:
        return urllib.request.urlopen(request, timeout=30).status
    except urllib.error.HTTPError as error:
        return error.code


def test_it_prints_where_it_is_and_a_key_of_its_own():
    with program(BINARY) as relais:
        process = relais.start("practice")
        where, key = process.stdout.readline(), process.stdout.readline()
        address = re.search(r"127\.0\.0\.1:\d+$", where).group(0)
        secret = re.fullmatch(r"API key: (\S+)\n", key).group(1)
        assert len(secret) >= 32 and ask_account(address, secret) == 200 and ask_account(address, "x") == 403
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        assert (process.returncode, out, err) == (0, "", ""), (process.returncode, out, err)


def test_a_key_that_was_given_is_not_printed():
    with program(BINARY) as relais:
        process = relais.start("practice", "--key=secret-of-mine")
        address = re.search(r"127\.0\.0\.1:\d+", process.stdout.readline()).group(0)
        assert ask_account(address, "secret-of-mine") == 200
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=60)
        assert "secret-of-mine" not in out + err and process.returncode == 0, (out, err)


def test_a_key_is_read_from_standard_input():
    with program(BINARY) as relais:
        process = relais.start("practice", "--key", "-")
        process.stdin.write(f"  {KEY}\t\nwhat comes after is not read\n")
        process.stdin.close()
        address = re.search(r"127\.0\.0\.1:\d+", process.stdout.readline()).group(0)
        assert ask_account(address, KEY) == 200 and ask_account(address, "-") == 403
        process.terminate()
        assert process.wait(60) == 0 and process.stdout.read() + process.stderr.read() == ""
        process.stdout.close()
        process.stderr.close()
        for given in ("", "\n", "two words\n"):
            refused(relais, "practice", "--key=-", given=given, named="API key")


def test_who_interrupts_the_question_for_a_key_has_the_terminal_back():
    with program(BINARY) as relais:
        terminal, slave = pty.openpty()
        process = subprocess.Popen([BINARY, "practice", "--key", "-"], stdin=slave, stdout=slave, stderr=slave, env=relais.environment,
                                   start_new_session=True)
        shown = os.read(terminal, 1000)
        assert b"not shown" in shown and not termios.tcgetattr(slave)[3] & termios.ECHO, shown
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == -signal.SIGINT and termios.tcgetattr(slave)[3] & termios.ECHO
        os.close(slave)
        os.close(terminal)


def test_a_port_that_is_taken_is_told():
    with program(BINARY) as relais, socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(relais, "practice", "--port", str(taken.getsockname()[1]), status=3)


def test_wrong_options_are_refused():
    with program(BINARY) as relais:
        for words in (["--port", "x"], ["--port", "-1"], ["--port", "70000"], ["--port", ""], ["--limits", "x"], ["--limits", "1/0"],
                      ["--limits", "1/1", "--no-limits"], ["--port"], ["--fault", "no-such-fault"], ["--fault", "slow=x"], ["A"]):
            refused(relais, "practice", *words)


def test_a_wrong_fault_is_told_what_it_takes():
    wrong = {"no-such-fault": ["no fault “no-such-fault”", "--help"], "": ["no fault “”"], "import:2/no-such=3": ["no fault “no-such”"],
             "unpaid=3": ["“unpaid” takes no value"], "html-502=x": ["“html-502”", "=@N", "=N%"], "html-502=0": ["from 1 on"],
             "contact-limit": ["“contact-limit” takes a whole number, as in contact-limit=3"], "contact-limit=x": ["whole number"],
             "slow": ["“slow” takes a time", "slow=2s"], "slow=x": ["“slow” takes a time", "slow=500"],
             "account-status": ["“account-status” takes a text"], "nowhere/slow=5": ["“nowhere” before the fault “slow”", "import:2"],
             "import/import-delay=5": ["“import-delay” is one of the whole account"]}
    with program(BINARY) as relais:
        for given, words in wrong.items():
            refused(relais, "practice", "--fault", given, named=words)
    with program(BINARY, "fr") as relais:
        refused(relais, "practice", "--fault", "slow", named=["«\u00a0slow\u00a0»", "slow=2s"])


def test_its_faults_are_all_told():
    with program(BINARY) as relais:
        told = ask(relais, "practice", "--help").out
        faults = re.findall(r"^  ([a-z0-9-]+)(?:\[?=\S+)?\n      \S", told.split("Faults")[1], re.M)
        assert len(faults) >= 30 and "unpaid" in faults, faults


def test_a_fault_is_shown_by_the_commands():
    with program(BINARY) as relais, practice_account(relais, "--fault", "unpaid") as account:
        result = refused(relais, "connection", "add", "--name", "P", "--practice", "--host", account.address, "--agree",
                         given=account.key, status=4)
        assert "402" not in result.err, result


def test_its_state_is_kept_in_a_file():
    with program(BINARY) as relais:
        state = relais.home + "/state.sqlite"
        first = Practice(relais, "--state", state)
        try:
            first.post("/api/3/contact/sync", {"contact": {"email": "kept@example.com"}})
        finally:
            first.stop()
        second = Practice(relais, "--state", state)
        try:
            assert "kept@example.com" in {c["email"] for c in second.contacts()}
            assert [path for path in files_below(relais.home) if find_in_file(path)] == [], "a key that was given is kept in a file"
        finally:
            second.stop()


main(sys.modules["__main__"])

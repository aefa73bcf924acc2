#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run leaves behind, and where a secret must not be: test-nothing-left.py RELAIS"""
import os
import resource
import signal
import sys
import time

from journey import KEY, practice_account, program, run_tests

BINARY = sys.argv[1]
PEOPLE = [(f"delivered.{n}@example.com", f"Prenom{n}", f"Nomdefamille{n}") for n in range(3000)]
REJECTED = "rejected@@example.com"


def prepare(relais, account):
    path = os.path.join(relais.home, "segment.csv")
    with open(path, "w", encoding="utf-8") as file:
        file.write("EMail;Prénom;Nom\n" + f"{REJECTED};A;B\n")
        file.writelines(";".join(row) + "\n" for row in PEOPLE)
    relais.connect(account, "Practice", "--limits", "none")
    list_id = str(relais.json("lists", "Practice")[0]["id"])
    relais.add_export({"name": "Kept", "connection": "Practice", "list": list_id, "segments": [{"file": path}],
                       "matching": {"email": "EMail", "first_name": "Prénom", "last_name": "Nom"}})
    return path


def files_below(folder, *left_out):
    for where, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(where, name)
            if path not in left_out and os.path.isfile(path):
                with open(path, "rb") as file:
                    yield path, file.read()


def read_process(pid, name):
    with open(f"/proc/{pid}/{name}", "rb") as file:
        return file.read()


def test_neither_key_nor_people_are_left():
    with program(BINARY) as relais, practice_account(relais, "--no-limits") as account:
        path = prepare(relais, account)
        relais("run", "Kept", "--json", expect=1)
        relais("report", "1", "--json", expect=None)
        found = dict(files_below(relais.home, path))
        assert any(name.endswith("journal.sqlite") for name in found), sorted(found)
        rejected = [name for name, content in found.items() if REJECTED.encode() in content]
        assert rejected, "the report keeps who was rejected"
        for name, content in found.items():
            assert KEY.encode() not in content, f"the key stands in {name}"
            assert b"delivered.1" not in content, f"a delivered address stands in {name}"
            assert b"Nomdefamille" not in content, f"a name stands in {name}"


def allow_cores():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def wait_until_sending(process, account):
    while process.poll() is None and not account.get("/api/3/contacts?limit=1&search=delivered")["contacts"]:
        time.sleep(0.01)


def test_a_running_process_shows_no_key():
    with program(BINARY) as relais, practice_account(relais, "--limits", "4/2") as account:
        prepare(relais, account)
        process = relais.start("run", "Kept", "--json", preexec_fn=allow_cores)
        wait_until_sending(process, account)
        assert process.poll() is None, process.communicate()
        for name in ("cmdline", "environ", "maps"):
            assert KEY.encode() not in read_process(process.pid, name), name
        limits = read_process(process.pid, "limits").decode()
        core = next(line for line in limits.splitlines() if line.startswith("Max core file size"))
        assert core.split()[4] in ("0", "1"), core
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=120)


def test_a_crash_in_a_run_leaves_no_core():
    with program(BINARY) as relais, practice_account(relais, "--limits", "4/2") as account:
        prepare(relais, account)
        folder = os.path.join(relais.home, "here")
        os.mkdir(folder)
        process = relais.start("run", "Kept", "--json", cwd=folder, preexec_fn=allow_cores)
        wait_until_sending(process, account)
        assert process.poll() is None, process.communicate()
        process.send_signal(signal.SIGSEGV)
        pid, status = os.waitpid(process.pid, 0)
        process.returncode = -signal.SIGSEGV
        process.communicate()
        if os.WIFSIGNALED(status):
            assert not os.WCOREDUMP(status), "a core was written"
        assert os.listdir(folder) == [], os.listdir(folder)


run_tests([("neither-key-nor-people-are-left", test_neither_key_nor_people_are_left),
           ("a-running-process-shows-no-key", test_a_running_process_shows_no_key),
           ("a-crash-in-a-run-leaves-no-core", test_a_crash_in_a_run_leaves_no_core)])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a command finds itself: without a home, a locale, a terminal or anyone who listens.

test-surroundings.py RELAIS
"""
import json
import os
import subprocess

from command import BINARY, KEY, ask, connected, definition, main, practice_account, program, refused, sys, write_rows

ROWS = ["zoe@example.com,Zoé,Lefèvre", "max@example.com,Max,Muller"]


def test_a_folder_that_cannot_be_written_is_named():
    with program(BINARY) as relais:
        with open(relais.home + "/file", "w", encoding="utf-8"):
            pass
        for folder in (relais.home + "/file", "/proc/nowhere"):
            result = refused(relais, "export", "list", status=3, environment={"XDG_DATA_HOME": folder})
            assert folder in result.err, result


def test_a_damaged_or_newer_journal_is_left_alone():
    with program(BINARY) as relais:
        relais("export", "list")
        path = relais.home + "/data/relais/journal.sqlite"
        right = open(path, "rb").read()
        newer = right[:60] + (77).to_bytes(4, "big") + right[64:]
        for wrong, status in ((b"not a database at all, " * 100, 3), (newer, 3)):
            with open(path, "wb") as out:
                out.write(wrong)
            for leftover in ("-wal", "-shm"):
                if os.path.exists(path + leftover):
                    os.remove(path + leftover)
            refused(relais, "export", "list", status=status, named="journal.sqlite")
            assert open(path, "rb").read() == wrong, "it was changed"


def test_no_home_is_no_trouble_where_folders_are_named():
    with program(BINARY) as relais:
        relais.environment.pop("HOME")
        assert relais.json("export", "list") == []


def test_the_journal_is_for_its_owner_alone():
    with program(BINARY) as relais:
        relais("export", "list", )
        assert os.stat(relais.home + "/data/relais/journal.sqlite").st_mode & 0o777 == 0o600
        assert os.stat(relais.home + "/data/relais").st_mode & 0o777 == 0o700


def test_results_are_utf_8_in_every_locale():
    with connected() as (relais, account):
        path = write_rows(relais.home + "/été.csv", ROWS + ["sans arobase é,A,B"])
        relais.add_export(definition(path, name="Été", list=relais.list_id))
        ask(relais, "run", "Été", status=1)
        for locale in ("C", "POSIX", "C.UTF-8", "xx_YY.nonsense", "fr_FR.ISO-8859-1"):
            there = {"LANG": locale, "LC_ALL": locale}
            assert "Été".encode() in ask(relais, "export", "list", environment=there).raw, locale
            shown = json.loads(ask(relais, "export", "show", "Été", environment=there).raw.decode("utf-8"))
            assert shown["name"] == "Été" and shown["segments"][0]["file"] == path, (locale, shown)
            assert "sans arobase é" in ask(relais, "report", "Été", "--csv", environment=there).raw.decode("utf-8"), locale
            assert ask(relais, "report", "Été", "--json", environment=there).raw.isascii()
            result = refused(relais, "export", "show", "Étè", environment=there)
            assert "Étè" in result.raw_err.decode("utf-8"), (locale, result)
            # A name that is given as bytes of UTF-8 is kept as such.
            ask(relais, "connection", "add", "--name", "Clé", "--practice", "--host", account.address, "--agree", given=KEY, environment=there)
            assert "Clé" in {c["name"] for c in relais.json("connection", "list")}, locale
            ask(relais, "connection", "remove", "Clé", environment=there)


def test_a_name_that_is_no_text_is_refused():
    with program(BINARY) as relais:
        refused(relais, "connection", "add", "--name", b"caf\xe9", "--practice", "--agree", named="--name")
        refused(relais, "lists", b"caf\xe9")
        refused(relais, b"caf\xe9")
        refused(relais, "run", b"--\xe9")
        assert relais.json("connection", "list") == []


def test_results_that_cannot_be_written_are_told():
    with connected() as (relais, account):
        relais.add_export(definition(write_rows(relais.home + "/a.csv", ROWS), list=relais.list_id))
        for redirection in (">/dev/full", ">&-"):
            process = subprocess.run(["/bin/sh", "-c", f'exec "$0" "$@" {redirection}', BINARY, "run", "Newsletter", "--json", "--again"],
                                     env=relais.environment, stderr=subprocess.PIPE, timeout=120)
            assert process.returncode == 3 and b"standard output" in process.stderr, process
        # The runs themselves went well, and nothing of their results is in a file of the program's.
        assert [run["status"] for run in relais.json("history")] == ["successful"] * 2


def test_a_reader_who_had_enough_does_not_stop_the_work():
    with connected() as (relais, account):
        for name in ("A", "B"):
            relais.add_export(definition(write_rows(relais.home + f"/{name}.csv", ROWS), name=name, list=relais.list_id))
        read, write = os.pipe()
        process = subprocess.Popen([BINARY, "run", "A", "B", "--json"], env=relais.environment, stdout=write, stderr=subprocess.PIPE)
        os.close(write)
        os.close(read)
        _, err = process.communicate(timeout=120)
        assert process.returncode == 3 and err == b"", (process.returncode, err)
        assert [run["status"] for run in relais.json("history")] == ["successful"] * 2


def test_no_standard_file_at_all_is_survived():
    with connected() as (relais, account):
        relais.add_export(definition(write_rows(relais.home + "/a.csv", ROWS), list=relais.list_id))
        process = subprocess.run(["/bin/sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', BINARY, "run", "Newsletter"],
                                 env=relais.environment, timeout=120)
        assert process.returncode == 3, process
        assert [run["status"] for run in relais.json("history")] == ["successful"]
        journal = relais.home + "/data/relais/journal.sqlite"
        assert open(journal, "rb").read(15) == b"SQLite format 3"


def test_nothing_but_results_is_on_standard_output():
    """Whatever GLib is told to say goes to standard error."""
    with connected() as (relais, account):
        relais.add_export(definition(write_rows(relais.home + "/a.csv", ROWS), list=relais.list_id))
        loud = {"G_MESSAGES_DEBUG": "all"}
        json.loads(ask(relais, "export", "list", "--json", environment=loud).out)
        json.loads(ask(relais, "preview", "Newsletter", "--json", environment=loud).out)
        json.loads(ask(relais, "run", "Newsletter", "--json", environment=loud).out)


def test_no_display_and_no_bus_are_needed():
    with program(BINARY) as relais:
        assert "DISPLAY" not in relais.environment and "DBUS_SESSION_BUS_ADDRESS" not in relais.environment
        relais("export", "list")
        refused(relais, "export", "show", "X", environment={"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"})


main(sys.modules["__main__"])

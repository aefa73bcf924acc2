#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Help, in both languages, and what is said to words that are no command.

test-help.py RELAIS
"""
import re

from command import BINARY, ask, main, program, refused, sys

COMMANDS = ["connection add", "connection list", "connection check", "connection remove", "lists", "fields", "export add",
            "export change", "export list", "export show", "export erase", "export remove", "preview", "run", "history", "report", "practice"]
OPTIONS = {"connection add": "name host agree access practice limits unknown-host-ok", "connection list": "json", "lists": "json",
           "fields": "json", "export list": "json", "preview": "json csv offline", "run": "all json again allow-repeats allow-leavers keep-leavers corrected",
           "history": "json log verify keep-days", "report": "json csv", "practice": "port key limits no-limits fault state"}


def lines(text):
    return {line.strip() for line in text.splitlines() if line.strip()}


def test_the_program_lists_every_command_and_exit_status():
    with program(BINARY) as relais:
        long, short = ask(relais, "--help"), ask(relais, "-h")
        assert long.out == short.out and long.err == "", long
        for command in COMMANDS:
            assert re.search(rf"^  relais {command}( |$)", long.out, re.M), command
        for status in "0 1 2 3 4 130".split():
            assert re.search(rf"^  {status} +\w", long.out, re.M), status


def test_every_command_tells_its_options():
    with program(BINARY) as relais:
        for command in COMMANDS:
            result = ask(relais, *command.split(), "--help")
            assert result.err == "" and result.out.startswith(f"Usage: relais {command}"), result
            told = re.findall(r"^  --([a-z-]+)", result.out, re.M)
            if command == "practice":
                told = [t for t in told if t in OPTIONS[command].split()]
            assert told == OPTIONS.get(command, "").split(), (command, told)
            assert "-h, --help" in result.out, result
            assert ask(relais, *command.split(), "-h").out == result.out


def test_help_is_given_before_anything_is_looked_at():
    """No database is made, and arguments that are missing or too many do not matter."""
    with program(BINARY) as relais:
        ask(relais, "preview", "--help", environment={"XDG_DATA_HOME": "/proc/nowhere"})
        ask(relais, "run", "a", "b", "--json", "--help", environment={"XDG_DATA_HOME": "/proc/nowhere"})
        ask(relais, "connection", "add", "--help", environment={"XDG_DATA_HOME": "/proc/nowhere"})


def test_french_help_is_french_throughout():
    with program(BINARY) as english, program(BINARY, "fr") as french:
        for words in [["--help"]] + [command.split() + ["--help"] for command in COMMANDS] + [["connection", "--help"], ["export", "--help"]]:
            both = lines(ask(english, *words).out) & lines(ask(french, *words).out)
            # What is the same in both languages is a command, or the name of a fault on a line of its own.
            same = {line for line in both if not re.fullmatch(r"relais [a-z]+( [a-z]+)?|[a-z0-9-]+(\[?=[A-Z@|%=N]+\]?)?", line)}
            assert not same, (words, same)
            text = ask(french, *words).out
            for word in ("NAME", "FILE", "HOST", "Usage:", "OPTION]… ", "Options: ", " the ", " and ", "Print", "Show"):
                assert not re.search(rf"(?<![\w]){re.escape(word)}", text), (words, word, text)


def test_groups_tell_their_commands():
    with program(BINARY) as relais:
        for group in ("connection", "export"):
            told = ask(relais, group, "--help").out
            assert set(re.findall(rf"relais ({group} [a-z]+)", told)) == {c for c in COMMANDS if c.startswith(group)}, told
            assert refused(relais, group).err.strip() == told.strip()


def test_the_version_is_told():
    with program(BINARY) as relais:
        assert re.fullmatch(r"Relais \d+\.\d+\.\d+\n", ask(relais, "--version").out)


def test_unknown_commands_are_named():
    with program(BINARY) as relais:
        for words, named in [(["frob"], "“frob”"), (["connection", "frob"], "“connection frob”"), (["export", "run"], "“export run”"),
                             (["--frob"], "“--frob”"), (["-x"], "“-x”"), ([""], "“”"), (["Run"], "“Run”"), (["schedule"], "“schedule”"),
                             (["help"], "“help”")]:
            assert named in refused(relais, *words, named="relais --help").err


def test_unknown_options_are_named():
    with program(BINARY) as relais:
        for words in [["run", "--jason"], ["run", "-x"], ["run", "--"[:2] + "csv"], ["lists", "A", "--csv"], ["connection", "list", "--js"],
                      ["export", "add", "-", "--json"], ["practice", "--frob"], ["run", "A", "--allow-leaver"], ["preview", "A", "--again"]]:
            refused(relais, *words, named=["--help"])
        refused(relais, "run", "--jason", named="“--jason”")
        refused(relais, "run", "--json=yes", "A", named="“--json=yes”")
        refused(relais, "connection", "add", "--name", named="“--name”")


def test_too_many_and_too_few_words_show_how_it_is_written():
    with program(BINARY) as relais:
        for words in [["lists"], ["lists", "A", "B"], ["fields"], ["connection", "check"], ["connection", "remove", "A", "B"],
                      ["connection", "list", "A"], ["connection", "add", "A"], ["export", "add"], ["export", "show"],
                      ["export", "erase"], ["export", "remove"], ["export", "list", "A"], ["preview"], ["preview", "A", "B"], ["history", "A", "B"],
                      ["report"], ["report", "A", "B"]]:
            refused(relais, *words, named="Usage: relais " + words[0])
        refused(relais, "practice", "A")


def test_options_may_stand_anywhere_and_a_double_dash_ends_them():
    with program(BINARY) as relais:
        refused(relais, "lists", "--json", "Nobody", named="“Nobody”")
        refused(relais, "lists", "--", "--json", named="“--json”")
        refused(relais, "lists", "--json", "--", "-h", named="“-h”")
        refused(relais, "lists", "-", named="“-”")


def test_words_are_refused_in_french_too():
    with program(BINARY, "fr") as relais:
        refused(relais, "frob", named="«\u00a0frob\u00a0»")
        refused(relais, "run", "--jason", named="«\u00a0--jason\u00a0»")
        refused(relais, "connection", "add", "--name", named="«\u00a0--name\u00a0»")
        refused(relais, "lists", "Personne", named="«\u00a0Personne\u00a0»")
        refused(relais, "lists", named="relais lists CONNEXION")


main(sys.modules["__main__"])

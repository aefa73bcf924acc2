#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person corrects a row that was not delivered, where the result shows it, in the language named.

with-window.sh test-correcting-window.py RELAIS LANGUAGE LOCALEDIR

What was sent is asked of the stand-in, not of the window.
"""
import functools
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from journey import accounted, practice_account, program, run_tests
from window import Window, Words, eventually

ROWS = ["EMail,FirstName", "zoe@example.com,Zoé", "anais.example.com,Anaïs", "luc@example.com,Luc"]


def set_up(relais, account):
    path = os.path.join(relais.home, "clients.csv")
    with open(path, "w", encoding="utf-8") as out:
        out.write("\n".join(ROWS) + "\n")
    relais.connect(account)
    relais.add_export({"name": "Printemps", "connection": "Practice", "list": "1", "segments": [{"file": path}],
                       "matching": {"email": "EMail", "first_name": "FirstName"}})
    relais("run", "Printemps", expect=1)


def test_a_row_is_corrected_where_it_stands(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, "--fault", "import-delay=1") as account:
        set_up(relais, account)
        first = relais.json("report", "Printemps")["run"]
        with Window(relais) as window:
            window.find("label", "Printemps")
            window.click(list(window.all("push button", _("More Actions")))[-1])
            window.click(window.find("menu item", _("_Result of the Last Run")))
            dialog = window.dialog("Printemps")
            window.find("label", _("Row %s").replace("%s", "2") + " · anais.example.com", dialog)
            send = window.find("push button", _("_Send Corrected Rows"), dialog)
            assert not window.is_allowed(send)
            # With the keyboard: a row unfolds when it has the focus.
            window.tab_to("push button", _("Save _Rejected Rows…"))
            window.press("Tab")
            window.press("Return")
            window.find("text", _("Email address"), dialog)
            window.press("Tab")
            window.press("ctrl+a")
            window.type("anais@example.com")
            button = window.find("push button", _.plural("_Send %s Corrected Row", "_Send %s Corrected Rows", 1).replace("_", "").replace("%s", "1"), dialog)
            window.click(button)
            window.closed("Printemps")
            eventually("the second run", lambda: [run for run in relais.json("history") if run["corrects"] == first and run["status"] == "successful"])
        run = relais.json("report", "Printemps")
        assert run["rows"]["read"] == 1 and run["rows"]["delivered"] == 1 and accounted(run["rows"]), run
        people = {person["email"]: person["firstName"] for person in account.contacts("1", 1)}
        assert people["anais@example.com"] == "Anaïs" and people["zoe@example.com"] == "Zoé", people


run_tests([(name[len("test_"):].replace("_", " "), functools.partial(value, *sys.argv[1:4]))
           for name, value in list(globals().items()) if name.startswith("test_")])

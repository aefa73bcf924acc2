#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person who has never seen Relais gets a segment onto a list, in the language named.

with-window.sh test-window.py RELAIS LANGUAGE LOCALEDIR

What was sent is asked of the stand-in, not of the window.
"""
import functools
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from journey import accounted, practice_account, program, run_tests
from window import Window, Words, below, bare, eventually

HEADER = "N° client;Prénom;Nom;Adresse électronique;N° de téléphone"
PEOPLE = [
    ("1;Zoé;Lefèvre;zoe.lefevre@example.com;+33 6 39 98 12 34", "zoe.lefevre@example.com"),
    ("2;Jérôme;D’Hérouville;jerome@example.org;06 39 98 55 66", "jerome@example.org"),
    ("3;Benoît;Faure;benoit.faure.example.com;", None),
    ("4;Zoé;Lefèvre;ZOE.LEFEVRE@example.com;", None),
    ("5;Anaïs;Noël;anais@example.net;", "anais@example.net"),
]
# So long that a run is seen to run, however busy the machine is.
SLOW = ("--fault", "import-delay=8000")


def write_segment(folder, people=PEOPLE):
    path = os.path.join(folder, "clients.csv")
    with open(path, "wb") as out:
        out.write(("\r\n".join([HEADER] + [line for line, _ in people]) + "\r\n").encode("cp1252"))
    return path


def write_many(folder, n):
    path = os.path.join(folder, "many.csv")
    with open(path, "w", encoding="utf-8") as out:
        out.write("EMail\n" + "".join(f"person{i}@example.com\n" for i in range(n)))
    return path


def fill_connection(window, _, dialog, name, key, host):
    window.write(_("Display name"), name, dialog)
    window.write(_("ActiveCampaign API key"), key, dialog)
    window.write(_("REST endpoint hostname"), host, dialog)


def agree(window, _):
    """With the keyboard: a check box has no action for a screen reader to ask for."""
    box = window.tab_to("check box", _("I _agree"))
    window.press("space")
    eventually("the tick", lambda: window.is_checked(box))


def connect(window, _, dialog):
    """Presses Connect, and gives the sentence that it comes to."""
    def answer():
        labels = [bare(node.get_name()) for node in below(dialog) if node.get_role_name() == "label"]
        sentence = labels[labels.index(_("Connect to ActiveCampaign")) + 1]
        return sentence if sentence not in (_("Not connected yet"), _("Asking the account…")) else None
    window.press_button(_("C_onnect"), dialog)
    return eventually("the account's answer", answer)


def add_connection(window, _, account, name="Boutique"):
    window.press_button(_("_Add Connection"))
    dialog = window.dialog(_("Add Connection"))
    fill_connection(window, _, dialog, name, account.key, account.address)
    assert connect(window, _, dialog).startswith(_("Connected to %s, as %s").split("%s")[0])
    agree(window, _)
    window.press_button(_("_Save"), dialog)
    window.closed(_("Add Connection"))


def choose_file(window, _, dialog, path):
    """As a person who knows where the file is: "/" begins a path in GTK's own file chooser."""
    window.press_button(re.compile("…"), dialog)
    window.dialog(_("Choose a Segment"))
    window.type(path)
    window.press("Return")
    window.closed(_("Choose a Segment"))
    window.find("label", os.path.basename(path), dialog)


def run_ends(window, _):
    """Told by the row: the toast that tells it too is gone in a moment."""
    window.find("label", re.compile("^" + re.escape(_("Completed with errors"))))


def result_of_last_run(window, _):
    window.click(list(window.all("push button", _("More Actions")))[-1])
    window.click(window.find("menu item", _("_Result of the Last Run")))


def only_run(relais):
    runs = relais.json("history")
    assert len(runs) == 1, runs
    return runs[0]


def test_try_with_a_practice_account(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais:
        with Window(relais) as window:
            window.press_button(_("_Try with a Practice Account"))
            window.find("label", _("Sample customers"))
            window.press_button(_("_Run"))
            run_ends(window, _)
            result_of_last_run(window, _)
            dialog = window.dialog(_("Sample customers"))
            window.find("label", _("Rows That Were Not Delivered"), dialog)
            window.press("Escape")
            window.closed(_("Sample customers"))
        run = only_run(relais)
        assert run["status"] == "completed-with-errors" and accounted(run["rows"]), run
        assert run["rows"]["delivered"] > 0 and run["rows"]["invalid"] > 0, run


def test_connect_set_up_run_and_read_the_result(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, *SLOW) as account:
        path = write_segment(relais.home)
        before = {person["email"] for person in account.contacts("1", 1)}
        with Window(relais) as window:
            add_connection(window, _, account)
            window.press_button(_("_Add Destination"))
            dialog = window.dialog(_("Set Up Export"))
            window.write(_("Display name"), "Printemps", dialog)
            choose_file(window, _, dialog, path)
            window.find("label", "zoe.lefevre@example.com", dialog)      # the sample of what is matched to Email
            window.write(_("ActiveCampaign List ID"), "1", dialog)
            window.write(_("Country of telephone numbers, such as FR"), "FR", dialog)
            window.press_button(_("_Save"), dialog)
            window.closed(_("Set Up Export"))
            assert account.state()["bulk_requests"] == 0, "saving sent something"

            window.press_button(_("_Run"))
            window.find("progress bar", _("Progress of the run"))
            run_ends(window, _)
            result_of_last_run(window, _)
            dialog = window.dialog("Printemps")
            window.find("label", re.compile(r"benoit\.faure\.example\.com$"), dialog)
            counts = [bare(node.get_name()) for node in below(dialog) if node.get_role_name() == "label"]
            assert counts[counts.index(_("Delivered")) + 1] == "3", counts
            assert counts[counts.index(_("Rows read")) + 1] == "5", counts
        there = {person["email"]: person for person in account.contacts("1", 1)}
        assert set(there) - before == {email for _line, email in PEOPLE if email}, sorted(there)
        assert there["jerome@example.org"]["phone"] == "+33639985566", there["jerome@example.org"]
        assert there["zoe.lefevre@example.com"]["lastName"] == "Lefèvre", there["zoe.lefevre@example.com"]
        assert accounted(only_run(relais)["rows"])


def test_what_is_wrong_with_a_connection_is_told_and_cancel_leaves_nothing(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais) as account:
        with Window(relais) as window:
            window.press_button(_("_Add Connection"))
            dialog = window.dialog(_("Add Connection"))
            fill_connection(window, _, dialog, "Boutique", "not the key", account.address)
            refused = connect(window, _, dialog)
            assert "API" in refused and refused.endswith("."), refused
            assert not window.is_allowed(window.find("push button", _("_Save"), dialog))
            window.write(_("REST endpoint hostname"), "127.0.0.1:1", dialog)
            unreachable = connect(window, _, dialog)
            assert "API" not in unreachable and unreachable.endswith("."), unreachable
            window.write(_("REST endpoint hostname"), "192.168.0.7", dialog)
            window.press_button(_("C_onnect"), dialog)
            window.find("label", _("Enter the host name that ActiveCampaign shows, not an IP address."), dialog)
            window.press_button(_("_Cancel"), dialog)
            window.closed(_("Add Connection"))
            window.find("push button", _("_Add Connection"))
        assert relais.json("connection", "list") == []
        assert not os.path.exists(relais.environment["SECRET_FILE_TEST_PATH"]), "a key was stored"


def remove_last(window, _):
    window.click(list(window.all("push button", _("More Actions")))[-1])
    window.click(window.find("menu item", _("Re_move")))
    return window.find("push button", _("_Undo"))


def test_what_is_removed_can_be_brought_back_until_the_program_ends(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais) as account:
        relais.connect(account, "Boutique")
        relais.connect(account, "Atelier")
        relais.add_export({"name": "Printemps", "connection": "Atelier", "list": "1", "segments": [{"file": write_segment(relais.home)}],
                           "matching": {"email": "Adresse électronique"}})
        with Window(relais) as window:
            window.find("label", "Printemps")
            window.click(remove_last(window, _))
            window.find("label", "Printemps")
            remove_last(window, _)
            eventually("the row to go", lambda: not any(window.all("label", "Printemps")))
            window.press("alt+2")
            window.find("label", "Boutique")
            remove_last(window, _)
            eventually("the row to go", lambda: not any(window.all("label", "Boutique")))
            window.press("ctrl+q")
            assert window.ended() == 0
        assert relais.json("export", "list") == []
        assert [one["name"] for one in relais.json("connection", "list")] == ["Atelier"]


def set_up_many(relais, account, n):
    relais.connect(account, "Boutique", "--limits", "20/10")
    relais.add_export({"name": "Tous", "connection": "Boutique", "list": "1", "segments": [{"file": write_many(relais.home, n)}],
                       "matching": {"email": "EMail"}})


def everybody(account):
    return {person["email"] for person in account.contacts("1", 1) if person["email"].startswith("person")}


def test_a_run_goes_on_when_the_window_is_closed(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, *SLOW) as account:
        set_up_many(relais, account, 600)
        with Window(relais) as window:
            window.press_button(_("_Run"))
            window.find("push button", _("_Cancel"))
            window.press("ctrl+w")
            assert window.ended() == 0
        assert everybody(account) == {f"person{i}@example.com" for i in range(600)}
        assert only_run(relais)["status"] == "successful"


def test_quitting_while_running_asks_and_the_run_can_go_on(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, "--limits", "20/10") as account:
        set_up_many(relais, account, 20000)
        with Window(relais) as window:
            window.press_button(_("_Run"))
            window.find("push button", _("_Cancel"))
            window.press("ctrl+q")
            window.press_button(_("_Keep Running"), window.dialog(_.plural("Stop the Run and Quit?", "Stop the Runs and Quit?", 1)))
            window.closed(_.plural("Stop the Run and Quit?", "Stop the Runs and Quit?", 1))
            assert window.process.poll() is None
            window.find("push button", _("_Cancel"))
            window.press("ctrl+q")
            window.press_button(_("_Stop and Quit"), window.dialog(_.plural("Stop the Run and Quit?", "Stop the Runs and Quit?", 1)))
            assert window.ended() == 0
        assert only_run(relais)["status"] == "interrupted"
        assert len(everybody(account)) < 20000
        with Window(relais) as window:
            window.find("label", re.compile("^" + re.escape(_("Interrupted"))))
            window.find("push button", _("_Go On"))


def choose_with_keys(window, _, name, item):
    """The next one of a drop-down."""
    window.tab_to("combo box", name)
    window.press("space")
    window.press("Down")
    window.press("Return")
    window.find("label", item)


def opted_out(account):
    return {person["email"] for person in account.contacts("1", 2) if person["email"].startswith("person")}


def test_people_who_left_are_taken_off_when_a_person_says_so(binary, language, folder):
    _ = Words(folder, language)
    title = _.plural("Take %s Person Off?", "Take %s People Off?", 12) % 12
    take_off = (_.plural("_Take %s Person Off the List", "_Take %s People Off the List", 12) % 12).replace("_", "")
    with program(binary, language) as relais, practice_account(relais, "--no-limits") as account:
        set_up_many(relais, account, 40)
        relais("run", "Tous")
        write_many(relais.home, 28)
        with Window(relais) as window:
            window.click(list(window.all("push button", _("More Actions")))[-1])
            window.click(window.find("menu item", _("_Edit…")))
            window.dialog(_("Edit Export"))
            choose_with_keys(window, _, _("People who left the segment"), _("Take off"))
            window.tab_to("spin button", _("Ask when more than this percentage would be taken off"))
            window.press("ctrl+a")
            window.type("25")
            window.press("ctrl+s")
            window.closed(_("Edit Export"))

            window.press_button(_("_Run"))
            window.dialog(title)
            window.press("Return")       # whoever does not read cancels
            window.closed(title)
            window.find("label", re.compile("^" + re.escape(_("Waiting for your answer"))))
            assert everybody(account) == {f"person{i}@example.com" for i in range(40)}
            window.press_button(_("_Answer…"))
            window.press_button(take_off, window.dialog(title))
            window.find("label", re.compile("^" + re.escape(_("Successful"))))
            result_of_last_run(window, _)
            dialog = window.dialog("Tous")
            counts = [bare(node.get_name()) for node in below(dialog) if node.get_role_name() == "label"]
            assert counts[counts.index(_("Taken off the list")) + 2] == "12", counts
        definition = json.loads(relais("export", "show", "Tous"))
        assert definition["leavers"] == "remove" and definition["leavers_brake"]["share"] == 25, definition
        assert opted_out(account) == {f"person{i}@example.com" for i in range(28, 40)}
        assert everybody(account) == {f"person{i}@example.com" for i in range(28)}


def test_without_a_mouse(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais:
        with Window(relais) as window:
            window.find("push button", _("_Try with a Practice Account"))
            window.tab_to("push button", _("_Try with a Practice Account"))
            window.press("Return")
            window.find("label", _("Sample customers"))
            window.tab_to("push button", _("_Run"))
            window.press("space")
            run_ends(window, _)
            window.tab_to("push button", _("More Actions"))
            window.press("space")
            window.find("menu item", _("_Edit…"))
            window.press("Down")
            window.press("Return")
            window.dialog(_("Sample customers"))
            window.press("Escape")
            window.closed(_("Sample customers"))
            window.press("alt+2")
            window.find("list item", None)
            window.press("ctrl+n")
            window.dialog(_("Add Connection"))
            window.press("Escape")
            window.closed(_("Add Connection"))
            window.press("alt+1")
            window.press("ctrl+n")
            window.dialog(_("Set Up Export"))
            window.press("ctrl+w")
            window.closed(_("Set Up Export"))
            window.press("F1")
            shortcuts = _.translation.pgettext("shortcuts", "Keyboard Shortcuts")
            window.find("label", _.translation.pgettext("shortcuts", "Close the window"), window.dialog(shortcuts))
            window.press("Escape")
            window.closed(shortcuts)
            window.press("ctrl+q")
            assert window.ended() == 0
        assert only_run(relais)["rows"]["delivered"] > 0


def test_without_a_keyring_the_practice_account_works(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais:
        for name in ("SECRET_BACKEND", "SECRET_FILE_TEST_PATH", "SECRET_FILE_TEST_PASSWORD"):
            del relais.environment[name]
        with Window(relais, "--practice") as window:
            window.find("label", _("Sample customers"))
            window.press_button(_("_Run"))
            run_ends(window, _)
        assert only_run(relais)["status"] == "completed-with-errors"


TESTS = [test_try_with_a_practice_account, test_what_is_removed_can_be_brought_back_until_the_program_ends,
         test_connect_set_up_run_and_read_the_result,
         test_what_is_wrong_with_a_connection_is_told_and_cancel_leaves_nothing, test_a_run_goes_on_when_the_window_is_closed,
         test_quitting_while_running_asks_and_the_run_can_go_on, test_people_who_left_are_taken_off_when_a_person_says_so,
         test_without_a_mouse,
         test_without_a_keyring_the_practice_account_works]

if __name__ == "__main__":
    program_path, spoken, locale_folder = sys.argv[1:4]
    wanted = [test for test in TESTS if not sys.argv[4:] or any(word in test.__name__ for word in sys.argv[4:])]
    run_tests([(f"{test.__name__}-{spoken}".replace("_", "-"), functools.partial(test, program_path, spoken, locale_folder)) for test in wanted])

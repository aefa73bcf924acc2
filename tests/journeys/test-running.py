#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A person watches runs, stops them, and goes on with them, in the language named.

with-window.sh test-running.py RELAIS LANGUAGE LOCALEDIR

What was sent is asked of the stand-in, not of the window.
"""
import functools
import os
import re
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from journey import accounted, practice_account, program, run_tests
from window import Atspi, Window, Words, below, bare, eventually

SECONDS_TO_CANCEL = 3


def add_export(relais, name, prefix, n):
    path = os.path.join(relais.home, prefix + ".csv")
    with open(path, "w", encoding="utf-8") as out:
        out.write("EMail\n" + "".join(f"{prefix}{i}@example.com\n" for i in range(n)))
    relais.add_export({"name": name, "connection": "Boutique", "list": "1", "segments": [{"file": path}], "matching": {"email": "EMail"},
                       "verify": "off"})


def arrived(account, prefix):
    return {person["email"] for person in account.contacts("1", 1) if person["email"].startswith(prefix)}


def row_of(window, name):
    return next(row for row in window.all("list item") if any(node.get_name() == name for node in below(row)))


def begins(sentence):
    return re.compile("^" + re.escape(sentence))


def runs_of(relais, name):
    return [run for run in relais.json("history") if run["export"] == name]


def test_a_run_is_watched_to_its_result(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, "--limits", "20/5") as account:
        relais.connect(account, "Boutique", "--limits", "20/5")
        add_export(relais, "Tous", "person", 10000)
        with Window(relais) as window:
            window.press_button(_("_Run"))
            window.find("push button", _("_Cancel"))
            # With the keyboard: the row itself leads to the view of its run.
            window.tab_to("push button", _("_Cancel"))
            window.press("shift+Tab")
            eventually("the row to have the keyboard", lambda: window.focused().get_role_name() == "list item")
            window.press("Return")
            dialog = window.dialog("Tous")
            stage = window.find("status bar", begins(_("Sending")), dialog)
            bar = window.find("progress bar", _("Progress of the run"), dialog)
            window.find("label", re.compile("10\\D?000"), dialog)

            def told(title):
                labels = [bare(node.get_name()) for node in below(dialog) if node.get_role_name() == "label"]
                return labels[labels.index(_(title)) + 1]
            eventually("the speed", lambda: told("Speed") != _("Not known yet"))
            eventually("the time that remains", lambda: told("Time remaining") not in ("", _("Not known yet")))
            # Quarters alone are read out.
            told_since = eventually("a quarter or more", lambda: ": " in bare(stage.get_name()).replace("\u00a0", " ") and stage.get_name())
            assert "%" not in told_since and not re.search(r"\d", told_since), told_since
            assert 0.2 < Atspi.Value.get_current_value(bar) <= 1
            window.find("status bar", begins(_("Successful")), dialog)
            window.press("Return")          # what is offered has the keyboard
            window.find("label", _("Rows read"), window.dialog("Tous"))
            window.press("Escape")
            window.closed("Tous")
        assert arrived(account, "person") == {f"person{i}@example.com" for i in range(10000)}


def test_what_is_waited_for_is_told_and_can_be_tried_at_once(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, "--limits", "20/5") as account:
        relais.connect(account, "Boutique", "--limits", "20/5")
        add_export(relais, "Tous", "person", 20000)
        with Window(relais) as window:
            window.press_button(_("_Run"))
            window.find("push button", _("_Cancel"))
            window.click(list(window.all("push button", _("More Actions")))[-1])
            window.click(window.find("menu item", _("_Progress of the Run")))
            dialog = window.dialog("Tous")
            window.find("status bar", begins(_("Sending")), dialog)
            account.stop()
            window.find("label", _("Not known while it waits"), dialog)
            # Long enough for the pause to be one that nobody wants to sit out
            countdown = begins(_.plural("Relais tries again in %u second.", "Relais tries again in %u seconds.", 9).split("%u")[0])
            window.find("label", countdown, dialog)
            window.press_button(_("_Try Now"), dialog)
            began = time.monotonic()
            window.press_button(_("_Cancel the Run"), dialog)
            window.find("status bar", _.translation.pgettext("status of an export", "Canceled"), dialog)
            assert time.monotonic() - began < SECONDS_TO_CANCEL, time.monotonic() - began
        assert runs_of(relais, "Tous")[0]["status"] == "canceled"


def test_cancel_ends_it_at_the_edge_of_a_batch_within_seconds(binary, language, folder):
    """However long an import takes on the other side."""
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, "--limits", "20/5", "--fault", "import-delay=20000") as account:
        relais.connect(account, "Boutique", "--limits", "20/5")
        add_export(relais, "Tous", "person", 20000)
        with Window(relais) as window:
            window.press_button(_("_Run"))
            eventually("some batches", lambda: account.state()["bulk_requests"] > 3)
            began = time.monotonic()
            window.press_button(_("_Cancel"))
            window.find("label", begins(_.translation.pgettext("status of an export", "Canceled")))
            assert time.monotonic() - began < SECONDS_TO_CANCEL, time.monotonic() - began
        run = runs_of(relais, "Tous")[0]
        assert run["status"] == "canceled" and accounted(run["rows"]), run
        sent = account.state()["bulk_requests"]
        assert sent < 80, sent


def test_two_runs_share_the_pace(binary, language, folder):
    """Both are seen at once, and the account's limits hold for both together."""
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, "--limits", "20/5") as account:
        relais.connect(account, "Boutique", "--limits", "20/5")
        add_export(relais, "Les uns", "one", 5000)
        add_export(relais, "Les autres", "other", 5000)
        with Window(relais) as window:
            window.press_button(_("Run A_ll"))
            for name in ("Les uns", "Les autres"):
                window.find("push button", _("_Cancel"), row_of(window, name))
            assert sum(1 for _node in window.all("progress bar", _("Progress of the run"))) == 2
            for name in ("Les uns", "Les autres"):
                window.find("label", begins(_("Successful")), row_of(window, name))
        state = account.state()
        assert state["bulk_requests"] == 40 and state["throttled"] == 0, state
        assert len(arrived(account, "one")) == len(arrived(account, "other")) == 5000


def test_quitting_names_what_runs(binary, language, folder):
    _ = Words(folder, language)
    with program(binary, language) as relais, practice_account(relais, "--limits", "20/10") as account:
        relais.connect(account, "Boutique", "--limits", "20/10")
        add_export(relais, "Les uns", "one", 20000)
        add_export(relais, "Les autres", "other", 20000)
        with Window(relais) as window:
            window.press_button(_("Run A_ll"))
            window.find("push button", _("_Cancel"), row_of(window, "Les autres"))
            window.press("ctrl+q")
            title = _.plural("Stop the Run and Quit?", "Stop the Runs and Quit?", 2)
            dialog = window.dialog(title)
            body = window.find("label", re.compile("Les uns"), dialog)
            assert "Les autres" in body.get_name(), body.get_name()
            window.press_button(_("_Stop and Quit"), dialog)
            assert window.ended() == 0
        assert [run["status"] for run in relais.json("history")] == ["interrupted"] * 2


def test_after_a_crash_the_window_offers_to_go_on(binary, language, folder):
    """And goes on with that very run: nobody is sent twice but what was under way."""
    _ = Words(folder, language)
    offer = _.plural("The run of %s was interrupted. It can go on where it was.", "The runs of %s were interrupted. They can go on where they were.", 1)
    with program(binary, language) as relais, practice_account(relais, "--limits", "20/5") as account:
        relais.connect(account, "Boutique", "--limits", "20/5")
        add_export(relais, "Tous", "person", 8000)
        with Window(relais) as window:
            window.press_button(_("_Run"))
            eventually("some batches", lambda: account.state()["bulk_requests"] > 8)
            window.kill()
        before = runs_of(relais, "Tous")
        assert [run["status"] for run in before] == ["interrupted"], before
        with Window(relais) as window:
            window.find("label", begins(_("Interrupted")), row_of(window, "Tous") if window.find("label", "Tous") else None)
            window.find("status bar", re.compile(re.escape(offer.split("%s")[1]) + "$"))
            window.press_button(_("Not Now"))
            window.gone("push button", _("Not Now"))
        with Window(relais) as window:
            window.find("push button", _("Not Now"))
            window.click(next(window.all("push button", _("_Go On"))))
            window.gone("push button", _("Not Now"))
            window.find("label", begins(_("Successful")))
        after = runs_of(relais, "Tous")
        assert [run["run"] for run in after] == [run["run"] for run in before], after
        assert after[0]["status"] == "successful" and accounted(after[0]["rows"]), after
        assert arrived(account, "person") == {f"person{i}@example.com" for i in range(8000)}
        assert account.state()["bulk_requests"] <= 32 + after[0]["batches"]["repeated"], (account.state(), after)


TESTS = [test_a_run_is_watched_to_its_result, test_what_is_waited_for_is_told_and_can_be_tried_at_once,
         test_cancel_ends_it_at_the_edge_of_a_batch_within_seconds, test_two_runs_share_the_pace, test_quitting_names_what_runs,
         test_after_a_crash_the_window_offers_to_go_on]

if __name__ == "__main__":
    program_path, spoken, locale_folder = sys.argv[1:4]
    wanted = [test for test in TESTS if not sys.argv[4:] or any(word in test.__name__ for word in sys.argv[4:])]
    run_tests([(f"{test.__name__}-{spoken}".replace("_", "-"), functools.partial(test, program_path, spoken, locale_folder)) for test in wanted])

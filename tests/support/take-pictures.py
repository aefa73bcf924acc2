#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures of every page, dialog and state of the window, wide and narrow, for eyes.

with-window.sh take-pictures.py RELAIS FOLDER [LANGUAGE]…

RELAIS is an installed program, so that it finds its translations and samples. The
README's pictures (data/screenshots) are exports.png and exports-fr.png among them.
RELAIS_APPEARANCE=dark, RELAIS_CONTRAST=high and RELAIS_TEXT_SCALE=1.5 make others.
"""
import os
import re
import subprocess
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "journeys"))
from journey import Practice, Relais
from window import Window, Words, below, xdotool

SIZES = {"wide": (900, 640), "narrow": (360, 640)}
README_SIZE = 908, 380
FRAME = 4        # what a desktop without shadows draws around a window
PEOPLE = [("Zoé", "Lefèvre"), ("Jérôme", "D’Hérouville"), ("Anaïs", "Crèvecœur"), ("Loïc", "Petit"), ("Gaëlle", "Noël")]


def write_segment(folder, rows, wrong="benoit.faure.example.com"):
    """As French Excel writes it; one address is @wrong, and one is there twice."""
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "clients-printemps.csv")
    lines = ["N° client;Prénom;Nom;Adresse électronique;N° de téléphone;Ville"]
    for i in range(rows):
        first, last = PEOPLE[i % len(PEOPLE)]
        lines.append(f"{i};{first};{last};client{i}@example.com;+33 6 39 98 {i // 100 % 100:02d} {i % 100:02d};Nîmes")
    lines[3] = f"3;Benoît;Faure;{wrong};;Lyon"
    lines[6] = "6;Zoé;Lefèvre;client4@example.com;;Lyon"
    with open(path, "wb") as out:
        out.write(("\r\n".join(lines) + "\r\n").encode("cp1252"))
    return path


class Session:
    """One language, with a home and an account of its own."""

    def __init__(self, binary, folder, language):
        self.folder, self.language = folder, language
        self.shop = "Boutique en ligne" if language == "fr" else "Online shop"
        self.relais = Relais(binary, language)
        self.account = Practice(self.relais)
        self.say = Words(os.path.join(os.path.dirname(os.path.abspath(binary)), "..", "share", "locale"), language)
        self.environment = {}
        if os.environ.get("RELAIS_APPEARANCE") == "dark":
            self.environment["ADW_DEBUG_COLOR_SCHEME"] = "prefer-dark"
        if os.environ.get("RELAIS_CONTRAST") == "high":
            self.environment["ADW_DEBUG_HIGH_CONTRAST"] = "1"

    def open(self, *arguments):
        return Window(self.relais, *arguments, environment=self.environment)

    def path(self, name):
        return os.path.join(self.folder, name + ".png")

    def shoot(self, window, name, title=None):
        """One picture for each width, of the top level that is in front or has this title."""
        top = window.dialog(title) if title else window.top()
        for size, (width, height) in SIZES.items():
            window.resize(width, height, top)
            xdotool("mousemove", 0, 0)
            window.settle()
            window.picture(self.path(f"{name}-{size}-{self.language}"), top)
        window.resize(*SIZES["wide"], top)
        window.settle()

    def shoot_screen(self, window, name):
        """Menus are windows of their own."""
        window.settle(1.5)
        subprocess.run(["import", "-window", "root", self.path(f"{name}-{self.language}")], check=True)

    def shoot_for_readme(self, window):
        """With the round corners and the shadow that a desktop gives it."""
        name = self.path("exports" if self.language == "en" else f"exports-{self.language}")
        window.resize(*README_SIZE)
        window.settle()
        window.picture(name)
        width, height = (side - 2 * FRAME - 1 for side in README_SIZE)
        subprocess.run(["convert", name, "-shave", f"{FRAME}x{FRAME}", "-alpha", "set",
                        "(", "+clone", "-alpha", "transparent", "-fill", "white", "-draw", f"roundrectangle 0,0 {width},{height} 12,12", ")",
                        "-compose", "DstIn", "-composite",
                        "(", "+clone", "-background", "black", "-shadow", "35x10+0+4", ")", "+swap", "-background", "none",
                        "-compose", "Over", "-layers", "merge", "+repage", "-strip", name], check=True)
        window.resize(*SIZES["wide"])

    def close(self):
        self.account.stop()
        self.relais.close()


def row_of(window, name):
    return next(row for row in window.all("list item") if any(node.get_name() == name for node in below(row)))


def choose_in_menu(session, window, name, item):
    window.click(list(window.all("push button", session.say("More Actions"), row_of(window, name)))[-1])
    window.click(window.find("menu item", session.say(item)))


def empty_states(session):
    with session.open() as window:
        window.find("push button", session.say("_Try with a Practice Account"))
        session.shoot(window, "exports-unconnected")
        window.press("alt+2")
        session.shoot(window, "connections-empty")


def connection_dialog(session):
    say, title, account = session.say, session.say("Add Connection"), session.account
    with session.open() as window:
        window.press_button(say("_Add Connection"))
        dialog = window.dialog(title)

        def try_with(name, host, key):
            window.write(say("REST endpoint hostname"), host, dialog)
            window.write(say("ActiveCampaign API key"), key, dialog)
            window.press_button(say("C_onnect"), dialog)
            window.settle(3)
            if name:
                session.shoot(window, name, title)

        session.shoot(window, "connection-new", title)
        try_with("connection-refused-host", "https://192.168.1.5/login?x", "")
        window.write(say("Display name"), session.shop, dialog)
        try_with("connection-no-key", "compte.api-us1.com", "")
        try_with(None, "mail.example.org", account.key)
        session.shoot(window, "connection-unknown-host", say("Connect to This Host?"))
        window.press("Escape")
        window.closed(say("Connect to This Host?"))
        try_with("connection-unreachable", "127.0.0.1:1", account.key)
        try_with("connection-wrong-key", account.address, "wrong")
        try_with("connection-connected", account.address, account.key)


def new_export(session):
    say, title = session.say, session.say("Set Up Export")
    with session.open() as window:
        window.find("push button", say("_Add Destination"))
        session.shoot(window, "exports-empty")
        window.press_button(say("_Add Destination"))
        dialog = window.dialog(title)
        window.settle(3)
        session.shoot(window, "export-new", title)
        window.press_button(say("_Save"), dialog)
        session.shoot(window, "export-nothing-chosen", title)
        window.press("Escape")


def set_up_exports(session, names):
    """Saved in the window too: that is how it learns the name of the list."""
    relais = session.relais
    for name, rows in zip(names, (60, 40000)):
        relais.add_export({"name": name, "connection": session.shop, "list": "1",
                           "segments": [{"file": write_segment(os.path.join(relais.home, name), rows)}],
                           "matching": {"email": "Adresse électronique", "first_name": "Prénom", "last_name": "Nom", "phone": "N° de téléphone"},
                           "phone_country": "FR"})
    with session.open() as window:
        for name in names:
            window.find("label", name)
            choose_in_menu(session, window, name, "_Edit…")
            dialog = window.dialog(session.say("Edit Export"))
            window.find("label", "Newsletter", dialog)
            window.press_button(session.say("_Save"), dialog)
            window.closed(session.say("Edit Export"))


def running(session, window, names):
    say, quits = session.say, session.say.plural("Stop the Run and Quit?", "Stop the Runs and Quit?", 1)
    window.press_button(say("_Run"), row_of(window, names[0]))
    window.find("label", re.compile("^" + re.escape(say("Completed with errors"))))
    session.shoot(window, "exports-completed")
    window.settle(6)                # for the toast to go
    window.press_button(say("_Run"), row_of(window, names[1]))
    window.find("push button", say("_Cancel"))
    window.settle(10)
    session.shoot_for_readme(window)
    session.shoot(window, "exports-running")
    window.press("ctrl+q")
    session.shoot(window, "quit-question", quits)
    window.press_button(say("_Keep Running"), window.dialog(quits))
    window.press_button(say("_Cancel"))
    window.settle(4)
    session.shoot(window, "exports-canceled")


def watching(session):
    """The view of a run: under way, without its account, at its end; and what is offered after a crash."""
    say, relais = session.say, session.relais
    name = "Clients fidèles" if session.language == "fr" else "Loyal customers"
    segment = write_segment(os.path.join(relais.home, name), 20000)
    relais.add_export({"name": name, "connection": session.shop, "list": "2", "segments": [{"file": segment}],
                       "matching": {"email": "Adresse électronique"}})
    with session.open() as window:
        window.press_button(say("_Run"))
        window.find("push button", say("_Cancel"))
        window.settle(10)
        window.kill()
    with session.open() as window:
        window.find("push button", say("Not Now"))
        session.shoot(window, "exports-interrupted")
        window.click(next(window.all("push button", say("_Go On"))))
        window.find("push button", say("_Cancel"))
        choose_in_menu(session, window, name, "_Progress of the Run")
        dialog = window.dialog(name)
        window.settle(12)
        session.shoot(window, "running", name)
        session.account.stop()
        window.find("push button", say("_Try Now"), dialog)
        session.shoot(window, "running-waiting", name)
        window.press_button(say("_Cancel the Run"), dialog)
        window.settle(4)
        session.shoot(window, "running-ended", name)


def several(session, window, names):
    """Searching, selecting, and running all while one runs."""
    window.press("ctrl+f")
    window.type(names[0][:4])
    session.shoot(window, "exports-search")
    window.type("xyz")
    session.shoot(window, "exports-nothing-found")
    window.press("Escape")
    window.press("Tab")
    window.press("ctrl+a")
    session.shoot(window, "exports-selected")
    window.press("Escape")


def dialogs(session, window, names):
    say, title = session.say, session.say("Edit Export")
    for name, picture in zip(names, ("result", "result-canceled")):
        choose_in_menu(session, window, name, "_Result of the Last Run")
        window.dialog(name)
        session.shoot(window, picture, name)
        window.press("Escape")
        window.closed(name)
    choose_in_menu(session, window, names[0], "Re_move")
    window.find("push button", say("_Undo"))
    session.shoot(window, "exports-removed")
    window.press_button(say("_Undo"))
    window.find("label", names[0])
    choose_in_menu(session, window, names[0], "_Edit…")
    dialog = window.dialog(title)
    window.settle(3)
    session.shoot(window, "export-edit", title)
    window.tab_to("combo box", say("Phone"))
    session.shoot(window, "export-edit-matching", title)
    window.tab_to("check box", say("Start automations"))
    session.shoot(window, "export-edit-options", title)
    window.write(say("ActiveCampaign List ID"), "99", dialog)
    window.press_button(say("_Save"), dialog)
    session.shoot(window, "export-unknown-list", title)
    window.press("Escape")
    window.closed(title)


def leavers(session):
    """More people leave the segment than are taken off without a question, and some come back. Every address can be read:
    otherwise nobody would leave."""
    say, relais = session.say, session.relais
    name = "Clients fidèles" if session.language == "fr" else "Loyal customers"
    folder = os.path.join(relais.home, name)

    def write(rows):
        return write_segment(folder, rows, "benoit.faure@example.com")

    relais.add_export({"name": name, "connection": session.shop, "list": "2", "segments": [{"file": write(1500)}],
                       "matching": {"email": "Adresse électronique"}, "leavers": "remove"})
    relais("run", name)
    write(1050)
    with session.open() as window:
        window.find("label", name)
        choose_in_menu(session, window, name, "_Edit…")
        edit = say("Edit Export")
        window.dialog(edit)
        window.settle(3)
        window.tab_to("check box", say("Start automations"))
        session.shoot(window, "export-edit-leavers", edit)
        window.press("Escape")
        window.closed(edit)
        window.press_button(say("_Run"), row_of(window, name))
        question = say.plural("Take %s Person Off?", "Take %s People Off?", 450) % 450
        window.dialog(question)
        session.shoot(window, "leavers-question", question)
        window.press("Escape")
        window.closed(question)
        session.shoot(window, "exports-asking")
        window.press_button(say("_Answer…"), row_of(window, name))
        answer = (say.plural("_Take %s Person Off the List", "_Take %s People Off the List", 450) % 450).replace("_", "")
        window.press_button(answer, window.dialog(question))
        window.find("label", re.compile("^" + re.escape(say("Taking people off the list"))))
        session.shoot(window, "exports-taking-off")
        window.find("label", re.compile("^" + re.escape(say("Successful"))), row_of(window, name))
        choose_in_menu(session, window, name, "_Result of the Last Run")
        window.dialog(name)
        session.shoot(window, "result-leavers", name)
        window.press("Escape")
        window.closed(name)
    write(1060)
    relais("run", name)
    later(session, name, write)


def later(session, name, write):
    """Somebody has come back; and what there is to look back at after some more runs."""
    say, relais = session.say, session.relais
    with session.open() as window:
        window.find("label", name)
        choose_in_menu(session, window, name, "_Result of the Last Run")
        window.dialog(name)
        session.shoot(window, "result-returned", name)
    for rows in (1100, 1400, 1700):
        write(rows)
        relais("run", name)
    with session.open() as window:
        window.find("label", name)
        results(session, window, name)


def results(session, window, name):
    """The history of an export that has run a few times, a report that is saved, and the log."""
    say, history, log = session.say, session.say("History of “%s”") % name, session.say("Accountability Log")
    choose_in_menu(session, window, name, "Histor_y…")
    window.dialog(history)
    window.settle(2)
    session.shoot(window, "history", history)
    window.press("Escape")
    window.closed(history)
    window.press("F10")
    window.click(window.find("menu item", say("Accountability _Log…")))
    window.press_button(say("_Check"), window.dialog(log))
    window.settle(2)
    session.shoot(window, "log", log)
    window.press("Escape")
    window.closed(log)


def shell(session, window):
    window.press("alt+2")
    session.shoot(window, "connections")
    window.press("ctrl+f")
    session.shoot(window, "connections-search")
    window.type("zzz")
    session.shoot(window, "connections-nothing-found")
    window.press("Escape")
    window.click(window.find("push button", session.say("Sort")))
    session.shoot_screen(window, "connections-order")
    window.press("Escape")
    window.click(list(window.all("push button", session.say("More Actions")))[-1])
    session.shoot_screen(window, "connection-menu")
    window.click(window.find("menu item", session.say("_Disconnect Its Exports…")))
    window.press_button(session.say("_Cancel"))
    choose_in_menu(session, window, session.shop, "Re_move")
    uses = session.say("“%s” Is in Use") % session.shop
    window.dialog(uses)
    session.shoot(window, "connection-in-use", uses)
    window.press("Escape")
    window.closed(uses)
    window.press("F1")
    session.shoot_screen(window, "shortcuts")
    window.press("Escape")
    window.press("F10")
    session.shoot_screen(window, "menu")
    window.click(window.find("menu item", session.say("_About Relais")))
    session.shoot_screen(window, "about")
    window.press("Escape")


def without_an_account(session, window, names):
    """What is waited for, and what is told of a connection."""
    say, problem = session.say, session.say("The Connection Does Not Work")
    session.account.stop()
    window.press("alt+2")
    choose_in_menu(session, window, session.shop, "_Check Now")
    session.shoot(window, "connection-problem", problem)
    window.press("Escape")
    window.closed(problem)
    session.shoot(window, "connections-unreachable")
    window.press("alt+1")
    window.press_button(say("_Run"), row_of(window, names[0]))
    window.find("push button", say("_Try Now"))
    session.shoot(window, "exports-waiting")
    window.press_button(say("_Cancel"), row_of(window, names[0]))
    window.settle(4)


def no_keyring(session):
    for name in ("SECRET_BACKEND", "SECRET_FILE_TEST_PATH", "SECRET_FILE_TEST_PASSWORD"):
        del session.relais.environment[name]
    with session.open() as window:
        window.press("alt+2")
        choose_in_menu(session, window, session.shop, "_Check Now")
        window.settle(2)
        session.shoot(window, "connections-no-keyring")


def damaged(session):
    with open(session.relais.home + "/data/relais/journal.sqlite", "wb") as journal:
        journal.write(b"this is no database" * 500)
    with session.open() as window:
        window.find("push button", session.say("Try _Again"))
        session.shoot(window, "damaged")


def main():
    binary, folder, *languages = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    for language in languages or ["en", "fr"]:
        session = Session(binary, folder, language)
        names = ("Clients du printemps", "Tous les clients") if language == "fr" else ("Spring customers", "All customers")
        try:
            empty_states(session)
            connection_dialog(session)
            session.relais.connect(session.account, session.shop, "--limits", "40/20")
            new_export(session)
            set_up_exports(session, names)
            with session.open() as window:
                window.find("label", names[0])
                session.shoot(window, "exports-not-started")
                several(session, window, names)
                running(session, window, names)
                dialogs(session, window, names)
                shell(session, window)
                without_an_account(session, window, names)
            no_keyring(session)
            damaged(session)
        finally:
            session.close()
        session = Session(binary, folder, language)
        try:
            session.relais.connect(session.account, session.shop, "--limits", "40/20")
            leavers(session)
            watching(session)
        finally:
            session.close()


if __name__ == "__main__":
    main()

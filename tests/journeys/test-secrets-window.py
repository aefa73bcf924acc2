#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key that a person types into the window is in the keyring and on its way to its account, and nowhere else.

with-window.sh test-secrets-window.py RELAIS LOCALEDIR: with the real keyring, while everything is watched. Keys are
typed: a screen reader's protocol would carry what a test writes through it.
"""
import json
import os
import re
import subprocess
import sys

from journey import KEY, practice_account, program, run_tests
from keyring import Keyring, use
from leaks import watching
from planted import plant
from window import Atspi, Window, Words, below, bare, eventually

BINARY, LOCALES = sys.argv[1:3]
BUS = os.environ["DBUS_SESSION_BUS_ADDRESS"]
HOME = os.path.dirname(os.environ["HOME"])
WORDS = Words(LOCALES, "en")
ADD, EDIT = WORDS("Add Connection"), WORDS("Edit Connection")


def type_key(window, dialog, key, name="ActiveCampaign API key"):
    """In place of what is there. It reaches xdotool by its standard input."""
    entry = window.find("text", WORDS(name), dialog)
    window.point(entry)
    window.press("ctrl+a", "BackSpace")
    eventually("an empty entry", lambda: Atspi.Text.get_character_count(entry) == 0)
    subprocess.run(["xdotool", "type", "--delay", "25", "--file", "-"], input=key, text=True, check=True)
    eventually("the whole key", lambda: Atspi.Text.get_character_count(entry) == len(key))


def connect(window, dialog, wanted):
    window.press_button(WORDS("C_onnect"), dialog)

    def answer():
        labels = [bare(node.get_name()) for node in below(dialog) if node.get_role_name() == "label"]
        return next((label for label in labels if wanted in label), None)
    eventually(wanted, answer)


def agree(window):
    box = window.tab_to("check box", WORDS("I _agree"))
    window.press("space")
    eventually("the tick", lambda: window.is_checked(box))


def choose(window, item):
    window.click(list(window.all("push button", WORDS("More Actions")))[-1])
    window.click(window.find("menu item", WORDS(item)))


def add_connection(window, account, wrong):
    window.press_button(WORDS("_Add Connection"))
    dialog = window.dialog(ADD)
    window.write(WORDS("Display name"), "Shop", dialog)
    window.write(WORDS("REST endpoint hostname"), account.address, dialog)
    type_key(window, dialog, wrong)
    connect(window, dialog, "does not accept the API key")
    type_key(window, dialog, account.key)
    connect(window, dialog, "Connected to ")
    agree(window)
    window.press_button(WORDS("_Save"), dialog)
    window.closed(ADD)


def run(window, relais):
    path = os.path.join(relais.home, "segment.csv")
    with open(path, "w", encoding="utf-8") as out:
        out.write("EMail\nno-at.example.com\nzoe@example.com\n")
    relais.add_export({"name": "Secret", "connection": "Shop", "list": "1", "segments": [{"file": path}], "matching": {"email": "EMail"}})
    window.press("alt+1")
    window.press_button(WORDS("_Run"))
    window.find("label", re.compile("^Completed with errors"))


def edit(window, key):
    """The connection, with its key typed anew."""
    window.press("alt+2")
    choose(window, "_Edit…")
    dialog = window.dialog(EDIT)
    type_key(window, dialog, key, "API key, kept if left empty")
    connect(window, dialog, "Connected to ")
    agree(window)
    window.press_button(WORDS("_Save"), dialog)
    window.closed(EDIT)


def check_without_keyring(window, keyring):
    keyring.lock()
    choose(window, "_Check Now")
    window.find("label", re.compile("^The keyring that holds your API keys is locked"))
    keyring.stop()
    keyring.start()
    window.press_button(re.compile("^Try Again$"))
    window.find("label", WORDS("Connected"))


def remove(window, relais):
    relais("export", "remove", "Secret")
    choose(window, "Re_move")
    eventually("the connection to go", lambda: json.loads(relais("connection", "list", "--json")) == [])


def test_by_the_window_no_key_shows():
    wrong = plant()
    with program(BINARY) as relais, watching([KEY, wrong], [relais.home, HOME], [BUS]) as leaks, practice_account(relais) as account:
        use(relais)
        keyring = Keyring(os.path.join(relais.home, "keyring.log"))
        keyring.start()
        with Window(relais, environment={"G_MESSAGES_DEBUG": "all"}) as window:
            add_connection(window, account, wrong)
            # The command goes to the window over the bus, and the key does not.
            leaks.printed(relais.connect(account, "By command"), relais("connection", "remove", "By command"))
            run(window, relais)
            edit(window, account.key)
            check_without_keyring(window, keyring)
            remove(window, relais)
            window.press("ctrl+q")
            assert window.ended() == 0
        keyring.stop()
    assert b"dh-ietf1024-sha256-aes128-cbc-pkcs7" in leaks.messages and b"CreateItem" in leaks.messages
    assert b"CommandLine" in leaks.messages, "the command did not go to the window"


run_tests([("by the window no key shows", test_by_the_window_no_key_shows)])

# SPDX-License-Identifier: GPL-3.0-or-later
"""The real keyring of a session bus that is the test's own."""
import os
import subprocess
import time

PASSWORD = "the password of a keyring"
# A file in place of it is for tests that are about something else.
IN_PLACE_OF_IT = ("SECRET_BACKEND", "SECRET_FILE_TEST_PATH", "SECRET_FILE_TEST_PASSWORD")


def call(*words):
    return subprocess.run(["gdbus", "call", "--session", *words], capture_output=True, text=True, check=True).stdout


class Keyring:
    def __init__(self, log):
        self.log, self.process = log, None

    def _has_owner(self):
        return "true" in call("-d", "org.freedesktop.DBus", "-o", "/", "-m", "org.freedesktop.DBus.NameHasOwner", "org.freedesktop.secrets")

    def _wait(self, there):
        end = time.monotonic() + 30
        while self._has_owner() != there:
            assert time.monotonic() < end, "the keyring does not come or does not go"
            time.sleep(0.02)

    def start(self, unlocked=True):
        """Begins unlocked, and then makes a keyring where there is none; or locked."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(["gnome-keyring-daemon", "--foreground", "--components=secrets"] + ["--unlock"] * unlocked,
                                            stdin=subprocess.PIPE, stdout=log, stderr=log)
        if unlocked:
            self.process.stdin.write(PASSWORD.encode())
        self.process.stdin.close()
        self._wait(True)

    def stop(self):
        self.process.terminate()
        self.process.wait()
        self._wait(False)

    def lock(self):
        call("-d", "org.freedesktop.secrets", "-o", "/org/freedesktop/secrets", "-m", "org.freedesktop.Secret.Service.Lock",
             "['/org/freedesktop/secrets/collection/login']")


def use(relais):
    """The program asks the keyring of this session from now on."""
    for name in IN_PLACE_OF_IT:
        relais.environment.pop(name, None)
    relais.environment["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SESSION_BUS_ADDRESS"]

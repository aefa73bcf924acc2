#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A key is in the keyring and on its way to its account, and nowhere else: with-keyring.sh test-secrets.py RELAIS

By the command line, with the real keyring, while everything is watched.
"""
import base64
import os
import resource
import secrets
import signal
import subprocess
import sys
import time

from journey import KEY, practice_account, program, run_tests
from keyring import Keyring, use
from leaks import Leaks, watching
from planted import plant

BINARY = sys.argv[1]
BUS = os.environ["DBUS_SESSION_BUS_ADDRESS"]
HOME = os.path.dirname(os.environ["HOME"])


def test_whatever_leaks_is_seen():
    """Each of these is what must never be: that it is found shows that it would be. This key is none of those
    that are looked for after the suite."""
    key = secrets.token_hex(36)
    with program(BINARY) as relais:
        leaks = Leaks([key], [relais.home], [BUS])
        sleeping = [subprocess.Popen(["sleep", "5"], env={"PATH": os.environ["PATH"], "TOKEN": key[:30]}),
                    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(5)", "--token=" + key])]
        with open(os.path.join(relais.home, "journal"), "wb") as out:
            out.write(b"x" * 4097 + key.encode("utf-16-le"))
        with open(os.path.join(relais.home, "a log"), "w", encoding="ascii") as out:
            out.write("DEBUG: Authorization: " + base64.b64encode(f"user:{key}".encode()).decode() + "\n")
        with open(os.path.join(relais.home, "for a moment"), "w", encoding="ascii") as out:
            out.write("".join(f"%{ord(c):02x}" for c in key))
        time.sleep(1)
        os.remove(os.path.join(relais.home, "for a moment"))
        subprocess.run(["gdbus", "emit", "--session", "-o", "/leak", "-s", "org.example.Leak.Told", key], check=True)
        leaks.printed(f"The key {key[-24:]} was refused")
        found = {os.path.basename(where) for where, _ in leaks.stop()}
        for process in sleeping:
            process.kill()
            process.wait()
    missed = {"the arguments of python3", "the environment of sleep", "journal", "a log", "for a moment", "a message on a bus",
              "what was printed"} - found
    assert not missed, (missed, found)


def allow_cores():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def crash_in_a_run(relais, account, leaks):
    """What would write a core with the key in it, where cores are asked for."""
    account.post("/practice/faults", {"slow": "300"})
    process = relais.start("run", "Secret", "--json", "--again", cwd=relais.home, preexec_fn=allow_cores)
    sent = account.state()["bulk_requests"]
    while process.poll() is None and account.state()["bulk_requests"] == sent:
        time.sleep(0.02)
    process.send_signal(signal.SIGSEGV)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -signal.SIGSEGV
    leaks.printed(*process.communicate())
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 1, status      # a sanitizer ends it in its own way
    assert not (os.WIFSIGNALED(status) and os.WCOREDUMP(status)), "a core was written"
    account.post("/practice/faults", {"slow": False})


def test_by_the_command_line_no_key_shows():
    wrong = plant()
    with program(BINARY) as relais, watching([KEY, wrong], [relais.home, HOME], [BUS]) as leaks, practice_account(relais, "--no-limits") as account:
        use(relais)
        relais.environment["G_MESSAGES_DEBUG"] = "all"
        keyring = Keyring(os.path.join(relais.home, "keyring.log"))

        def ask(*words, **keywords):
            out = relais(*words, **keywords)
            leaks.printed(out, relais.errors)
            return out

        add = ("connection", "add", "--name", "Practice", "--practice", "--host", account.address, "--limits", "none", "--agree")
        path = os.path.join(relais.home, "segment.csv")
        with open(path, "w", encoding="utf-8") as out:
            out.write("EMail\nno-at.example.com\n" + "".join(f"person.{n}@example.com\n" for n in range(2000)))
        definition = os.path.join(relais.home, "definition.json")
        with open(definition, "w", encoding="utf-8") as out:
            out.write(f'{{"name": "Secret", "connection": "Practice", "list": "1", "segments": [{{"file": "{path}"}}], "matching": {{"email": "EMail"}}}}')

        ask(*add, given=KEY + "\n", expect=4)            # there is no keyring yet
        keyring.start()
        ask(*add, given=wrong + "\n", expect=4)
        ask(*add, given=KEY + "\n")
        for words in (("connection", "list", "--json"), ("connection", "check", "Practice"), ("lists", "Practice"), ("fields", "Practice"),
                      ("export", "add", definition), ("export", "show", "Secret"), ("preview", "Secret")):
            ask(*words)
        ask("run", "Secret", expect=1)
        ask("run", "Secret", "--json", expect=1)
        for words in (("report", "Secret", "--json"), ("report", "Secret", "--csv"), ("history", "Secret"), ("history", "--log")):
            ask(*words, expect=None)

        account.post("/practice/faults", {"spurious-403": True})
        ask("connection", "check", "Practice", expect=4)
        account.post("/practice/faults", {"spurious-403": False, "redirect": True})
        ask("connection", "check", "Practice", expect=4)
        account.post("/practice/faults", {"redirect": False})

        keyring.lock()
        ask("run", "Secret", "--again", expect=4)
        keyring.stop()
        keyring.start(unlocked=False)
        ask("connection", "check", "Practice", expect=4)
        keyring.stop()
        keyring.start()
        crash_in_a_run(relais, account, leaks)
        ask("export", "remove", "Secret")
        ask("connection", "remove", "Practice")
        keyring.stop()
    # The keyring was spoken to under a key that the two had agreed on, and the monitor heard it.
    assert b"org.freedesktop.Secret.Collection" in leaks.messages and b"CreateItem" in leaks.messages
    assert b"dh-ietf1024-sha256-aes128-cbc-pkcs7" in leaks.messages


run_tests([("whatever leaks is seen", test_whatever_leaks_is_seen),
           ("by the command line no key shows", test_by_the_command_line_no_key_shows)])

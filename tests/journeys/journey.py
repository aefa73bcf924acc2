# SPDX-License-Identifier: GPL-3.0-or-later
"""What whole journeys share: a Relais of their own, and a stand-in account.

Everything a journey leaves behind is in one folder, which goes when it ends.
"""
import contextlib
import csv
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import urllib.error
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "support"))
from planted import plant      # noqa: E402

KEY = plant()                  # another one each time, which is nowhere but in the account and the keyring

# libsecret's file backend, which only tests use, forgets a string of GIO's each time it writes into a keyring
# that is there: nothing but unnamed frames of GIO lies behind it.
LEAK_OF_THE_KEYRING_FILE = re.compile(r"\s*\d+ byte\(s\) in \d+ object\(s\) allocated from:\n.*\n.* in g_malloc .*\n"
                                      r".* in g_strdup .*\n\s*#3 0x[0-9a-f]+ +\([^ ]*libgio")


def find_leaks(errors):
    """What LeakSanitizer has to say, without what is not ours."""
    return [leak for leak in errors.split("Direct leak of")[1:] if not LEAK_OF_THE_KEYRING_FILE.match(leak)]


class Practice:
    """`relais practice` in a process of its own."""

    def __init__(self, relais, *options, key=KEY):
        self.key = key
        self.process = subprocess.Popen(
            [relais.binary, "practice", "--port", "0", "--key", "-", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=relais.environment | {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")})
        with self.process.stdin as given:
            given.write(key + "\n")
        line = self.process.stdout.readline()
        found = re.search(r"127\.0\.0\.1:\d+", line)
        assert found, f"the practice account did not say where it is: {line!r}"
        self.address = found.group(0)

    def ask(self, path, body=None):
        """Asks at the pace of the service: what is refused for its rate is asked again."""
        headers = {"Api-Token": self.key, "Content-Type": "application/json"}
        data = json.dumps(body).encode() if body is not None else None
        for _ in range(200):
            request = urllib.request.Request(f"http://{self.address}{path}", data=data, headers=headers)
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError as error:
                if error.code != 429:
                    raise
                time.sleep(float(error.headers.get("Retry-After", "1")))
        raise AssertionError("the practice account is too busy to be asked")

    def get(self, path):
        return self.ask(path)

    def post(self, path, body):
        return self.ask(path, body)

    def contacts(self, list_id=None, status=None, include=False):
        """Every contact, by pages, as a person with a script would read them."""
        after = 0
        people = []
        while True:
            query = f"/api/3/contacts?limit=100&orders%5Bid%5D=ASC&id_greater={after}"
            if list_id is not None:
                query += f"&listid={list_id}"
            if status is not None:
                query += f"&status={status}"
            page = self.get(query)["contacts"]
            people += page
            if len(page) < 100:
                return people
            after = int(page[-1]["id"])

    def fields_of(self, contact_id):
        return {v["field"]: v["value"] for v in self.get(f"/api/3/contacts/{contact_id}")["fieldValues"]}

    def state(self):
        return self.get("/practice/state")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(120)
        self.process.stdout.close()
        # Whatever a sanitizer has to say about it is said by this.
        assert self.process.returncode == 0, f"the practice account ended with {self.process.returncode}"


class Relais:
    """The program, with a home and a keyring file of its own."""

    def __init__(self, binary, language="en"):
        self.binary = os.path.abspath(binary)
        self.home = tempfile.mkdtemp(prefix="relais-journey.")
        self.environment = {
            key: value for key, value in os.environ.items()
            if key in ("PATH", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "G_SLICE", "RELAIS_LOCALEDIR", "GSETTINGS_SCHEMA_DIR")}
        self.environment.update(
            HOME=self.home, XDG_DATA_HOME=self.home + "/data", XDG_CONFIG_HOME=self.home + "/config",
            XDG_CACHE_HOME=self.home + "/cache", XDG_RUNTIME_DIR=self.home, LANG="C.UTF-8", LANGUAGE=language,
            GSETTINGS_BACKEND="memory", GIO_USE_VFS="local", GIO_USE_PROXY_RESOLVER="dummy",
            # Leaks are looked for in what it writes, so that its own status stays.
            ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":exitcode=0:abort_on_error=1",
            SECRET_BACKEND="file", SECRET_FILE_TEST_PATH=self.home + "/test.keyring", SECRET_FILE_TEST_PASSWORD="journey")

    def start(self, *arguments, **keywords):
        return subprocess.Popen([self.binary, *arguments], env=self.environment, text=True,
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **keywords)

    def __call__(self, *arguments, given=None, expect=0):
        process = self.start(*arguments)
        out, err = process.communicate(given, timeout=1200)
        if find_leaks(err) or (expect is not None and process.returncode != expect):
            raise AssertionError(f"relais {' '.join(arguments)} ended with {process.returncode}, not {expect}\n{out}\n{err}")
        self.errors = err
        return out

    def json(self, *arguments, **keywords):
        return json.loads(self(*arguments, "--json", **keywords))

    def connect(self, practice, name="Practice", *options):
        return self("connection", "add", "--name", name, "--practice", "--host", practice.address, "--agree", *options,
                    given=practice.key + "\n")

    def add_export(self, definition, folder=None):
        return self("export", "add", "-", given=json.dumps(definition))

    def close(self):
        shutil.rmtree(self.home, ignore_errors=True)


@contextlib.contextmanager
def program(binary, language="en"):
    relais = Relais(binary, language)
    try:
        yield relais
    finally:
        relais.close()


@contextlib.contextmanager
def practice_account(relais, *options):
    account = Practice(relais, *options)
    try:
        yield account
    finally:
        account.stop()


def accounted(rows):
    """Every row is in exactly one state."""
    return rows["read"] == sum(rows[state] for state in
                               ("delivered", "unchanged", "duplicate", "invalid", "refused", "barred", "not_sent"))


def run_tests(tests):
    """Runs functions as TAP; a test is named after its function."""
    print(f"1..{len(tests)}")
    failed = 0
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} {name}", flush=True)
        except Exception:     # a test that breaks is a test that failed
            failed += 1
            print(f"not ok {number} {name}", flush=True)
            # Where a log of the whole suite shows it.
            traceback.print_exc()
    sys.exit(1 if failed else 0)

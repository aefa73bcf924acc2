# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in account for a test, and what it is asked, byte for byte.

Unlike the journeys' helper nothing here is patient: a refusal is an answer like any other.
"""
import contextlib
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "journeys"))
from journey import KEY, run_tests      # noqa: E402,F401

KEPT = ("PATH", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "G_SLICE", "G_DEBUG")


class Answer:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def json(self):
        """The body, in which no object has one member twice."""
        def build(pairs):
            assert len(dict(pairs)) == len(pairs), f"a member twice: {[name for name, _ in pairs]}"
            return dict(pairs)
        return json.loads(self.body, object_pairs_hook=build)

    @property
    def type(self):
        return self.headers.get("Content-Type")


class Account:
    def __init__(self, binary, *options, state=None, zone="Europe/Paris"):
        self.home = tempfile.mkdtemp(prefix="relais-practice.")
        environment = {key: value for key, value in os.environ.items() if key in KEPT}
        environment.update(HOME=self.home, XDG_DATA_HOME=self.home, XDG_CONFIG_HOME=self.home, XDG_CACHE_HOME=self.home, LANG="C.UTF-8",
                           GSETTINGS_BACKEND="memory", GIO_USE_VFS="local", GIO_USE_PROXY_RESOLVER="dummy", TZ=zone)
        options = list(options) + (["--state", state] if state else [])
        self.process = subprocess.Popen([os.path.abspath(binary), "practice", "--key", "-", *options], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True, env=environment)
        with self.process.stdin as given:
            given.write(KEY + "\n")
        line = self.process.stdout.readline()
        found = re.search(r"127\.0\.0\.1:(\d+)", line)
        assert found, f"the account did not say where it is: {line!r}"
        self.port = int(found.group(1))
        self.connection = None

    def ask(self, method, path, body=None, key=KEY, headers=None, raw=None):
        """One request; path is below /api/3 unless it begins with a slash."""
        sent = {"Api-Token": key} if key is not None else {}
        sent.update(headers or {})
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            self.connection.request(method, path if path.startswith("/") else "/api/3/" + path, data, sent)
            response = self.connection.getresponse()
            return Answer(response, response.read())
        except (OSError, http.client.HTTPException):
            self.connection.close()
            self.connection = None
            raise

    def get(self, path, **query):
        return self.ask("GET", path + ("?" + urllib.parse.urlencode(query) if query else ""))

    def post(self, path, body):
        return self.ask("POST", path, body)

    def put(self, path, body):
        return self.ask("PUT", path, body)

    def delete(self, path):
        return self.ask("DELETE", path)

    def switch(self, **faults):
        """Faults, with _ for - in their names, while it runs."""
        answer = self.ask("POST", "/practice/faults", {name.replace("_", "-"): value for name, value in faults.items()})
        assert answer.status == 200, answer.body
        return answer.json

    def leave(self, email, list_id=None, reason=None):
        """Somebody leaves a list by themselves, or every one that they are on."""
        body = {"email": email, **({"list": list_id} if list_id else {}), **({"reason": reason} if reason else {})}
        equal(self.ask("POST", "/practice/leave", body).status, 200)

    def state(self):
        return self.get("/practice/state").json

    def submit(self, contacts, **more):
        return self.post("import/bulk_import", {"contacts": contacts, "exclude_automations": True, **more})

    def info(self, batch):
        return self.get("import/info", batchId=batch).json

    def settle(self, batch):
        """Waits for an import to end, whatever the machine's speed."""
        for _ in range(6000):
            info = self.info(batch)
            if info["status"] in ("completed", "failed", "interrupted"):
                return info
            time.sleep(0.02)
        raise AssertionError(f"the import did not end: {info}")

    def imported(self, contacts, **more):
        answer = self.submit(contacts, **more)
        assert answer.status == 200, (answer.status, answer.body)
        return self.settle(answer.json["batchId"])

    def contact(self, email):
        found = self.get("contacts", email=email).json["contacts"]
        return found[0] if found else None

    def on_list(self, email, list_id):
        """Someone's status on a list, None when not there."""
        contact = self.contact(email)
        if contact is None:
            return None
        rows = self.get(f"contacts/{contact['id']}/contactLists").json["contactLists"]
        return next((row["status"] for row in rows if row["list"] == str(list_id)), None)

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)
        self.process.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)
        return self.process.returncode


@contextlib.contextmanager
def account(binary, *options, **keywords):
    """With the limits lifted unless they are what is tested, and imports that are quick."""
    if not any(option.startswith("--limits") or option == "--own-limits" for option in options):
        options = ("--no-limits", *options)
    running = Account(binary, *[option for option in options if option != "--own-limits"], **keywords)
    try:
        yield running
    finally:
        status = running.stop()
    assert status == 0, f"the account ended with {status}"


def equal(found, expected, what=""):
    assert found == expected, f"{what}: {found!r}, not {expected!r}" if what else f"{found!r}, not {expected!r}"


def main(tests):
    binary = sys.argv[1]
    run_tests([(name, lambda test=test: test(binary)) for name, test in tests])

# SPDX-License-Identifier: GPL-3.0-or-later
"""What tests of commands share, besides what they share with whole journeys."""
import contextlib
import json
import os
import signal
import subprocess
import sys

import jsonschema

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "journeys"))

from journey import KEY, Practice, Relais, accounted, practice_account, program, run_tests

BINARY = sys.argv[1]

# libsecret's file backend, which stands for a keyring here, forgets a text each time it writes the
# file again, in frames that have no names to know it by.
os.environ["ASAN_OPTIONS"] = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "detect_leaks=0"]))

COUNT = {"type": "integer", "minimum": 0}
STATES = ["delivered", "unchanged", "duplicate", "invalid", "refused", "barred", "not_sent"]
STATUSES = ["successful", "completed-with-errors", "failure", "canceled", "skipped", "interrupted"]


def shape(**properties):
    """An object with exactly these keys."""
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


ROWS = shape(read=COUNT, **{state: COUNT for state in STATES})
BARRED = shape(unsubscribed=COUNT, bounced=COUNT, excluded=COUNT)
NOTED = shape(**{"phone-as-written": COUNT, "phone-left-out": COUNT})
LEAVERS = shape(departed=COUNT, taken_off=COUNT, in_doubt=COUNT, already_off=COUNT, kept=COUNT, shared=COUNT, unreadable=COUNT, put_back=COUNT, repeated=COUNT)
SOME = {"type": ["integer", "null"], "minimum": 0}
QUESTION = {"oneOf": [{"type": "null"}, shape(about={"enum": ["leavers", "repeats"]}, state={"enum": ["open", "answered", "over"]},
                                              answer={"enum": [None, "keep", "take-off", "repeat"]}, people=SOME, of=SOME, batches=SOME)]}
FORESEEN = dict(shape(asks={"type": "boolean"}, put_on=COUNT, **LEAVERS["properties"]), type=["object", "null"])
PREVIEW = shape(export={"type": "string"}, rows=ROWS, barred=BARRED, noted=NOTED, leavers=FORESEEN, message={"type": ["string", "null"]})
PAST = shape(run={"type": "string", "pattern": "^[0-9a-f-]{36}$"}, corrects={"type": ["string", "null"]}, export={"type": "string"}, status={"enum": STATUSES}, rows=ROWS, barred=BARRED, noted=NOTED, unknown=COUNT,
            batches=shape(accepted=COUNT, repeated=COUNT, allowed=COUNT), leavers=LEAVERS, question=QUESTION, message={"type": ["string", "null"]})
TEXT = {"type": ["string", "null"]}
DIFFERENT = shape(row={"type": "integer", "minimum": 1}, email={"type": "string"}, field=TEXT, title=TEXT, sent=TEXT, held=TEXT,
                  code={"enum": ["not-found", "not-on-list", "unconfirmed", "unsubscribed", "bounced", "other-status", "other-value"]},
                  reason={"type": "string", "minLength": 5})
VERIFIED = shape(state={"enum": ["none", "nothing", "done", "stopped", "failed"]}, mode={"enum": ["sample", "all"]}, delivered=COUNT,
                 asked=COUNT, same=COUNT, different=COUNT, values_untold={"type": "boolean"}, message=TEXT,
                 rows={"type": "array", "items": DIFFERENT})
RUN = dict(PAST, properties=dict(PAST["properties"], verified=VERIFIED), required=PAST["required"] + ["verified"])
REJECTED = shape(row={"type": "integer", "minimum": 1}, email={"type": "string"},
                 state={"enum": ["duplicate", "invalid", "refused", "barred"]},
                 code={"type": "string", "pattern": "^[a-z-]+$"}, reason={"type": "string", "minLength": 5})
LEFT = shape(email={"type": "string", "minLength": 3}, state={"enum": ["taken_off", "off", "in_doubt", "kept"]},
             code={"type": "string", "pattern": "^[a-z-]+$"}, reason={"type": "string", "minLength": 5})
REPORT = dict(RUN, properties=dict(RUN["properties"], rejected_deleted_at={"type": ["string", "null"]}, rejected={"type": "array", "items": REJECTED},
                                   left={"type": "array", "items": LEFT}),
              required=RUN["required"] + ["rejected_deleted_at", "rejected", "left"])
LIST = {"type": "array", "items": shape(id={"type": "string", "pattern": "^[1-9][0-9]*$"}, name={"type": "string"})}
FIELDS = {"type": "array", "items": shape(id={"type": "string", "pattern": "^[1-9][0-9]*$"}, title={"type": "string"},
                                          type={"type": "string"})}
CONNECTIONS = {"type": "array", "items": shape(
    name={"type": "string"}, kind={"enum": ["activecampaign", "practice"]}, host={"type": ["string", "null"]},
    access={"enum": ["administrators", "contributors"]}, account={"type": ["string", "null"]},
    state={"enum": [None, "never-checked", "connected", "key-refused", "not-allowed", "unreachable", "certificate-refused",
                    "wrong-host", "unpaid", "trouble", "keyring"]})}
EXPORTS = {"type": "array", "items": shape(
    name={"type": "string"}, connection={"type": ["string", "null"]}, list={"type": "string", "pattern": "^[0-9]+$"},
    status={"enum": STATUSES + ["not-started", "queued", "processing", "no-connection"]})}


def check(value, expected):
    jsonschema.validate(value, expected)
    return value


class Result:
    """How a command ended, and what it said, in bytes and as text."""

    def __init__(self, status, out, err):
        self.status, self.raw, self.raw_err = status, out, err
        self.out, self.err = out.decode(errors="replace"), err.decode(errors="replace")

    def __repr__(self):
        return f"status {self.status}\n{self.out}\n{self.err}"


def ask(relais, *words, given=b"", status=0, environment=None, **keywords):
    """Runs a command to its end. Words may be bytes; status None accepts any."""
    process = subprocess.run([relais.binary, *words], input=given.encode() if isinstance(given, str) else given,
                             env=dict(relais.environment, **(environment or {})), timeout=120,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, **keywords)
    result = Result(process.returncode, process.stdout, process.stderr)
    assert status is None or result.status == status, (words, result)
    return result


def refused(relais, *words, status=2, named=(), **keywords):
    """A command that is refused: nothing on standard output, a sentence on standard error."""
    result = ask(relais, *words, status=status, **keywords)
    assert result.out == "", result
    assert len(result.err.strip()) > 10 and result.err.endswith("\n"), result
    for word in [named] if isinstance(named, str) else named:
        assert word in result.err, (word, result)
    return result


def definition(path, **changes):
    return dict({"name": "Newsletter", "connection": "Practice", "list": "1", "segments": [{"file": path}],
                 "matching": {"email": "email", "first_name": "first", "last_name": "last"}}, **changes)


def write_rows(path, rows, header="email,first,last"):
    with open(path, "w", encoding="utf-8") as out:
        out.write(header + "\n" + "".join(row + "\n" for row in rows))
    return path


@contextlib.contextmanager
def connected(language="en", *options):
    """A program with a connection "Practice" to a practice account; the list of its first name."""
    with program(BINARY, language) as relais, practice_account(relais, "--no-limits", *options) as account:
        relais.connect(account, "Practice", "--limits", "none")
        relais.list_id = str(relais.json("lists", "Practice")[0]["id"])
        yield relais, account


def main(module):
    """Runs the functions of @module whose names begin with test_, in their order, named as sentences."""
    run_tests([(name[len("test_"):].replace("_", " "), value) for name, value in vars(module).items() if name.startswith("test_")])

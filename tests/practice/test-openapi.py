#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers and requests held against the service's OpenAPI file: test-openapi.py RELAIS

RELAIS_OPENAPI names the file; without it nothing is tested. The file was made from documentation: of
each member it knows the type that one example has. An answer must have all members that the
file has, of its types. Where the file is known to be wrong, the tables below say what holds
instead and why.
"""
import contextlib
import http.client
import http.server
import json
import os
import sys
import threading

from account import account, run_tests
from journey import KEY, program

FILE = os.environ.get("RELAIS_OPENAPI", "")

# Statuses: the file was never brought up to what is answered.
STATUSES = {
    ("post", "/lists", 201): (200, "recorded as 201, with what was posted"),
    ("post", "/fieldValues", 201): (200, "recorded as 201 for a new value"),
    ("delete", "/lists/{id}", 404): (403, "what is not there is 404 everywhere else, with this very body"),
}

# Members that an example shows as text, and that recorded answers have as null.
NULLABLE = {"bounced_date", "ua", "socialdata_lastcheck", "rating_tstamp", "adate", "edate", "deleted_at", "udate", "unsubreason",
            "created_by", "updated_by", "defval"}

# (method, path, status) -> (a schema that holds instead, why)
FIELD = {"type": "object", "required": ["field"], "properties": {"field": {
    "type": "object", "required": ["title", "type", "perstag", "ordernum", "cdate", "udate", "links", "id"],
    "properties": {"title": {"type": "string"}, "perstag": {"type": "string", "pattern": "^[A-Z0-9_]+$"}, "ordernum": {"type": "integer"},
                   "id": {"type": "string", "pattern": "^[0-9]+$"}}}}}
SCHEMAS = {
    ("post", "/fields", 201): (FIELD, "the file shows a page of fields; recorded is the new field"),
    ("put", "/fields/{id}", 200): ({"type": "object", "required": ["field"], "properties": {"field": {
        "type": "object", "properties": {name: {"type": "string"} for name in ("title", "isrequired", "visible", "ordernum", "rows", "cols", "id")}}}},
        "the file has numbers; recorded are texts, as in all reads"),
}

# (method, path) -> members of the file that real answers have not.
ABSENT = {
    ("get", "/contacts/{id}"): ({"/geoAddresses"}, "recorded without; nobody has a place there"),
    ("post", "/import/bulk_import"): ({"/Success"}, "real accounts say success; with a switch it is as documented, and tested so below"),
}

REQUESTS = {
    # The file says text, its own samples and everyone else send a number: both are taken.
    **{name: {"type": ["string", "integer"]} for name in ("listid", "list", "contact", "status")},
}


def prepare(schema, name=""):
    """The schema with its known flaws mended, whatever its depth."""
    if isinstance(schema, list):
        return [prepare(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    # Each of several errors is also valid by the others' schemas.
    mended = {("anyOf" if key == "oneOf" else key): value for key, value in schema.items()}
    if name in NULLABLE and mended.get("type") == "string":
        mended["type"] = ["string", "null"]
    for key, value in mended.items():
        if key == "properties":
            mended[key] = {member: prepare(inner, member) for member, inner in value.items()}
        else:
            mended[key] = prepare(value)
    return mended


def lacking(schema, value, where=""):
    """Members that the schema has and the value has not."""
    if "anyOf" in schema:
        yield from min((list(lacking(inner, value, where)) for inner in schema["anyOf"]), key=len)
    if isinstance(value, dict):
        for name, inner in schema.get("properties", {}).items():
            if name not in value:
                yield f"{where}/{name}"
            else:
                yield from lacking(inner, value[name], f"{where}/{name}")
    elif isinstance(value, list):
        for entry in value[:1]:
            yield from lacking(schema.get("items", {}), entry, f"{where}/*")


class Description:
    """The service's file, and what it says of an answer."""

    def __init__(self):
        with open(FILE, encoding="utf-8") as text:
            self.paths = json.load(text)["paths"]
        self.checked = 0

    def check(self, method, path, answer, ignoring=()):
        import jsonschema
        status, _ = STATUSES.get((method, path, answer.status), (answer.status, ""))
        responses = self.paths[path][method]["responses"]
        assert str(status) in responses, f"{method} {path}: {answer.status} is not one of {sorted(responses)}"
        kind, content = next(iter(responses[str(status)]["content"].items()))
        assert answer.type == kind, f"{method} {path} {answer.status}: {answer.type}, not {kind}"
        schema, _ = SCHEMAS.get((method, path, answer.status), (prepare(content.get("schema") or {}), ""))
        for error in jsonschema.Draft202012Validator(schema).iter_errors(answer.json):
            raise AssertionError(f"{method} {path} {answer.status}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        absent, _ = ABSENT.get((method, path), (set(), ""))
        missing = set(lacking(schema, answer.json)) - absent - set(ignoring)
        assert not missing, f"{method} {path} {answer.status} lacks {sorted(missing)}"
        self.checked += 1

    def request(self, method, path, body, of="contacts"):
        """Returns what @of may have."""
        import jsonschema
        content = self.paths[path][method]["requestBody"]["content"]["application/json"]
        schema = prepare(content["schema"])

        def mend(node):
            if isinstance(node, dict):
                for name, inner in node.get("properties", {}).items():
                    node["properties"][name] = REQUESTS.get(name, inner)
                for inner in node.values():
                    mend(inner)
        mend(schema)
        for error in jsonschema.Draft202012Validator(schema).iter_errors(body):
            raise AssertionError(f"{method} {path}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}")
        node = schema["properties"][of]
        return set(node.get("items", node)["properties"])


def someone(there):
    """A contact that has of everything, as an id."""
    there.imported([{"email": "zoe@example.com", "first_name": "Zoé", "fields": [{"id": 6, "value": "||Garden||"}], "tags": ["vip"],
                     "subscribe": [{"listid": 1}], "unsubscribe": [{"listid": 2}]}, {"email": "other@example.com"}])
    return there.contact("zoe@example.com")["id"]


def test_reads(binary, file):
    with account(binary) as there:
        one = someone(there)
        value = there.get(f"contacts/{one}/fieldValues").json["fieldValues"][0]["id"]
        for path, asked in (("/users/me", None), ("/lists", None), ("/lists/{id}", "lists/1"), ("/lists/{id}", "lists/99"), ("/lists/exclusions", None),
                            ("/lists/exclusions", "lists/exclusions?orders%5BmatchPhrase%5D=DASC"), ("/lists/exclusions/{id}", "lists/exclusions/5"),
                            ("/lists/exclusions/{id}", "lists/exclusions/99"), ("/contacts", None), ("/contacts", "contacts?email=nobody"),
                            ("/contacts/{id}", f"contacts/{one}"), ("/contacts/{id}", "contacts/99"),
                            ("/contacts/{id}/contactLists", f"contacts/{one}/contactLists"), ("/contacts/{id}/contactLists", "contacts/99/contactLists"),
                            ("/contacts/{id}/fieldValues", f"contacts/{one}/fieldValues"), ("/contacts/{id}/fieldValues", "contacts/99/fieldValues"),
                            ("/fields", None), ("/fields/{id}", "fields/1"), ("/tags", None), ("/tags/{id}", "tags/1"), ("/tags/{id}", "tags/99"),
                            ("/fieldValues", None), ("/fieldValues/{id}", f"fieldValues/{value}"), ("/import/bulk_import", None), ("/import/info", None),
                            ("/import/info", "import/info?batchId=" + there.submit([{"email": "a@example.com"}] * 2).json["batchId"])):
            if "batchId" in (asked or ""):
                there.settle(asked.split("=")[1])
            file.check("get", path, there.ask("GET", asked or path[1:]))


def test_writes(binary, file):
    new = {"name": "n", "stringid": "n", "sender_url": "u", "sender_reminder": "r"}
    with account(binary) as there:
        one = someone(there)
        for path, body in (
                ("/lists", {"list": new}), ("/listGroups", {"listGroup": {"listid": 1, "groupid": 1}}),
                ("/contacts", {"contact": {"email": "n@example.com", "fieldValues": [{"field": "4", "value": "x"}]}}),
                ("/contacts", {"contact": {"email": "n@example.com"}}),
                ("/contact/sync", {"contact": {"email": "m@example.com", "firstName": "x", "fieldValues": [{"field": "4", "value": "x"}]}}),
                ("/contact/sync", {"contact": {}}), ("/contactLists", {"contactList": {"list": "2", "contact": one, "status": "1"}}),
                ("/import/bulk_import", {"contacts": [{"email": "a@example.com"}, {"email": "b@example.com"}]}),
                ("/import/bulk_import", {"contacts": [{"email": "a"}, {"email": "b@example.com"}]}), ("/import/bulk_import", {"contacts": []}),
                ("/fields", {"field": {"title": "t", "type": "text"}}), ("/fields", {"field": {"title": "t", "type": "text"}}),
                ("/fields", {"field": {"type": "text"}}),
                ("/fieldOption/bulk", {"fieldOptions": [{"orderid": 1, "value": "X", "label": "Option X", "isdefault": False, "field": "1"}]}),
                ("/fieldOption/bulk", {}), ("/fieldRels", {"fieldRel": {"field": 1, "relid": 2}}),
                ("/fieldValues", {"fieldValue": {"contact": int(one), "field": 4, "value": "Blue"}}),
                ("/tags", {"tag": {"tag": "q", "tagType": "contact", "description": "d"}}), ("/contactTags", {"contactTag": {"contact": one, "tag": "1"}}),
                ("/contactTags", {"contactTag": {"contact": "999", "tag": "1"}}), ("/contactTags", {"contactTag": {"tag": "1"}})):
            file.check("post", path, there.post(path[1:], body))
        value = there.get(f"contacts/{one}/fieldValues").json["fieldValues"][0]["id"]
        file.check("put", "/contacts/{id}", there.put(f"contacts/{one}", {"contact": {"firstName": "y", "fieldValues": [{"field": "4", "value": "z"}]}}))
        file.check("put", "/contacts/{id}", there.put("contacts/99", {"contact": {}}))
        file.check("put", "/tags/{id}", there.put("tags/1", {"tag": {"description": "y"}}))
        file.check("put", "/fields/{id}", there.put("fields/1", {"field": {"descript": "y"}}))
        file.check("put", "/fieldValues/{id}", there.put(f"fieldValues/{value}", {"fieldValue": {"contact": int(one), "field": 4, "value": "b"}}))
        for path, there_is in (("/fieldValues/{id}", value), ("/contacts/{id}", one), ("/contacts/{id}", "99"), ("/lists/{id}", "1"), ("/lists/{id}", "99"),
                               ("/contactTags/{id}", "99"), ("/tags/{id}", "3"), ("/tags/{id}", "99"), ("/fields/{id}", "1"), ("/fields/{id}", "99")):
            file.check("delete", path, there.delete(path[1:].replace("{id}", there_is)))


def test_switched(binary, file):
    with account(binary, "--fault", "success-capital") as there:
        answer = there.submit([{"email": "a@example.com"}, {"email": "b@example.com"}])
        assert "Success" in answer.json
        file.check("post", "/import/bulk_import", answer)
        there.switch(not_allowed="lists")
        file.check("get", "/lists", there.get("lists"))
        file.check("post", "/lists", there.post("lists", {}))
        file.check("get", "/lists/{id}", there.get("lists/1"))
        there.switch(not_allowed="field")
        for path in ("/fields", "/fieldRels", "/fieldValues"):
            file.check("post", path, there.post(path[1:], {}))
        there.switch(not_allowed="listGroups")
        file.check("post", "/listGroups", there.post("listGroups", {}))


def test_finds_what_is_wrong(binary, file):
    """The check itself: what differs from the file is seen."""
    with account(binary) as there:
        answer = there.get("tags/1")
        good = answer.body
        for old, new in ((b'"tag":"customer"', b'"tag":7'), (b'"tag":"customer"', b'"name":"x"'), (b'"id":"1"', b'"id":1')):
            answer.body = good.replace(old, new)
            assert answer.body != good
            try:
                file.check("get", "/tags/{id}", answer)
            except AssertionError:
                continue
            raise AssertionError(f"{new!r} was not seen")
        answer.body, answer.status = good, 201
        try:
            file.check("get", "/tags/{id}", answer)
        except AssertionError:
            return
        raise AssertionError("a wrong status was not seen")


@contextlib.contextmanager
def recorder(there):
    """Passes on to an account what it is asked, and keeps what was posted."""
    posted = []

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def pass_on(self):
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if body:
                posted.append((self.path, self.headers.get("Content-Type"), json.loads(body)))
            onward = http.client.HTTPConnection("127.0.0.1", there.port, timeout=60)
            onward.request(self.command, self.path, body or None, {"Api-Token": self.headers.get("Api-Token", ""), "Content-Type": "application/json"})
            response = onward.getresponse()
            data = response.read()
            self.send_response(response.status)
            self.send_header("Content-Type", response.getheader("Content-Type") or "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
            onward.close()

        do_GET = do_POST = pass_on

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_address[1]}", posted
    finally:
        server.shutdown()
        server.server_close()


class Recorded:
    """What the journeys' helper needs of an account to connect to it."""

    def __init__(self, address):
        self.address, self.key = address, KEY


def test_what_relais_posts(binary, file):
    with account(binary, "--own-limits", "--limits", "6000/60") as there, program(binary) as relais, recorder(there) as (address, posted):
        path = os.path.join(relais.home, "segment.csv")
        with open(path, "w", encoding="utf-8") as out:
            out.write("EMail;Prénom;Nom;Tél;Ville\nzoe@example.com;Zoé;Lefèvre;+33639981234;Sète\nbob@example.com;Bob;;;\n")
        relais.connect(Recorded(address), "Practice", "--limits", "6000/60")
        relais.add_export({"name": "Posted", "connection": "Practice", "list": "2", "segments": [{"file": path}], "tags": ["from Relais"],
                           "matching": {"email": "EMail", "first_name": "Prénom", "last_name": "Nom", "phone": "Tél", "fields": {"4": "Ville"}}})
        relais("run", "Posted")
        imports = [body for asked, kind, body in posted if asked.endswith("/import/bulk_import") and kind.startswith("application/json")]
        assert len(imports) == 1, posted
        known = file.request("post", "/import/bulk_import", imports[0])
        for contact in imports[0]["contacts"]:
            assert set(contact) <= known, f"{sorted(set(contact) - known)} are not members of a contact"
        assert imports[0]["exclude_automations"] is True
        assert set(imports[0]["contacts"][1]) == {"email", "first_name", "subscribe", "tags"}, imports[0]["contacts"][1]
        assert there.contact("zoe@example.com")["firstName"] == "Zoé"

        # Somebody leaves the segment, and comes back.
        definition = json.loads(relais("export", "show", "Posted"))
        relais("export", "remove", "Posted")
        relais.add_export({**definition, "leavers": "remove", "leavers_brake": {"share": 100}})
        relais("run", "Posted")
        with open(path, encoding="utf-8") as whole:
            text = whole.read()
        with open(path, "w", encoding="utf-8") as out:
            out.write(text.replace("bob@example.com;Bob;;;\n", ""))
        there.switch(import_delay="3s")   # so that it is certain that this import took them off
        relais("run", "Posted")
        assert there.on_list("bob@example.com", 2) == "2"
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        relais("run", "Posted")
        assert there.on_list("bob@example.com", 2) == "1"
        off = [contact for asked, _, body in posted if asked.endswith("/import/bulk_import") for contact in body["contacts"] if "unsubscribe" in contact]
        assert off == [{"email": "bob@example.com", "unsubscribe": [{"listid": 2}]}], off
        back = [body for asked, kind, body in posted if asked.endswith("/contactLists") and kind.startswith("application/json")]
        assert len(back) == 1 and set(back[0]["contactList"]) == file.request("post", "/contactLists", back[0], "contactList"), back


def main():
    if not os.path.exists(FILE):
        print("1..0 # SKIP RELAIS_OPENAPI names no copy of the service's OpenAPI file")
        return
    binary = sys.argv[1]
    file = Description()
    run_tests([(name, lambda test=test: test(binary, file)) for name, test in [
        ("what is read is as the service's file says", test_reads),
        ("what is written is answered as the service's file says", test_writes),
        ("what is switched to be as documented is so", test_switched),
        ("what differs from the file is found", test_finds_what_is_wrong),
        ("what Relais posts is as the service's file says", test_what_relais_posts),
    ]])


main()

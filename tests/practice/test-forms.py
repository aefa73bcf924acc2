#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all answers have in common, and what is answered to who may not come in: test-forms.py RELAIS"""
import re

from account import account, equal, main

DATE = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$")
STAMP = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$")


def scalars(value, name=""):
    """Every member of an answer that is no object and no array, as (name, value)."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from scalars(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from scalars(inner, name)
    else:
        yield name, value


def test_headers(binary):
    with account(binary, "--own-limits") as there:
        answer = there.get("users/me")
        equal(answer.type, "application/json")
        equal(answer.headers["Server"], "cloudflare")
        equal(answer.headers["Cache-Control"], "no-store, no-cache, must-revalidate")
        equal(answer.headers["Pragma"], "no-cache")
        equal(answer.headers["Expires"], "Thu, 19 Nov 1981 08:52:00 GMT")
        cookies = [cookie.split("=")[0] for cookie in answer.headers.get_all("Set-Cookie")]
        equal(cookies, ["PHPSESSID", "em_acp_globalauth_cookie"])
        assert re.fullmatch(r"[0-9a-f-]{36}", answer.headers["X-Request-Id"])
        assert answer.headers["X-Envoy-Upstream-Service-Time"].isdigit() and answer.headers["CF-RAY"]
        equal(answer.headers["RateLimit-Limit"], "5")
        assert 0 <= int(answer.headers["RateLimit-Remaining"]) < 5
        for name in ("RateLimit-Reset", "X-RateLimit-Limit", "Retry-After"):
            assert name not in answer.headers, name
        equal(int(answer.headers["Content-Length"]), len(answer.body))
        equal(there.get("settings/account").headers["Cache-Control"], "private")


def test_slashes_are_escaped_and_text_is_utf_8(binary):
    with account(binary) as there:
        there.post("tags", {"tag": {"tag": "été / \"hiver\" €"}})
        body = there.get("tags", search="été").body
        assert b"\\/ \\\"hiver\\\"" in body and "été".encode() in body and "€".encode() in body, body
        there.post("tags", {"tag": {"tag": "tab\t line\n bell\x07 end"}})
        equal(there.get("tags", search="bell").json["tags"][0]["tag"], "tab\t line\n bell\x07 end")
        assert b"https:\\/\\/" in body and b"https://" not in body


def test_user_and_settings(binary):
    with account(binary) as there:
        user = there.get("users/me").json["user"]
        equal(list(user), ["username", "firstName", "lastName", "email", "phone", "signature", "localZoneid", "password_updated_utc_timestamp",
                           "cdate", "udate", "mfaEnabled", "links", "id"])
        equal(user["id"], "1")
        assert {"lists", "userGroup", "dealGroupTotals", "dealGroupUsers", "configs"} <= set(user["links"])
        settings = there.get("settings/account").json
        equal(list(settings), ["account", "email", "first_name", "last_name", "cname", "status", "subscriber_limit", "subscriber_total", "trial",
                               "credits", "branding"])
        assert isinstance(settings["subscriber_limit"], int) and settings["trial"] is False and settings["credits"] is None
        equal(settings["subscriber_total"], 1, "one person of a fresh account is on a list")
        there.switch(settings_403=True)
        answer = there.get("settings/account")
        equal((answer.status, answer.json), (403, {"message": "Forbidden"}))
        there.switch(settings_403=False, contact_limit=7)
        equal(there.get("settings/account").json["subscriber_limit"], 7)
        equal(settings["status"], "active")
        there.switch(account_status="under review")
        equal(there.get("settings/account").json["status"], "under review")
        equal(there.get("lists").status, 200, "what else it does is documented nowhere")


def test_scalars_are_texts_or_null(binary):
    with account(binary) as there:
        there.imported([{"email": "typed@example.com", "first_name": "T", "fields": [{"id": 4, "value": "Paris"}], "tags": ["typed"],
                         "subscribe": [{"listid": 1}]}])
        contact = there.contact("typed@example.com")["id"]
        booleans = {"email_empty": False, "hidden": False, "sortable": True}
        for path in ("lists", "lists/1", "fields", "fields/1", "tags", "contacts", f"contacts/{contact}", f"contacts/{contact}/contactLists",
                     f"contacts/{contact}/fieldValues", f"contacts/{contact}/contactTags", "contactLists", "lists/exclusions"):
            answer = there.get(path).json
            page = answer.get("meta", {}).pop("page_input", {})
            total = answer.get("meta", {}).pop("total", "1")
            assert isinstance(total, int if path == "lists/exclusions" else str), (path, total)
            for name, value in scalars(answer):
                if name in booleans:
                    assert value is booleans[name], (path, name, value)
                else:
                    assert value is None or isinstance(value, str), (path, name, value)
                    if name in ("cdate", "udate", "sdate") and value is not None:
                        assert DATE.match(value), (path, name, value)
                    if name.endswith("_timestamp"):
                        assert STAMP.match(value), (path, name, value)
            for name, value in page.items():
                assert value is None or isinstance(value, str if name in ("search", "cacheid") else int), (name, value)


def test_dates_are_in_the_zone_of_the_account(binary):
    for zone, offset in (("Europe/Paris", ("+01:00", "+02:00")), ("America/Chicago", ("-05:00", "-06:00"))):
        with account(binary, zone=zone) as there:
            found = there.get("lists/1").json["list"]
            assert found["cdate"].endswith(offset), found["cdate"]
            equal(found["created_timestamp"], found["cdate"][:19].replace("T", " "))


def test_pages(binary):
    with account(binary, "--fault", "lists=130") as there:
        def names(**query):
            return [entry["name"] for entry in there.get("lists", **query).json["lists"]]
        equal(len(names()), 20)
        equal(len(names(limit=100)), 100)
        equal(len(names(limit=1000)), 100, "a page has 100 at the most")
        equal(len(names(limit=100, offset=100)), 30)
        equal(names(limit=100, offset=130), [])
        equal(names(limit=2, offset=4), ["List 5", "List 6"])
        equal(there.get("lists").json["meta"], {"total": "130"})
        there.switch(any_limit=True)
        equal(len(names(limit=1000)), 130)
        there.switch(no_totals=True)
        equal(there.get("lists").json["meta"], {})
        there.switch(no_totals=False, ids_as_numbers=True)
        answer = there.get("lists", limit=1).json
        equal((answer["meta"]["total"], answer["lists"][0]["id"]), (130, 1))
        equal(there.get("fields", limit=1).json["fields"][0]["options"], [1, 2, 3, 4])


def test_what_is_not_there(binary):
    with account(binary) as there:
        for path, name in (("lists/77", "_List"), ("contacts/77", "Subscriber"), ("contacts/77/contactLists", "Subscriber"),
                           ("contacts/77/fieldValues", "Subscriber"), ("fields/77", "Field"), ("tags/77", "Tag"),
                           ("fieldValues/77", "FieldValue"), ("contactTags/77", "SubscriberTag")):
            answer = there.get(path)
            equal((answer.status, answer.type), (404, "application/json"))
            equal(answer.json, {"message": f"No Result found for {name} with id 77"})
        equal(there.get("lists/exclusions/422").json, {"message": "Exclusion not found [id=422]"})
        for path in ("bulkImport", "contacts/sync/1/2", ""):
            answer = there.get(path)
            equal((answer.status, answer.json["errors"][0]["status"], answer.json["errors"][0]["title"]), (404, 404, "Not Found"))


def test_what_is_no_json(binary):
    with account(binary) as there:
        for path in ("contacts", "contact/sync", "lists", "tags", "fields", "fieldRels", "fieldValues", "contactLists", "contactTags", "listGroups"):
            for raw in (b"", b"{", b"[]", b"\xff{}", b"null"):
                answer = there.ask("POST", path, raw=raw)
                equal((answer.status, answer.body), (400, b"{}"), path)


def test_wrong_keys(binary):
    with account(binary) as there:
        def wrong(key="f" * 64):
            return there.ask("GET", "lists", key=key)
        for key in ("f" * 64, None, ""):
            answer = wrong(key)
            equal((answer.status, answer.type, answer.body), (403, None, b""), "a revoked key")
        forms = {
            "key-html": (200, "text/html; charset=UTF-8", b"<html>"),
            "key-message": (403, "application/json", b'{"message":"Forbidden"}'),
            "key-permission": (403, "application/json", b'{"message":"You don\'t have permission to access this resource"}'),
            "key-errors": (403, "application/json", b'{"errors":[{"status":403,"title":"Forbidden"'),
            "key-text": (403, "text/plain", b'{"message":"Forbidden"}'),
            "key-401": (401, None, b""),
            "key-redirect": (302, None, b""),
        }
        for fault, (status, kind, body) in forms.items():
            there.switch(**{fault: True})
            for method in ("GET", "POST"):
                answer = there.ask(method, "lists", key="f" * 64)
                equal((answer.status, answer.type), (status, kind), fault)
                assert answer.body.startswith(body), (fault, answer.body)
            if fault == "key-redirect":
                assert "login" in answer.headers["Location"]
            equal(there.get("lists").status, 200, "the right key comes in all the same")
            there.switch(**{fault: False})
        equal(there.ask("POST", "/practice/faults", {"unpaid": True}, key="f" * 64).status, 403)
        equal(there.get("lists").status, 200)


def test_rights_and_payment(binary):
    with account(binary) as there:
        there.switch(not_allowed="lists")
        answer = there.get("lists")
        equal((answer.status, answer.type), (403, "text/plain"))
        equal(answer.json, {"errors": [{"status": 403, "title": "Forbidden", "detail": "You do not have permission to view lists."}]})
        equal(there.post("lists", {}).json["errors"][0]["detail"], "You do not have permission to create lists.")
        equal(there.get("lists/1").type, "application/json", "only the collection is called text")
        equal(there.get("lists/exclusions").json, {"message": "You don't have permission to access this resource"})
        equal(there.get("users/me").status, 200)
        there.switch(not_allowed="import")
        answer = there.submit([{"email": "a@example.com"}])
        equal((answer.status, answer.json), (403, {"message": "Forbidden"}))
        there.switch(not_allowed=False, unpaid=True)
        equal(there.get("users/me").status, 402)


main([
    ("answers have the headers of the service", test_headers),
    ("slashes are escaped, text is UTF-8", test_slashes_are_escaped_and_text_is_utf_8),
    ("the user and the account’s settings", test_user_and_settings),
    ("scalars are texts or null, dates have two forms", test_scalars_are_texts_or_null),
    ("dates are in the account’s time zone", test_dates_are_in_the_zone_of_the_account),
    ("pages have 20, or up to 100, and tell the total", test_pages),
    ("what is not there is told in the service’s own names", test_what_is_not_there),
    ("what is no JSON object is a bad request", test_what_is_no_json),
    ("a wrong key is refused in seven forms", test_wrong_keys),
    ("rights that a key lacks, and an account that is not paid", test_rights_and_payment),
])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What goes wrong on purpose: test-faults.py RELAIS"""
import datetime
import email.utils
import gzip
import http.client
import json
import socket
import subprocess
import sys
import time

from account import KEY, account, equal, main

TWO = [{"email": "a@example.com"}, {"email": "b@example.com"}]


def outcome(ask):
    """What a client sees of one request."""
    try:
        return ask().status
    except http.client.IncompleteRead:
        return "cut"
    except (http.client.RemoteDisconnected, ConnectionError):
        return "reset"


def test_statuses(binary):
    with account(binary) as there:
        for fault, status, body in (("html-200", 200, b"<!DOCTYPE html>"), ("html-500", 500, b"<!DOCTYPE html>"), ("html-502", 502, b"<!DOCTYPE html>"),
                                    ("html-503", 503, b"<!DOCTYPE html>"), ("html-504", 504, b"<!DOCTYPE html>"), ("empty-502", 502, b""),
                                    ("spurious-403", 403, b""), ("redirect", 302, b""), ("throttle-429", 429, b""), ("throttle-503", 503, b"")):
            there.switch(**{fault: "2"})
            answers = [there.get("lists") for _ in range(4)]
            equal([answer.status for answer in answers], [200, status, 200, status], fault)
            assert answers[1].body.startswith(body) and (body or answers[1].body == b""), (fault, answers[1].body)
            equal(answers[1].type, "text/html; charset=UTF-8" if body else None)
            if "throttle" in fault:
                equal(answers[1].headers["Retry-After"], "1")
            if fault == "redirect":
                assert "login" in answers[1].headers["Location"]
            before = there.state()["bulk_requests"]
            there.switch(**{fault: "1"})
            there.submit(TWO)
            equal(there.state()["bulk_requests"], before, "nothing was done")
            there.switch(**{fault: False})
        there.switch(throttle_400="1")
        equal(there.submit(TWO).json["message"], "Rate limit exceeded.")
        equal(there.get("lists").status, 200)


def test_shapes_of_refusals(binary):
    with account(binary) as there:
        for fault, status, body in (("spurious-401", 401, b""), ("missing-404", 404, b'{"message":"No Result found for '),
                                    ("invalid-422", 422, b'{"errors":[{"title":"'), ("bad-request-400", 400, b'{"errors":[{"status":400,'),
                                    ("text-422", 422, b'{"errors":"'), ("empty-200", 200, b"")):
            there.switch(**{fault: "1"})
            answer = there.submit(TWO)
            equal((answer.status, answer.body[:len(body)]), (status, body), fault)
            assert body or (answer.body == b"" and answer.type is None), (fault, answer.body)
            there.switch(**{fault: False})
        there.switch(refuse_whole="1")
        answer = there.submit(TWO)
        equal((answer.status, answer.json["success"], answer.json["failureReasons"]), (400, 0, ["Invalid or unparsable json"]))
        equal(there.state()["bulk_requests"], 0, "nothing was done")
        there.switch(refuse_whole=False, key_revoked=True)
        equal((there.get("lists").status, there.get("lists").body), (403, b""))
        there.switch(key_html=True)
        equal((there.get("lists").status, there.get("lists").body[:6]), (200, b"<html>"))


def test_elsewhere(binary):
    with account(binary) as there:
        for fault, status in (("redirect", 302), ("redirect-308", 308)):
            there.switch(**{fault: "1", "login-at": "http://127.0.0.1:9/there"})
            answer = there.submit(TWO)
            equal((answer.status, answer.headers["Location"]), (status, "http://127.0.0.1:9/there"))
            there.switch(**{fault: False, "login-at": False})
        equal(there.state()["bulk_requests"], 0)


def test_times_to_wait(binary):
    with account(binary, "--fault", "throttle-429=1", "--fault", "retry-after=3600", "--fault", "retry-after-date") as there:
        told = email.utils.parsedate_to_datetime(there.get("lists").headers["Retry-After"]).timestamp()
        assert 3500 < told - time.time() < 3700, told
        there.switch(throttle_429=False, throttle_bare="1")
        answer = there.get("lists")
        equal((answer.status, answer.headers["Retry-After"], answer.body), (429, None, b""))


def test_content_that_is_none(binary):
    with account(binary) as there:
        for fault, value, body in (("list-json", "@1", b"[]"), ("bare-json", "@1", b"{}"), ("marked-json", "@1", b'\xef\xbb\xbf{"success"')):
            before = there.state()["bulk_requests"]
            there.switch(**{fault: value})
            answer = there.submit(TWO)
            equal((answer.status, answer.body[:len(body)]), (200, body))
            equal(there.state()["bulk_requests"], before + 1, "done all the same")
        there.switch(type="text/html")
        equal(there.get("lists").type, "text/html")
        there.switch(type="none")
        equal((there.get("lists").type, len(there.get("lists").json["lists"])), (None, 4))
        there.switch(type=False, not_allowed="import")
        equal(there.submit(TWO).type, "application/json")
        there.switch(refusals_as_text=True)
        equal(there.submit(TWO).type, "text/plain")


def submit_raw(there):
    """All that comes back until the connection ends."""
    body = json.dumps({"contacts": TWO}).encode()
    with socket.create_connection(("127.0.0.1", there.port), timeout=1) as raw:
        raw.sendall(f"POST /api/3/import/bulk_import HTTP/1.1\r\nHost: x\r\nApi-Token: {KEY}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
        return b"".join(iter(lambda: raw.recv(1000), b""))


def test_an_answer_without_a_body(binary):
    with account(binary, "--fault", "cut-head=@1") as there:
        told = submit_raw(there)
        assert told.startswith(b"HTTP/1.1 200") and b"\r\n\r\n" not in told, told
        equal(there.state()["bulk_requests"], 1, "done all the same")


def test_silence(binary):
    with account(binary) as there:
        for fault, done in (("silent-before", 0), ("silent-after", 1)):
            before = there.state()["bulk_requests"]
            there.switch(**{fault: "@1"})
            try:
                equal(submit_raw(there), "nothing")
            except TimeoutError:
                pass
            equal(there.state()["bulk_requests"], before + done, fault)


def test_twice(binary):
    with account(binary, "--fault", "import:1/twice") as there:
        answer = there.submit(TWO)
        equal(answer.status, 200)
        equal(there.state()["bulk_requests"], 2)
        equal(len(there.settle(answer.json["batchId"])["success"]), 2)
        there.submit(TWO)
        equal(there.state()["bulk_requests"], 3)


def test_when_and_how_often(binary):
    with account(binary) as there:
        def struck(value, times=10):
            there.switch(empty_502=value)
            return "".join("x" if there.get("lists").status == 502 else "-" for _ in range(times))
        equal(struck("3"), "--x--x--x-")
        equal(struck("@4"), "---x------")
        equal(struck("30%"), "---x--x--x")
        equal(struck(True), "xxxxxxxxxx")
        equal(struck(False), "----------")


def test_for_some_requests(binary):
    with account(binary, "--fault", "lists/html-502", "--fault", "import:2/reset-after") as there:
        equal([there.get("lists").status, there.get("users/me").status, there.get("lists").status], [502, 200, 502])
        equal([outcome(lambda: there.submit(TWO)) for _ in range(3)], [200, "reset", 200])
        equal(there.state()["bulk_requests"], 3)
        equal(there.get("/practice/faults").json, {"lists/html-502": True, "import:2/reset-after": True})
        equal(there.ask("POST", "/practice/faults", {"lists/html-502": False, "people:2-3/empty-502": "2"}).json,
              {"people:2-3/empty-502": "2", "import:2/reset-after": True})
        equal([there.get("contacts", email="a@example.com").status for _ in range(5)], [200, 200, 502, 200, 200], "every second of the two")
        there.ask("POST", "/practice/faults", {"fields:2++/unpaid": True})
        equal([there.get(path).status for path in ("fields", "lists", "fields", "lists", "users/me")], [200, 200, 402, 402, 402])


def test_imports_are_carried_out_as_they_came(binary):
    with account(binary, "--fault", "import:2/lose", "--fault", "import-delay=300") as there:
        batches = [there.submit([{"email": f"p{i}@example.com"}]).json["batchId"] for i in range(3)]
        for batch in batches:
            there.settle(batch)
        equal([there.contact(f"p{i}@example.com") is not None for i in range(3)], [True, False, True])


def test_after_all_was_done(binary):
    with account(binary) as there:
        for fault, seen in (("reset-after", "reset"), ("cut-answer", "cut")):
            before = there.state()["bulk_requests"]
            there.switch(**{fault: "@1"})
            equal(outcome(lambda: there.submit(TWO)), seen, fault)
            equal(there.state()["bulk_requests"], before + 1, "done all the same")
        there.switch(wrong_json="@1")
        answer = there.submit(TWO)
        equal((answer.status, answer.body), (200, b'{"success":1,"queued_con'))
        equal(there.state()["bulk_requests"], 3)
        equal(outcome(lambda: there.submit(TWO)), 200)


def test_before_anything_was_done(binary):
    with account(binary) as there:
        for fault in ("reset-before", "reset-early"):
            there.switch(**{fault: "@1"})
            equal(outcome(lambda: there.submit(TWO)), "reset", fault)
            equal(there.state()["bulk_requests"], 0, "nothing was done")
        equal(outcome(lambda: there.submit(TWO)), 200)


def test_a_connection_breaks_before_the_body(binary):
    with account(binary, "--fault", "reset-early=1") as there:
        with socket.create_connection(("127.0.0.1", there.port), timeout=60) as raw:
            raw.sendall(f"POST /api/3/import/bulk_import HTTP/1.1\r\nHost: x\r\nApi-Token: {KEY}\r\nContent-Length: 100\r\n\r\n{{".encode())
            try:
                equal(raw.recv(1000), b"")
            except ConnectionResetError:
                pass


def test_late_and_in_pieces(binary):
    with account(binary) as there:
        there.switch(slow="300ms")
        start = time.monotonic()
        equal(there.get("users/me").status, 200)
        assert time.monotonic() - start >= 0.29
        there.switch(slow=False, drip="20")
        start = time.monotonic()
        answer = there.get("users/me")
        equal(answer.json["user"]["id"], "1", "whole in the end")
        assert time.monotonic() - start >= 0.25
        there.switch(drip=False)


def test_packed_and_in_chunks(binary):
    with account(binary, "--fault", "gzip", "--fault", "chunked") as there:
        answer = there.ask("GET", "lists", headers={"Accept-Encoding": "gzip, deflate"})
        equal((answer.headers["Content-Encoding"], answer.headers["Transfer-Encoding"]), ("gzip", "chunked"))
        assert "Content-Length" not in answer.headers
        assert gzip.decompress(answer.body).startswith(b'{"lists":[')
        answer = there.get("lists")
        assert "Content-Encoding" not in answer.headers, "only for who takes it"
        equal(len(answer.json["lists"]), 4)


def test_switching(binary):
    with account(binary, "--fault", "cut-answer=@99", "--fault", "key-html") as there:
        equal(there.get("/practice/faults").json, {"key-html": True, "cut-answer": "@99"})
        equal(there.switch(key_html=False, slow=5, cut_answer=None), {"slow": "5"})
        for body in ({"no-such-fault": True}, {"slow": "often"}, {"unpaid": "yes"}):
            answer = there.ask("POST", "/practice/faults", body)
            equal(answer.status, 400)
            assert answer.json["message"]
        equal(there.ask("POST", "/practice/faults", raw=b"[]").status, 400)
        equal(there.ask("DELETE", "/practice/faults").status, 405)
        equal(there.ask("POST", "/practice/faults", {"slow": False}, key=None).status, 403)
        equal(there.get("/practice/faults").json, {"slow": "5"})


def told(answer):
    return email.utils.parsedate_to_datetime(answer.headers["Date"]).timestamp()


def test_clock(binary):
    with account(binary) as there:
        for seconds in (0, 100, -3600):
            there.switch(clock=seconds)
            before = int(time.time())
            there.imported([{"email": f"clock{seconds}@example.com", "subscribe": [{"listid": 1}]}])
            answer = there.get(f"contacts?email=clock{seconds}@example.com&include=contactLists")
            after = time.time()
            joined = datetime.datetime.fromisoformat(answer.json["contactLists"][0]["sdate"]).timestamp()
            assert before + seconds <= told(answer) <= after + seconds, (seconds, answer.headers["Date"])
            assert before + seconds <= joined <= after + seconds, (seconds, answer.json)
        there.switch(throttle_429="1", retry_after_date=True)
        answer = there.get("lists")
        waits = email.utils.parsedate_to_datetime(answer.headers["Retry-After"]).timestamp() - told(answer)
        assert 0 <= waits <= 2, waits
        there.switch(throttle_429=False, no_date=True)
        equal(there.get("lists").headers["Date"], None)


def test_command_line(binary):
    def run(*options):
        done = subprocess.run([binary, "practice", *options], capture_output=True, text=True, timeout=120)
        return done.returncode, done.stdout, done.stderr
    for wrong in ("no-such-fault", "slow", "cut-answer=0", "unpaid=1", "nothing/unpaid", "import:0/unpaid"):
        status, _, error = run("--fault", wrong)
        equal(status, 2)
        assert all(f"“{part}”" in error for part in wrong.split("=")[0].split("/")), error
    status, text, _ = run("--help")
    equal(status, 0)
    for fault in ("key-html", "cut-answer[=N|@N|N%]", "slow=TIME", "contact-limit=N", "clock=N", "refuse=TEXT", "import:2++/", "/practice/faults"):
        assert fault in text, fault


def test_contacts_get_lost_and_changed(binary):
    with account(binary) as there:
        known = there.post("contact/sync", {"contact": {"email": "p3@example.com", "firstName": "Old"}}).json["contact"]["id"]
        there.switch(lose="3", change="@2")
        people = [{"email": f"p{i}@example.com", "first_name": f"Éva{i}", "subscribe": [{"listid": 1}]} for i in range(1, 8)]
        done = there.imported(people)
        equal((done["status"], len(done["success"]), done["failure"]), ("completed", 7, []), "the import knows nothing of it")
        assert known in done["success"]
        equal(there.contact("p3@example.com")["firstName"], "Old", "whoever was there is as they were")
        equal(there.on_list("p3@example.com", 1), None)
        equal(there.contact("p6@example.com"), None)
        equal([there.contact(f"p{i}@example.com")["firstName"] for i in (1, 2, 4, 5, 7)], ["Éva1", "va2", "Éva4", "Éva5", "Éva7"])
        equal(there.on_list("p2@example.com", 1), "1")


def test_contacts_show_late(binary):
    with account(binary) as there:
        there.imported([{"email": "p@example.com", "subscribe": [{"listid": 1}]}])
        there.switch(lag="600s")
        equal(there.contact("p@example.com"), None)
        equal(there.get("contacts", listid=1, status=1).json["contacts"], [])
        there.switch(lag=False)
        contact = there.contact("p@example.com")
        there.switch(lag="600s")
        equal(there.get(f"contacts/{contact['id']}").status, 200, "only pages are late")


def test_imports_in_other_words(binary):
    with account(binary) as there:
        there.switch(no_batch_id="@1")
        answer = there.submit(TWO)
        equal((answer.status, answer.json["success"], "batchId" in answer.json), (200, 1, False))
        there.switch(leave_out="b@", failures_numbered=True)
        answer = there.submit([*TWO, {"email": "o'hara@example.com"}])
        equal(answer.json["queued_contacts"], 2)
        info = there.settle(answer.json["batchId"])
        equal((len(info["success"]), info["failure"]), (1, {"1": "o'hara@example.com"}))
        there.switch(info_status="asleep")
        equal(there.info(answer.json["batchId"])["status"], "asleep")
        there.switch(info_without_status="@1")
        info = there.info(answer.json["batchId"])
        assert "status" not in info and len(info["success"]) == 1, info
        there.switch(info_status=False, info_400="@1")
        equal([there.get("import/info", batchId=answer.json["batchId"]).status for _ in range(2)], [400, 200])
        there.switch(leave_out=False, contact_limit="1", limit_refuses=True)
        before = there.state()["bulk_requests"]
        equal(there.submit([{"email": "c@example.com", "subscribe": [{"listid": 1}]}]).status, 400)
        equal(there.state()["bulk_requests"], before)


def test_what_nobody_is_sure_of(binary):
    with account(binary) as there:
        bounced = {"email": "bounced@example.com", "fields": [{"id": 1, "value": "Gold"}, {"id": 4, "value": "Sète"}], "subscribe": [{"listid": 1}]}
        equal(there.imported([bounced])["failure"], ["bounced@example.com"])
        there.switch(three_unconfirmed=True)
        equal(there.imported([bounced])["failure"], [])
        equal(there.on_list("bounced@example.com", 1), "3", "nobody is put on a list again")
        there.switch(choices_in_bars=True)
        values = there.get(f"contacts/{there.contact('bounced@example.com')['id']}").json["fieldValues"]
        equal({value["field"]: value["value"] for value in values}, {"1": "||Gold||", "4": "Sète"})
        there.switch(documented_statuses=True)
        equal(there.post("contact/sync", {"contact": {"email": "bounced@example.com"}}).status, 201)
        equal(there.post("lists", {"list": {"name": "L", "stringid": "l", "sender_url": "u", "sender_reminder": "r"}}).status, 200)
        equal(there.post("fieldValues", {"fieldValue": {"contact": 1, "field": 4, "value": "Sète"}}).status, 200)
        there.switch(pages_repeat="2")
        pages = [[contact["id"] for contact in there.get("contacts", listid=1, limit=2, id_greater=2).json["contacts"]] for _ in range(2)]
        assert pages[0] != pages[1] and pages[1][0] == "1", pages


def test_pages_without_anything_beside(binary):
    with account(binary) as there:
        there.imported([{"email": "p@example.com", "fields": [{"id": 4, "value": "Sète"}], "subscribe": [{"listid": 1}]}])
        there.switch(bare_pages=True)
        page = there.get("contacts", listid=1, include="contactLists,fieldValues").json
        assert "contactLists" not in page and "fieldValues" not in page and page["contacts"], page
        whole = there.get(f"contacts/{there.contact('p@example.com')['id']}").json
        equal(([row["status"] for row in whole["contactLists"]], [value["value"] for value in whole["fieldValues"]]), (["1"], ["Sète"]))


main([
    ("answers of the wrong status", test_statuses),
    ("every shape of a refusal", test_shapes_of_refusals),
    ("where answers send one elsewhere", test_elsewhere),
    ("times to wait, as a date and not at all", test_times_to_wait),
    ("content that is none, or is called something else", test_content_that_is_none),
    ("an answer that breaks off in its head", test_an_answer_without_a_body),
    ("no answer at all", test_silence),
    ("a request is carried out twice", test_twice),
    ("imports in other words", test_imports_in_other_words),
    ("what nobody is sure of", test_what_nobody_is_sure_of),
    ("a fault comes every Nth time, once, or in a share of cases", test_when_and_how_often),
    ("a fault can be for some requests", test_for_some_requests),
    ("imports are carried out as they came", test_imports_are_carried_out_as_they_came),
    ("answers that are lost after all was done", test_after_all_was_done),
    ("connections that break before anything was done", test_before_anything_was_done),
    ("a connection that breaks before the body was read", test_a_connection_breaks_before_the_body),
    ("answers that come late, and in pieces", test_late_and_in_pieces),
    ("answers that are packed, and in chunks", test_packed_and_in_chunks),
    ("contacts get lost, and changed", test_contacts_get_lost_and_changed),
    ("contacts show late", test_contacts_show_late),
    ("pages without anything beside", test_pages_without_anything_beside),
    ("faults are switched while it runs, with the key", test_switching),
    ("faults on the command line, and its help", test_command_line),
])

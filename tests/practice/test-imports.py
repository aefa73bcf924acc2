#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The bulk importer: test-imports.py RELAIS"""
import datetime
import json
import time
import uuid

from account import account, equal, main

REFUSED = "JSON payload did not pass validation. Please fix failureReasons and retry. The import was not queued for processing."
DOCUMENTED = "JSON payload did not pass validation. Please fix failure Reasons and retry. The import was not queued for processing."


def test_accepted(binary):
    with account(binary) as there:
        answer = there.submit([{"email": "one@example.com"}, {"email": "two@example.com"}])
        equal(answer.status, 200)
        batch = answer.json.pop("batchId")
        uuid.UUID(batch)
        equal(list(answer.json), ["success", "queued_contacts", "batchId", "message"])
        equal((answer.json["success"], answer.json["queued_contacts"], answer.json["message"]), (1, 2, "Contact import queued"))
        there.switch(success_capital=True)
        equal(list(there.submit([{"email": "one@example.com"}, {"email": "two@example.com"}]).json), ["Success", "queued_contacts", "batchId", "message"])


def test_states(binary):
    """In their order, by asking until it ends; a fast or slow machine sees more or fewer of each."""
    with account(binary, "--fault", "import-delay=2s") as there:
        batch = there.submit([{"email": "a@example.com"}, {"email": "b@example.com"}]).json["batchId"]
        seen = []
        for _ in range(60000):
            info = there.info(batch)
            if not seen or seen[-1] != info["status"]:
                seen.append(info["status"])
            if info["status"] == "completed":
                break
            equal((info["success"], info["failure"]), ([], []))
            time.sleep(0.01)
        known = [False, "waiting", "claimed", "active", "completed"]
        equal([known.index(state) for state in seen], sorted(known.index(state) for state in seen))
        equal((seen[0], seen[-1]), (False, "completed"), "a boolean just after")
        equal(info["success"], [there.contact("a@example.com")["id"], there.contact("b@example.com")["id"]])


def test_asking_wrongly(binary):
    with account(binary) as there:
        for query in ("import/info", "import/info?batchId="):
            answer = there.ask("GET", query)
            equal((answer.status, answer.json), (400, {"success": 0, "message": "'batchId' is a required field."}))
        equal(there.get("import/info", batchId=str(uuid.uuid4())).status, 404)


def test_what_is_written(binary):
    with account(binary) as there:
        there.imported([{"email": "zoe@example.com", "first_name": "Zoé", "last_name": "Lefèvre", "phone": "not a number", "customer_acct_name": "Acme",
                         "tags": ["vip", "brand new", "a,b"], "fields": [{"id": 6, "value": "||Garden||Music||"}, {"id": "4", "value": "Sète"},
                                                                          {"id": 99, "value": "lost"}],
                         "subscribe": [{"listid": 1}, {"listid": "2"}, {"listid": 99}], "unsubscribe": [{"listid": 4}]}])
        contact = there.contact("zoe@example.com")
        equal((contact["firstName"], contact["lastName"], contact["phone"], contact["orgname"]), ("Zoé", "Lefèvre", "not a number", "Acme"))
        values = there.get(f"contacts/{contact['id']}/fieldValues").json["fieldValues"]
        equal({row["field"]: row["value"] for row in values}, {"6": "||Garden||Music||", "4": "Sète"})
        rows = there.get(f"contacts/{contact['id']}/contactLists").json["contactLists"]
        equal([(row["list"], row["status"]) for row in rows], [("1", "1"), ("2", "1"), ("4", "2")], "a list that is not there is ignored")
        tags = {tag["id"]: tag["tag"] for tag in there.get("tags").json["tags"]}
        marks = there.get(f"contacts/{contact['id']}/contactTags").json["contactTags"]
        equal(sorted(tags[mark["tag"]] for mark in marks), ["a,b", "brand new", "vip"], "one entry is one tag, made when it is missing")
        equal(there.get("lists/99").status, 404)

        there.imported([{"email": "Zoe@Example.com", "firstName": "dropped", "last_name": "", "fields": [{"id": 4, "value": ""}], "tags": ["shop"]}])
        again = there.contact("zoe@example.com")
        equal((again["id"], again["firstName"], again["lastName"], again["phone"]), (contact["id"], "Zoé", "", "not a number"),
              "what is left out or spelled otherwise stays, what is empty clears")
        equal(len(there.get(f"contacts/{contact['id']}/fieldValues").json["fieldValues"]), 1)
        equal(len(there.get(f"contacts/{contact['id']}/contactTags").json["contactTags"]), 4, "an import takes no tag away")
        there.switch(import_keeps_empty=True)
        there.imported([{"email": "zoe@example.com", "first_name": "", "fields": [{"id": 6, "value": ""}]}])
        equal(there.contact("zoe@example.com")["firstName"], "Zoé")
        equal(len(there.get(f"contacts/{contact['id']}/fieldValues").json["fieldValues"]), 1)
        there.imported([{"email": "twice@example.com", "first_name": "First"}, {"email": "TWICE@example.com", "first_name": "Second"}])
        equal(there.contact("twice@example.com")["firstName"], "Second", "the later entry goes over the earlier")


def test_all_or_nothing(binary):
    with account(binary) as there:
        people = [{"email": "fine@example.com"}, {"first_name": "x"}, {"email": "none"}, {"email": ""}, "text", {"email": 7}]
        answer = there.submit(people)
        equal(answer.status, 400)
        missing, wrong = "Field 'email' not found", "Field‘ email’ incorrect format"
        equal(answer.json, {"success": 0, "message": REFUSED, "failureReasons": [
            {"contact": 2, "failureReason": missing}, {"contact": 3, "failureReason": wrong}, {"contact": 4, "failureReason": missing},
            {"contact": 5, "failureReason": missing}, {"contact": 6, "failureReason": missing}]})
        equal(there.state()["bulk_requests"], 0)
        equal(there.contact("fine@example.com"), None)
        there.switch(reasons_from_zero=True, success_capital=True)
        answer = there.submit(people).json
        equal(([reason["contact"] for reason in answer["failureReasons"]], answer["message"]), ([1, 2, 3, 4, 5], DOCUMENTED))


def test_sizes(binary):
    with account(binary) as there:
        def people(n):
            return [{"email": f"p{i}@example.com"} for i in range(n)]

        def padded(size):
            body = {"contacts": people(2), "padding": ""}
            body["padding"] = "x" * (size - len(json.dumps(body)))
            return json.dumps(body).encode()

        equal(there.submit(people(250)).status, 200)
        for body, reason in (({"contacts": people(251)}, "Up to 250 contacts may be imported per request"),
                             ({"contacts": []}, "Field 'contacts' not found"), ({}, "Field 'contacts' not found"),
                             ({"contacts": {}}, "Field 'contacts' not found")):
            answer = there.post("import/bulk_import", body)
            equal((answer.status, answer.json), (400, {"success": 0, "message": REFUSED, "failureReasons": [reason]}))
        for raw in (b"{", b"", b"[1,]"):
            equal(there.ask("POST", "import/bulk_import", raw=raw).json["failureReasons"], ["Invalid or unparsable json"])
        equal(there.ask("POST", "import/bulk_import", raw=padded(399999)).status, 200)
        answer = there.ask("POST", "import/bulk_import", raw=padded(400000))
        equal((answer.status, answer.json["failureReasons"]), (400, ["Payload must be less than 400K bytes"]))
        equal(there.state()["bulk_requests"], 2)


def test_who_fails(binary):
    with account(binary) as there:
        failing = ["invalid.email@invalidDomain", "invalid'character@example.com", "two@@example.com", "a@b.c", "a@-.1x", "a b@example.com", "a(b)@example.com",
                   "a@exa_mple.com", "@example.com", "a@.com", "a@example..com"]
        passing = ["a.b+c@example.com", "x@sub.example.co", "numbers1@example4.com"]
        info = there.imported([{"email": email} for email in failing + passing])
        equal(info["failure"], failing)
        equal([there.contact(email)["id"] for email in passing], info["success"])
        there.switch(apostrophes_pass=True)
        equal(there.imported([{"email": "o'brien@example.com"}, {"email": "a@b.c"}])["failure"], ["a@b.c"])
        there.switch(bad_addresses_refuse=True)
        equal(there.submit([{"email": "a@b.c"}, {"email": "fine@example.com"}]).json["failureReasons"][0]["contact"], 1)
        there.switch(bad_addresses_refuse=False, bad_addresses_fail=True)
        equal(there.imported([{"email": "no at"}, {"email": "fine@example.com"}])["failure"], ["no at"])
        equal(there.submit([{"first_name": "x"}, {"email": "fine@example.com"}]).status, 400, "an address is required all the same")
        there.switch(bad_addresses_fail=False, refuse="spam")
        equal(there.submit([{"email": "fine@example.com"}, {"email": "x@spam.example.com"}]).json["failureReasons"][0]["contact"], 2)


def test_who_must_not_be_written_to(binary):
    with account(binary) as there:
        people = [{"email": email, "first_name": "Changed", "subscribe": [{"listid": 1}]} for email in (
            "opted-out@example.com", "bounced@example.com", "excluded@example.com", "NoReply@any.example", "someone@blocked.example",
            "not-by-text@example.com", "not-a-customer@example.com", "unconfirmed@example.com", "new@example.com")]
        answer = there.submit(people)
        equal((answer.status, answer.json["success"], answer.json["queued_contacts"]), (200, 5, 6), "as in the only sample: success 5, fewer queued")
        info = there.settle(answer.json["batchId"])
        equal(info["status"], "completed")
        equal(info["failure"], [person["email"] for person in people[:5]])
        equal(there.on_list("opted-out@example.com", 1), "2", "who unsubscribed stays so")
        equal(there.contact("opted-out@example.com")["firstName"], "")
        equal(there.on_list("bounced@example.com", 1), "3")
        equal(there.contact("excluded@example.com"), None)
        equal((there.on_list("unconfirmed@example.com", 1), there.on_list("new@example.com", 1)), ("1", "1"))
        equal(there.imported([{"email": "not-a-customer@example.com", "subscribe": [{"listid": 2}]}, {"email": "x@example.com"}])["failure"],
              ["not-a-customer@example.com"], "excluded from that list alone")
        equal(there.imported([{"email": "opted-out@example.com", "first_name": "Fine", "subscribe": [{"listid": 2}]}, {"email": "x@example.com"}])["failure"], [],
              "who left another list does not fail")
        there.switch(unsubscribed_updated=True, partial_success=1)
        answer = there.submit([people[0], {"email": "excluded@example.com"}])
        equal(answer.json["success"], 1)
        equal(there.settle(answer.json["batchId"])["failure"], ["excluded@example.com"])
        equal((there.contact("opted-out@example.com")["firstName"], there.on_list("opted-out@example.com", 1)), ("Changed", "2"))


def test_room_in_the_plan(binary):
    with account(binary, "--fault", "contact-limit=3") as there:
        people = [{"email": f"p{i}@example.com", "subscribe": [{"listid": 1}]} for i in range(4)]
        equal(there.imported(people)["failure"], ["p2@example.com", "p3@example.com"], "one was there, two had room")
        equal(there.get("settings/account").json["subscriber_total"], 3)
        equal(there.imported([people[0], {"email": "p9@example.com"}])["failure"], [], "who counts already, and who is put on no list")
        equal(there.imported([{"email": "p9@example.com", "subscribe": [{"listid": 2}]}, people[0]])["failure"], ["p9@example.com"])


def test_success_names(binary):
    with account(binary) as there:
        there.imported([{"email": "old@example.com"}, {"email": "older@example.com"}])
        both = there.imported([{"email": "old@example.com"}, {"email": "new@example.com"}])["success"]
        equal(both, [there.contact("old@example.com")["id"], there.contact("new@example.com")["id"]])
        there.switch(success_created_only=True)
        only = there.imported([{"email": "old@example.com"}, {"email": "newer@example.com"}])["success"]
        equal(only, [there.contact("newer@example.com")["id"]])


def test_automations(binary):
    with account(binary) as there:
        two = [{"email": "a@example.com"}, {"email": "b@example.com", "exclude_automations": True}]

        def started(**more):
            before = there.state()["automations"]
            answer = there.post("import/bulk_import", {"contacts": two, **more})
            there.settle(answer.json["batchId"])
            return there.state()["automations"] - before
        equal(started(), 2, "unless told otherwise they run")
        equal(started(exclude_automations=True), 0)
        equal(started(exclude_automations=False), 2)
        there.switch(automations_inside=True)
        equal(started(exclude_automations=True), 1)


def test_bad_ends(binary):
    with account(binary) as there:
        people = [{"email": f"p{i}@example.com"} for i in range(4)]
        there.switch(import_failed="@1")
        info = there.imported(people)
        equal(info, {"status": "failed", "success": [], "failure": []})
        equal(there.contact("p0@example.com"), None)
        there.switch(import_interrupted="@1")
        info = there.imported(people)
        equal((info["status"], len(info["success"])), ("interrupted", 2))
        equal(there.contact("p3@example.com"), None)
        there.switch(ends_without_results=True, import_failed="1", import_interrupted=False)
        equal(there.imported(people), {"status": "failed"})
        there.switch(import_failed=False, import_unknown_state="1", import_delay="1s")
        batch = there.submit(people).json["batchId"]
        states = set()
        for _ in range(60000):
            states.add(there.info(batch)["status"])
            if "completed" in states:
                break
            time.sleep(0.01)
        equal(states - {False}, {"pondering", "completed"})
        there.switch(import_unknown_state=False, import_never_ends="1", import_delay="0")
        never = there.submit(people).json["batchId"]
        there.switch(import_never_ends=False)
        there.imported(people)
        equal(there.info(never)["status"], "active", "while later ones end")
        there.switch(info_false="1000s")
        equal(there.info(never)["status"], False)
        there.switch(info_forgets="2")
        equal([there.get("import/info", batchId=never).status for _ in range(4)], [200, 404, 200, 404])


def test_days(binary):
    with account(binary) as there:
        equal(there.get("import/bulk_import").json, {"outstanding": [], "recentlyCompleted": []})
        before = datetime.date.today().isoformat()
        there.imported([{"email": "a@example.com"}, {"email": "b@example.com"}])
        there.imported([{"email": "a@example.com"}, {"email": "b@example.com"}, {"email": "c@example.com"}])
        there.switch(import_never_ends="1")
        there.submit([{"email": "a@example.com"}, {"email": "b@example.com"}])
        days = there.get("import/bulk_import").json
        if days["outstanding"][0]["forDate"] == before or len(days["recentlyCompleted"]) == 1:     # else midnight came in between
            equal([(day["batches"], day["contacts"]) for day in days["recentlyCompleted"]], [("2", "5")])
        equal([(day["batches"], day["contacts"]) for day in days["outstanding"]], [("1", "2")])


main([
    ("an import is queued, in two spellings", test_accepted),
    ("an import goes from false to completed", test_states),
    ("asking about no import and an unknown one", test_asking_wrongly),
    ("what an import writes, and what it leaves", test_what_is_written),
    ("one bad contact refuses all", test_all_or_nothing),
    ("250 contacts and 399,999 bytes, and no more", test_sizes),
    ("addresses that fail, and where", test_who_fails),
    ("who unsubscribed, bounced or is excluded fails", test_who_must_not_be_written_to),
    ("who has no room in the plan fails", test_room_in_the_plan),
    ("success names who was created and updated, or created alone", test_success_names),
    ("automations run unless they are excluded", test_automations),
    ("imports that fail, stop, never end or are forgotten", test_bad_ends),
    ("day totals of the account", test_days),
])

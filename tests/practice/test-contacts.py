#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Contacts one by one and by pages, their lists, tags and field values: test-contacts.py RELAIS"""
import datetime
import time

from account import account, equal, main


def emails(answer):
    return [contact["email"] for contact in answer.json["contacts"]]


def test_sync_creates_and_updates(binary):
    with account(binary) as there:
        answer = there.post("contact/sync", {"contact": {"email": "zoe@example.com", "firstName": "Zoé", "lastName": "L", "phone": "+33 6",
                                                         "fieldValues": [{"field": "4", "value": "Sète"}, {"field": "99", "value": "lost"}]}})
        equal(answer.status, 201)
        contact = answer.json["contact"]
        equal(contact["cdate"], contact["udate"])
        equal((contact["orgid"], contact["organization"], contact["email_empty"]), ("", "", False))
        values = answer.json["fieldValues"]
        equal([(value["contact"], value["field"], value["value"], value["owner"]) for value in values], [(contact["id"], "4", "Sète", contact["id"])])
        equal(contact["fieldValues"], [values[0]["id"]], "ids inside, objects outside; a field that is not there is ignored")
        assert "fieldValues" not in there.post("contact/sync", {"contact": {"email": "other@example.com"}}).json

        answer = there.post("contact/sync", {"contact": {"email": "ZOE@example.com", "lastName": "Lefèvre", "first_name": "dropped"}})
        equal(answer.status, 200)
        again = answer.json["contact"]
        equal((again["id"], again["firstName"], again["lastName"], again["phone"]), (contact["id"], "Zoé", "Lefèvre", "+33 6"), "what is left out stays")
        equal(again["organization"], None)
        there.post("contact/sync", {"contact": {"email": "zoe@example.com", "fieldValues": [{"field": 4, "value": ""}], "phone": ""}})
        equal(there.get(f"contacts/{contact['id']}/fieldValues").json, {"fieldValues": []}, "an empty value clears")
        equal(there.contact("zoe@example.com")["phone"], "")
        equal(there.get(f"contacts/{contact['id']}/contactLists").json, {"contactLists": []}, "no list is touched")


def test_sync_refuses(binary):
    with account(binary) as there:
        for contact in ({}, {"email": ""}, {"firstName": "x"}):
            answer = there.post("contact/sync", {"contact": contact})
            equal(answer.status, 400)
            equal(answer.json, {"errors": [{"status": 400, "title": "Bad Request", "detail": "Contact email must be provided for sync"}]})
        answer = there.post("contact/sync", {"contact": {"email": "not an address"}})
        equal(answer.status, 422)
        equal(answer.json, {"errors": [{"title": "Contact Email Address is not valid.", "detail": "", "code": "email_invalid",
                                        "error": "must_be_valid_email_address", "source": {"pointer": "/data/attributes/email"}}]})


def test_create_get_update_delete(binary):
    with account(binary) as there:
        answer = there.post("contacts", {"contact": {"email": "new@example.com", "firstName": "N"}})
        equal(answer.status, 201)
        one = answer.json["contact"]["id"]
        double = {"errors": [{"title": "Email address already exists in the system", "detail": "", "code": "duplicate",
                              "source": {"pointer": "/data/attributes/email"}}]}
        for path in ("contacts", "contacts/sync"):
            answer = there.post(path, {"contact": {"email": "new@example.com"}})
            equal((answer.status, answer.json), (422, double), "with an s too many a sync is a creation")
        whole = there.get(f"contacts/{one}").json
        equal(list(whole), ["contactAutomations", "contactLists", "deals", "fieldValues", "geoIps", "accountContacts", "contact"])
        for name in ("contactAutomations", "contactLists", "fieldValues", "geoIps", "deals", "accountContacts"):
            equal(whole["contact"][name], [], name)
        answer = there.put(f"contacts/{one}", {"contact": {"email": "renamed@example.com", "lastName": "M"}})
        equal((answer.status, answer.json["contact"]["email"], answer.json["contact"]["firstName"], answer.json["contact"]["lastName"]),
              (200, "renamed@example.com", "N", "M"))
        equal(there.put(f"contacts/{one}", {"contact": {"email": "opted-out@example.com"}}).status, 422)
        equal(there.delete(f"contacts/{one}").body, b"{}")
        equal(there.get(f"contacts/{one}").status, 404)
        equal(there.delete(f"contacts/{one}").json["message"], f"No Result found for Subscriber with id {one}")
        later = there.post("contacts", {"contact": {"email": "later@example.com"}}).json["contact"]["id"]
        assert int(later) > int(one), "an id is never given twice"


def test_pages_after_an_id(binary):
    with account(binary) as there:
        there.imported([{"email": f"p{i}@example.com", "subscribe": [{"listid": 1}]} for i in range(250)])
        first = there.get("contacts", listid=1, status=1, limit=100, id_greater=0, **{"orders[id]": "ASC"})
        equal(first.json["meta"]["total"], "251")
        ids = [int(contact["id"]) for contact in first.json["contacts"]]
        equal(ids, sorted(ids))
        second = there.get("contacts", listid=1, status=1, limit=100, id_greater=ids[-1], **{"orders[id]": "ASC"})
        equal((len(second.json["contacts"]), second.json["meta"]["total"]), (100, "151"))
        there.post("contactLists", {"contactList": {"list": 1, "contact": ids[-1] + 140, "status": 2}})
        after = int(second.json["contacts"][-1]["id"])
        third = there.get("contacts", listid=1, status=1, limit=100, id_greater=after, **{"orders[id]": "ASC"})
        equal((len(third.json["contacts"]), third.json["meta"]["total"]), (50, "50"), "one left the list meanwhile")
        other = there.get("contacts", listid=1, status=2, limit=100, id_greater=after)
        equal(other.json["meta"]["total"], "1", "another filter is counted anew")
        equal(emails(there.get("contacts", id_less=2)), ["camille.active@example.com"])
        down = there.get("contacts", listid=1, limit=2, **{"orders[id]": "desc"})
        assert int(down.json["contacts"][0]["id"]) > int(down.json["contacts"][1]["id"])
        page = first.json["meta"]["page_input"]
        equal((page["listid"], page["status"], page["limit"], page["offset"], page["search"]), (1, 1, 100, 0, None))
        equal(there.get("contacts").json["meta"]["page_input"]["status"], -1)


def test_filters(binary):
    with account(binary) as there:
        there.imported([
            {"email": "anna@one.example", "first_name": "Anna", "last_name": "Zola", "phone": "+33 1", "customer_acct_name": "Acme", "tags": ["vip"]},
            {"email": "bob@two.example", "first_name": "Bob", "last_name": "Anders", "phone": "+44 2", "subscribe": [{"listid": "2"}]},
            {"email": "carl@one.example", "first_name": "Carl", "last_name": "Young", "phone": "+33 3", "tags": ["vip", "Shop"]},
        ])
        ids = {name: there.contact(name)["id"] for name in ("anna@one.example", "bob@two.example", "carl@one.example")}
        equal(emails(there.get("contacts", email="ANNA@one.example")), ["anna@one.example"])
        equal(emails(there.get("contacts", email="anna@one")), [], "email is exact")
        equal(emails(there.get("contacts", email_like="one.exam")), ["anna@one.example", "carl@one.example"])
        equal(emails(there.get("contacts", email_like="Anders")), [], "email_like is about addresses")
        for search in ("and", "Bob And", "+44", "two.example"):
            equal(emails(there.get("contacts", search=search)), ["bob@two.example"], search)
        equal(emails(there.get("contacts", search="acme")), ["anna@one.example"])
        equal(emails(there.get("contacts", phone="+33")), ["anna@one.example", "carl@one.example"])
        equal(emails(there.get("contacts", tagid="2")), ["carl@one.example"], "an existing tag, whatever its case")
        equal(emails(there.get("contacts", email_like="one.example", exclude=ids["anna@one.example"])), ["carl@one.example"])
        answer = there.ask("GET", f"contacts?ids%5B%5D={ids['bob@two.example']}&ids[]={ids['carl@one.example']}")
        equal(emails(answer), ["bob@two.example", "carl@one.example"])
        equal(emails(there.get("contacts", listid=2, status=1)), ["camille.active@example.com", "bob@two.example"])
        equal(emails(there.get("contacts", listid=2, status=2)), ["paul.desinscrit@example.com"])
        equal(emails(there.get("contacts", listid=1, status=0)), ["unconfirmed@example.com"])
        equal(emails(there.get("contacts", listid=1, status=3)), ["bounced@example.com"])
        equal(emails(there.get("contacts", status=3)), ["bounced@example.com"], "on any list")
        equal(len(emails(there.get("contacts", listid=1))), 6)
        equal(there.get("contacts", listid=1).json["meta"]["total"], "6")
        like = {"email_like": "example", "id_greater": int(ids["anna@one.example"]) - 1}
        equal(emails(there.get("contacts", **like, **{"orders[last_name]": "asc"})), ["bob@two.example", "carl@one.example", "anna@one.example"])
        equal(emails(there.get("contacts", **like, **{"orders[email]": "DESC"})), ["carl@one.example", "bob@two.example", "anna@one.example"])
        today = datetime.date.today()
        for days, n in ((-2, 9), (2, 0)):
            when = (today + datetime.timedelta(days)).isoformat()
            equal(len(emails(there.get("contacts", **{"filters[created_after]": when}))), n)
            equal(len(emails(there.get("contacts", **{"filters[updated_before]": when}))), 9 - n)


def test_memberships_beside_a_page(binary):
    with account(binary) as there:
        answer = there.get("contacts", include="contactLists", limit=2).json
        rows = answer["contactLists"]
        equal([(row["contact"], row["list"], row["status"]) for row in rows][:2], [("1", "1", "1"), ("1", "2", "1")])
        for contact in answer["contacts"]:
            equal(contact["contactLists"], [row["id"] for row in rows if row["contact"] == contact["id"]])


def test_memberships(binary):
    with account(binary) as there:
        one = there.post("contacts", {"contact": {"email": "one@example.com", "firstName": "One"}}).json["contact"]["id"]
        answer = there.post("contactLists", {"contactList": {"list": 2, "contact": int(one), "status": 1}})
        equal(answer.status, 200)
        equal([contact["id"] for contact in answer.json["contacts"]], [one])
        row = answer.json["contactList"]
        equal((row["contact"], row["list"], row["status"]), (int(one), 2, 1), "ids of the kind that was posted, the status a number")
        row = there.post("contactLists", {"contactList": {"list": "2", "contact": one, "status": "2", "sourceid": 4}}).json["contactList"]
        equal((row["contact"], row["list"], row["status"], row["sourceid"]), (one, "2", 2, 4))
        rows = there.get(f"contacts/{one}/contactLists").json["contactLists"]
        equal([(row["list"], row["status"], row["first_name"], row["sourceid"]) for row in rows], [("2", "2", "One", "4")], "the same pair, updated")
        assert rows[0]["udate"] is not None
        equal(there.get("contactLists", **{"filters[list]": 2, "filters[status]": 2}).json["meta"]["total"], "2")
        equal(len(there.get("contactLists").json["contactLists"]), 9)
        answer = there.post("contactLists", {"contactList": {"list": 1, "contact": there.contact("opted-out@example.com")["id"], "status": 1}})
        equal((answer.status, there.on_list("opted-out@example.com", 1)), (200, "1"), "who opted out is subscribed again: the service warns of it")
        for status in (0, 3):
            equal(there.post("contactLists", {"contactList": {"list": 2, "contact": one, "status": status}}).status, 200)
        for status in (4, -1, 99, "x"):
            answer = there.post("contactLists", {"contactList": {"list": 2, "contact": one, "status": status}})
            equal((answer.status, answer.json["errors"][0]["title"]), (422, "The value you selected is not a valid choice."), status)
        for missing in ("list", "contact", "status"):
            body = {"list": 2, "contact": one, "status": 1}
            del body[missing]
            answer = there.post("contactLists", {"contactList": body})
            equal(answer.json, {"errors": [{"status": 422, "title": "Missing attribute", "source": {"pointer": f"/data/attributes/{missing}"}}]})
        equal(there.post("contactLists", {"contactList": {"list": 2, "contact": 999, "status": 1}}).json["message"], "No Result found for Subscriber with id 999")
        equal(there.post("contactLists", {"contactList": {"list": 999, "contact": one, "status": 1}}).json["message"], "No Result found for _List with id 999")


def test_moments_of_a_membership(binary):
    """What tells someone whom an import took off a list from someone who left by themselves."""
    with account(binary) as there:
        def row(list_id="1"):
            rows = there.get("contacts", email="one@example.com", include="contactLists").json["contactLists"]
            return next({name: row[name] for name in ("status", "sdate", "udate", "unsubreason")} for row in rows if row["list"] == list_id)

        def later():
            time.sleep(1.1)   # a moment is a second

        there.imported([{"email": "one@example.com", "subscribe": [{"listid": 1}, {"listid": 2}]}, {"email": "b@example.com"}])
        first = row()
        later()
        there.imported([{"email": "one@example.com", "subscribe": [{"listid": 1}]}, {"email": "b@example.com"}])
        equal(row(), first, "who is on the list stays as they are")
        there.imported([{"email": "one@example.com", "unsubscribe": [{"listid": 1}]}, {"email": "b@example.com"}])
        off = row()
        equal((off["status"], off["sdate"], off["unsubreason"]), ("2", first["sdate"], None))
        assert off["udate"] not in (None, first["sdate"]), off
        later()
        there.imported([{"email": "one@example.com", "unsubscribe": [{"listid": 1}]}, {"email": "b@example.com"}])
        there.imported([{"email": "one@example.com", "first_name": "One", "subscribe": [{"listid": 1}]}, {"email": "b@example.com"}])
        equal(row(), off, "nor does an import change who is off it")
        there.leave("one@example.com", 1)
        again = row()
        equal((again["status"], again["sdate"], again["udate"] > off["udate"]), ("2", off["sdate"], True), "the link in an old mail")
        later()
        there.post("contactLists", {"contactList": {"list": 1, "contact": there.contact("one@example.com")["id"], "status": 1}})
        back = row()
        equal((back["status"], back["sdate"] > again["udate"], back["udate"]), ("1", True, None))
        there.leave("one@example.com", reason="Too many")
        equal([(row(list_id)["status"], row(list_id)["unsubreason"]) for list_id in "12"], [("2", "Too many")] * 2, "of all lists")
        equal(there.get("settings/account").json["subscriber_total"], 1)
        equal(there.ask("POST", "/practice/leave", {"email": "nobody@example.com"}).status, 404)
        equal(there.ask("POST", "/practice/leave", {"email": "one@example.com"}, key="wrong").status, 403)


def test_who_counts_against_the_plan(binary):
    with account(binary) as there:
        def total():
            return there.get("settings/account").json["subscriber_total"]
        equal(total(), 1)
        one = there.post("contacts", {"contact": {"email": "one@example.com"}}).json["contact"]["id"]
        equal(total(), 1, "someone on no list does not count")
        there.imported([{"email": "one@example.com", "subscribe": [{"listid": 1}, {"listid": 2}]}])
        equal(total(), 2, "someone on two lists counts once")
        there.imported([{"email": "one@example.com", "unsubscribe": [{"listid": 1}]}])
        equal(total(), 2)
        there.post("contactLists", {"contactList": {"list": 2, "contact": one, "status": 2}})
        equal(total(), 1)
        there.post("contactLists", {"contactList": {"list": 2, "contact": one, "status": 1}})
        equal(total(), 2)
        there.delete(f"contacts/{one}")
        equal(total(), 1)
        there.delete("lists/1")
        equal(total(), 1, "on another list still")
        there.delete("lists/2")
        equal(total(), 0)


def test_tags_of_contacts(binary):
    with account(binary) as there:
        one = there.post("contacts", {"contact": {"email": "one@example.com"}}).json["contact"]["id"]
        answer = there.post("contactTags", {"contactTag": {"contact": one, "tag": "3"}})
        equal(answer.status, 201)
        equal([contact["id"] for contact in answer.json["contacts"]], [one])
        mark = answer.json["contactTag"]
        equal((mark["contact"], mark["tag"]), (one, "3"))
        equal(there.post("contactTags", {"contactTag": {"contact": int(one), "tag": 3}}).json["contactTag"]["tag"], 3)
        equal(there.get("tags/3").json["tag"]["subscriber_count"], "1", "once, however often it is posted")
        equal(there.get(f"contactTags/{mark['id']}").json["contactTag"]["tag"], "3")
        equal(there.get("contactTags").json["meta"], {"total": "1"})
        equal([row["id"] for row in there.get(f"contacts/{one}/contactTags").json["contactTags"]], [mark["id"]])
        answer = there.post("contactTags", {"contactTag": {"contact": 999, "tag": 3}})
        equal((answer.status, answer.json), (404, {"errors": [{"status": 404, "title": "Not Found", "detail": "Contact not found"}]}))
        answer = there.post("contactTags", {"contactTag": {"tag": 3}})
        equal((answer.status, answer.json), (422, {"errors": [{"status": 422, "title": "Missing attribute",
                                                               "source": {"pointer": "/data/attributes/contact"}}]}))
        equal(there.post("contactTags", {"contactTag": {"contact": one, "tag": 999}}).status, 404)
        equal(there.delete(f"contactTags/{mark['id']}").body, b"{}")
        equal(there.delete(f"contactTags/{mark['id']}").json["message"], f"No Result found for SubscriberTag with id {mark['id']}")
        equal(there.get("tags/3").json["tag"]["subscriber_count"], "0")
        there.imported([{"email": "one@example.com", "tags": ["vip"]}])
        there.delete(f"contacts/{one}")
        equal(there.get("tags/3").json["tag"]["subscriber_count"], "0", "nor does a tag count who is gone")


def test_field_values(binary):
    with account(binary) as there:
        one = there.post("contacts", {"contact": {"email": "one@example.com"}}).json["contact"]["id"]
        answer = there.post("fieldValues", {"fieldValue": {"contact": int(one), "field": 6, "value": "||Garden||Music||"}, "useDefaults": True})
        equal(answer.status, 201)
        equal([contact["id"] for contact in answer.json["contacts"]], [one])
        value = answer.json["fieldValue"]
        equal((value["contact"], value["field"], value["value"], value["owner"]), (int(one), 6, "||Garden||Music||", int(one)))
        answer = there.post("fieldValues", {"fieldValue": {"contact": one, "field": "6", "value": "||Music||"}})
        equal((answer.status, answer.json["fieldValue"]["field"]), (200, "6"), "it was there")
        found = there.get(f"fieldValues/{value['id']}").json["fieldValue"]
        equal((found["contact"], found["field"], found["value"], found["owner"]), (one, "6", "||Music||", one))
        equal(there.put(f"fieldValues/{value['id']}", {"fieldValue": {"contact": one, "field": "6", "value": "||Sport||"}}).status, 200)
        there.post("fieldValues", {"fieldValue": {"contact": one, "field": "4", "value": "Pau"}})
        equal(there.get("fieldValues").json["meta"], {"total": "2"})
        equal([row["value"] for row in there.get("fieldValues", **{"filters[fieldid]": 6}).json["fieldValues"]], ["||Sport||"])
        equal([row["field"] for row in there.get("fieldValues", **{"filters[val]": "Pau"}).json["fieldValues"]], ["4"])
        equal([row["field"] for row in there.get(f"contacts/{one}/fieldValues").json["fieldValues"]], ["4", "6"])
        answer = there.post("fieldValues", {"fieldValue": {"contact": one, "field": "CITY", "value": "x"}})
        equal((answer.status, answer.json["errors"][0]["title"]), (422, "Field id not valid"), "a personalisation tag is no id")
        equal(there.post("fieldValues", {"fieldValue": {"contact": 999, "field": 4, "value": "x"}}).status, 404)
        equal(there.delete(f"fieldValues/{value['id']}").body, b"{}")
        equal(there.delete(f"fieldValues/{value['id']}").status, 404)
        there.delete("fields/4")
        equal(there.get(f"contacts/{one}/fieldValues").json["fieldValues"], [])


def test_what_stands_beside_a_page(binary):
    with account(binary) as there:
        there.imported([{"email": "a@example.com", "fields": [{"id": 4, "value": "Sète"}, {"id": 5, "value": "7"}], "subscribe": [{"listid": 1}, {"listid": 2}]},
                        {"email": "b@example.com", "subscribe": [{"listid": 1}]}])
        names = {contact["id"]: contact["email"][0] for contact in there.get("contacts", email_like="@example.com", limit=100).json["contacts"]}
        page = there.get("contacts", listid=1, status=1, id_greater=there.contact("unconfirmed@example.com")["id"], include="contactLists,fieldValues").json
        equal([(names[value["contact"]], value["field"], value["value"]) for value in page["fieldValues"]], [("a", "4", "Sète"), ("a", "5", "7")])
        equal([(names[row["contact"]], row["list"], row["status"]) for row in page["contactLists"]], [("a", "1", "1"), ("a", "2", "1"), ("b", "1", "1")])
        for include, there_are in (("fieldValues", {"fieldValues"}), ("contactLists", {"contactLists"}), ("", set()), ("fieldvalues", set())):
            page = there.get("contacts", email="a@example.com", include=include).json
            equal(set(page) & {"contactLists", "fieldValues"}, there_are, include)


main([
    ("a sync creates with 201 and updates with 200", test_sync_creates_and_updates),
    ("a sync wants an address", test_sync_refuses),
    ("contacts are created, told, updated and deleted", test_create_get_update_delete),
    ("pages after an id tell what is left", test_pages_after_an_id),
    ("contacts are found by every filter", test_filters),
    ("memberships come beside a page", test_memberships_beside_a_page),
    ("what stands beside a page is what is asked for", test_what_stands_beside_a_page),
    ("who is on which list, and how", test_memberships),
    ("what tells someone who was taken off from someone who left", test_moments_of_a_membership),
    ("only who is on a list counts against the plan, and once", test_who_counts_against_the_plan),
    ("tags of contacts", test_tags_of_contacts),
    ("values of custom fields", test_field_values),
])

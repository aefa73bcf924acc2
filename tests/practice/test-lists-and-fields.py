#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists, exclusions, custom fields and tags: test-lists-and-fields.py RELAIS"""
from account import account, equal, main

NEW = {"name": "Name of List", "stringid": "name-of-list", "sender_url": "https://www.example.com", "sender_reminder": "You asked for it."}


def lacks(attribute):
    return {"errors": [{"status": 422, "title": "Missing attribute", "source": {"pointer": f"/data/attributes/{attribute}"}}]}


def test_lists(binary):
    with account(binary) as there:
        found = there.get("lists").json
        equal([entry["name"] for entry in found["lists"]], ["Newsletter", "Customers", "Text messages", ""], "one has no name, as in the service's sample")
        equal([entry["channel"] for entry in found["lists"]], ["email", "email", "sms", "email"])
        equal((found["lists"][0]["active_subscribers"], found["lists"][0]["non_deleted_subscribers"]), ("1", "6"))
        for name in ("userid", "private", "deletestamp", "carboncopy", "to_name", "optinmessageid", "p_use_facebook", "analytics_domains", "facebook_session",
                     "description", "created_timestamp", "user"):
            assert name in found["lists"][0], name
        equal(list(found["lists"][0]["links"]), ["contactGoalLists", "user", "addressLists"])
        equal(list(there.get("lists/2").json), ["list"])

        answer = there.post("lists", {"list": {**NEW, "send_last_broadcast": 1, "carboncopy": "a@example.com", "channel": "email"}})
        equal(answer.status, 201)
        equal(list(answer.json["list"]), ["name", "stringid", "sender_url", "sender_reminder", "cdate", "udate", "links", "id"])
        one = answer.json["list"]["id"]
        whole = there.get(f"lists/{one}").json["list"]
        equal((whole["send_last_broadcast"], whole["carboncopy"], whole["subscription_notify"], whole["channel"]), ("1", "a@example.com", None, "email"))
        equal(there.get("lists/1").json["list"]["send_last_broadcast"], "0")
        answer = there.post("listGroups", {"listGroup": {"listid": int(one), "groupid": 1}})
        equal(answer.status, 201)
        group = answer.json["listGroup"]
        equal((group["list"], group["group"], list(group["links"])), (int(one), 1, ["list", "group"]))
        equal(there.post("listGroups", {"listGroup": {"listid": 99, "groupid": 1}}).status, 404)
        equal(there.post("listGroups", {"listGroup": {"listid": 1}}).json, lacks("groupid"))
        for name in NEW:
            answer = there.post("lists", {"list": {key: value for key, value in NEW.items() if key != name}})
            equal((answer.status, answer.json), (422, lacks(name)))
        equal(there.delete(f"lists/{one}").body, b"{}")
        equal(there.delete(f"lists/{one}").status, 404)
        assert int(there.post("lists", {"list": NEW}).json["list"]["id"]) > int(one), "an id is never given twice"


def test_list_filters(binary):
    with account(binary) as there:
        for name in ("Alpha", "alpha one", "Beta Alpha"):
            there.post("lists", {"list": {**NEW, "name": name}})

        def names(**query):
            answer = there.get("lists", **query).json
            equal(answer["meta"]["total"], str(len(answer["lists"])))
            return [entry["name"] for entry in answer["lists"]]
        equal(names(**{"filters[name]": "alpha"}), ["Alpha", "alpha one", "Beta Alpha"])
        for operator, expected in (("eq", ["Alpha"]), ("contains", ["Alpha", "alpha one", "Beta Alpha"]), ("starts_with", ["Alpha", "alpha one"]),
                                   ("gt", ["Newsletter", "Customers", "Text messages", "alpha one", "Beta Alpha"]), ("lte", ["", "Alpha"]),
                                   ("lt", [""]), ("gte", ["Newsletter", "Customers", "Text messages", "Alpha", "alpha one", "Beta Alpha"]),
                                   ("neq", ["Newsletter", "Customers", "Text messages", "", "alpha one", "Beta Alpha"])):
            equal(names(**{f"filters[name][{operator}]": "ALPHA"}), expected, operator)
        equal(names(**{"filters[name]": "alpha", "orders[name]": "desc"}), ["Beta Alpha", "alpha one", "Alpha"])
        equal(names(**{"filters[name]": "alpha", "orders[name]": "weight"}), ["Alpha", "alpha one", "Beta Alpha"])
        equal(names(**{"filters[name]": "nobody"}), [])


def test_exclusions(binary):
    with account(binary) as there:
        found = there.get("lists/exclusions").json
        equal(found["meta"], {"total": 5}, "a number, here alone")
        equal([(entry["matchPhrase"], entry["matchType"], entry["channel"], entry["lists"]) for entry in found["exclusions"]], [
            ("excluded@example.com", "exact", "all", []), ("noreply@", "begin", "allEmail", []), ("@blocked.example", "end", "all", []),
            ("not-by-text@example.com", "exact", "allSms", []), ("not-a-customer@example.com", "exact", "several", ["2"])])
        equal(there.get("lists/exclusions/2").json, found["exclusions"][1], "a single one stands bare")
        equal(len(there.get("lists/exclusions", limit=2, offset=4).json["exclusions"]), 1)
        equal(there.get("lists/exclusions", **{"filters[matchPhrase]": "blocked"}).json["meta"], {"total": 1})
        equal(there.get("lists/exclusions", **{"orders[matchPhrase]": "DESC"}).json["exclusions"][0]["matchPhrase"], "not-by-text@example.com")
        answer = there.get("lists/exclusions", **{"orders[matchPhrase]": "DASC"})
        equal(answer.status, 422)
        equal(answer.json["errors"][0]["detail"], 'Invalid order direction: "DASC". Allowed values are: "ASC", "DESC"')


def test_fields(binary):
    with account(binary) as there:
        found = there.get("fields").json
        equal(list(found), ["fieldOptions", "fieldRels", "fields", "meta"])
        equal(found["meta"], {"total": "6", "selected": None})
        tier = found["fields"][0]
        equal((tier["title"], tier["type"], tier["perstag"], tier["ordernum"], tier["service"]), ("Loyalty tier", "dropdown", "LOYALTY_TIER", "1", ""))
        options = [entry for entry in found["fieldOptions"] if entry["field"] == tier["id"]]
        equal([entry["value"] for entry in options], ["Bronze", "Silver", "Gold", "Platinum"])
        equal(tier["options"], [entry["id"] for entry in options])
        equal(tier["relations"], [entry["id"] for entry in found["fieldRels"] if entry["field"] == tier["id"]])
        equal(there.get("fields/1/options").json, {"fieldOptions": options})
        one = there.get("fields", limit=1, offset=1).json
        equal((one["fieldOptions"], len(one["fieldRels"]), one["meta"]["total"]), ([], 1, "6"), "options of the page's own fields")
        equal(there.get("fields", **{"filters[perstag]": "city"}).json["meta"]["total"], "1")
        equal(list(there.get("fields/1").json), ["fieldOptions", "fieldRels", "field"])


def test_fields_are_made(binary):
    with account(binary) as there:
        answer = there.post("fields", {"field": {"title": "Shoe size", "type": "number", "descript": "EU", "perstag": "shoe size", "defval": "42", "visible": 1}})
        equal(answer.status, 201)
        field = answer.json["field"]
        equal((field["perstag"], field["ordernum"], field["visible"], field["defval"]), ("SHOE_SIZE", 7, 1, "42"))
        whole = there.get(f"fields/{field['id']}").json["field"]
        equal((whole["ordernum"], whole["visible"], whole["descript"], whole["defval"], whole["relations"]), ("7", "1", "EU", "42", []))
        answer = there.post("fields", {"field": {"title": "shoe SIZE", "type": "text"}})
        equal((answer.status, answer.json), (422, {"errors": [{
            "title": "There is already a field with this title", "detail": "There is already a field named 'shoe SIZE' -- choose another name",
            "code": "duplicate"}]}))
        equal(there.post("fields", {"field": {"type": "text"}}).json["errors"][0]["title"], "The field title was not provided.")
        answer = there.post("fieldOption/bulk", {"fieldOptions": [
            {"orderid": 1, "value": "X", "label": "Option X", "isdefault": False, "field": field["id"]}, {"value": "Y", "field": field["id"]}]})
        equal(answer.status, 201)
        first, second = answer.json["fieldOptions"]
        equal((first["orderid"], first["isdefault"], first["field"], first["label"]), (1, 0, field["id"], "Option X"))
        equal((second["label"], "orderid" in second), ("Y", False), "what was not posted is not told")
        equal([entry["isdefault"] for entry in there.get(f"fields/{field['id']}/options").json["fieldOptions"]], ["0", "0"])
        for body in ({}, {"fieldOptions": {}}, {"fieldOptions": []}, {"fieldOptions": [{"field": "99", "value": "x"}]}):
            answer = there.post("fieldOption/bulk", body)
            equal((answer.status, answer.json), (422, {"errors": "Bulk operation failed. Request must contain an array of fieldOption objects."}))
        answer = there.post("fieldRels", {"fieldRel": {"field": int(field["id"]), "relid": 2}})
        equal((answer.status, answer.json["fieldRel"]["field"], answer.json["fieldRel"]["relid"]), (201, int(field["id"]), 2))
        equal(answer.json["fieldRel"]["links"], [])
        equal(there.post("fieldRels", {"fieldRel": {"field": field["id"], "relid": "0"}}).json["fieldRel"]["relid"], "0")
        equal(len(there.get(f"fields/{field['id']}").json["field"]["relations"]), 2)
        equal(there.post("fieldRels", {"fieldRel": {"field": 99, "relid": 0}}).status, 404)
        answer = there.put(f"fields/{field['id']}", {"field": {"title": "Size", "isrequired": "1"}})
        equal((answer.json["field"]["title"], answer.json["field"]["isrequired"], answer.json["field"]["type"]), ("Size", "1", "number"))
        equal(there.put(f"fields/{field['id']}", {"field": {"title": "City"}}).status, 422)
        equal(there.delete(f"fields/{field['id']}").body, b"{}")
        equal(there.get(f"fields/{field['id']}").status, 404)


def test_fields_come_by_20(binary):
    with account(binary) as there:
        for i in range(120):
            there.post("fields", {"field": {"title": f"Field {i}", "type": "text"}})
        equal(len(there.get("fields").json["fields"]), 20)
        equal(len(there.get("fields", limit=100).json["fields"]), 100)
        equal(len(there.get("fields", limit=100, offset=100).json["fields"]), 26)
        there.switch(fields_by_100=True)
        equal(len(there.get("fields").json["fields"]), 100)


def test_tags(binary):
    with account(binary) as there:
        answer = there.post("tags", {"tag": {"tag": "My Tag", "tagType": "contact", "description": "Description"}})
        equal(answer.status, 201)
        equal(list(answer.json["tag"]), ["tag", "description", "tagType", "cdate", "links", "id"])
        one = answer.json["tag"]["id"]
        found = there.get("tags").json
        equal([tag["tag"] for tag in found["tags"]], ["customer", "shop", "vip", "My Tag"])
        equal(found["meta"], {"total": "4"})
        tag = there.get(f"tags/{one}").json["tag"]
        equal((tag["tagType"], tag["description"], tag["subscriber_count"], tag["deleted"]), ("contact", "Description", "0", "0"))
        equal([entry["tag"] for entry in there.get("tags", search="s").json["tags"]], ["customer", "shop"])
        equal([entry["tag"] for entry in there.get("tags", **{"filters[search][starts_with]": "s"}).json["tags"]], ["shop"])
        equal([entry["tag"] for entry in there.get("tags", **{"filters[search][eq]": "VIP"}).json["tags"]], ["vip"])
        equal([entry["tag"] for entry in there.get("tags", search="s", **{"orders[search]": "desc"}).json["tags"]], ["shop", "customer"])
        equal([entry["tag"] for entry in there.get("tags", search="shop", **{"orders[search]": "weight"}).json["tags"]], ["shop"])
        equal(there.post("tags", {"tag": {"tag": "my tag"}}).status, 422)
        equal(there.post("tags", {"tag": {}}).json, lacks("tag"))
        equal(there.put(f"tags/{one}", {"tag": {"tag": "Renamed", "tagType": "template"}}).json["tag"]["tagType"], "template")
        equal(there.put(f"tags/{one}", {"tag": {"tag": "vip"}}).status, 422)
        there.imported([{"email": "a@example.com", "tags": ["Renamed"]}])
        equal(there.get(f"tags/{one}").json["tag"]["subscriber_count"], "1")
        equal(there.delete(f"tags/{one}").body, b"{}")
        equal(there.delete(f"tags/{one}").json, {"message": f"No Result found for Tag with id {one}"})
        equal(there.get("contactTags").json["contactTags"], [])


main([
    ("lists are told, made and deleted", test_lists),
    ("lists are found by every operator", test_list_filters),
    ("exclusions have a number for a total", test_exclusions),
    ("fields come with their options and relations", test_fields),
    ("fields, options and relations are made", test_fields_are_made),
    ("fields come by 20, or by 100", test_fields_come_by_20),
    ("tags", test_tags),
])

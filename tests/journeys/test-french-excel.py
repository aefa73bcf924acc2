#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A segment as French Excel saves it, to a list, in the language named.

test-french-excel.py RELAIS LANGUAGE
"""
import functools
import os
import sys

from journey import accounted, practice_account, program, run_tests

HEADER = "N° client;Prénom;Nom;Adresse électronique;N° de téléphone;Ville;Palier"
ROWS = [
    # what stands in the file, and what should be on the list (None: not there)
    ("1;Zoé;Lefèvre;zoe.lefevre@example.com;+33 6 39 98 12 34;Sète;Gold", ("zoe.lefevre@example.com", "Zoé", "Lefèvre", "+33639981234")),
    ("2;Jérôme;D’Hérouville;Jerome@Example.ORG;06 39 98 55 66;Nîmes;Silver", ("Jerome@example.org", "Jérôme", "D’Hérouville", "+33639985566")),
    ("3;Anaïs;Crèvecœur; anais@example.net ;;\"Aix; en Provence\";", ("anais@example.net", "Anaïs", "Crèvecœur", "")),
    ("4;Zoé;Lefèvre;ZOE.LEFEVRE@EXAMPLE.COM;06 39 98 00 00;Sète;Bronze", None),       # repeats row 1
    ("5;Benoît;Faure;benoit.faure.example.com;;Lyon;Gold", None),                      # no @
    ("6;Chloé;Noël;chloe@localhost;;Lyon;Gold", None),                                 # no domain
    ("7;Marie;Retirée;marie.retiree@example.com;06 39 98 77 88;Pau;Gold", None),       # has opted out
    ("8;Loïc;Petit;loic@example.com;08 36 65 65 65;Brest;Platinum", ("loic@example.com", "Loïc", "Petit", "08 36 65 65 65")),
    ("9;;;;;;", None),                                                                 # no address
    ("10;Gaëlle;\"Le \"\"Grand\"\"\";gaelle@example.com;0033 6 39 98 11 22;Quimper;Silver",
     ("gaelle@example.com", "Gaëlle", 'Le "Grand"', "+33639981122")),
]


def write_segment(folder):
    path = os.path.join(folder, "clients été.csv")
    with open(path, "wb") as out:
        out.write((HEADER + "\r\n" + "\r\n".join(row for row, _ in ROWS) + "\r\n").encode("cp1252"))
    return path


def find_list(relais, name="Newsletter"):
    return str(next(l["id"] for l in relais.json("lists", "Practice") if l["name"] == name))


def find_field(relais, title):
    return str(next(f["id"] for f in relais.json("fields", "Practice") if f["title"].lower() == title))


def opt_out(account, list_id, email):
    """Makes sure the person has been on the list and left it."""
    contact = account.post("/api/3/contact/sync", {"contact": {"email": email}})["contact"]["id"]
    account.post("/api/3/contactLists", {"contactList": {"list": list_id, "contact": contact, "status": 2}})


def test_whole_journey(binary, language):
    with program(binary, language) as relais, practice_account(relais) as account:
        path = write_segment(relais.home)
        relais.connect(account)
        list_id = find_list(relais)
        field = find_field(relais, "city")
        opt_out(account, list_id, "marie.retiree@example.com")
        before = {c["email"] for c in account.contacts(list_id, 1)}

        relais.add_export({
            "name": "Clients d’été", "connection": "Practice", "list": list_id, "segments": [{"file": path}],
            "matching": {"email": "Adresse électronique", "first_name": "Prénom", "last_name": "Nom",
                         "phone": "N° de téléphone", "fields": {field: "Ville"}},
            "phone_country": "FR"})
        preview = relais.json("preview", "Clients d’été")
        assert accounted(preview["rows"]), preview
        assert preview["rows"]["duplicate"] == 1 and preview["rows"]["invalid"] == 3 and preview["rows"]["barred"] == 1, preview
        assert account.state()["bulk_requests"] == 0, "a preview sent something"

        result = relais.json("run", "Clients d’été", expect=1)
        rows = result["rows"]
        assert accounted(rows), result
        assert result["status"] == "completed-with-errors", result
        expected = {"read": 10, "delivered": 5, "unchanged": 0, "duplicate": 1, "invalid": 3, "not_sent": 0}
        assert {k: rows[k] for k in expected} == expected, result
        assert rows["refused"] == 0 and rows["barred"] == 1, result

        there = {c["email"]: c for c in account.contacts(list_id, 1)}
        wanted = [w for _, w in ROWS if w is not None]
        assert set(there) - before == {w[0] for w in wanted}, sorted(there)
        for email, first, last, phone in wanted:
            contact = there[email]
            assert (contact["firstName"], contact["lastName"], contact["phone"] or "") == (first, last, phone), contact
        assert account.fields_of(there["zoe.lefevre@example.com"]["id"])[field] == "Sète"
        assert account.fields_of(there["anais@example.net"]["id"])[field] == "Aix; en Provence"
        assert "marie.retiree@example.com" in {c["email"] for c in account.contacts(list_id, 2)}, "opted out, and back again"
        assert account.state()["automations"] == 0, "automations were started"

        report = relais.json("report", result["run"])
        rejected = {r["row"]: r for r in report["rejected"]}
        assert set(rejected) == {4, 5, 6, 7, 9}, sorted(rejected)
        assert rejected[4]["state"] == "duplicate" and "1" in rejected[4]["reason"], rejected[4]
        assert rejected[7]["state"] == "barred" and rejected[7]["code"] == "unsubscribed", rejected[7]
        assert rejected[5]["code"] == "no-at" and rejected[9]["code"] == "empty-address", rejected
        french = language == "fr"
        assert ("adresse" in rejected[9]["reason"].lower()) == french, rejected[9]


def test_second_run_sends_nothing(binary, language):
    with program(binary, language) as relais, practice_account(relais) as account:
        path = write_segment(relais.home)
        relais.connect(account)
        list_id = find_list(relais)
        opt_out(account, list_id, "marie.retiree@example.com")
        relais.add_export({"name": "Deux fois", "connection": "Practice", "list": list_id, "segments": [{"file": path}],
                           "matching": {"email": "Adresse électronique", "first_name": "Prénom"}})
        first = relais.json("run", "Deux fois", expect=1)
        sent = account.state()["bulk_requests"]
        second = relais.json("run", "Deux fois", expect=1)
        assert sent > 0 and account.state()["bulk_requests"] == sent, "the second run sent something"
        assert second["rows"]["unchanged"] == first["rows"]["delivered"] and second["rows"]["delivered"] == 0, second
        assert accounted(second["rows"]), second

        text = open(path, "rb").read().replace("Zoé;Lefèvre;zoe".encode("cp1252"), "Zoë;Lefèvre;zoe".encode("cp1252"))
        open(path, "wb").write(text)
        third = relais.json("run", "Deux fois", expect=1)
        assert third["rows"]["delivered"] == 1, third


def test_wrong_key_is_refused_and_leaves_nothing(binary, language):
    with program(binary, language) as relais, practice_account(relais) as account:
        right, account.key = account.key, "f" * 64
        try:
            relais("connection", "add", "--name", "Practice", "--practice", "--host", account.address, "--agree",
                   given=account.key + "\n", expect=4)
        finally:
            account.key = right
        assert ("clé" in relais.errors) == (language == "fr"), relais.errors
        assert relais.json("connection", "list") == []


if __name__ == "__main__":
    binary, language = sys.argv[1:3]
    run_tests([(f"{name} ({language})", functools.partial(test, binary, language)) for name, test in [
        ("a French Excel file reaches the list, and every row is accounted for", test_whole_journey),
        ("a second run sends nothing, a third only what changed", test_second_run_sends_nothing),
        ("a wrong key is refused and leaves nothing behind", test_wrong_key_is_refused_and_leaves_nothing),
    ]])

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Exports by command: definitions in and out, and what is said about wrong ones.

test-export.py RELAIS
"""
import json
import os
import signal
import time

from command import EXPORTS, ask, check, connected, definition, main, refused, sys, write_rows


def test_a_definition_is_taken_shown_and_taken_again():
    with connected() as (relais, account):
        path = write_rows(relais.home + "/été.csv", ["zoe@example.com,Zoé,D"])
        whole = definition(path, list=relais.list_id, phone_country="FR", automations=True, tags=["été"], empty_values="clear", verify="all")
        whole["matching"]["fields"] = {"1": {"column": "last", "date_order": "day-first"}}
        whole["segments"][0].update(encoding="UTF-8", delimiter=",", header=True)
        added = ask(relais, "export", "add", "-", given=json.dumps(whole))
        assert "“Newsletter”" in added.out and "relais preview 'Newsletter'" in added.out and added.err == "", added
        shown = json.loads(ask(relais, "export", "show", "newsletter").raw)
        for key, value in whole.items():
            if key not in ("segments", "matching"):
                assert shown[key] == value, (key, shown)
        assert shown["leavers"] == "keep" and shown["segments"][0]["file"] == path, shown
        again = ask(relais, "export", "show", "Newsletter").out.replace('"Newsletter"', '"Copie"')
        ask(relais, "export", "add", "-", given=again)
        copy = json.loads(ask(relais, "export", "show", "Copie").out)
        assert copy == dict(shown, name="Copie"), copy
        listed = check(relais.json("export", "list"), EXPORTS)
        assert [e["name"] for e in listed] == ["Copie", "Newsletter"], listed
        assert {e["status"] for e in listed} == {"not-started"} and listed[0]["list"] == relais.list_id, listed
        assert "Not started" in ask(relais, "export", "list").out
        assert "removed" in ask(relais, "export", "remove", "Copie").out
        assert [e["name"] for e in relais.json("export", "list")] == ["Newsletter"]


def test_a_definition_is_changed_and_the_history_stays():
    with connected() as (relais, account):
        path = write_rows(relais.home + "/a.csv", ["zoe@example.com,Zoé,D", "yan@example.com,Yan,E"])
        relais.add_export(definition(path, list=relais.list_id))
        ask(relais, "run", "Newsletter")
        shown = json.loads(ask(relais, "export", "show", "Newsletter").out)
        changed = ask(relais, "export", "change", "newsletter", "-", given=json.dumps(dict(shown, name="Été", leavers="remove")))
        assert "“Été”" in changed.out and "relais preview 'Été'" in changed.out and changed.err == "", changed
        now = json.loads(ask(relais, "export", "show", "Été").out)
        now.pop("leavers_brake")
        assert now == dict(shown, name="Été", leavers="remove"), now
        assert [e["name"] for e in check(relais.json("export", "list"), EXPORTS)] == ["Été"]
        assert len(relais.json("history", "Été")) == 1
        # What is remembered of people stays: nobody is sent again, and whoever leaves is known.
        again = relais.json("run", "Été")
        assert again["rows"]["unchanged"] == 2 and again["rows"]["delivered"] == 0, again
        write_rows(path, ["zoe@example.com,Zoé,D"])
        assert relais.json("preview", "Été", "--offline")["leavers"]["departed"] == 1
        # From a file, which is found beside the definition
        with open(relais.home + "/été.json", "w", encoding="utf-8") as out:
            json.dump(definition("b.csv", name="Été", list=relais.list_id), out)
        ask(relais, "export", "change", "Été", relais.home + "/été.json", cwd="/")
        assert json.loads(ask(relais, "export", "show", "Été").out)["segments"][0]["file"] == relais.home + "/b.csv"


def test_what_cannot_be_changed_stays_as_it_is():
    with connected() as (relais, account):
        path = write_rows(relais.home + "/a.csv", ["zoe@example.com,Zoé,D"])
        relais.add_export(definition(path, list=relais.list_id))
        relais.add_export(definition(path, name="Other", list=relais.list_id))
        before = ask(relais, "export", "show", "Newsletter").out
        refused(relais, "export", "change", "Nobody", "-", given=before, named="Nobody")
        refused(relais, "export", "change", "Newsletter", "-", given="{")
        refused(relais, "export", "change", "Newsletter", "-", given=json.dumps(definition(path, name="Other", list=relais.list_id)), named="Other")
        refused(relais, "export", "change", "Newsletter", relais.home + "/nowhere.json", named="nowhere.json")
        refused(relais, "export", "change", "Newsletter")
        assert ask(relais, "export", "show", "Newsletter").out == before


def test_an_export_that_runs_is_not_changed():
    with connected("en", "--fault", "import-delay=600000") as (relais, account):
        path = write_rows(relais.home + "/a.csv", ["zoe@example.com,Zoé,D"])
        relais.add_export(definition(path, list=relais.list_id))
        before = ask(relais, "export", "show", "Newsletter").out
        process = relais.start("run", "Newsletter")
        for _ in range(600):
            if account.state()["bulk_requests"] > 0:
                break
            time.sleep(0.05)
        refused(relais, "export", "change", "Newsletter", "-", given=before, status=None, named="“Newsletter” is running")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
        ask(relais, "export", "change", "Newsletter", "-", given=before)


def test_empty_lists_say_how_to_go_on():
    with connected() as (relais, account):
        for words, way in [(("export", "list"), "relais export add"), (("history",), "relais run")]:
            empty = ask(relais, *words)
            assert empty.out == "" and way in empty.err and empty.err.count("\n") == 1, empty
            listed = ask(relais, *words, "--json")
            assert json.loads(listed.out) == [] and listed.err == "", listed
        ask(relais, "connection", "remove", "Practice")
        empty = ask(relais, "connection", "list")
        assert empty.out == "" and "relais connection add" in empty.err, empty
        listed = ask(relais, "connection", "list", "--json")
        assert json.loads(listed.out) == [] and listed.err == "", listed


def test_a_list_is_called_by_its_name_as_soon_as_a_run_has_seen_it():
    with connected() as (relais, account):
        name = relais.json("lists", "Practice")[0]["name"]
        path = write_rows(relais.home + "/a.csv", ["zoe@example.com,Zoé,D"])
        relais.add_export(definition(path, list=relais.list_id))
        assert ask(relais, "export", "list").out == f"Newsletter · Practice · {relais.list_id} · Not started\n"
        ask(relais, "run", "Newsletter")
        assert ask(relais, "export", "list").out == f"Newsletter · Practice · {relais.list_id} {name} · Successful\n"


def test_files_are_found_beside_the_definition():
    with connected() as (relais, account):
        folder = os.path.join(relais.home, "définitions")
        os.mkdir(folder)
        for name, file, cwd, argument in [("A", "a.csv", "/", folder + "/a.json"), ("B", "../b.csv", folder, "b.json")]:
            with open(folder + f"/{name.lower()}.json", "w", encoding="utf-8") as out:
                json.dump(definition(file, name=name, list=relais.list_id), out)
            ask(relais, "export", "add", argument, cwd=cwd)
            found = json.loads(ask(relais, "export", "show", name).out)["segments"][0]["file"]
            assert found == os.path.normpath(os.path.join(folder, file)), found
        ask(relais, "export", "add", "-", cwd=folder, given=json.dumps(definition("c.csv", name="C", list=relais.list_id)))
        assert json.loads(ask(relais, "export", "show", "C").out)["segments"][0]["file"] == folder + "/c.csv"


def test_a_file_name_that_is_no_text_is_opened():
    with connected() as (relais, account):
        path = relais.home.encode() + b"/caf\xe9.json"
        with open(path, "w", encoding="utf-8") as out:
            json.dump(definition("/srv/a.csv", list=relais.list_id), out)
        ask(relais, "export", "add", path)
        refused(relais, "export", "add", relais.home.encode() + b"/th\xe9.json", named="th")


def test_definitions_in_odd_wrapping_are_read():
    with connected() as (relais, account):
        text = json.dumps(definition("/srv/a.csv", list=relais.list_id))
        ask(relais, "export", "add", "-", given="\ufeff" + text.replace("Newsletter", "BOM"))
        ask(relais, "export", "add", "-", given=text.replace("Newsletter", "CRLF").replace(", ", ",\r\n"))
        ask(relais, "export", "add", "-", given=text.replace("Newsletter", "Escape \\u00e9\\ud83d\\ude00"))
        assert "Escape é😀" in {e["name"] for e in relais.json("export", "list")}


def test_what_is_wrong_is_named_with_its_place():
    with connected() as (relais, account):
        right = definition("/srv/a.csv", list=relais.list_id)
        rows = [
            ("", "JSON object"), ("{", "line 1"), ('{\n"name": "A",\n"list": }', "line 3"), ("[]", "JSON object"), ("\xff", "UTF-8"),
            (json.dumps(dict(right, lists="1")), "“lists”"), (json.dumps(dict(right, list="x")), "“list”"),
            (json.dumps(dict(right, list=2 ** 70)), "list"), (json.dumps(dict(right, list=1e30)), "“list”"),
            (json.dumps(dict(right, segments=[])), "“segments”"), (json.dumps(dict(right, segments=[{"folder": "a"}])), "folder"),
            (json.dumps(dict(right, segments=[{"customer_insights": {"connection": "a", "segment": "b"}}])), "Customer Insights"),
            (json.dumps(dict(right, segments=[{"file": "a", "encoding": "klingon"}])), "“segments[0].encoding”"),
            (json.dumps(dict(right, matching={})), "“matching.email”"), (json.dumps(dict(right, leavers="drop")), "keep, remove"),
            (json.dumps(dict(right, leavers_brake={"share": 200})), "“leavers_brake.share” is 200"),
            (json.dumps(dict(right, automations="yes")), "“automations”"), (json.dumps(dict(right, phone_country="XX")), "“phone_country”"),
            (json.dumps(dict(right, verify="some")), "off, sample, all"), (json.dumps(right)[:-1] + ', "list": "2"}', "“list” twice"),
            (json.dumps(dict(right, name="")), "“name”"), (json.dumps({k: v for k, v in right.items() if k != "name"}), "name"),
            (json.dumps(dict(right, connection="Other")), "“Other”"), (json.dumps({k: v for k, v in right.items() if k != "connection"}), "connection"),
            ("{" + '"a":{' * 100000, "brackets"), ("[" * 100000, "braces"), ("x" * 3000000, "large"), ('{"name": "' + "x" * 2000000 + '"}', "large"),
        ]
        for given, named in rows:
            refused(relais, "export", "add", "-", given=given.encode("latin-1" if given == "\xff" else "utf-8"), named=named)
        assert relais.json("export", "list") == []


def test_what_cannot_be_opened_is_named():
    with connected() as (relais, account):
        refused(relais, "export", "add", "/nowhere/a.json", named="“/nowhere/a.json”")
        refused(relais, "export", "add", relais.home)
        refused(relais, "export", "show", "Nothing", named="“Nothing”")
        refused(relais, "export", "remove", "Nothing", named="“Nothing”")


def test_two_exports_may_not_have_one_name():
    with connected() as (relais, account):
        text = json.dumps(definition("/srv/a.csv", list=relais.list_id))
        ask(relais, "export", "add", "-", given=text)
        refused(relais, "export", "add", "-", given=text.replace("Newsletter", "NEWSLETTER"), named="“NEWSLETTER”")


def test_odd_names_are_kept_and_quoted_for_a_shell():
    with connected() as (relais, account):
        name = "L’été \"à\" 'moi' $HOME `x`\t\x07"
        added = ask(relais, "export", "add", "-", given=json.dumps(definition("/srv/a.csv", name=name, list=relais.list_id)))
        assert "\x07" not in added.out, added
        assert [e["name"] for e in relais.json("export", "list")] == [name]
        assert json.loads(ask(relais, "export", "show", name).out)["name"] == name
        ask(relais, "export", "remove", name)


def test_refusals_are_french_where_the_person_is():
    with connected("fr") as (relais, account):
        right = definition("/srv/a.csv", list=relais.list_id)
        for given in (json.dumps(dict(right, lists="1")), json.dumps(dict(right, list="x")), "{", json.dumps(dict(right, connection="Autre"))):
            result = refused(relais, "export", "add", "-", given=given)
            assert not any(word in result.err for word in (" the ", "expected", "unknown", "There is")), result
            assert "«\u00a0" in result.err or "«\u202f" in result.err or "JSON" in result.err, result


main(sys.modules["__main__"])

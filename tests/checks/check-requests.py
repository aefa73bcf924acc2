#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""No request can put anybody on a list but an import, and one for people whom Relais took off: check-requests.py APP

An import does not subscribe again whoever left a list. Posting to contactLists does, so that the whole of what
the program can ask an account is listed here, and who may ask for that; what is not, fails. Proves itself first.
"""
import re
import sys

from sources import read

SERVICE = "core/services/activecampaign/"
# What changes something, and what must have been read before a line is added here: imports keep people off lists they
# have left, contact/sync does not touch lists, and contactLists stands in one file and is asked for from one other.
WRITING = {("POST", "import/bulk_import"), ("POST", "contact/sync"), ("POST", "contactLists")}
RESUBSCRIBING = SERVICE + "relais-client-resubscribing.c"
# How a run stands, for a file: nothing of it is sent.
REPORTING = "core/model/relais-report-json.c"
# The only one that may: it does so for people of removals of its own, exactly as they were left, whom the account does not exclude.
RETURNING = "core/delivery/leaving/relais-run-returning.c"
LOOKS = ("relais_returning_fits (", "relais_run_returning_judge_excluded (")
# Whether a member of JSON is written that says how somebody is on a list
STATUS = re.compile(r'\\"(status|contactLists?|sourceid)\\"\s*:')


def calls(text, name):
    """The arguments of each call, as they are written."""
    for match in re.finditer(re.escape(name) + r" \(", text):
        depth, at = 1, match.end()
        while depth > 0:
            depth += {"(": 1, ")": -1}.get(text[at], 0)
            at += 1
        yield [argument.strip() for argument in text[match.end():at - 1].split(",")]


def functions(text):
    """{name: body}"""
    return dict(re.findall(r"^(\w+) \([^;{]*\)\n\{\n(.*?)^\}", text, re.MULTILINE | re.DOTALL))


def is_guarded(bodies, name, look, seen=()):
    """Whether every way to a function goes through a look at how somebody is: nobody calls it who has not looked before."""
    callers = [(caller, match.start()) for caller, body in bodies.items() for match in re.finditer(rf"(?<![\w.>]){name}\b", body) if caller != name]
    for caller, at in callers:
        looks_at = bodies[caller].find(look)
        if not 0 <= looks_at < at and (caller in seen or not is_guarded(bodies, caller, look, (*seen, name))):
            return False
    return bool(callers)


def find_breaches(files):
    """files: {path below app/: text}. Yields sentences."""
    found = set()
    for path, text in sorted(files.items()):
        if not path.startswith(("core/", "cli/", "ui/")):
            continue
        if re.search(r"soup_message_new|soup_session_\w*(send|queue)", text) and path != SERVICE + "relais-request.c":
            yield f"{path} asks somebody without relais_client_ask_async()"
        if "relais_client_resubscribe_async (" in text and path not in (RESUBSCRIBING, RETURNING, SERVICE + "relais-client.h"):
            yield f"{path} subscribes somebody again"
        if path == RETURNING and not all(is_guarded(functions(text), "relais_client_resubscribe_async", look) for look in LOOKS):
            yield f"{path} subscribes somebody again who may not be as they were left, or may be excluded"
        if path.startswith("core/") and STATUS.search(text) and path not in (RESUBSCRIBING, REPORTING):
            yield f"{path} writes how somebody is on a list"
        for arguments in calls(text, "relais_client_ask_async"):
            if arguments[0].startswith("RelaisClient"):
                continue   # where it is defined
            method, target = arguments[1], arguments[2]
            if method == '"GET"':
                if arguments[3] != "NULL":
                    yield f"{path} sends a body with GET"
                continue
            pair = (method.strip('"'), target.strip('"'))
            found.add(pair)
            if pair == ("POST", "contactLists") and path != RESUBSCRIBING:
                yield f"{path} subscribes somebody again"
            if pair not in WRITING or '"' not in method or '"' not in target:
                yield f"{path} asks {method} {target}"
    if RETURNING not in files:
        yield "nobody looks any more how somebody is who is subscribed again"
    for method, target in sorted(WRITING - found):
        yield f"nobody asks {method} {target} any more"


def main():
    files = read(sys.argv[1])
    planted = dict(files)
    planted[SERVICE + "planted-1.c"] = 'relais_client_ask_async (self, "POST", "contactLists", body, X);'
    planted[SERVICE + "planted-2.c"] = 'relais_client_ask_async (self, "POST", path, body, X);'
    planted[SERVICE + "planted-3.c"] = 'relais_client_ask_async (self, method, "import/bulk_import", body, X);'
    planted[SERVICE + "planted-4.c"] = 'relais_client_ask_async (self, "GET", f ("contacts", 1), body, X);'
    planted["core/delivery/planted-5.c"] = 'soup_session_send_async (session, soup_message_new ("POST", address));'
    planted["core/model/planted-6.c"] = r'g_strdup_printf ("{\"contactList\":{\"list\":%u,\"contact\":%u}}", list, contact);'
    planted["core/model/planted-7.c"] = r'g_string_append (json, ",\"status\":1");'
    planted["core/delivery/planted-8.c"] = "relais_client_resubscribe_async (client, 1, 1, 0, NULL, NULL, NULL);"
    found = {breach.split("planted-")[1][0] for breach in find_breaches(planted) if "planted" in breach}
    found |= {f"without {n}" for n, text in enumerate((*(files[RETURNING].replace(look, "is_nice (") for look in LOOKS),
                                                      files[RETURNING].replace("look_up_unless_excluded (parcel);", "look_up (parcel);"),
                                                      files[RETURNING].replace("note_on_the_list (parcel);", "put_back (parcel);"),
                                                      files[RETURNING].replace("relais_client_resubscribe_async (", "not_any_more (")))
              if any(RETURNING in breach for breach in find_breaches({**files, RETURNING: text}))}
    print("1..2")
    print(("ok" if found == {*"12345678", *(f"without {n}" for n in range(5))} else "not ok") + " 1 requests of another kind are found")
    breaches = list(find_breaches(files))
    for breach in breaches:
        print("# " + breach)
    print(("not ok" if breaches or len(files) < 50 else "ok") + " 2 nothing but an import puts anybody on a list, save people whom Relais took off")


main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Includes go only where the arrows between the rooms point: check-walls.py APP

Proves itself first: a wall that is broken on purpose is found.
"""
import os
import re
import sys

from sources import read

MAY_KNOW = {
    "core/values": [],
    "core/services/segment-files": ["core/values"],
    "core/services/activecampaign": ["core/values"],
    "core/services/secrets": ["core/values"],
    "core/services/journal": ["core/values"],
    "core/services/settings": [],
    "core/model": ["core/values", "core/services"],
    "core/delivery/guard": ["core/values", "core/services", "core/model"],
    "core/delivery/preparation": ["core/values", "core/services", "core/model", "core/delivery/guard"],
    "core/delivery": ["core/values", "core/services", "core/model", "core/delivery/guard", "core/delivery/preparation"],
    "practice/content": ["core/values"],
    "practice/answers": ["core/values", "practice/content"],
    "practice": ["core/values", "practice/content", "practice/answers"],
    "cli": ["core", "practice"],
    "ui": ["core", "practice"],
}
# GTK is known to the window alone, and to main.c through it.
NO_WINDOW = re.compile(r"#include <(gtk|gdk|adwaita|gsk)")


def room_of(path):
    folder = os.path.dirname(path)
    return next((room for room in MAY_KNOW if folder == room or folder.startswith(room + "/")), None)


def find_breaches(files):
    """files: {path below app/: text}. Yields sentences."""
    home = {os.path.basename(path): path for path in files if path.endswith(".h")}
    for path, text in sorted(files.items()):
        room = room_of(path)
        if room is None:
            continue
        if room != "ui" and NO_WINDOW.search(text):
            yield f"{path} knows GTK"
        for name in re.findall(r'#include "(relais-[\w-]+\.h)"', text):
            if name not in home:
                yield f"{path} includes {name}, which is nowhere"
                continue
            other = room_of(home[name])
            if other != room and not any(other == known or other.startswith(known + "/") for known in MAY_KNOW[room]):
                yield f"{path} includes {name} of {other}"
            if name.endswith("-private.h") and other != room:
                yield f"{path} includes {name}, which is for {other} alone"


def main():
    files = read(sys.argv[1])
    planted = dict(files)
    planted["core/services/journal/planted.c"] = '#include "relais-run.h"\n'
    planted["core/model/planted.c"] = "#include <gtk/gtk.h>\n"
    planted["practice/planted.c"] = '#include "relais-client.h"\n'
    planted["practice/answers/planted.c"] = '#include "relais-practice.h"\n'
    planted["core/delivery/guard/planted.c"] = '#include "relais-preparation.h"\n'
    planted["cli/planted.c"] = '#include "relais-run-job-private.h"\n'
    found = [breach for breach in find_breaches(planted) if "planted" in breach]
    print("1..2")
    print(("ok" if len(found) == 6 else "not ok") + " 1 walls broken on purpose are found")
    breaches = list(find_breaches(files))
    for breach in breaches:
        print("# " + breach)
    print(("not ok" if breaches or len(files) < 50 else "ok") + " 2 no include crosses a wall")


main()

# SPDX-License-Identifier: GPL-3.0-or-later
"""What the checks of source files share."""
import os


def read(app):
    files = {}
    for folder, _, names in os.walk(app):
        for name in names:
            if name.endswith((".c", ".h")):
                path = os.path.join(folder, name)
                files[os.path.relpath(path, app)] = open(path, encoding="utf-8").read()
    return files

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence is translatable, translated and well set: check-words.py SOURCE"""
import os
import re
import subprocess
import sys

source = sys.argv[1]
os.chdir(source)
results = []


def test(name, complaints):
    for complaint in complaints:
        print("# " + complaint)
    results.append(("not ok" if complaints else "ok") + f" {len(results) + 1} {name}")
    print(results[-1])


def files(top, *endings):
    for folder, _, names in os.walk(top):
        yield from (os.path.join(folder, n) for n in names if n.endswith(endings))


def entries(text):
    """(msgid, [msgstr…], comments) of a .po file."""
    for block in text.split("\n\n")[1:]:
        def join(pattern):
            return ["".join(re.findall(r'"((?:[^"\\]|\\.)*)"', m)) for m in re.findall(pattern + r' ((?:".*"\n?)+)', block)]
        if re.search(r"^msgid ", block, re.M):
            yield join("msgid")[0], join(r"msgstr(?:\[\d\])?"), block


wordy = {path for path in files("app", ".c") if re.search(r"\b(_|N_|C_|ngettext) ?\(", open(path, encoding="utf-8").read())}
wordy |= {path for path in files("data", ".ui") if 'translatable="yes"' in open(path, encoding="utf-8").read()}
wordy |= set(files("data", ".gschema.xml.in"))
listed = {line.strip() for line in open("po/POTFILES.in", encoding="utf-8") if line.strip() and not line.startswith("#")}

print("1..5")
test("every file with words is listed, and no other", sorted(f"not listed: {p}" for p in wordy - listed) + sorted(f"no words in: {p}" for p in listed - wordy))

pot = subprocess.run(["xgettext", "--from-code=UTF-8", "--keyword=_", "--keyword=N_", "--keyword=C_:1c,2", "--keyword=ngettext:1,2",
                      "-o", "-", *sorted(listed)], capture_output=True, text=True, check=True).stdout
french = open("po/fr.po", encoding="utf-8").read()
known = {m: s for m, s, _ in entries(french)}
test("every sentence stands in French", [f"missing: {m}" for m, _, _ in entries(pot) if m and (m not in known or not all(known[m]))])
test("nothing in French is fuzzy or left over", [f"fuzzy or old: {m}" for m, _, block in entries(french) if "#, fuzzy" in block or "#~" in block])

bad = []
for message, strings, _ in entries(french):
    for text in strings:
        if not message:
            continue
        plain = re.sub(r"https?://\S+|\d+:\d+|127\.0\.0\.1:\d+", "", text)
        if re.search(r"[^\u00a0\u202f\s]\s?[;!?](?=\s|$)", plain) and not re.search(r"[\u00a0\u202f][;!?]", plain):
            bad.append(f"no no-break space before ; ! ?: {text}")
        if re.search(r"(?<![\u00a0\u202f]):(?=\s|$)", plain):
            bad.append(f"no no-break space before a colon: {text}")
        if re.search(r"«(?![\u00a0\u202f])|(?<![\u00a0\u202f])»", plain):
            bad.append(f"no no-break space inside « »: {text}")
        if re.search(r"(^|[.!?] )«\u00a0%s\u00a0» (est|a été|ne peut pas être) \w+(é|ée|i|ie|t|te)\b", plain):
            bad.append(f"agrees with a name, whose gender nobody knows: {text}")
        if re.search(r"\w'\w", plain) or "“" in plain:
            bad.append(f"English quotes or a straight apostrophe: {text}")
test("French is set as French is", bad)

unsigned = [p for top in ("app", "tests") for p in files(top, ".c", ".h", ".py") if "SPDX-License-Identifier: GPL-3.0-or-later" not in open(p, encoding="utf-8").read()[:300]]
test("every source file names its licence", unsigned)

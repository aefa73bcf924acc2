#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same preparation as a colleague would script it with csv and json: peer.py FILE. Prints what was found, as JSON."""
import csv
import json
import re
import sys

ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
                     r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
FIELDS = {4: "City", 5: "Country", 6: "BirthDate", 7: "LoyaltyTier", 8: "LastPurchase", 9: "CustomerId"}


def write_phone(text):
    digits = re.sub(r"[ .()/-]", "", text.replace("(0)", ""))
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    return "+33" + digits[1:] if re.fullmatch(r"0[1-9]\d{8}", digits) else digits


found = {"read": 0, "valid": 0, "duplicate": 0, "invalid": 0}
seen = set()
batch, size, batches, written = [], 0, 0, 0
with open(sys.argv[1], encoding="utf-8", newline="") as lines:
    for row in csv.DictReader(lines):
        found["read"] += 1
        address = row["EMail"].strip()
        if not ADDRESS.fullmatch(address) or len(address) > 254:
            found["invalid"] += 1
            continue
        local, _, domain = address.partition("@")
        folded = address.lower()
        if folded in seen:
            found["duplicate"] += 1
            continue
        seen.add(folded)
        found["valid"] += 1
        contact = {"email": f"{local}@{domain.lower()}", "first_name": row["FirstName"].strip(), "last_name": row["LastName"].strip(),
                   "phone": write_phone(row["Telephone"].strip()),
                   "fields": [{"id": number, "value": row[name].strip()} for number, name in FIELDS.items() if row[name].strip()],
                   "subscribe": [{"listid": 1}]}
        text = json.dumps({key: value for key, value in contact.items() if value}, ensure_ascii=False)
        if len(batch) == 250 or size + len(text.encode()) > 399000:
            batches, written, batch, size = batches + 1, written + size, [], 0
        batch.append(text)
        size += len(text.encode()) + 1
print(json.dumps(found | {"batches": batches + bool(batch), "bytes": written + size}))

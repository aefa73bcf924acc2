# SPDX-License-Identifier: GPL-3.0-or-later
"""Segments of invented people, and what a right program makes of them.

Addresses are under domains reserved for examples, telephone numbers from
ranges that the regulators keep for fiction. The same arguments give the same file.
"""
import random

FIRST = "Zoé Jérôme Anaïs Benoît Chloé Loïc Hélène Noël Gaëlle Raphaël Agnès François Inès Théo Éléonore Maël Siân Órla James Mary".split()
LAST = "Lefèvre Martin Crèvecœur Dubois D'Hérouville Moreau Guérin Châtelain Muller O'Brien Smith De-La-Tour Faure Noël Petit".split()
CITY = ["Saint-Étienne", "Paris", "Sète", "Liège", "Genève", "Montréal", "London", "Nîmes", "Aix, en Provence", 'Le "Puy"']
TIER = ["Bronze", "Silver", "Gold", "Platine", ""]
HEADER = ["CustomerId", "FirstName", "LastName", "EMail", "Telephone", "City", "LoyaltyTier", "ConsentEmail"]


def quote(value, delimiter):
    if any(c in value for c in (delimiter, '"', "\n", "\r")):
        return '"' + value.replace('"', '""') + '"'
    return value


def write(path, rows, seed=1, delimiter=",", encoding="utf-8", eol="\n", duplicates=0.02, invalid=0.01):
    """Writes a segment. Returns {folded address: (first row's values)}, and counts."""
    rng = random.Random(seed).random
    people = {}
    counts = {"read": rows, "duplicate": 0, "invalid": 0, "valid": 0}
    sent = []

    def pick(values):
        return values[int(rng() * len(values))]

    with open(path, "w", encoding=encoding, newline="") as out:
        out.write(delimiter.join(HEADER) + eol)
        for i in range(rows):
            first, last, city, tier = pick(FIRST), pick(LAST), pick(CITY), pick(TIER)
            phone = f"+33 6 39 98 {int(rng() * 100):02d} {int(rng() * 100):02d}" if rng() < 0.7 else ""
            chance = rng()
            address = f"person.{seed}.{i}@{pick(['example.com', 'Example.org', 'mail.example.net'])}"
            if chance < invalid:
                address = pick(["", "no-at.example.com", "two@@example.com", f"person{i}@localhost", "a..b@example.com"])
                counts["invalid"] += 1
            elif chance < invalid + duplicates and len(sent) > 10:
                address = pick(sent)
                if rng() < 0.5:
                    address = address.upper()
                counts["duplicate"] += 1
            else:
                sent.append(address)
                counts["valid"] += 1
                local, _, domain = address.partition("@")
                people[address.lower()] = {"email": f"{local}@{domain.lower()}", "first": first, "last": last,
                                           "phone": phone, "city": city, "tier": tier}
            values = [f"{i:08x}", first, last, address, phone, city, tier, "true" if rng() < 0.8 else "false"]
            out.write(delimiter.join(quote(v, delimiter) for v in values) + eol)
    return people, counts


if __name__ == "__main__":
    import sys
    write(sys.argv[1], int(sys.argv[2]))

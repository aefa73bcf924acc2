# SPDX-License-Identifier: GPL-3.0-or-later
"""A segment of invented customers for benchmarks: twelve columns, about 175 bytes a row, 2 % of the rows
repeat an address and 1 % have a wrong one.

Addresses are under domains reserved for examples, telephone numbers from ranges that the regulators
keep for fiction. The same arguments give the same file.
"""
import random

FIRST = """Zoé Jérôme Anaïs Benoît Chloé Loïc Hélène Noël Gaëlle Raphaël Agnès François Inès Théo Éléonore Maël James Mary
Jean-François Marie-Hélène Charlotte Siân Niamh Olivier""".split()
LAST = """Lefèvre Martin Crèvecœur Dubois D'Hérouville Moreau Guérin Châtelain Muller O'Brien Smith De-La-Tour Faure Petit
Rousseau Fitzgerald Campbell Bourgeois""".split()
CITY = ["Saint-Étienne", "Paris", "Sète", "Liège", "Genève", "Montréal", "London", "Clermont-Ferrand", "Aix, en Provence", 'Le "Puy"']
COUNTRY = ["France"] * 6 + ["Belgique", "Suisse", "Canada", "United Kingdom"]
TIER = ["Bronze", "Silver", "Gold", "Platine", ""]
WRONG = ["", "no-at.example.com", "two@@example.com", "person@localhost", "a..b@example.com"]
DOMAIN = ["courriel.example", "example.com", "Example.org", "clients.example.net", "societe-generale-du-bois.example"]
HEADER = ["CustomerId", "FullName", "FirstName", "LastName", "EMail", "Telephone", "City", "Country", "BirthDate", "LoyaltyTier",
          "LastPurchase", "ConsentEmail"]


def quote(value):
    return '"' + value.replace('"', '""') + '"' if '"' in value or "," in value else value


def phone(n):
    digits = f"{n % 10000:04d}"
    return (f"06 39 98 {digits[:2]} {digits[2:]}", f"+33 6 39 98 {digits[:2]} {digits[2:]}", f"063998{digits}", f"0033 6 39 98 {digits[:2]} {digits[2:]}",
            "", f"06.39.98.{digits[:2]}.{digits[2:]}", f"+33 (0)6 39 98 {digits[:2]} {digits[2:]}")[n // 10000 % 7]


def rows(count, seed=1, first=0):
    """Yields (kind, line without its end); a kind is valid, duplicate or invalid."""
    rng = random.Random(seed).random
    addresses = []
    for i in range(first, first + count):
        n = int(rng() * 2 ** 52)
        given, family = FIRST[n % 24], LAST[n // 24 % 18]
        chance = rng()
        kind, address = "valid", f"person.{seed}.{i}@{DOMAIN[n // 432 % 5]}"
        if chance < 0.01:
            kind, address = "invalid", WRONG[n % 5]
        elif chance < 0.03 and addresses:
            kind, address = "duplicate", addresses[n % len(addresses)].upper()
        elif n % 16 == 0 and len(addresses) < 100000:
            addresses.append(address)
        yield kind, (f"{n & 0xffffffff:08x}-{i & 0xffff:04x}-4000-8000-{n:013x}"[:36] +
                     f",{given} {family},{given},{family},{address},{phone(n // 2160)},{quote(CITY[n // 7 % 10])},{COUNTRY[n // 11 % 10]},"
                     f"{1940 + n // 13 % 65}-{1 + n // 17 % 12:02d}-{1 + n // 19 % 28:02d},{TIER[n // 23 % 5]},"
                     f"{2018 + n // 29 % 7}-{1 + n // 31 % 12:02d}-{1 + n // 37 % 28:02d}T{n // 41 % 24:02d}:{n // 43 % 60:02d}:00Z,"
                     f"{'true' if n % 5 else 'false'}")


def write(path, count, seed=1, wide=0):
    """Writes a segment in UTF-8, with @wide more columns of text behind the others. Returns how many rows of each kind there are."""
    counts = {"valid": 0, "duplicate": 0, "invalid": 0}
    text = ",a note of some length about this customer" * wide
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(",".join(HEADER + [f"Note{i}" for i in range(wide)]) + "\n")
        for kind, line in rows(count, seed):
            counts[kind] += 1
            out.write(line + text + "\n")
    return counts


def encode(path, source, encoding):
    """The same segment in another encoding."""
    with open(source, encoding="utf-8", newline="") as lines, open(path, "w", encoding=encoding, newline="") as out:
        while piece := lines.read(1 << 20):
            out.write(piece)


def write_next(path, source, count, seed):
    """The next day of a segment of @count rows: one row in a hundred has another country, and up to as many are new, in the place of rows
    that had a wrong address or repeated one: there are as many rows as before, a million is the most. Returns (changed, new)."""
    changed = new = 0
    fresh = (line + "\n" for kind, line in rows(count // 100, seed + 1, first=count) if kind == "valid")
    with open(source, encoding="utf-8", newline="") as lines, open(path, "w", encoding="utf-8", newline="") as out:
        out.write(next(lines))
        for number, line in enumerate(lines):
            if f",person.{seed}.{number}@" not in line:
                other = next(fresh, None)
                new += other is not None
                line = other or line
            elif ",Belgique," in line and number % 10 == 3:
                line = line.replace(",Belgique,", ",Luxembourg,")
                changed += 1
            out.write(line)
    return changed, new

#!/usr/bin/env python3
"""Ask every figure of a Headlamp brief again. Needs Python 3 and nothing else.

    python3 check_brief.py headlamp-0123456789.jsonl figures.json

The first file holds the lines of the snapshot that the brief names (check_snapshot.py checks them against
their digest); the second comes with the brief. Each figure has a query: a measure over the incidents that any
of its conditions holds for. Prints each figure that comes out otherwise, and how many were asked.
Ends with 0 when all are the same, 1 when one is not, 2 when it was asked wrongly.
"""

import json
import sys


def holds(where, record):
    first, last = record["occurred_from"] or "", record["occurred_to"] or ""
    areas = record["areas"]
    conditions = {
        "country": lambda given: record["country"] == given,
        "from_on": lambda given: bool(last) and last >= given,
        "to_on": lambda given: bool(first) and first <= given,
        "month": lambda given: month_of(record) == given,
        "themes": lambda given: record["theme"] in given,
        "harms": lambda given: any(harm in given for harm in record["harms"]),
        "perpetrators": lambda given: record["perpetrator"] in given,
        "verification": lambda given: record["verification"] == given,
        "area": lambda given: any(area["id"] == given for area in areas),
        "area_kind": lambda given: (areas[0]["kind"] if areas else "none") == given,
    }
    return all(conditions[name](given) for name, given in where.items())


def month_of(record):
    """Of what is known by its year no month is known."""
    return "" if record["occurred_precision"] == "year" else (record["occurred_from"] or "")[:7]


def ask(query, records):
    found = [record for record in records if any(holds(where, record) for where in query["any_of"])]
    measure = query["measure"]
    if measure == "incidents":
        return len(found)
    if measure == "unplaced":
        return sum(record["lon"] is None for record in found)
    if measure == "countries":
        return len({record["country"] for record in found if record["country"]})
    if measure == "areas":
        return len({area["id"] for record in found for area in record["areas"]})
    if measure == "months":
        return len({month_of(record) for record in found} - {""})
    return sum(record[measure[len("people.") :]] or 0 for record in found)


def main(lines_path, figures_path):
    with open(lines_path, encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    stones = sum(bool(record.get("retracted")) for record in records)
    records = [record for record in records if not record.get("retracted")]
    with open(figures_path, encoding="utf-8") as file:
        figures = json.load(file)["figures"]
    differ = 0
    for figure in figures:
        value = ask(figure["query"], records)
        if value != figure["value"]:
            differ += 1
            print(f"DIFFERS: {figure['name']}: the brief says {figure['value']}, the lines give {value}")
    print(f"{len(figures)} figures asked of {len(records)} incidents, {differ} differ")
    if stones:
        print(f"{stones} incidents were taken back since the brief was made: its figures had them")
    return 1 if differ else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(main(*sys.argv[1:]))
    except (OSError, ValueError, KeyError) as error:
        print(f"cannot be checked: {error}", file=sys.stderr)
        sys.exit(2)

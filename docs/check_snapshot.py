#!/usr/bin/env python3
"""Check the lines of a Headlamp snapshot against its digest. Needs Python 3 and nothing else.

    python3 check_snapshot.py headlamp-0123456789.jsonl DIGEST

The digest is printed on the snapshot's page and on every map and file that was made from it. It is the
SHA-256 over the SHA-256 of each line (with its line feed), in hexadecimal, a line each. An incident that was
taken back later is a line with nothing but its id and the SHA-256 of the line that was there.
Ends with 0 when they fit, 1 when they don't, 2 when it was asked wrongly.
"""

import hashlib
import json
import sys


def check(path, expected):
    total = hashlib.sha256()
    lines = stones = 0
    last_id = ""
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                record = json.loads(line)
                public_id = record["id"]
            except (ValueError, KeyError, TypeError):
                return f"line {number} is no incident"
            if public_id <= last_id:
                return f"line {number} is not in order of id"
            last_id = public_id
            canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":")) + "\n"
            if canonical.encode() != line:
                return f"line {number} is not in the canonical form"
            if record.get("retracted"):
                stones += 1
                digest = record["sha256"]
            else:
                digest = hashlib.sha256(line).hexdigest()
            total.update((digest + "\n").encode())
            lines += 1
    if total.hexdigest() != expected.lower():
        return f"the digest of these lines is {total.hexdigest()}"
    print(f"{lines} incidents fit the digest; {stones} of them were taken back since")
    return ""


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    try:
        problem = check(*sys.argv[1:])
    except OSError as error:
        problem = f"{sys.argv[1]}: {error.strerror}"
    if problem:
        print(f"DOES NOT FIT: {problem}", file=sys.stderr)
        sys.exit(1)

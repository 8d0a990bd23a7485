#!/usr/bin/env python3
"""Check a package of Headlamp: that its files are those of its manifest, and whose key signed that.

    python3 check_package.py headlamp-0123456789.zip [PUBLIC_KEY]

Needs Python 3.9 or later, and check_evidence.py beside it, which reads the signature (Ed25519); nothing else.
PUBLIC_KEY, 64 hexadecimal digits, is what the organisation tells you by another way (`manage.py doctor`
prints it); without it the signature only shows that the manifest fits the key that it names itself.
Ends with 0 when all fits, 1 when something does not, 2 when it was asked wrongly, 3 when the digests fit and
the signature could not be checked.
"""

import hashlib
import json
import sys
import zipfile

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"


def digest(archive, name):
    total, size = hashlib.sha256(), 0
    with archive.open(name) as file:
        while piece := file.read(1 << 20):
            total.update(piece)
            size += len(piece)
    return size, total.hexdigest()


def problems(archive, manifest):
    """What does not fit, one line each."""
    names = archive.namelist()
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} is in the package more than once"
    told = {file["name"]: file for file in manifest["files"]}
    for name in sorted(set(names) - set(told) - {MANIFEST, SIGNATURE}):
        yield f"{name} is in the package and not in the manifest"
    for name, file in sorted(told.items()):
        if name not in names:
            yield f"{name} is missing"
        elif digest(archive, name) != (file["size"], file["sha256"]):
            yield f"{name} is not the file that was signed"


def signature_problem(public, signature, message):
    """Why the signature does not fit; "" when it does. ImportError without check_evidence.py beside this."""
    from check_evidence import is_signed

    return "" if is_signed(public, message, signature) else "the signature is not that of this manifest"


def check(path, wanted):
    with zipfile.ZipFile(path) as archive:
        message = archive.read(MANIFEST)
        manifest = json.loads(message)
        signature = bytes.fromhex(archive.read(SIGNATURE).decode("ascii").strip())
        found = list(problems(archive, manifest))
    public = manifest["public_key_ed25519"]
    if wanted and wanted.lower() != public:
        found.append(f"it is signed by another key: {public}")
    is_unsigned = False
    try:
        problem = signature_problem(bytes.fromhex(public), signature, message)
        found += [problem] if problem else []
    except ImportError:
        is_unsigned = True
    for line in found:
        print(f"DOES NOT FIT: {line}", file=sys.stderr)
    if found:
        return 1
    print(f"{len(manifest['files'])} files fit the manifest of snapshot {manifest['snapshot']}")
    if is_unsigned:
        print(
            "THE SIGNATURE WAS NOT CHECKED: check_evidence.py is not beside this script",
            file=sys.stderr,
        )
        return 3
    print(f"signed by {public}{'' if wanted else ': compare it with what the organisation tells you'}")
    return 0


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(2)
    try:
        sys.exit(check(sys.argv[1], sys.argv[2].strip() if len(sys.argv) == 3 else ""))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        print(f"cannot be checked: {error}", file=sys.stderr)
        sys.exit(1)

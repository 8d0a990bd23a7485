"""Check an evidence manifest and the files that it lists. Needs Python 3.9 or later and nothing else.

    python3 check_evidence.py MANIFEST.json [--key PUBLIC_KEY_HEX] [FILE ...]

The signature is Ed25519 (RFC 8032, section 5.1.7) over the manifest as canonical JSON. Without --key it shows
only that nobody altered the manifest since its key signed it: whose key it is, ask those who gave it to you.
Every FILE must be an original or a working copy of the list, byte by byte. Exit status 0: all is well.
"""

import argparse
import hashlib
import json
import sys

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)


def add(one, other):
    """Two points in extended coordinates, added (RFC 8032, section 5.1.4)."""
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def is_same(one, other):
    return not ((one[0] * other[2] - other[0] * one[2]) % P or (one[1] * other[2] - other[1] * one[2]) % P)


def point_of(encoded):
    """The point that 32 bytes stand for; ValueError where they stand for none."""
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(encoded) != 32 or y >= P:
        raise ValueError("no point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_MINUS_ONE % P
    if (x * x - square) % P or (not x and sign):
        raise ValueError("no point")
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(public, message, signature):
    """Whether an Ed25519 signature of a message is by the private half of this public key."""
    try:
        if len(signature) != 64:
            return False
        key, commitment = point_of(public), point_of(signature[:32])
        s = int.from_bytes(signature[32:], "little")
        if s >= ORDER:
            return False
        challenge = hashlib.sha512(signature[:32] + public + message).digest()
        k = int.from_bytes(challenge, "little") % ORDER
        return is_same(times(s, BASE), add(commitment, times(k, key)))
    except ValueError:
        return False


def faults(signed, key, files):
    """What is wrong, a line each; nothing for a manifest and files that are whole."""
    try:
        manifest, signature = signed["manifest"], signed["signature"]
        public, value = bytes.fromhex(signature["public_key"]), bytes.fromhex(signature["value"])
        listed = {one["sha256"] for piece in manifest["evidence"] for one in (piece, *piece["copies"])}
    except (KeyError, TypeError, ValueError):
        return ["this is no evidence manifest"]
    found = []
    canonical = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    is_as_written = (public.hex(), value.hex()) == (signature["public_key"], signature["value"])
    if not is_as_written or not is_signed(public, canonical, value):
        found.append("the signature does not fit: the manifest was altered")
    if key and public.hex() != key.lower():
        found.append("signed with another key than the one that you gave")
    for name, content in files:
        if hashlib.sha256(content).hexdigest() not in listed:
            found.append(f"{name}: not in the manifest, or altered")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("manifest")
    parser.add_argument("files", nargs="*")
    parser.add_argument("--key", default="", help="the public key, as the installation makes it known")
    asked = parser.parse_args()
    try:
        with open(asked.manifest, "rb") as file:
            signed = json.loads(file.read().decode("utf-8"))
    except ValueError:
        print("FAULT: the manifest is not JSON")
        return 1
    files = []
    for name in asked.files:
        with open(name, "rb") as file:
            files.append((name, file.read()))
    wrong = faults(signed, asked.key, files)
    for line in wrong:
        print(f"FAULT: {line}")
    if not wrong:
        print(f"good: signed by {signed['signature']['public_key']}, {len(files)} files as listed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env bash
# Install Debian packages that are missing, and say so. Usage: system_packages.sh NAME...
# As a user without root or sudo it names what is missing and fails.
set -euo pipefail

missing=()
for name in "$@"; do
    # A package is there when dpkg says so, or when its program is on the path.
    if command -v "$name" >/dev/null 2>&1; then continue; fi
    if dpkg-query -W -f '${Status}' "$name" 2>/dev/null | grep -q '^install ok installed$'; then continue; fi
    missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "missing: ${missing[*]} (names of Debian's packages); install them your system's way" >&2
    exit 1
fi
if [ "$(id -u)" = 0 ]; then
    as_root=()
elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    echo "missing: ${missing[*]}. As root: apt-get install ${missing[*]}" >&2
    exit 1
fi
echo "installing Debian's packages: ${missing[*]}"
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null

#!/bin/bash
# SPDX-License-Identifier: GPL-3.0-or-later
# install-packages.sh PART…: installs what is missing of the named parts of
# tests/packages. Asks nothing.
set -eu

list=$(dirname "$0")/../packages
missing=()
for part in "$@"; do
  while read -r package; do
    dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q '^install ok installed$' || missing+=("$package")
  done < <(awk -v part="[$part]" '/^\[/ { on = ($0 == part); next } on && NF && !/^#/ { print $1 }' "$list")
done
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=()
elif command -v sudo > /dev/null; then
  as_root=(sudo)
else
  echo "These packages are missing, and there is no sudo to install them with:" >&2
  echo "  ${missing[*]}" >&2
  echo "As root: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

echo "Installing ${#missing[@]} packages: ${missing[*]}" >&2
apt() {
  ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
    apt-get -y -q -o DPkg::Lock::Timeout=300 "$@" > /dev/null
}
apt install --no-install-recommends "${missing[@]}" 2> /dev/null || {
  # The list of packages may be old, or not there yet.
  apt update
  apt install --no-install-recommends "${missing[@]}"
}

#!/bin/sh
# Installs what some tests need from Debian, where that may be done: as root on a Debian with apt. Elsewhere it says so
# and goes on; the tests then skip loudly, and fail in CI. Packages that are there already cost nothing.
#   chromium        the pages, in a real browser
#   fonts-noto-cjk  Chinese letters in them
#   libreoffice-*   the forms, opened and printed as an office does (nogui: 500 MB instead of 1 GB)
#   poppler-utils   what stands on the printed page
#   postgresql      a live source; the tests start a server of their own
set -eu
wanted="chromium fonts-noto-cjk libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils postgresql"

command -v dpkg-query >/dev/null || { echo "no Debian: these are not installed: $wanted" >&2; exit 0; }
missing=""
for package in $wanted; do
    [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
    echo "not root: some tests will skip; install them with: apt-get install$missing" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
{ apt-get update -q && apt-get install -q -y --no-install-recommends $missing; } >/dev/null || echo "could not install:$missing" >&2

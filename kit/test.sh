#!/bin/sh
# Installs a kit into a fresh folder, without a network where the system allows that, and walks the demo.
set -eu
kit=$(cd "${1:-dist/kit}" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
alone=""
if unshare --map-root-user --net true 2>/dev/null; then alone="unshare --map-root-user --net"; fi
echo "without a network: ${alone:-no, this system does not let one be shut off; pip gets --no-index}"
cd "$folder"
$alone "$kit/install.sh" "$folder/program"
$alone "$folder/program/bin/double-random" --home "$folder/bureau" --lang zh_CN demo | tail -n 14
"$folder/program/bin/python" -m pip check

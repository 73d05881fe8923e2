#!/usr/bin/env bash
# Builds twice, in two folders, the second time with a build cache of its own, and compares: packaging/reproduce.sh [ARCH].
# Takes some minutes, since SQLite is compiled anew.
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y go.mod)}
export SOURCE_DATE_EPOCH

mkdir "$work/elsewhere"
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' f; do
  [ ! -e "$f" ] || cp --parents "$f" "$work/elsewhere/"
done
DIST=$work/one "$work/elsewhere/packaging/build.sh" "${1:-amd64}" >/dev/null
cp -r "$work/elsewhere" "$work/a-folder-of-another-name"
GOCACHE=$work/cache DIST=$work/two "$work/a-folder-of-another-name/packaging/build.sh" "${1:-amd64}"
diff -r "$work/one" "$work/two"
echo 'reproducible: the same bytes from two folders and two caches'

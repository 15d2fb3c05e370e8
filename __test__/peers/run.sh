#!/usr/bin/env bash
# Runs what others wrote for Node, the npm package `foundationdb`, on our libfdb_c: the examples of its README, and data
# that it, the official Python binding and found-db write and read in turns.
#
#   __test__/peers/run.sh [debug|release]
#
# Needs found-db built in the repository. Ends with a line "N passed, N failed".
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
profile=${1:-debug}
source "$here/../library.sh"
source "$here/../python/venv.sh"

# Without its install script, which would compile it: it carries binaries, which find the library when they are loaded.
if ! cmp -s "$here/package-lock.json" "$here/node_modules/installed.json"; then
  (cd "$here" && npm ci --ignore-scripts --no-audit --no-fund)
  cp "$here/package-lock.json" "$here/node_modules/installed.json"
fi

status=0
report=$(PYTHON=$venv/bin/python node --test --test-reporter=tap "$here"/*.test.mjs) || status=$?
passed=$(sed -n 's/^# pass //p' <<<"$report")
failed=$(sed -n 's/^# fail //p' <<<"$report")
if [ "$status" != 0 ]; then echo "$report"; fi
if [ "$status" != 0 ] && [ "${failed:-0}" = 0 ]; then failed=1; fi
echo "${passed:-0} passed, ${failed:-0} failed"
[ "$status" = 0 ]

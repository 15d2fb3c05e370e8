#!/usr/bin/env bash
# The five stores, shared with asyncio-foundationdb, the reference: on one database in a file, each program writes what
# the other reads, queries and changes. See sharing.test.mjs.
#
#   __test__/python/stores/run.sh [debug|release]
#
# Needs found-db built in the repository. Ends with a line "N passed, N failed".
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
profile=${1:-debug}
source "$here/../../library.sh"
source "$here/../venv.sh"
source "$here/../reference.sh"

status=0
report=$(PYTHON=$venv/bin/python PYTHONPATH=$venv/reference node --test --test-reporter=tap "$here"/*.test.mjs) || status=$?
passed=$(sed -n 's/^# pass //p' <<<"$report")
failed=$(sed -n 's/^# fail //p' <<<"$report")
if [ "$status" != 0 ]; then echo "$report"; fi
if [ "$status" != 0 ] && [ "${failed:-0}" = 0 ]; then failed=1; fi
echo "${passed:-0} passed, ${failed:-0} failed"
[ "$status" = 0 ]

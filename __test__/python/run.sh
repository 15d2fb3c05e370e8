#!/usr/bin/env bash
# Runs what others wrote in Python on our libfdb_c: the official binding (with our tests of it beside this file) and
# asyncio-foundationdb, the reference, with its own test-suite.
#
#   __test__/python/run.sh [debug|release]
#
# The Python packages are installed into .venv beside this file, once. Ends with a line "N passed, N failed".
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
profile=${1:-debug}
source "$here/../library.sh"
source "$here/venv.sh"
source "$here/reference.sh"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
passed=0
failed=0

# run NAME WHERE ARGUMENTS...: pytest in a folder; adds to the counts. A run that breaks off counts as a failure.
run() {
  local name=$1 where=$2 status=0
  shift 2
  echo "== $name"
  (cd "$where" && "$venv/bin/python" -m pytest -q -p no:cacheprovider --junitxml="$scratch/report.xml" "$@") || status=$?
  local counts
  counts=$("$venv/bin/python" - "$scratch/report.xml" <<'PYTHON' || echo "0 1"
import sys, xml.etree.ElementTree as tree
suites = tree.parse(sys.argv[1]).getroot().iter("testsuite")
tests, bad = map(sum, zip(*[(int(s.get("tests")), int(s.get("failures")) + int(s.get("errors"))) for s in suites]))
print(tests - bad, bad)
PYTHON
)
  rm -f "$scratch/report.xml"
  passed=$((passed + ${counts% *}))
  failed=$((failed + ${counts#* }))
  if [ "$status" != 0 ] && [ "${counts#* }" = 0 ]; then failed=$((failed + 1)); fi
}

run "the official binding" "$here" .

for target in "memory:reference" "file:$scratch/reference"; do
  FDB_CLUSTER_FILE=$target run "the reference's tests on $target" "$venv/reference" \
    --noconftest -c /dev/null --rootdir . found/tests.py found/vnstore.py
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

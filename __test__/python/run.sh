#!/usr/bin/env bash
# Runs what others wrote in Python on our libfdb_c: the official binding (with our tests of it beside this file) and
# asyncio-foundationdb, the reference, with its own test-suite.
#
#   __test__/python/run.sh [debug|release]
#
# The Python packages are installed into .venv beside this file, once. Ends with a line "N passed, N failed".
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
profile=${1:-debug}
venv=$here/.venv

# The library, built now.
flags=(--package libfdb-c)
if [ "$profile" = release ]; then flags+=(--release); fi
(cd "$root" && cargo build --quiet "${flags[@]}")
libraries=${CARGO_TARGET_DIR:-$root/target}/$profile

# The packages, unless those of this list are there already.
if ! cmp -s "$here/requirements.txt" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  # The reference is published as a wheel for one Python version, without its native module. It is unpacked rather than
  # installed, so that it serves any version, and its module is built from what it carries.
  "$venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$venv/wheel" \
    --only-binary :all: --implementation cp --python-version 3.11 --abi cp311 --platform manylinux_2_35_x86_64 \
    asyncio-foundationdb==0.12.0
  "$venv/bin/python" -m zipfile --extract "$venv"/wheel/asyncio_foundationdb-*.whl "$venv/reference"
  cp "$here/requirements.txt" "$venv/requirements.txt"
fi

export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export DYLD_LIBRARY_PATH=$libraries${DYLD_LIBRARY_PATH:+:$DYLD_LIBRARY_PATH}
export LIBRARY_PATH=$libraries${LIBRARY_PATH:+:$LIBRARY_PATH}
unset FDB_CLUSTER_FILE

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

echo "== the reference's native module"
(cd "$venv/reference" && "$venv/bin/python" found/ffibuild.py >"$scratch/build.log" 2>&1) || {
  cat "$scratch/build.log"
  exit 1
}
for target in "memory:reference" "file:$scratch/reference"; do
  FDB_CLUSTER_FILE=$target run "the reference's tests on $target" "$venv/reference" \
    --noconftest -c /dev/null --rootdir . found/tests.py found/vnstore.py
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

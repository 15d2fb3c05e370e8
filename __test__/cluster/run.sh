#!/usr/bin/env bash
# Runs the tests of the JavaScript face once more, as on a cluster: databases are opened by cluster files, through a
# libfdb_c loaded at run time. That library is crates/stand-in, as there is no cluster here.
#
#   __test__/cluster/run.sh [ARGUMENTS FOR AVA...]
#
# Ends with a line "N passed, N failed".
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
(cd "$root" && cargo build --quiet --package stand-in)
case $(uname) in
  Darwin) name=libfdb_stand_in.dylib ;;
  *) name=libfdb_stand_in.so ;;
esac
export FDB_CLIENT_LIB=${CARGO_TARGET_DIR:-$root/target}/debug/$name

FOUND_TEST_CLUSTERS=$(mktemp -d)
export FOUND_TEST_CLUSTERS
trap 'rm -rf "$FOUND_TEST_CLUSTERS"' EXIT

passed=0
failed=0
# count STATUS REPORT PASSED FAILED: adds what the two patterns find; a run that breaks off counts as a failure.
count() {
  local good bad
  good=$(sed -nE "s/$3/\1/p" "$2")
  bad=$(sed -nE "s/$4/\1/p" "$2")
  if [ "$1" != 0 ] && [ "${bad:-0}" = 0 ]; then bad=1; fi
  passed=$((passed + ${good:-0}))
  failed=$((failed + ${bad:-0}))
}

report=$FOUND_TEST_CLUSTERS/report
status=0
node --test --test-reporter=tap "$here"/*.test.mjs >"$report" || status=$?
if [ "$status" != 0 ]; then cat "$report"; fi
count "$status" "$report" '^# pass ([0-9]+)' '^# fail ([0-9]+)'

status=0
# Of the command only what it does with a database: the rest of its tests have none, or one in a file.
if [ $# = 0 ]; then set -- '__test__/*.spec.ts' __test__/cli/commands.spec.ts 'explorer/test/*.spec.ts'; fi
(cd "$root" && npx ava "$@" | tee "$report") || status=$?
count "$status" "$report" '^  ([0-9]+) tests? passed.*' '^  ([0-9]+) tests? failed.*'

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]

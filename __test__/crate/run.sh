#!/usr/bin/env bash
# Runs the integration tests that the crate foundationdb carries in its package on our foundationdb-sys: on databases in
# memory and in a file, and through the cluster path with crates/stand-in as libfdb_c.
#
#   __test__/crate/run.sh
#
# Ends with a line "N passed, N failed".
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$root/target}

# What is not run. Besides, the crate itself marks one to be ignored: api_ub, which goes on after a panic has stopped the
# network, and may do anything.
needs_a_cluster=(
  # Looks for the times that a cluster's controller writes down every ten seconds, under keys of the system.
  --skip timekeeper
  # Wants a commit to take a millisecond or more.
  --skip test_metrics
)
needs_a_network=(
  # Wants a read that is not answered at once, which on the embedded engine it is.
  --skip test_future_discard
)

# The package is where cargo keeps it; the repository's own build depends on it.
package=$(cd "$root" && cargo metadata --format-version 1 | node -e '
  const { packages } = JSON.parse(require("fs").readFileSync(0, "utf8"))
  const { manifest_path } = packages.find(({ name, version }) => name === "foundationdb" && version === "0.11.0")
  console.log(require("path").dirname(manifest_path))')
ln -sfn "$package" "$here/published"
(cd "$root" && cargo build --quiet --package stand-in)
(cd "$here" && cargo test --quiet --no-run)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
echo "memory:crate" >"$scratch/fdb.cluster"
case $(uname) in
  Darwin) library=libfdb_stand_in.dylib ;;
  *) library=libfdb_stand_in.so ;;
esac

# run_tests NAME CLUSTER_FILE ARGUMENTS...: all tests on one database, one after the other; the report is a file NAME.
run_tests() {
  local name=$1 target=$2 status=0
  shift 2
  (cd "$here" && FDB_CLUSTER_FILE=$target cargo test --no-fail-fast -- "$@") >"$scratch/$name" 2>&1 || status=$?
  echo "status $status" >>"$scratch/$name"
}

# Most of the time they wait for time to pass, so the databases have their turns at once.
run_tests memory "memory:crate" "${needs_a_cluster[@]}" "${needs_a_network[@]}" &
run_tests file "file:$scratch/database" "${needs_a_cluster[@]}" "${needs_a_network[@]}" &
FDB_CLIENT_LIB=$CARGO_TARGET_DIR/debug/$library run_tests cluster "$scratch/fdb.cluster" "${needs_a_cluster[@]}" &
wait

all_passed=0
all_failed=0
for name in memory file cluster; do
  read -r passed failed < <(awk '/^test result:/ { passed += $4; failed += $6 } END { print passed + 0, failed + 0 }' "$scratch/$name")
  if ! grep -qx "status 0" "$scratch/$name"; then
    cat "$scratch/$name"
    if [ "$failed" = 0 ]; then failed=1; fi
  fi
  echo "the tests of the crate foundationdb, $name: $passed passed, $failed failed"
  all_passed=$((all_passed + passed))
  all_failed=$((all_failed + failed))
done
echo "$all_passed passed, $all_failed failed"
[ "$all_failed" = 0 ]

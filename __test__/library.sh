# To be sourced: builds our libfdb_c (profile $profile, debug or release) and has programs find it. Sets $root.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
flags=(--package libfdb-c)
if [ "$profile" = release ]; then flags+=(--release); fi
(cd "$root" && cargo build --quiet "${flags[@]}")
libraries=${CARGO_TARGET_DIR:-$root/target}/$profile

export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export DYLD_LIBRARY_PATH=$libraries${DYLD_LIBRARY_PATH:+:$DYLD_LIBRARY_PATH}
export LIBRARY_PATH=$libraries${LIBRARY_PATH:+:$LIBRARY_PATH}
unset FDB_CLUSTER_FILE

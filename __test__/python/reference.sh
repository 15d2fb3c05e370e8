# To be sourced after library.sh and venv.sh: builds the native module of asyncio-foundationdb against our libfdb_c.

log=$(mktemp)
(cd "$venv/reference" && "$venv/bin/python" found/ffibuild.py >"$log" 2>&1) || {
  cat "$log"
  rm -f "$log"
  exit 1
}
rm -f "$log"

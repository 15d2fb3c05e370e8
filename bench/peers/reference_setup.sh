#!/usr/bin/env bash
# Puts asyncio-foundationdb, the Python reference, with what it needs into ../.venv, once. It is published as a wheel for
# one Python version, without its native module; it is unpacked, and the module built against our libfdb_c.
#
#   LD_LIBRARY_PATH=(folder of libfdb_c) peers/reference_setup.sh
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
venv=$here/.venv
requirements=$here/../__test__/python/requirements.txt
if cmp -s "$requirements" "$venv/requirements.txt"; then exit 0; fi
rm -rf "$venv"
python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
"$venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$venv/wheel" \
  --only-binary :all: --implementation cp --python-version 3.11 --abi cp311 --platform manylinux_2_35_x86_64 \
  asyncio-foundationdb==0.12.0
"$venv/bin/python" -m zipfile --extract "$venv"/wheel/asyncio_foundationdb-*.whl "$venv/reference"
export LIBRARY_PATH=$LD_LIBRARY_PATH${LIBRARY_PATH:+:$LIBRARY_PATH}
(cd "$venv/reference" && "$venv/bin/python" found/ffibuild.py >"$venv/build.log" 2>&1) || {
  cat "$venv/build.log"
  exit 1
}
cp "$requirements" "$venv/requirements.txt"

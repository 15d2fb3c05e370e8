# To be sourced: installs the Python packages into .venv beside this file, unless those of requirements.txt are there.
# Sets $venv.

venv=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/.venv
requirements=$(dirname "$venv")/requirements.txt

if ! cmp -s "$requirements" "$venv/requirements.txt"; then
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$requirements"
  # The reference is published as a wheel for one Python version, without its native module. It is unpacked rather than
  # installed, so that it serves any version, and its module is built from what it carries.
  "$venv/bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$venv/wheel" \
    --only-binary :all: --implementation cp --python-version 3.11 --abi cp311 --platform manylinux_2_35_x86_64 \
    asyncio-foundationdb==0.12.0
  "$venv/bin/python" -m zipfile --extract "$venv"/wheel/asyncio_foundationdb-*.whl "$venv/reference"
  cp "$requirements" "$venv/requirements.txt"
fi

#!/usr/bin/env bash
# Runs browser.ts, which goes through the page as a person does. Installs Debian's chromium where there is no browser.
# Ends with a line "N passed, N failed".
set -euo pipefail
cd "$(dirname "$0")/../.."

find_browser() {
  local name
  for name in chromium chromium-browser google-chrome; do
    if command -v "$name"; then return; fi
  done
}

browser=$(find_browser)
if [ -z "$browser" ]; then
  as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo); fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
  browser=$(find_browser)
fi
FOUND_TEST_BROWSER=$browser exec node --import tsx explorer/test/browser.ts "$@"

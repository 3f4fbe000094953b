#!/usr/bin/env bash
# Sees to what only the operating system can give: libgomp1 for LightGBM and, with --tests, a browser.
# As root it installs what is missing; else it names the command. Without libgomp1 nothing can be trained, so that fails.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/python.sh

[ "$(uname -s)" = Linux ] || exit 0

has_libgomp1() {
    local python
    python="$(find_python)"
    "${python:-python3}" -c 'import ctypes; ctypes.CDLL("libgomp.so.1")' 2>/dev/null
}

has_browser() {
    local name
    for name in chromium chromium-browser google-chrome; do
        if command -v "$name" >/dev/null; then return 0; fi
    done
    return 1
}

install() {
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
    echo "system: installing $1" >&2
    # Two clones may come here at once: wait for the other's lock instead of failing.
    local options=(-q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3) log
    log="$(mktemp)"
    export DEBIAN_FRONTEND=noninteractive
    if apt-get "${options[@]}" install --no-install-recommends "$1" >"$log" 2>&1 ||
        { apt-get "${options[@]}" update >"$log" 2>&1 &&
          apt-get "${options[@]}" install --no-install-recommends "$1" >>"$log" 2>&1; }; then
        rm -f "$log"
    else
        tail -n 5 "$log" >&2
        rm -f "$log"
        return 1
    fi
}

if ! has_libgomp1 && ! { install libgomp1 && has_libgomp1; }; then
    echo "system: libgomp.so.1 is missing and LightGBM cannot run without it. Install it:" >&2
    echo "    sudo apt-get install libgomp1     (Fedora: sudo dnf install libgomp)" >&2
    exit 1
fi
if [ "${1:-}" = --tests ] && ! has_browser && ! install chromium; then
    echo "system: no browser for the tests that look at a page. Install one: sudo apt-get install chromium" >&2
fi

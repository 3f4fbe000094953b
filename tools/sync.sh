#!/usr/bin/env bash
# Makes .venv what uv.lock says, with the options given to `uv sync`; brings uv into .tools where there is none.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tools/python.sh

runs() { "$1" --version >/dev/null 2>&1; }

bring_uv() {
    local python="$1"
    mkdir -p .tools
    partial="$(mktemp -d .tools/uv.XXXXXX)"
    trap 'rm -rf "$partial"' EXIT
    echo "setup: no uv here; fetching it into .tools/uv" >&2
    # Some distributions ship Python without pip but with venv, some the other way round.
    "$python" -m pip install -qq --disable-pip-version-check --target "$partial/uv" uv ||
        { "$python" -m venv "$partial/venv" &&
          "$partial/venv/bin/python" -m pip install -qq --disable-pip-version-check --target "$partial/uv" uv; } || {
        echo "setup: $python has neither pip nor venv, and there is no uv. Install one of them, for instance:" >&2
        echo "    sudo apt-get install python3-pip     or     pipx install uv" >&2
        exit 1
    }
    rm -rf .tools/uv
    mv "$partial/uv" .tools/uv
}

python="$(find_python)"
uv=uv
runs uv || uv=.tools/uv/bin/uv
runs "$uv" || bring_uv "${python:-python3}"

# Stamps go first: an interrupted sync must not look finished.
rm -f .venv/.lean-* .venv/.full-*
if [ -n "$python" ]; then
    echo "setup: $("$uv" --version), $python" >&2
    "$uv" sync --frozen --python "$python" --no-python-downloads "$@"
else
    echo "setup: no Python 3.12 on this machine; uv fetches one" >&2
    "$uv" sync --frozen --python 3.12 --managed-python "$@"
fi

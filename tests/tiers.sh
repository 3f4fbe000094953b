#!/usr/bin/env bash
# Runs all checks by tiers, or only those named. Each tier prints its minutes; what could not run is listed by name
# at the end, and fails when CI=true; the last line is "N passed, N failed".
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

logs="$(mktemp -d)"
trap 'rm -rf "$logs"' EXIT
passed=0 failed=0 could_not_run=() failures=()

# command_counts NAME PROGRAM...: one check, counted as one.
command_counts() {
    local name="$1"
    shift
    if "$@"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        failures+=("$name: $*")
    fi
}

# The number that stands before a word in pytest's closing line, or 0. An engine that is told to stop may write after it.
counted() {
    local number
    number="$(grep -E '[0-9]+ (passed|failed|errors?|skipped).* in [0-9.]+s' "$1" | tail -n 1 |
        grep -oE "[0-9]+ $2\b" | grep -oE '^[0-9]+')"
    echo "${number:-0}"
}

# tests_count NAME ARGUMENTS...: one run of pytest, each test counted. A folder that is not there, a run that found no test
# and a run that broke off all count as a failure of their own.
tests_count() {
    local name="$1" log="$logs/$1" status bad path
    shift
    for path in "$@"; do
        case "$path" in tests/* | src/*) [ -e "$path" ] || failures+=("$name: $path does not exist") ;; esac
    done
    .venv/bin/python -m pytest -q -ra --color=no "$@" 2>&1 | tee "$log"
    status="${PIPESTATUS[0]}"
    bad=$(($(counted "$log" failed) + $(counted "$log" 'errors?')))
    if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then
        bad=1
        failures+=("$name: pytest ended with $status and counted no failure")
    fi
    passed=$((passed + $(counted "$log" passed)))
    failed=$((failed + bad))
    mapfile -t -O "${#failures[@]}" failures < <(grep -E '^(FAILED|ERROR) ' "$log" | sed "s/^/$name: /")
    mapfile -t -O "${#could_not_run[@]}" could_not_run < <(grep -E '^SKIPPED ' "$log" | sed "s/^/$name: /")
}

browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

tier_setup() {
    command_counts setup make --no-print-directory setup
    [ -n "$(browser)" ] || could_not_run+=("browser: no chromium on this machine (sudo apt-get install chromium)")
}

tier_check() {
    command_counts check .venv/bin/python -m ruff format --check .
    command_counts check .venv/bin/python -m ruff check .
    command_counts check .venv/bin/lint-imports
    command_counts check .venv/bin/python -m pyright
}

# Tests of one group stay with one worker: a family is fitted once for all of them.
tier_unit() {
    tests_count unit -n 2 --dist loadgroup --doctest-modules --ignore-glob='*/migrations/*' \
        tests/contract tests/unit tests/property tests/architecture src
}

tier_prove() { tests_count prove -n 2 tests/leakage tests/parity; }

# By groups, too: what their tests share (a killed run's twin, a run of the pipeline) is made once. tests/conftest.py names the
# groups and puts the folders in order.
tier_engines() {
    tests_count engines -n 2 --dist loadgroup --no-loadscope-reorder \
        tests/kill tests/trained tests/pipelines tests/engines tests/e2e
}

# The main job as a newcomer runs it, in a home of its own.
tier_demo() { command_counts demo env ANTEPOST_HOME="$logs/home" make --no-print-directory demo; }

all=(setup check unit prove engines demo)
tiers=("$@")
[ "${#tiers[@]}" -gt 0 ] || tiers=("${all[@]}")
minutes=()
for tier in "${tiers[@]}"; do
    declare -F "tier_$tier" >/dev/null || { echo "no tier called $tier; there are: ${all[*]}" >&2; exit 2; }
    printf '\n== %s\n' "$tier"
    began="$(date +%s)"
    "tier_$tier"
    took="$(awk "BEGIN { printf \"%.1f\", ($(date +%s) - $began) / 60 }")"
    minutes+=("$tier $took min")
    echo "== $tier took $took min"
    [ "$tier" != setup ] || [ "$failed" -eq 0 ] || break
done

printf '\n'
printf '  %s\n' "${minutes[@]}"
[ "${#failures[@]}" -eq 0 ] || { printf '\nfailed:\n'; printf '  %s\n' "${failures[@]}"; }
if [ "${#could_not_run[@]}" -gt 0 ]; then
    printf '\ncould not run:\n'
    printf '  %s\n' "${could_not_run[@]}"
    [ "${CI:-}" != true ] || failed=$((failed + ${#could_not_run[@]}))
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]

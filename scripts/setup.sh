#!/bin/sh
# Sets up what `make` needs, from a clean clone: scripts/setup.sh run|test
# Says plainly what is missing when it can't. Safe to run again: does only what is not done yet.
set -eu
cd "$(dirname "$0")/.."
purpose=${1:-run}
venv=.venv

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then sudo "$@"
    else return 1; fi
}

install_packages() {
    command -v apt-get >/dev/null 2>&1 || fail "Please install: $*"
    say "Installing $* ..."
    as_root env DEBIAN_FRONTEND=noninteractive sh -c '
        log=$(mktemp)
        { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >"$log" 2>&1 ||
            { tail -n 20 "$log" >&2; exit 1; }' sh "$@" ||
        fail "Could not install $*. As root, run: apt-get update && apt-get install $*"
}

command -v python3 >/dev/null 2>&1 || install_packages python3 python3-venv
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "Python 3.11 or newer is needed; python3 is $(python3 -V 2>&1)."

if [ ! -x "$venv/bin/python" ] || ! "$venv/bin/python" -m pip --version >/dev/null 2>&1; then
    rm -rf "$venv"
    # Debian splits ensurepip off into python3-venv.
    python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
    python3 -m venv "$venv"
fi

lock=requirements.lock
[ "$purpose" = test ] && lock=requirements-dev.lock
stamp=$venv/.installed-$purpose
sum=$(cat "$lock" pyproject.toml | cksum)
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$sum" ]; then
    say "Installing Python packages ..."
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes -r "$lock" || fail "pip could not install the packages of $lock."
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps \
        --no-build-isolation -e . || fail "pip could not install the portal itself."
    printf '%s' "$sum" >"$stamp"
fi

if [ "$purpose" = test ]; then
    missing=
    need() { command -v "$1" >/dev/null 2>&1 || [ -x "$1" ] || missing="$missing $2"; }
    need chromium chromium
    need redis-server redis-server
    need /usr/sbin/mariadbd mariadb-server
    need /usr/sbin/nginx nginx
    need prometheus prometheus  # promtool is in the same package
    # shellcheck disable=SC2086  # a list of names
    [ -z "$missing" ] || install_packages $missing
fi

#!/usr/bin/env bash
# Resolves every host project against the released crates of today, then builds and runs the one with the oldest rusqlite and the one
# with the newest; with --all, every one. Fails at the first that does not resolve, build or run.
set -euo pipefail
cd "$(dirname "$0")"
export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}"

fail() {
    echo "hosts: $*" >&2
    exit 1
}

case "${1-}" in
    "") chosen="rusqlite-032 rusqlite-041" ;;
    --all) chosen=$(printf '%s\n' */Cargo.toml | xargs -n 1 dirname) ;;
    *) fail "usage: $0 [--all]" ;;
esac

# A weak feature on a database adapter (`ecrm-sqlite?/x`) would bring its driver into the lockfile of every host, and with it a
# second libsqlite3-sys, which cannot be linked twice.
for manifest in ../../Cargo.toml ../../crates/*/Cargo.toml; do
    if sed 's/#.*//' "$manifest" | grep -nE 'ecrm-(sqlite|postgres|sqlx)[a-z0-9-]*\?/'; then
        fail "$manifest has a weak feature on a database adapter"
    fi
done

# The versions of a package in a lockfile, on one line.
versions() {
    awk -v name="name = \"$1\"" '$0 == name { getline; gsub(/"/, "", $3); printf "%s ", $3 }' "$2"
}

for manifest in */Cargo.toml; do
    host=$(dirname "$manifest")
    rm -f "$host/Cargo.lock"
    cargo generate-lockfile --quiet --manifest-path "$manifest" || fail "$host does not resolve"
    rusqlite=$(versions rusqlite "$host/Cargo.lock")
    sqlite=$(versions libsqlite3-sys "$host/Cargo.lock")
    printf '%-18s rusqlite %-8s libsqlite3-sys %s\n' "$host" "$rusqlite" "$sqlite"
    [ "$(wc -w <<<"$rusqlite")" = 1 ] || fail "$host has rusqlite in several versions, or not at all: $rusqlite"
    # A host that names its version must get it for ecrm as well.
    case "$host:$rusqlite" in
        rusqlite-0*) expected="0.$((10#${host#rusqlite-0}))."; [[ "$rusqlite" == "$expected"* ]] || fail "$host got $rusqlite" ;;
    esac
done

for host in $chosen; do
    echo "== $host"
    cargo run --quiet --locked --manifest-path "$host/Cargo.toml" || fail "$host does not build or run"
done

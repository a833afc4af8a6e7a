#!/usr/bin/env bash
# The XML yardsticks and ours in one run, and the ratios.
#
#   bash benches/xml.sh YARDSTICKS [FILE]
#
# YARDSTICKS is the folder with generate_xml.py, xml_read.py and rust-peers; Python with lxml is needed for its line. FILE is what
# generate_xml.py has made; without it one of 85,000 customers is made.
set -euo pipefail
cd "$(dirname "$0")/.."
yardsticks=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=${PYTHON:-python3}
file=${2:-$work/customers.xml}
[ -f "$file" ] || "$python" "$yardsticks/generate_xml.py" 85000 "$file"

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
cp -r "$yardsticks/rust-peers" "$work/peers" # cargo writes a lockfile beside the manifest
cargo build --quiet --release --manifest-path "$work/peers/Cargo.toml" --bin xml_events --target-dir "$CARGO_TARGET_DIR/peers"
peers=$CARGO_TARGET_DIR/peers/release/xml_events
cargo bench --quiet --features xml-exchange --bench xml --no-run

{
    "$peers" "$file" attributes
    cargo bench --quiet --features xml-exchange --bench xml -- "$file"
    "$peers" "$file" attributes
    cargo bench --quiet --features xml-exchange --bench xml -- "$file" # as often as the other; the quicker run of each counts
    "$peers" "$file" serde
    "$python" "$yardsticks/xml_read.py" lxml-extract "$file" || echo "lxml is not here: pip install lxml" >&2
} | tee "$work/lines"

awk -F'\t' '
    { if (!($1 in seconds) || $2 < seconds[$1]) seconds[$1] = $2 }
    END {
        ours = seconds["ecrm/records"]
        printf "reading: %.2f x events with attributes and text touched (at least 0.7 is asked for)\n", seconds["xml/quick-xml-attributes"] / ours
        if ("xml/lxml-extract" in seconds) printf "reading: %.1f x lxml with field extraction (at least 6)\n", seconds["xml/lxml-extract"] / ours
        printf "reading: %.1f x quick-xml serde per record (at least 2)\n", seconds["xml/quick-xml-serde"] / ours
        printf "reading with all texts copied: %.1f x quick-xml serde\n", seconds["xml/quick-xml-serde"] / seconds["ecrm/records-owned"]
    }' "$work/lines"

#!/usr/bin/env bash
# Segments and their yardsticks in one run, and the ratios.
#
#   PYTHON=… bash benches/segmentation.sh YARDSTICKS FOLDER...
#
# YARDSTICKS has generate.py and segmentation.py, PYTHON what they need; each FOLDER has a shop as the generator writes it, such as those of
# 10,000, 100,000 and 1,000,000 customers: the growth is told from one to the next.
set -euo pipefail
cd "$(dirname "$0")/.."
yardsticks=$(cd "$1" && pwd)
shift
python=${PYTHON:-python3}
work=$(mktemp -d -p "${TMPDIR:-/tmp}")
trap 'rm -rf "$work"' EXIT
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
cargo build --quiet --release --features segmentation --example segments_at_scale

for folder in "$@"; do
    echo "== $folder"
    "$CARGO_TARGET_DIR/release/examples/segments_at_scale" --data "$folder" --db "$work/shop.db" > "$work/ours" 2> "$work/errors" ||
        { cat "$work/errors"; exit 1; }
    rm -f "$work"/shop.db*
    grep -v '_on_advance\|^segment ' "$work/ours"
    (
        cd "$yardsticks"
        "$python" segmentation.py duckdb "$folder" --only C,A,E
        "$python" segmentation.py polars "$folder" --only C,A
        "$python" segmentation.py sqlite "$folder" --only D
    ) 2> /dev/null | tee "$work/theirs"
    awk -F'\t' '
        FNR == NR { if (match($0, /^[a-z_]+: /)) { split($0, part, ": "); ours[part[1]] = part[2] }; next }
        { theirs[$1] = $2 }
        END {
            printf "building all from the file, against DuckDB: %.2f x its speed, against Polars: %.2f x (more than 1 is asked for)\n", theirs["duckdb/C"] / ours["build_seconds"], (theirs["polars/load"] + theirs["polars/C"]) / ours["build_seconds"]
            printf "building all, against Polars that has read its files before: %.2f x\n", theirs["polars/C"] / ours["build_seconds"]
            printf "preview of query A, against DuckDB: %.2f x (more than 1), against Polars: %.2f x\n", theirs["duckdb/A"] / ours["preview_seconds"], theirs["polars/A"] / ours["preview_seconds"]
            printf "a day that passes, against DuckDB: %.2f x\n", theirs["duckdb/E"] / ours["advance_one_day_seconds"]
            printf "an order, against SQLite: %.2f x (at least 5)\n", theirs["sqlite/D"] * 1e6 / ours["event_microseconds_median"]
        }' "$work/ours" "$work/theirs"
done

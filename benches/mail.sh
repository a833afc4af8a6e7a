#!/usr/bin/env bash
# The mail yardsticks and ours in one run, and the ratios.
#
#   bash benches/mail.sh YARDSTICKS
#
# YARDSTICKS is the folder with rust-peers.
set -euo pipefail
cd "$(dirname "$0")/.."
yardsticks=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'kill "$sink" 2>/dev/null || true; rm -rf "$work"' EXIT
sink=

export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}
cp -r "$yardsticks/rust-peers" "$work/peers" # cargo writes a lockfile beside the manifest
cargo build --quiet --release --manifest-path "$work/peers/Cargo.toml" --bin mail_compose --bin smtp_send --target-dir "$CARGO_TARGET_DIR/peers"
peers=$CARGO_TARGET_DIR/peers/release
bench=(cargo bench --quiet --features smtp-tokio --bench mail --)
cargo bench --quiet --features smtp-tokio --bench mail --no-run

port=2646
"$peers/smtp_send" sink "$port" &
sink=$!
until (: > "/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done

{
    "${bench[@]}" compose
    "$peers/mail_compose" 10000
    "${bench[@]}" queue
    for _ in 1 2 3; do
        "$peers/smtp_send" 2000 "$port"
        "${bench[@]}" send "$port"
    done
    "${bench[@]}" settled
} | tee "$work/lines"

awk -F'\t' '
    { seconds = $2
      if ($1 ~ /^smtp\//) seconds /= 2000
      if ($1 == "mail/minijinja-lettre-build") seconds /= 10000
      if (!($1 in best) || seconds < best[$1]) best[$1] = seconds }
    END {
        printf "composing: %.2f x the same mail in bare minijinja and lettre (at least 0.8 is asked for)\n", best["minijinja-lettre/compose-builtin"] / best["ecrm/compose-builtin"]
        printf "composing with the small templates of the yardstick: %.2f x the yardstick\n", best["mail/minijinja-lettre-build"] / best["ecrm/compose-lean"]
        printf "queueing: %.2f x bare INSERTs of the same rows (at least 0.5)\n", best["rusqlite/insert"] / best["ecrm/enqueue"]
        printf "sending: %.2f x lettre-one-write to the same sink (at least 0.8)\n", best["smtp/lettre-one-write"] / best["ecrm/smtp"]
        printf "sending on tokio: %.2f x lettre-one-write to the same sink (at least 0.8)\n", best["smtp/lettre-one-write"] / best["ecrm/smtp-tokio"]
        printf "claiming and settling beside a million settled mails: %.2f x the speed in an empty outbox\n", best["ecrm/claim-settle"] / best["ecrm/claim-settle-beside-a-million"]
    }' "$work/lines"

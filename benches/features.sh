#!/usr/bin/env bash
# What each feature adds to a shop: crates, seconds of a release build, KiB of the stripped program, tables.
# Prints the rows of the README's table. Takes about twelve minutes on two cores and, for the
# `sqlite` row, needs the SQLite of the system with its headers.
#
#   bash benches/features.sh [FEATURE...]    # all of them where none is named
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/host/src"

# A program that uses what the feature brings, so that the linker cannot leave it out.
program() {
    case $1 in
        confirmation-mail | smtp | smtp-tokio | dkim) echo 'use ecrm::confirmation_mail::{Claimed, ComposedMail, Lane, MailRequest, Mailer, Outcome, Pace, claim, enqueue, settle, transport::Transport}; use ecrm::core::SystemIds;
            let mailer = Mailer::new("Shop", "a@b.example".parse().unwrap()).unwrap();
            fn go(s: &mut dyn ecrm::store::Session, p: &ecrm::store::Permission, m: &ComposedMail, c: &Claimed) -> bool { let now = Default::default(); enqueue(s, p, m, &SystemIds, now).is_ok() && claim(s, Lane::all().next().unwrap(), 1, Default::default(), &Pace::unlimited(), now).is_ok() && settle(s, c, &Outcome::Accepted("".into()), &SystemIds, now).is_ok() }
            fn make(m: &Mailer, r: &MailRequest<'"'"'_>) -> bool { m.compose(r, &SystemIds, Default::default()).is_ok() }
            std::hint::black_box(go as fn(&mut dyn ecrm::store::Session, &ecrm::store::Permission, &ComposedMail, &Claimed) -> bool); std::hint::black_box(make as fn(&Mailer, &MailRequest<'"'"'_>) -> bool);'
            case $1 in smtp*) echo 'use ecrm::confirmation_mail::transport::{Relay, Smtp}; std::hint::black_box(<Smtp as Transport>::deliver as fn(&mut Smtp, &Claimed) -> _); std::hint::black_box(Smtp::new(Relay::starttls("localhost", "shop")));' ;; esac
            [ "$1" = smtp-tokio ] && echo 'async fn send(smtp: &mut ecrm::confirmation_mail::transport::SmtpTokio, mail: &Claimed) { std::hint::black_box(smtp.deliver(mail).await); } let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(); if std::env::args().count() > 9 { let mut smtp = ecrm::confirmation_mail::transport::SmtpTokio::new(Relay::local("a", "b")); let mail: Option<Claimed> = std::hint::black_box(None); if let Some(mail) = mail { runtime.block_on(send(&mut smtp, &mail)); } }'
            [ "$1" = dkim ] && echo 'let mailer = match ecrm::confirmation_mail::Dkim::rsa("s", "b.example", "pem") { Ok(dkim) => mailer.with_dkim(dkim), Err(_) => mailer };'
            echo 'std::hint::black_box(mailer);' ;;
        message) echo 'if let Ok(mail) = ecrm::message::Message::parse(std::hint::black_box(b"Subject: x\r\n\r\n")) { std::hint::black_box(mail.classify()); }' ;;
        segmentation) echo 'use ecrm::segmentation::{Segmentation, criteria::Name};
            fn go(s: &mut dyn ecrm::store::Session, of: &Segmentation) -> bool { let now = Default::default(); let name = Name::new("a").unwrap(); of.define(s, [(name.clone(), "count(orders) > 1".parse().unwrap())], now).is_ok() && of.append(s, &[], now).is_ok() && of.advance(s, 1, now).is_ok() && of.members(s, &name, None, 1, now).is_ok() && of.explain(s, ecrm::core::CustomerId::from_uuid(Default::default()), &name, now).is_ok() }
            std::hint::black_box(go as fn(&mut dyn ecrm::store::Session, &Segmentation) -> bool);' ;;
        xml-exchange) echo 'use ecrm::xml_exchange::{Exchanged, ciq, import, ubl, xcard};
            if let Ok(order) = std::hint::black_box(Exchanged::<ubl::PurchaseOrder>::read(b"<a/>", &Default::default())) { std::hint::black_box(order.write().is_ok()); }
            if let Ok(party) = std::hint::black_box(Exchanged::<ciq::Party>::read(b"<a/>", &Default::default())) { std::hint::black_box(party.write().is_ok()); }
            if let Ok(cards) = std::hint::black_box(Exchanged::<xcard::Cards>::read(b"<a/>", &Default::default())) { std::hint::black_box(cards.write().is_ok()); }
            fn go(host: &mut dyn ecrm::store::UnitOfWork) -> bool { let source = ecrm::core::Source::checkout();
                import::Import::new("feed").run(host, &mut import::Feed::new(&b"<a/>"[..], Default::default()), &mut import::CoreRecords::new(&ecrm::core::SystemIds, &source, Default::default()), &ecrm::core::SystemClock, &mut |_| std::ops::ControlFlow::Continue(())).is_ok() }
            std::hint::black_box(go as fn(&mut dyn ecrm::store::UnitOfWork) -> bool);
            std::hint::black_box(ecrm::migrate as fn(&mut dyn ecrm::store::Session, _) -> _);' ;;
        sqlite | sqlite-bundled) echo 'let mut c = ecrm::sqlite::rusqlite::Connection::open_in_memory().unwrap(); let t = c.transaction().unwrap(); ecrm::migrate(&mut ecrm::sqlite::SqliteSession::new(&t).unwrap(), Default::default()).unwrap(); t.commit().unwrap();' ;;
        tracing) echo 'std::hint::black_box(ecrm::migrate as fn(&mut dyn ecrm::store::Session, _) -> _);' ;;
        postgres) echo 'async fn go(c: ecrm::postgres::tokio_postgres::Client) { let _ = ecrm::postgres::unit_of_work(c, |s| ecrm::migrate(s, Default::default()).is_ok()).await; } std::hint::black_box(go);
            let r = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap(); r.block_on(async { if let Ok((c, b)) = ecrm::postgres::tokio_postgres::connect("host=localhost user=none", ecrm::postgres::tokio_postgres::NoTls).await { tokio::spawn(b); go(c).await; } });' ;;
        sqlx-postgres) echo 'let r = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap(); r.block_on(async { let p = ecrm::sqlx::sqlx::PgPool::connect_lazy("postgres://none@localhost/none").unwrap(); if let Ok(t) = p.begin().await { let _ = ecrm::sqlx::postgres::unit_of_work(t, |s| ecrm::migrate(s, Default::default()).is_ok()).await; } });' ;;
        sqlx-sqlite) echo 'let r = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap(); r.block_on(async { let p = ecrm::sqlx::sqlx::SqlitePool::connect_lazy("sqlite::memory:").unwrap(); if let Ok(t) = p.begin().await { let _ = ecrm::sqlx::sqlite::unit_of_work(t, |s| ecrm::migrate(s, Default::default()).is_ok()).await; } });' ;;
    esac
}

# Writes the host for a feature ("none" for none) and builds it with the target folder in $2. Prints the seconds.
build() {
    local features="" tokio="" sqlx=""
    [ "$1" = none ] || features="\"$1\""
    case $1 in postgres | sqlx-* | smtp-tokio) tokio='tokio = { version = "1", features = ["rt-multi-thread", "net", "time"] }' ;; esac
    case $1 in sqlx-*) sqlx='sqlx = { version = "0.9", default-features = false, features = ["runtime-tokio"] }' ;; esac
    cat > "$work/host/Cargo.toml" <<TOML
[package]
name = "host"
version = "0.0.0"
edition = "2024"
[dependencies]
ecrm = { path = "$root", default-features = false, features = [$features] }
$tokio
$sqlx
[profile.release]
strip = "symbols"
[workspace]
TOML
    cp "$root/Cargo.lock" "$work/host/Cargo.lock"
    {
        echo 'fn main() {'
        program "$1"
        echo '    let sql = ecrm::modules().iter().map(|m| *m).collect::<Vec<_>>();'
        echo '    fn walk(m: &'"'"'static ecrm::store::Module, seen: &mut Vec<&'"'"'static str>) -> usize { if seen.contains(&m.name) { return 0; } seen.push(m.name); let own: usize = m.migrations.iter().map(|f| f.sql.matches("CREATE TABLE").count()).sum(); own + m.requires.iter().map(|r| walk(r, seen)).sum::<usize>() }'
        echo '    let mut seen = Vec::new(); let n: usize = sql.into_iter().map(|m| walk(m, &mut seen)).sum(); println!("{}", n + 1);'
        echo '}'
    } > "$work/host/src/main.rs"
    local from; from=$(date +%s.%N)
    (cd "$work/host" && CARGO_TARGET_DIR="$2" cargo build --release --quiet)
    echo "$(date +%s.%N) - $from" | bc
}

crates() { (cd "$work/host" && cargo tree --edges normal,build --prefix none --no-dedupe | sort -u | wc -l); }
kib() { echo $(($(stat -c %s "$1/release/host") / 1024)); }

seconds=$(build none "$work/base")
base_crates=$(crates) base_kib=$(kib "$work/base") base_tables=$("$work/base/release/host")
printf '| none | %s | %.0f | %s | %s |\n' "$base_crates" "$seconds" "$base_kib" "$base_tables"
[ $# -gt 0 ] || set -- confirmation-mail smtp smtp-tokio dkim xml-exchange segmentation message sqlite sqlite-bundled postgres sqlx-postgres sqlx-sqlite tracing
for feature; do
    cp -r "$work/base" "$work/$feature"
    seconds=$(build "$feature" "$work/$feature")
    tables=$(timeout 5 "$work/$feature/release/host" || echo "$base_tables")
    printf '| `%s` | +%s | +%.0f | +%s | +%s |\n' "$feature" $(($(crates) - base_crates)) "$seconds" \
        $(($(kib "$work/$feature") - base_kib)) $((tables - base_tables))
    rm -rf "${work:?}/$feature"
done

//! The example is the main job: it is run as a user runs it, twice, and killed in between.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::tempdir;

/// The example, with what it needs to be started.
fn shop_day(out: &Path, more: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["run", "--quiet", "--example", "shop_day", "--", "--out"])
        .arg(out)
        .args(more);
    command
}

/// Runs the example to its end; its closing lines, but for those that differ from run to run.
fn closing_lines(out: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let output = shop_day(out, &[]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut lines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let (key, value) = line.split_once(": ").unwrap();
        if !["seconds", "peak_rss_mib", "report"].contains(&key) {
            lines.entry(key.to_owned()).or_default().insert(value.to_owned());
        }
    }
    lines
}

fn mails(out: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(out.join("maildir/new")).unwrap();
    files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect()
}

/// The page, which tells all figures, and of each segment how it grew by month.
fn report(out: &Path) -> String {
    fs::read_to_string(out.join("report.html")).unwrap()
}

fn only(lines: &BTreeMap<String, BTreeSet<String>>, key: &str) -> String {
    lines[key].iter().cloned().collect::<Vec<_>>().join(", ")
}

#[test]
fn the_second_run_finds_everything_done_and_the_figures_are_those_of_the_file() {
    let out = tempdir().unwrap();
    let first = closing_lines(out.path());
    let sent = mails(out.path());
    // Counted by hand from examples/data/invoices.csv; see the README beside it.
    for (key, value) in [
        ("customers", "90"),
        ("guest_orders", "28"),
        ("orders", "250"),
        ("cancellations", "22"),
        ("cancellations_linked", "17"),
        ("lines", "884"),
        ("lines_without_customer", "100"),
        ("lines_broken", "2"),
        (
            "revenue",
            "1726.90 CHF, 2285.85 USD, 28740.40 GBP, 37836.49 EUR, 590900 JPY",
        ),
        ("mails_queued", "222"),
        ("mails_sent", "222"),
        ("invoices_new_in_this_run", "272"),
        // The segments on the last day, as a program in another language finds them in the file alone.
        ("segment_big_spenders", "2"),
        ("segment_regular_buyers", "1"),
        ("segment_first_order_this_month", "5"),
        ("segment_one_order_only", "28"),
        ("segment_cooling", "3"),
        ("segment_lapsed", "34"),
        ("segment_restarted", "7"),
        ("segment_many_products", "0"),
        ("segment_gives_back", "1"),
        ("segment_abroad", "61"),
    ] {
        assert_eq!(only(&first, key), value, "{key}");
    }
    assert_eq!(sent.len(), 222);
    let page = report(out.path());
    assert_eq!(
        page.matches("<th>Oct 26</th>").count(),
        1,
        "the growth up to the last month"
    );

    let mut second = closing_lines(out.path());
    assert_eq!(only(&second, "invoices_new_in_this_run"), "0");
    second.insert(
        "invoices_new_in_this_run".to_owned(),
        first["invoices_new_in_this_run"].clone(),
    );
    assert_eq!(second, first);
    assert_eq!(mails(out.path()), sent);
    assert_eq!(report(out.path()), page);
}

#[test]
fn a_run_that_was_killed_is_finished_by_the_next_one() {
    let (whole, killed) = (tempdir().unwrap(), tempdir().unwrap());
    let expected = closing_lines(whole.path());
    // The log of the database grows by about 100 kB with each invoice; the mails come after all invoices.
    let has_logged = |bytes| fs::metadata(killed.path().join("shop.db-wal")).is_ok_and(|log| log.len() >= bytes);
    let has_sent = |mails| fs::read_dir(killed.path().join("maildir/new")).is_ok_and(|files| files.count() >= mails);
    let moments: [&dyn Fn() -> bool; 6] = [
        &|| has_logged(1 << 20),
        &|| has_logged(8 << 20),
        &|| has_logged(16 << 20),
        &|| has_sent(1),
        &|| has_sent(40),
        &|| has_sent(150),
    ];
    for moment in moments {
        let mut run = shop_day(killed.path(), &[])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        kill_when(&mut run, moment);
    }
    let mut lines = closing_lines(killed.path());
    lines.insert(
        "invoices_new_in_this_run".to_owned(),
        expected["invoices_new_in_this_run"].clone(),
    );
    assert_eq!(lines, expected);
    assert_eq!(mails(killed.path()).len(), 222, "nobody has two mails");
    assert_eq!(report(killed.path()), report(whole.path()));
}

/// Kills the run as soon as a condition holds, or lets it end.
fn kill_when(run: &mut std::process::Child, condition: impl Fn() -> bool) {
    while run.try_wait().unwrap().is_none() {
        if condition() {
            run.kill().unwrap();
        }
        std::thread::yield_now();
    }
    let mut output = String::new();
    run.stdout.take().unwrap().read_to_string(&mut output).unwrap();
}

#[test]
fn a_strict_run_stops_at_the_first_broken_line_and_names_it() {
    let out = tempdir().unwrap();
    let output = shop_day(out.path(), &["--strict"]).output().unwrap();
    assert!(!output.status.success());
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(words.contains("line 735") && words.contains("date"), "{words}");
}

#[test]
fn what_cannot_be_read_leaves_nothing_behind() {
    let folder = tempdir().unwrap();
    let (out, missing) = (folder.path().join("out/day"), folder.path().join("missing.csv"));
    let output = shop_day(&out, &["--retail", missing.to_str().unwrap()])
        .output()
        .unwrap();
    let words = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(words.contains("missing.csv cannot be opened"), "{words}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_connection_string_is_no_name_of_a_file() {
    let folder = tempdir().unwrap();
    for db in [
        "host=localhost dbname=shop",
        "dbname = shop",
        "postgres://localhost/shop",
        "postgresql://shop:secret@localhost/shop",
    ] {
        let output = shop_day(&folder.path().join("out"), &["--db", db]).output().unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{db}");
        assert!(
            words.contains("--store postgres") && !words.contains("secret"),
            "{words}"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{db}");
    }
}

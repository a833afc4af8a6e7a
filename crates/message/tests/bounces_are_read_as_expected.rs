//! Real bounces, where they are present: what is read of them is compared with what another project reads, row by row. Real mails
//! of people are never bounces.

#![allow(clippy::print_stdout, reason = "a test tells what it measured")]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ecrm_message::{AutoReplyCause, Kind, Message};

/// Mails that are not part of the project: `ECRM_CORPORA`, or a folder beside the workspace.
fn corpora() -> Option<PathBuf> {
    let folder = option_env!("ECRM_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let folder = folder.join("mail");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("the real mails are not here: {}", folder.display());
    None
}

/// What is expected of one recipient, or was read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    status: String,
    smtp_reply: String,
    reason: String,
    hard_bounce: String,
}

fn expectations(folder: &Path) -> BTreeMap<String, Vec<Row>> {
    let mut reader = csv::Reader::from_path(folder.join("expectations.csv")).unwrap();
    let mut expected: BTreeMap<String, Vec<Row>> = BTreeMap::new();
    for record in reader.records() {
        let record = record.unwrap();
        let cell = |at: usize| record[at].to_owned();
        expected.entry(cell(0)).or_default().push(Row {
            status: cell(2),
            smtp_reply: cell(3),
            reason: cell(4),
            hard_bounce: cell(5),
        });
    }
    expected
}

fn read(file: &Path) -> Vec<Row> {
    let Ok(mail) = Message::parse(&fs::read(file).unwrap()) else {
        return Vec::new();
    };
    match mail.classify() {
        Kind::Report(report) => {
            let rows = report.recipients.iter().map(|recipient| Row {
                status: recipient.status.map(|status| status.to_string()).unwrap_or_default(),
                smtp_reply: recipient.smtp_reply.map(|reply| reply.to_string()).unwrap_or_default(),
                reason: recipient.reason.to_string(),
                hard_bounce: u8::from(recipient.is_hard).to_string(),
            });
            rows.collect()
        }
        Kind::AutoReply(AutoReplyCause::Answer) => vec![Row {
            status: String::new(),
            smtp_reply: String::new(),
            reason: "vacation".to_owned(),
            hard_bounce: "0".to_owned(),
        }],
        _ => Vec::new(),
    }
}

/// How many of so many were right.
#[derive(Default)]
struct Score {
    right: u32,
    all: u32,
}

impl Score {
    fn count(&mut self, is_right: bool) {
        self.right += u32::from(is_right);
        self.all += 1;
    }

    fn percent(&self) -> f64 {
        100.0 * f64::from(self.right) / f64::from(self.all)
    }
}

#[test]
fn bounces_are_read_as_expected() {
    let Some(folder) = corpora().map(|folder| folder.join("bounces")) else {
        return;
    };
    let [mut hard, mut status, mut reason, mut reply, mut recipients] = <[Score; 5]>::default();
    for (file, expected) in expectations(&folder) {
        let found = read(&folder.join("mails").join(&file));
        recipients.count(found.len() == expected.len());
        if found.len() != expected.len() {
            println!("{file}: {} recipients, {} expected", found.len(), expected.len());
        }
        for (at, expected) in expected.iter().enumerate() {
            let found = found.get(at);
            let is_right = |cell: fn(&Row) -> &String| found.is_some_and(|found| cell(found) == cell(expected));
            hard.count(is_right(|row| &row.hard_bounce));
            status.count(is_right(|row| &row.status));
            reason.count(is_right(|row| &row.reason));
            reply.count(is_right(|row| &row.smtp_reply));
            if found != Some(expected) {
                println!("{file} {}: {found:?}, expected {expected:?}", at + 1);
            }
        }
    }
    for (name, score) in [
        ("hard or soft", &hard),
        ("status", &status),
        ("reason", &reason),
        ("reply", &reply),
        ("number of recipients", &recipients),
    ] {
        println!("{name}: {} of {} ({:.1} %)", score.right, score.all, score.percent());
    }
    assert!(hard.percent() >= 97.0 && status.percent() >= 95.0 && recipients.percent() >= 98.0);
}

/// Whether the folder or the name of a file says that it is a report.
fn is_report(file: &Path) -> bool {
    let text = file.display().to_string();
    let folders = [
        "/bounce/",
        "/complaints/",
        "/multipart_report_emails/",
        "/bounced_with_no_from",
    ];
    // A delay notice among mails with odd parts.
    folders.iter().any(|folder| text.contains(folder))
        || text.ends_with("raw_email_with_mimepart_without_content_type.eml")
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.push(path);
        }
    }
}

#[test]
fn ordinary_mails_are_never_reports() {
    let Some(folder) = corpora() else {
        return;
    };
    let mut found = Vec::new();
    for corpus in ["mime", "replies", "threads"] {
        files(&folder.join(corpus), &mut found);
    }
    assert!(found.len() > 400);
    let mut reports = 0;
    for file in found {
        let Ok(mail) = Message::parse(&fs::read(&file).unwrap()) else {
            continue;
        };
        let kind = mail.classify();
        assert_eq!(kind.report().is_some(), is_report(&file), "{}", file.display());
        reports += u32::from(kind.report().is_some());
    }
    assert_eq!(reports, 18);
}

#[test]
fn the_mail_that_a_report_is_about_is_found() {
    let Some(folder) = corpora().map(|folder| folder.join("bounces")) else {
        return;
    };
    let mut score = Score::default();
    for file in expectations(&folder).into_keys() {
        let bytes = fs::read(folder.join("mails").join(&file)).unwrap();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let text = text.replace("\r\n", "\n");
        let body = text.split_once("\n\n").unwrap().1;
        if !body.contains("\nmessage-id:") {
            continue;
        }
        let mail = Message::parse(&bytes).unwrap();
        let kind = mail.classify();
        let id = kind.report().and_then(|report| report.original.message_id());
        let is_found = id.is_some_and(|id| body.contains(&id.to_lowercase()));
        score.count(is_found);
        if !is_found {
            println!("{file}: {id:?} is not the Message-ID of the original");
        }
    }
    println!(
        "Message-ID of the original: {} of {} ({:.1} %)",
        score.right,
        score.all,
        score.percent()
    );
    assert!(score.percent() >= 97.0);
}

#[test]
fn automatic_mails_are_told_from_those_of_people() {
    let Some(folder) = corpora().map(|folder| folder.join("threads")) else {
        return;
    };
    let automatic = [
        "auto_reply.cut.eml",
        "auto_reply_with_auto_submitted.cut.eml",
        "bounced_with_no_from.eml",
        "non_utf_encoded_mail.eml",
    ];
    let mut found = Vec::new();
    files(&folder, &mut found);
    for file in found
        .iter()
        .filter(|file| file.extension().is_some_and(|extension| extension == "eml"))
    {
        let name = file.file_name().unwrap().to_str().unwrap();
        let mail = Message::parse(&fs::read(file).unwrap()).unwrap();
        assert_eq!(mail.classify().is_automatic(), automatic.contains(&name), "{name}");
    }
}

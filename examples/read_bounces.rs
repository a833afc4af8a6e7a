//! What the bounces, complaints and automatic answers in a folder say, as CSV.
//!
//! ```sh
//! cargo run --example read_bounces --features message -- FOLDER
//! ```
//!
//! Every `.eml` below FOLDER is read, in the order of the names. Each recipient of a report is a row; an automatic answer is a row with the
//! reason `vacation`; a mail that somebody wrote is none. A mail that cannot be read is named on standard error. Exit status 2: the
//! folder cannot be read.

#![expect(clippy::print_stderr, reason = "an example talks to its user")]

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use ecrm::message::{AutoReplyCause, Kind, Message};

/// What the bounces, complaints and automatic answers in a folder say, as CSV.
#[derive(Parser)]
struct Options {
    /// Where the mails are.
    folder: PathBuf,
}

/// One line of the table.
type Row = [String; 6];

const HEADER: [&str; 6] = [
    "file",
    "recipient_index",
    "status",
    "smtp_reply",
    "reason",
    "hard_bounce",
];

fn main() -> ExitCode {
    let folder = Options::parse().folder;
    match print(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever reads the table may stop before its end.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}: {error}", folder.display());
            ExitCode::from(2)
        }
    }
}

fn print(folder: &Path) -> io::Result<()> {
    let mut files = Vec::new();
    find(folder, &mut files)?;
    files.sort();
    let mut table = csv::Writer::from_writer(io::stdout().lock());
    table.write_record(HEADER)?;
    for file in files {
        let name = file.strip_prefix(folder).unwrap_or(&file).display().to_string();
        match rows(&file, &name) {
            Ok(rows) => {
                for row in rows {
                    table.write_record(row)?;
                }
            }
            Err(reason) => eprintln!("{name}: {reason}"),
        }
    }
    table.flush()
}

/// All mails below a folder.
fn find(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() && !path.is_symlink() {
            find(&path, files)?;
        } else if path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("eml"))
        {
            files.push(path);
        }
    }
    Ok(())
}

fn rows(file: &Path, name: &str) -> Result<Vec<Row>, Box<dyn std::error::Error>> {
    let mail = Message::parse(&fs::read(file)?)?;
    let row = |index: usize, status: String, reply: String, reason: &str, is_hard: bool| {
        [
            name.to_owned(),
            index.to_string(),
            status,
            reply,
            reason.to_owned(),
            u8::from(is_hard).to_string(),
        ]
    };
    Ok(match mail.classify() {
        Kind::Report(report) => {
            let rows = (1..).zip(&report.recipients).map(|(index, recipient)| {
                let status = recipient.status.map(|status| status.to_string()).unwrap_or_default();
                let reply = recipient.smtp_reply.map(|reply| reply.to_string()).unwrap_or_default();
                row(index, status, reply, recipient.reason.as_str(), recipient.is_hard)
            });
            rows.collect()
        }
        Kind::AutoReply(AutoReplyCause::Answer) => vec![row(1, String::new(), String::new(), "vacation", false)],
        _ => Vec::new(),
    })
}

//! PostgreSQL's own programs, found and run, as the user `postgres` where the tests run as root.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Durability;

/// Where Debian and its descendants keep the programs, by major version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// The folder that holds `initdb` and its sisters.
#[derive(Debug)]
pub(super) struct Binaries {
    folder: PathBuf,
    is_root: bool,
}

impl Binaries {
    /// The programs on the PATH, otherwise the newest of the system.
    pub(super) fn find() -> io::Result<Self> {
        let folder = on_path().or_else(newest_of_debian).ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::NotFound,
                format!("initdb is neither on the PATH nor below {DEBIAN}; install PostgreSQL 13 or later"),
            )
        })?;
        Ok(Self {
            folder,
            is_root: is_root()?,
        })
    }

    /// Hands the cluster's folder to the user that the server runs as.
    pub(super) fn give_folder(&self, folder: &Path) -> io::Result<()> {
        if !self.is_root {
            return Ok(());
        }
        run(Command::new("chown").arg("postgres").arg(folder))
    }

    /// Makes an empty cluster. Its language is English where the server was built with ICU, so that a text column without the
    /// binary collation is noticed.
    pub(super) fn initialize(&self, folder: &Path, durability: Durability) -> io::Result<()> {
        let initdb = |locale: &[&str]| {
            let mut command = self.command(folder, "initdb");
            command
                .arg("-D")
                .arg(data(folder))
                .args(["-U", super::USER, "-A", "trust", "-E", "UTF8"]);
            if durability == Durability::Fast {
                command.arg("--no-sync");
            }
            run(command.args(locale))
        };
        initdb(&["--locale=C", "--locale-provider=icu", "--icu-locale=en-US"]).or_else(|_| initdb(&["--locale=C"]))
    }

    /// Starts the server and waits until it answers.
    pub(super) fn start(&self, folder: &Path, port: u16, durability: Durability) -> io::Result<()> {
        let mut options = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c port={port} -c max_connections=60 -c shared_buffers=32MB \
             -c deadlock_timeout=100ms -c autovacuum=off",
            folder.display()
        );
        if durability == Durability::Fast {
            options.push_str(" -c fsync=off -c synchronous_commit=off -c full_page_writes=off");
        }
        let mut command = self.command(folder, "pg_ctl");
        command
            .arg("-D")
            .arg(data(folder))
            .arg("-l")
            .arg(folder.join("log"))
            .args(["-w", "-o", &options, "start"]);
        run(&mut command)
    }

    /// Makes an empty database.
    pub(super) fn create_database(&self, folder: &Path, port: u16, user: &str, name: &str) -> io::Result<()> {
        let mut command = Command::new(self.folder.join("createdb"));
        command
            .arg("-h")
            .arg(folder)
            .args(["-p", &port.to_string(), "-U", user, name]);
        run(&mut command)
    }

    /// The words of the command that stops the server without a checkpoint.
    pub(super) fn stop_command(&self, folder: &Path) -> Vec<OsString> {
        let mut words = self.words("pg_ctl");
        words.extend([
            "-D".into(),
            data(folder).into(),
            "-m".into(),
            "immediate".into(),
            "-w".into(),
            "stop".into(),
        ]);
        words
    }

    fn command(&self, folder: &Path, program: &str) -> Command {
        let words = self.words(program);
        let mut command = Command::new(&words[0]);
        // The user `postgres` may not be allowed to enter the folder that the tests run in.
        command.args(&words[1..]).current_dir(folder);
        command
    }

    /// The server refuses to run as root.
    fn words(&self, program: &str) -> Vec<OsString> {
        let program = self.folder.join(program).into_os_string();
        if self.is_root {
            vec!["runuser".into(), "-u".into(), "postgres".into(), "--".into(), program]
        } else {
            vec![program]
        }
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// A link on the PATH leads to the folder where all the programs of one version are together.
fn on_path() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let initdb = std::env::split_paths(&path)
        .map(|folder| folder.join("initdb"))
        .find(|program| program.is_file())?;
    Some(initdb.canonicalize().ok()?.parent()?.to_owned())
}

fn newest_of_debian() -> Option<PathBuf> {
    let versions = std::fs::read_dir(DEBIAN).ok()?;
    let newest = versions
        .flatten()
        .filter(|entry| entry.path().join("bin/initdb").is_file())
        .max_by_key(|entry| {
            entry
                .file_name()
                .to_str()
                .and_then(|version| version.parse::<u32>().ok())
        })?;
    Some(newest.path().join("bin"))
}

fn is_root() -> io::Result<bool> {
    let output = Command::new("id").arg("-u").output()?;
    Ok(output.stdout.trim_ascii() == b"0")
}

/// Runs a program to its end; what it complained about becomes the error. The server itself writes to its log.
fn run(command: &mut Command) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(io::Error::other(format!(
        "{command:?} failed with {}: {complaint}",
        output.status
    )))
}

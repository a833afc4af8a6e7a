use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::Transport;
use crate::{Claimed, Outcome};

/// Hands mails to the `sendmail` program of the machine, which every mail system has. It only queues the mail, and is waited for as long
/// as it takes: give the worker a lease that allows for it.
#[derive(Debug)]
pub struct Sendmail {
    program: PathBuf,
}

impl Sendmail {
    /// The program in its usual place, `/usr/sbin/sendmail`.
    #[must_use]
    pub fn new() -> Self {
        Self::at("/usr/sbin/sendmail")
    }

    /// The program elsewhere.
    #[must_use]
    pub fn at(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
        }
    }

    /// Starts the program. `-i`: a line with a dot ends nothing. `--`: no address is an option. It never sees a shell.
    fn start(&self, mail: &Claimed) -> std::io::Result<Child> {
        Command::new(&self.program)
            .args(["-i", "-f", &mail.sender, "--", &mail.recipient])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
    }
}

impl Default for Sendmail {
    fn default() -> Self {
        Self::new()
    }
}

impl Transport for Sendmail {
    fn deliver(&mut self, mail: &Claimed) -> Outcome {
        let mut child = match self.start(mail) {
            Ok(child) => child,
            Err(error) => return Outcome::Unreachable(format!("sendmail cannot be started: {error}").into()),
        };
        // The program wants the line ends of the machine, and sees the end of the message when its input is closed.
        let message = String::from_utf8_lossy(&mail.content).replace("\r\n", "\n");
        let written = child.stdin.take().map(|mut input| input.write_all(message.as_bytes()));
        match (child.wait(), written) {
            (Ok(status), Some(Ok(()))) => outcome(status.code()),
            (Ok(status), _) if status.code().is_some_and(|code| code != 0) => outcome(status.code()),
            _ => Outcome::Uncertain("sendmail has ended before it had the whole message".into()),
        }
    }
}

/// What an exit status says (`sysexits.h`).
fn outcome(code: Option<i32>) -> Outcome {
    match code {
        Some(0) => Outcome::Accepted("sendmail has it".into()),
        // EX_USAGE, EX_NOPERM: what is wrong is how it was called.
        Some(code @ (64 | 77)) => {
            Outcome::Unreachable(format!("sendmail does not work for us: exit status {code}").into())
        }
        // EX_DATAERR, EX_NOUSER, EX_NOHOST
        Some(code @ (65 | 67 | 68)) => Outcome::Permanent(format!("sendmail refuses it: exit status {code}").into()),
        Some(code) => Outcome::Transient(format!("sendmail does not take it now: exit status {code}").into()),
        None => Outcome::Uncertain("sendmail was killed".into()),
    }
}

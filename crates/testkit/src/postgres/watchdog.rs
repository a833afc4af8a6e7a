//! Cleans up after a cluster, even when the test process was killed.

use std::ffi::OsString;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Waits for the end of its standard input, then stops the server and removes the folder.
const SCRIPT: &str = r#"trap '' INT TERM HUP; folder=$1; shift; cat; "$@"; rm -rf -- "$folder""#;

/// A shell that reads from a pipe which the test process holds open. However the process ends, the system closes the pipe.
#[derive(Debug)]
pub(super) struct Watchdog(Child);

impl Watchdog {
    /// Watches over `folder`; `stop` is the command that ends what runs there.
    pub(super) fn start(folder: &Path, stop: &[OsString]) -> io::Result<Self> {
        Command::new("sh")
            .args(["-c", SCRIPT, "watchdog"])
            .arg(folder)
            .args(stop)
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // Its own process group: an interrupt from the keyboard must not reach it.
            .process_group(0)
            .spawn()
            .map(Self)
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // An error here leaves at worst a folder behind; there is nobody to tell.
        let _ = self.0.wait();
    }
}

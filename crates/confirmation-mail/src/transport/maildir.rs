use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ecrm_store::hex;
use sha2::{Digest, Sha256};

use super::Transport;
use crate::{Claimed, Outcome};

/// A Maildir: one file a mail, written to `tmp` and moved to `new` when it is whole.
///
/// The name of the file follows from the Message-ID, so that a mail that is delivered twice is there once, even after a mail
/// program has moved it to `cur`.
#[derive(Debug)]
pub struct Maildir {
    root: PathBuf,
}

impl Maildir {
    /// Opens a Maildir, and makes its folders where they are missing.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn open(root: impl Into<PathBuf>) -> io::Result<Self> {
        let root = root.into();
        for folder in ["tmp", "new", "cur"] {
            fs::create_dir_all(root.join(folder))?;
        }
        Ok(Self { root })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.root
    }

    fn put(&self, name: &str, mail: &Claimed) -> io::Result<&'static str> {
        let target = self.root.join("new").join(name);
        // Only a mail of an earlier attempt can be there already.
        if mail.attempt > 1 && (target.exists() || self.was_read(name)?) {
            return Ok("was there before");
        }
        let draft = self.root.join("tmp").join(name);
        let mut file = File::create(&draft)?;
        file.write_all(&mail.content)?;
        file.sync_data()?;
        fs::rename(&draft, &target)?;
        self.sync_names()?;
        Ok("stored")
    }

    /// Makes the new name last through a loss of power, before the mail is settled.
    #[cfg(unix)]
    fn sync_names(&self) -> io::Result<()> {
        File::open(self.root.join("new"))?.sync_data()
    }

    /// Elsewhere a folder cannot be synced; the file system decides.
    #[cfg(not(unix))]
    fn sync_names(&self) -> io::Result<()> {
        Ok(())
    }

    /// Whether a mail program has moved the mail to `cur`, where flags follow the name.
    fn was_read(&self, name: &str) -> io::Result<bool> {
        for entry in fs::read_dir(self.root.join("cur"))? {
            if entry?.file_name().to_string_lossy().split(':').next() == Some(name) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Transport for Maildir {
    fn deliver(&mut self, mail: &Claimed) -> Outcome {
        let name = format!("{}.ecrm", &hex(&Sha256::digest(mail.message_id.as_bytes()))[..40]);
        match self.put(&name, mail) {
            Ok(words) => Outcome::Accepted(words.into()),
            Err(error) => Outcome::Unreachable(format!("the Maildir cannot be written: {error}").into()),
        }
    }
}

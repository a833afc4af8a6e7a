//! Delivery into a Maildir.

use std::fs;

use ecrm_confirmation_mail::transport::{Maildir, Transport};
use ecrm_confirmation_mail::{Claimed, MailError, Outcome};
use ecrm_testkit::hosts::on_each_database;
use tempfile::tempdir;

use crate::support::*;

/// A mail as a worker gets it, at its first and second attempt.
fn claimed_twice() -> (Claimed, Claimed) {
    let mails = std::cell::RefCell::new(Vec::new());
    on_each_database("maildir", |host| {
        host.commit(|session| {
            tables(session);
            queue(session, &lamp_in_stock("1"), 3)?;
            for minute in [0, 6] {
                mails.borrow_mut().extend(claim_all(session, NOW + minutes(minute)));
            }
            Ok::<_, MailError>(())
        });
    });
    let mut mails = mails.into_inner();
    (mails.remove(0), mails.remove(0))
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect()
}

#[test]
fn a_mail_is_stored_whole_under_a_name_that_follows_from_its_message_id() {
    let folder = tempdir().unwrap();
    let (mail, _) = claimed_twice();
    let mut maildir = Maildir::open(folder.path()).unwrap();
    assert!(matches!(maildir.deliver(&mail), Outcome::Accepted(_)));
    let stored = files(&folder.path().join("new"));
    assert_eq!(stored.len(), 1);
    assert_eq!(fs::read(&stored[0]).unwrap(), mail.content);
    assert!(files(&folder.path().join("tmp")).is_empty());
}

#[test]
fn a_mail_that_is_delivered_twice_is_there_once() {
    let folder = tempdir().unwrap();
    let (first, second) = claimed_twice();
    let mut maildir = Maildir::open(folder.path()).unwrap();
    for mail in [&first, &first, &second] {
        assert!(matches!(maildir.deliver(mail), Outcome::Accepted(_)));
    }
    assert_eq!(files(&folder.path().join("new")).len(), 1);
}

#[test]
fn a_mail_that_was_read_in_between_is_not_delivered_again() {
    let folder = tempdir().unwrap();
    let (first, second) = claimed_twice();
    let mut maildir = Maildir::open(folder.path()).unwrap();
    maildir.deliver(&first);
    let stored = files(&folder.path().join("new")).remove(0);
    let read = format!("{}:2,S", stored.file_name().unwrap().to_string_lossy());
    fs::rename(&stored, folder.path().join("cur").join(read)).unwrap();
    assert!(matches!(maildir.deliver(&second), Outcome::Accepted(_)));
    assert!(files(&folder.path().join("new")).is_empty());
}

#[test]
fn what_a_killed_process_has_left_in_tmp_is_written_over() {
    let folder = tempdir().unwrap();
    let (mail, _) = claimed_twice();
    let mut maildir = Maildir::open(folder.path()).unwrap();
    maildir.deliver(&mail);
    let stored = files(&folder.path().join("new")).remove(0);
    let draft = folder.path().join("tmp").join(stored.file_name().unwrap());
    fs::rename(&stored, &draft).unwrap();
    fs::write(&draft, "half a ma").unwrap();
    assert!(matches!(maildir.deliver(&mail), Outcome::Accepted(_)));
    assert_eq!(fs::read(&stored).unwrap(), mail.content);
}

#[test]
fn a_folder_that_cannot_be_written_puts_the_mail_off() {
    let folder = tempdir().unwrap();
    let (mail, _) = claimed_twice();
    let mut maildir = Maildir::open(folder.path()).unwrap();
    fs::remove_dir_all(folder.path().join("tmp")).unwrap();
    assert!(matches!(maildir.deliver(&mail), Outcome::Unreachable(_)));
}

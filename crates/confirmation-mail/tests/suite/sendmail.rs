//! Delivery through a program that behaves as `sendmail` does.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use ecrm_confirmation_mail::Outcome;
use ecrm_confirmation_mail::transport::{Sendmail, Transport};
use tempfile::{TempDir, tempdir};

use crate::support::*;

/// A program that writes down what it gets, and ends with a status.
fn program(status: u8) -> (TempDir, Sendmail) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("sendmail");
    let script =
        format!("#!/bin/sh\ncd \"$(dirname \"$0\")\"\necho \"$@\" > arguments\ncat > message\nexit {status}\n");
    fs::write(&path, script).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, Sendmail::at(path))
}

#[test]
fn a_mail_is_handed_over_whole_with_its_envelope() {
    let (folder, mut sendmail) = program(0);
    let mail = claimed(1).remove(0);
    assert!(matches!(sendmail.deliver(&mail), Outcome::Accepted(_)));
    let arguments = fs::read_to_string(folder.path().join("arguments")).unwrap();
    assert_eq!(arguments.trim(), "-i -f orders@lamps.example -- ada@mail.example");
    let message = fs::read_to_string(folder.path().join("message")).unwrap();
    assert_eq!(message.replace('\n', "\r\n").as_bytes(), mail.content);
}

#[test]
fn an_exit_status_is_an_answer() {
    for (status, is_permanent) in [(67, true), (65, true), (75, false), (1, false)] {
        let outcome = program(status).1.deliver(&claimed(1)[0]);
        assert_eq!(
            matches!(outcome, Outcome::Permanent(_)),
            is_permanent,
            "{status}: {outcome:?}"
        );
        assert_eq!(
            matches!(outcome, Outcome::Transient(_)),
            !is_permanent,
            "{status}: {outcome:?}"
        );
    }
}

#[test]
fn a_program_that_is_not_there_puts_the_mail_off() {
    assert!(matches!(
        Sendmail::at("/nowhere/sendmail").deliver(&claimed(1)[0]),
        Outcome::Unreachable(_)
    ));
}

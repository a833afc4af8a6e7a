//! Consent, suppressed addresses, and the question that every sender asks.

use chrono::{DateTime, TimeDelta, Utc};
use ecrm_core::{
    Channel, Consent, ConsentDecision, ConsentState, ContactData, GuestId, Purpose, Recipient, Refusal, SeededIds,
    Source, SuppressionReason, SystemIds,
};
use ecrm_store::{CONSENT, Session, StoreErrorKind, consents, may_contact, migrate, suppressions};

use super::Database;
use super::cases;
use super::check::{Failure, Outcome, committed, refused, same};

cases![
    where_somebody_stood_can_be_asked_for_any_instant,
    of_two_words_of_the_same_instant_the_later_one_holds,
    a_consent_that_was_learnt_later_does_not_change_what_was_known,
    a_consent_ends_by_itself,
    contracts_need_no_consent_and_advertising_does,
    a_suppressed_address_stops_everybody_who_has_it,
    a_suppression_ends_when_it_runs_out_or_is_lifted,
    an_unsubscription_stops_advertising_and_not_confirmations,
    without_an_address_nobody_is_contacted,
    the_ledger_reads_back_as_written,
];

const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;
const EMAIL: Channel = Channel::Email;

fn later(seconds: i64) -> DateTime<Utc> {
    NOW + TimeDelta::seconds(seconds)
}

fn guest(number: u64) -> Recipient {
    guest_at(number, "ada@example.org")
}

fn guest_at(number: u64, email: &str) -> Recipient {
    let id = GuestId::new(&SeededIds::new(number), NOW);
    Recipient::new(id, ContactData::new().with_email(email.parse().expect("an address")))
}

fn said(decision: ConsentDecision, at: i64) -> Consent {
    let subject = guest(1).subject().id();
    Consent::new(
        subject,
        Purpose::Marketing,
        EMAIL,
        decision,
        later(at),
        Source::checkout(),
    )
}

fn record(session: &mut dyn Session, consents: &[Consent]) -> Outcome {
    migrate(session, &[&CONSENT], NOW)?;
    for consent in consents {
        consents::record(session, &SeededIds::new(7), consent)?;
    }
    Ok(())
}

fn state(session: &mut dyn Session, at: i64, known: i64) -> Outcome<ConsentState> {
    let subject = guest(1).subject().id();
    Ok(consents::state_at(
        session,
        subject,
        Purpose::Marketing,
        EMAIL,
        later(at),
        later(known),
    )?)
}

fn ask(session: &mut dyn Session, who: &Recipient, purpose: Purpose, at: i64) -> Outcome<Option<Refusal>> {
    Ok(may_contact(session, who, purpose, EMAIL, later(at))?.err())
}

fn suppress(session: &mut dyn Session, reason: SuppressionReason, until: Option<i64>) -> Outcome {
    migrate(session, &[&CONSENT], NOW)?;
    suppressions::add(
        session,
        &guest(1),
        EMAIL,
        reason,
        until.map(later),
        &Source::checkout(),
        NOW,
    )?;
    Ok(())
}

fn where_somebody_stood_can_be_asked_for_any_instant(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let history = [
            said(ConsentDecision::Denied, 10),
            said(ConsentDecision::Granted, 20),
            said(ConsentDecision::Withdrawn, 30),
        ];
        record(session, &history)?;
        same("before", state(session, 9, 99)?, ConsentState::Unknown)?;
        same("at first", state(session, 10, 99)?, ConsentState::Denied)?;
        same("then", state(session, 29, 99)?, ConsentState::Granted)?;
        same("at last", state(session, 99, 99)?, ConsentState::Withdrawn)
    })
}

fn of_two_words_of_the_same_instant_the_later_one_holds(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        migrate(session, &[&CONSENT], NOW)?;
        for _ in 0..20 {
            let both = [said(ConsentDecision::Granted, 10), said(ConsentDecision::Withdrawn, 10)];
            consents::record_all(session, &SystemIds, &both)?;
            same("the later one", state(session, 99, 99)?, ConsentState::Withdrawn)?;
        }
        Ok(())
    })
}

fn a_consent_that_was_learnt_later_does_not_change_what_was_known(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let learnt_later = said(ConsentDecision::Withdrawn, 50)
            .valid_from(later(20))
            .expect("it has no end");
        record(session, &[said(ConsentDecision::Granted, 10), learnt_later])?;
        same("as known then", state(session, 30, 30)?, ConsentState::Granted)?;
        same("as known now", state(session, 30, 60)?, ConsentState::Withdrawn)
    })
}

fn a_consent_ends_by_itself(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let invalid = |error: ecrm_core::ValueError| Failure::new(error.to_string());
        record(
            session,
            &[said(ConsentDecision::Granted, 10).until(later(20)).map_err(invalid)?],
        )?;
        same("before its end", state(session, 19, 99)?, ConsentState::Granted)?;
        same("at its end", state(session, 20, 99)?, ConsentState::Expired)?;
        same(
            "the answer",
            ask(session, &guest(1), Purpose::Marketing, 20)?,
            Some(Refusal::Expired),
        )
    })
}

fn contracts_need_no_consent_and_advertising_does(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        record(session, &[])?;
        same("a confirmation", ask(session, &guest(1), Purpose::Contract, 0)?, None)?;
        same(
            "advertising",
            ask(session, &guest(1), Purpose::Marketing, 0)?,
            Some(Refusal::NotGranted),
        )?;
        record(session, &[said(ConsentDecision::Granted, 10)])?;
        same(
            "advertising with consent",
            ask(session, &guest(1), Purpose::Marketing, 10)?,
            None,
        )?;
        same(
            "advertising to another",
            ask(session, &guest(2), Purpose::Marketing, 10)?,
            Some(Refusal::NotGranted),
        )?;
        let permission = may_contact(session, &guest(1), Purpose::Marketing, EMAIL, later(10))?
            .map_err(|refusal| Failure::new(refusal.to_string()))?;
        same("whom the permission is for", permission.recipient(), &guest(1))
    })
}

fn a_suppressed_address_stops_everybody_who_has_it(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        suppress(session, SuppressionReason::HardBounce, None)?;
        let expected = Some(Refusal::Suppressed(SuppressionReason::HardBounce));
        same(
            "the same guest",
            ask(session, &guest(1), Purpose::Contract, 1)?,
            expected,
        )?;
        same("another guest", ask(session, &guest(2), Purpose::Legal, 1)?, expected)?;
        let elsewhere = guest_at(1, "bob@example.org");
        same("another address", ask(session, &elsewhere, Purpose::Contract, 1)?, None)
    })
}

fn a_suppression_ends_when_it_runs_out_or_is_lifted(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        suppress(session, SuppressionReason::Manual, Some(10))?;
        suppress(session, SuppressionReason::Complaint, None)?;
        let reasons = |session: &mut dyn Session, at| suppressions::active(session, &guest(1), EMAIL, later(at));
        let both = vec![SuppressionReason::Complaint, SuppressionReason::Manual];
        same("at first", reasons(session, 9)?, both)?;
        same(
            "after the end of one",
            reasons(session, 10)?,
            vec![SuppressionReason::Complaint],
        )?;
        let lifted = suppressions::lift(session, &guest(1), EMAIL, SuppressionReason::Complaint, later(20))?;
        same("how many were lifted", lifted, 1)?;
        same("afterwards", reasons(session, 20)?, vec![])?;
        same(
            "as it was before",
            reasons(session, 19)?,
            vec![SuppressionReason::Complaint],
        )?;
        suppressions::lift(session, &guest(1), EMAIL, SuppressionReason::Manual, NOW)?;
        suppress(session, SuppressionReason::Manual, None)?;
        same("and again", reasons(session, 20)?, vec![SuppressionReason::Manual])
    })
}

fn an_unsubscription_stops_advertising_and_not_confirmations(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        record(session, &[said(ConsentDecision::Granted, 0)])?;
        suppress(session, SuppressionReason::Unsubscribed, None)?;
        let expected = Some(Refusal::Suppressed(SuppressionReason::Unsubscribed));
        same("advertising", ask(session, &guest(1), Purpose::Marketing, 1)?, expected)?;
        same("a confirmation", ask(session, &guest(1), Purpose::Contract, 1)?, None)
    })
}

fn without_an_address_nobody_is_contacted(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        record(session, &[])?;
        let unknown = Recipient::new(GuestId::new(&SeededIds::new(3), NOW), ContactData::new());
        same(
            "the answer",
            ask(session, &unknown, Purpose::Contract, 0)?,
            Some(Refusal::NoAddress),
        )?;
        let refusal = suppressions::add(
            session,
            &unknown,
            EMAIL,
            SuppressionReason::Manual,
            None,
            &Source::checkout(),
            NOW,
        );
        refused(refusal, StoreErrorKind::InvalidInput).map(|_| ())
    })
}

fn the_ledger_reads_back_as_written(database: &dyn Database) -> Outcome {
    committed(database, |session| {
        let proven = said(ConsentDecision::Granted, 10)
            .to_text("v3, “plain words”")
            .with_proof("token 17");
        record(session, &[proven.clone(), said(ConsentDecision::Denied, 20)])?;
        let ledger = consents::of_subject(session, guest(1).subject().id())?;
        same("the ledger", ledger, vec![proven, said(ConsentDecision::Denied, 20)])
    })
}

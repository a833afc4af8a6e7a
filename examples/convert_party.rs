//! A party in one vocabulary becomes a party in another.
//!
//! ```sh
//! cargo run --example convert_party --features xml-exchange -- FILE --to ciq|xcard|ecrm
//! ```
//!
//! FILE is a CIQ `Party`, an xCard (`vcards` or a single `vcard`), or a `customer` of the project's own format; what comes out goes to standard
//! output. Only what the core model knows of a party goes over: name, organisation, mailbox, telephone, address, language and keys. What does not
//! is listed on standard error, path by path. Exit status 2: the file cannot be used, and why.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to its user")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use ecrm::core::{Clock, Customer, CustomerId, Identifier, SystemClock, SystemIds};
use ecrm::xml::format::{CustomerRecord, KnownIdentifier, VOCABULARY};
use ecrm::xml::{ErrorCode, Limits, Record, WriteError, Writer, XmlError, XmlForm, differences, parse};
use ecrm::xml_exchange::{Document, Exchanged, PartyProfile, ciq, xcard};

/// A party in one vocabulary becomes a party in another.
#[derive(Parser)]
struct Options {
    /// A CIQ party, an xCard, or a customer of the project's own format.
    file: PathBuf,
    /// What it becomes.
    #[arg(long)]
    to: Vocabulary,
}

#[derive(Clone, Copy, ValueEnum)]
enum Vocabulary {
    /// OASIS CIQ 3.0 xPIL.
    Ciq,
    /// RFC 6351.
    Xcard,
    /// One card of it, without the `vcards` around it.
    #[value(skip)]
    Card,
    /// The project's own format.
    Ecrm,
}

fn main() -> ExitCode {
    let options = Options::parse();
    match convert(&options.file, options.to) {
        Ok(document) => {
            println!("{}", document.trim_end());
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("{}:{reason}", options.file.display());
            ExitCode::from(2)
        }
    }
}

fn convert(file: &Path, to: Vocabulary) -> Result<String, Box<dyn std::error::Error>> {
    let record = parse(&fs::read(file)?, &Limits::default())?;
    let (from, profile) = read(&record)?;
    for part in &profile.unusable {
        eprintln!("cannot be used: {part}");
    }
    let document = write(&profile, to)?;
    // What comes back from the other vocabulary is what has gone over to it.
    let gone_over = read(&parse(&document, &Limits::default())?)?.1;
    let back = parse(&write(&gone_over, from)?, &Limits::default())?;
    for difference in differences(&record, &back)
        .iter()
        .filter(|difference| difference.before.is_some())
    {
        eprintln!("not converted: {}", difference.path);
    }
    Ok(String::from_utf8(document)?)
}

/// The party, whatever it is written in.
fn read(record: &Record) -> Result<(Vocabulary, PartyProfile), XmlError> {
    let root = record.element();
    if root.is(ciq::Party::ROOT) {
        return Ok((Vocabulary::Ciq, ciq::Party::read(&root)?.profile()));
    }
    if root.is(xcard::Cards::ROOT) {
        let cards = xcard::Cards::read(&root)?;
        let first = cards.cards.first();
        let first = first.ok_or_else(|| root.error(ErrorCode::Missing, "there is no card in it"))?;
        return Ok((Vocabulary::Xcard, first.profile()));
    }
    if root.is(xcard::Card::ROOT) {
        return Ok((Vocabulary::Card, xcard::Card::read(&root)?.profile()));
    }
    if root.is(Customer::NAME) {
        let customer = CustomerRecord::read(&root)?;
        let keys = customer
            .identifiers()
            .iter()
            .filter_map(|known| match known.identifier() {
                Identifier::External(key) => Some(key.clone()),
                _ => None,
            });
        let contact = customer.customer().contact().clone();
        return Ok((Vocabulary::Ecrm, PartyProfile::new(contact, keys.collect())));
    }
    let text = "neither a CIQ party, nor an xCard, nor a customer of the project's own format";
    Err(root.error(ErrorCode::Unexpected, text))
}

fn write(profile: &PartyProfile, to: Vocabulary) -> Result<Vec<u8>, WriteError> {
    match to {
        Vocabulary::Ciq => Exchanged::from(ciq::Party::from_profile(profile)).write(),
        Vocabulary::Xcard => Exchanged::from(xcard::Cards::from(vec![xcard::Card::from_profile(profile)])).write(),
        Vocabulary::Card => Exchanged::from(xcard::Card::from_profile(profile)).write(),
        Vocabulary::Ecrm => own(profile),
    }
}

fn own(profile: &PartyProfile) -> Result<Vec<u8>, WriteError> {
    let now = SystemClock.now();
    let customer = Customer::new(CustomerId::new(&SystemIds, now), now).with_contact(profile.contact.clone());
    let keys = profile
        .identifiers
        .iter()
        .cloned()
        .map(|key| KnownIdentifier::new(Identifier::External(key)));
    let record = keys.fold(CustomerRecord::new(customer), CustomerRecord::with_identifier);
    let mut writer = Writer::new(&VOCABULARY).indented();
    record.write(&mut writer);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_card_is_a_party_as_well() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("card.xml");
        let card = "<vcard xmlns='urn:ietf:params:xml:ns:vcard-4.0'><fn><text>Ada Okafor</text></fn></vcard>";
        fs::write(&file, card).expect("a file");
        for (to, found) in [
            (Vocabulary::Xcard, "<vcards "),
            (Vocabulary::Ecrm, "Okafor"),
            (Vocabulary::Ciq, "Okafor"),
        ] {
            let document = convert(&file, to).expect("a party");
            assert!(document.contains(found), "{document}");
        }
    }
}

//! No panic; every fault has a place; what is read is written, and read again equal.

use std::fmt::Debug;

use ecrm_xml::format::{AnyRecord, VOCABULARY};
use ecrm_xml::{ErrorCode, Kept, KeptKind, Limits, Reader, Record, Vocabulary, Writer, XmlError, differences, parse};
use ecrm_xml_exchange::import::{Feed, write_gzip};
use ecrm_xml_exchange::ubl::{self, UblKind};
use ecrm_xml_exchange::{Document, Exchanged};

const NO_VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[],
    order: |_| &[],
};

fn has_place(error: &XmlError) {
    assert!(error.position().is_some(), "{error:?}");
    assert!(!error.text().is_empty());
}

/// The strict reader: a document that it takes is the same after writing all of it as kept content.
///
/// # Panics
/// When a promise is broken.
pub fn strict(input: &[u8]) {
    let record = match parse(input, &Limits::default()) {
        Ok(record) => record,
        Err(error) => return has_place(&error),
    };
    let kept = record.leftovers().expect("within the limits");
    let mut writer = Writer::new(&NO_VOCABULARY);
    let unplaced = writer.record(&kept, |writer| {
        writer.start(record.element().name());
        writer.end();
    });
    // An attribute whose value mentions a prefix that the root needs for something else has no place on it.
    if !unplaced.is_empty() {
        return;
    }
    let written = writer.finish().expect("what was read can be written");
    let again = parse(&written, &Limits::default()).expect("what was written can be read");
    let mut found = differences(&record, &again);
    // Of text between elements, what is blank is not kept.
    found.retain(|found| words(found.before.as_deref()) != words(found.after.as_deref()));
    assert!(found.is_empty(), "{found:?}\n{}", String::from_utf8_lossy(&written));
}

/// A text without its white space.
fn words(text: Option<&str>) -> Option<String> {
    text.map(|text| text.split_ascii_whitespace().collect())
}

/// Records of the project's own format.
///
/// # Panics
/// When a promise is broken.
pub fn records(input: &[u8]) {
    let (mut reader, mut record) = (Reader::new(input, Limits::default()), Record::new());
    loop {
        match reader.next_record(&mut record) {
            Ok(true) => own_record(&record),
            Ok(false) => return,
            Err(error) => {
                has_place(&error);
                if !error.is_recoverable() {
                    return;
                }
            }
        }
    }
}

fn own_record(record: &Record) {
    let value = match AnyRecord::read(&record.element()) {
        Ok(value) => value,
        Err(error) => {
            assert!(error.path().is_some() && error.is_recoverable(), "{error:?}");
            return has_place(&error);
        }
    };
    let kept = record.leftovers().expect("within the limits");
    let mut writer = Writer::new(&VOCABULARY);
    let unplaced = writer.record(&kept, |writer| value.write(writer));
    let written = writer.finish().expect("what was read can be written");
    let again = parse(&written, &Limits::default()).expect("what was written can be read");
    assert_eq!(AnyRecord::read(&again.element()).expect("the same record"), value);
    let kept_again = again.leftovers().expect("within the limits");
    // Texts between the same elements are one text afterwards.
    let parts = |kept: &[Kept]| kept.iter().filter(|kept| kept.kind() != KeptKind::Text).count();
    assert_eq!(
        parts(&kept_again) + parts(&unplaced),
        parts(&kept),
        "{}",
        String::from_utf8_lossy(&written)
    );
}

/// A document of a vocabulary.
///
/// # Panics
/// When a promise is broken.
pub fn document<T: Document + PartialEq + Debug>(input: &[u8]) {
    match Exchanged::<T>::read(input, &Limits::default()) {
        Ok(first) => exchanged(&first),
        Err(error) => has_place(&error),
    }
}

/// A document of UBL, of whatever kind it says it is.
///
/// # Panics
/// When a promise is broken.
pub fn ubl(input: &[u8]) {
    let record = match parse(input, &Limits::default()) {
        Ok(record) => record,
        Err(error) => return has_place(&error),
    };
    match ubl::detect(&record) {
        Some(UblKind::ApplicationResponse) => document::<ubl::ApplicationResponse>(input),
        Some(UblKind::DespatchAdvice) => document::<ubl::DespatchAdvice>(input),
        Some(UblKind::Order) => document::<ubl::PurchaseOrder>(input),
        Some(UblKind::OrderCancellation) => document::<ubl::OrderCancellation>(input),
        Some(UblKind::OrderResponse) => document::<ubl::OrderResponse>(input),
        Some(UblKind::OrderResponseSimple) => document::<ubl::OrderResponseSimple>(input),
        _ => {}
    }
}

fn exchanged<T: Document + PartialEq + Debug>(first: &Exchanged<T>) {
    let written = first.write().expect("what was read can be written");
    let shown = || String::from_utf8_lossy(&written).into_owned();
    let second = Exchanged::<T>::read(&written, &Limits::default());
    let second = second.unwrap_or_else(|error| panic!("{error}\n{}", shown()));
    assert!(second.content == first.content, "{}", shown());
    let again = second.write().expect("what was read can be written");
    assert!(again == written, "{}\n{}", shown(), String::from_utf8_lossy(&again));
}

/// The records of a feed, plain and compressed: the same numbers and the same faults.
///
/// # Panics
/// When a promise is broken.
pub fn feed(input: &[u8]) {
    let plain = heard(input);
    if input.first() == Some(&0x1F) {
        return;
    }
    let packed = write_gzip(Vec::new(), |sink| Ok(sink.write_all(input)?)).expect("memory does not fail");
    assert_eq!(heard(&packed), plain);
}

fn heard(input: &[u8]) -> Vec<Result<String, XmlError>> {
    let (mut feed, mut record, mut all) = (Feed::new(input, Limits::default()), Record::new(), Vec::new());
    loop {
        let number = feed.number();
        match feed.next(&mut record) {
            Ok(true) => all.push(Ok(record.source().to_owned())),
            Ok(false) => return all,
            Err(error) => {
                assert!(error.position().is_some() || error.code() == ErrorCode::Io, "{error:?}");
                let goes_on = error.is_recoverable();
                all.push(Err(error));
                if !goes_on {
                    return all;
                }
            }
        }
        assert_eq!(feed.number(), number + 1);
    }
}

//! A type that joins the model joins the format, or this test says so.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::any::type_name;
use std::collections::BTreeSet;

use ecrm_core::{
    Activity, Attribute, Availability, Cart, CartLine, Consent, Contact, ContactData, Customer, Identifier, Metric,
    Order, OrderLine, OrderProgress, PageView, PersonName, PostalAddress, Promise, PromiseEnd, Recipient, Return,
    Search, Visit, Wish,
};
use ecrm_xml::XmlForm;
use ecrm_xml::format::NAMESPACE;

/// The name of a type that has an XML form; it would not compile for another.
fn form<T: XmlForm>() -> &'static str {
    assert_eq!(T::NAME.namespace, NAMESPACE);
    type_name::<T>().rsplit("::").next().unwrap()
}

fn forms() -> Vec<&'static str> {
    vec![
        form::<Activity>(),
        form::<Attribute>(),
        form::<Availability>(),
        form::<Cart>(),
        form::<CartLine>(),
        form::<Consent>(),
        form::<Contact>(),
        form::<ContactData>(),
        form::<Customer>(),
        form::<Identifier>(),
        form::<Metric>(),
        form::<Order>(),
        form::<OrderLine>(),
        form::<OrderProgress>(),
        form::<PageView>(),
        form::<PersonName>(),
        form::<PostalAddress>(),
        form::<Promise>(),
        form::<PromiseEnd>(),
        form::<Recipient>(),
        form::<Return>(),
        form::<Search>(),
        form::<Visit>(),
        form::<Wish>(),
    ]
}

/// What has no record of its own, and why.
const NO_RECORD: &[(&str, &str)] = &[
    ("AttributeName", "the attribute `name` of an attribute or metric"),
    ("AttributeValue", "the element in `attribute` that is named by its type"),
    ("CartFate", "the attributes `fate` and `order` of a cart"),
    ("Channel", "an attribute of what happened over it"),
    ("Clock", "a trait, nothing stored"),
    ("Code", "a trait, nothing stored"),
    ("ConsentDecision", "the attribute `decision` of a consent"),
    ("ConsentState", "follows from the ledger and the time"),
    ("Country", "the text of the element `country`"),
    ("Currency", "the attribute `currency` of an amount"),
    ("Direction", "the attribute `direction` of an interaction"),
    ("EmailAddress", "the text of the element `email`"),
    (
        "EnhancedStatus",
        "what a relay or a report said of a mail; kept by the outbox",
    ),
    ("Event", "the element in `activity` that is named by its kind"),
    (
        "ExternalRef",
        "an element with the attribute `system`, named by what it is a key of",
    ),
    ("FixedClock", "a clock, nothing stored"),
    ("Id", "an attribute of what it is the id of"),
    ("IdSource", "a trait, nothing stored"),
    ("LineKind", "the attribute `kind` of a line"),
    ("Locale", "the text of the element `locale`"),
    (
        "Money",
        "an element with the attribute `currency`, named by what it is the amount of",
    ),
    ("OrderStatus", "the attribute `status` of `orderStatus`"),
    ("Organisation", "the text of the element `organisation`"),
    ("PhoneNumber", "the text of the element `phone`"),
    ("PromiseOutcome", "the attribute `how` of the end of a promise"),
    ("PromiseState", "follows from the promise and the time"),
    ("Purpose", "the attribute `purpose` of a consent"),
    ("Quantity", "the text of the element `quantity`"),
    ("Refusal", "the answer to a question, nothing stored"),
    ("ReturnKind", "the attribute `kind` of a return"),
    ("Rounding", "a parameter, nothing stored"),
    ("SeededIds", "a source of ids, nothing stored"),
    ("Source", "the text of the element `source`"),
    ("Strength", "follows from the kind of the identifier"),
    ("Subject", "the attributes `subject` and `subjectKind`"),
    (
        "SuppressionReason",
        "suppressions are rows of the store, under a hash of the address that must not leave it",
    ),
    ("SystemClock", "a clock, nothing stored"),
    ("SystemIds", "a source of ids, nothing stored"),
    ("UnitPrice", "the element `unitPrice`"),
    ("ValueError", "an error, nothing stored"),
    ("WishReason", "the attribute `reason` of a wish"),
];

/// The types and traits that the core makes public, read from its source; functions begin with a small letter.
fn public_types() -> BTreeSet<String> {
    let source = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../core/src/lib.rs")).unwrap();
    let statements = source.split("pub use ").skip(1).filter_map(|rest| rest.split_once(';'));
    let names = statements.flat_map(|(statement, _)| {
        let (_, names) = statement.split_once("::").unwrap();
        names
            .trim_matches(['{', '}', '\n', ' '])
            .split(',')
            .map(|name| name.trim().to_owned())
            .collect::<Vec<_>>()
    });
    names.filter(|name| name.starts_with(char::is_uppercase)).collect()
}

#[test]
fn every_stored_type_has_an_xml_form() {
    let public = public_types();
    assert!(public.len() > 50, "the core's list was read: {public:?}");
    let mut known: Vec<&str> = forms();
    known.extend(NO_RECORD.iter().map(|(name, _)| *name));
    let unique: BTreeSet<String> = known.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(unique.len(), known.len(), "each type stands in one list, once");
    let missing: Vec<_> = public.difference(&unique).collect();
    assert!(
        missing.is_empty(),
        "{missing:?}: write an XML form in crates/xml/src/format, or say in NO_RECORD why there is none"
    );
    let gone: Vec<_> = unique.difference(&public).collect();
    assert!(gone.is_empty(), "{gone:?} are not public in the core any more");
    assert!(NO_RECORD.iter().all(|(_, reason)| !reason.is_empty()));
}

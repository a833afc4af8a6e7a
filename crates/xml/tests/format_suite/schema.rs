//! The published schema: what is written is valid, and its codes and its order are those of the code.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::Command;

use ecrm_core::{
    Availability, Channel, Code, ConsentDecision, Direction, LineKind, OrderStatus, PromiseOutcome, Purpose,
    ReturnKind, WishReason,
};
use ecrm_testkit::generate as any_of;
use ecrm_xml::format::{AnyRecord, NAMESPACE, VOCABULARY};
use ecrm_xml::{Element, Limits, Name, Record, Writer, parse};
use proptest::collection::vec;
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;

use super::round_trips::any_record;
use super::{sample, written};

const XS: &str = "http://www.w3.org/2001/XMLSchema";

fn schema_file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/schema/ecrm-1.xsd")
}

/// Fails unless all documents are valid.
pub(super) fn validate(what: &str, documents: &[&str]) {
    if let Some(Err(faults)) = xmllint(documents) {
        panic!("{what}: {faults}");
    }
}

/// True when a document is valid; nothing where that cannot be told.
pub(super) fn is_valid(document: &str) -> Option<bool> {
    xmllint(&[document]).map(|result| result.is_ok())
}

/// Asks xmllint, which shares no code with us. Where it is not installed, nothing is proven and the test says so.
fn xmllint(documents: &[&str]) -> Option<Result<(), String>> {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<_> = (0..documents.len())
        .map(|number| folder.path().join(format!("{number}.xml")))
        .collect();
    for (file, document) in files.iter().zip(documents) {
        std::fs::write(file, document).unwrap();
    }
    let mut xmllint = Command::new("xmllint");
    xmllint
        .args(["--nonet", "--noout", "--schema"])
        .arg(schema_file())
        .args(&files);
    match xmllint.output() {
        Ok(output) if output.status.success() => Some(Ok(())),
        Ok(output) => Some(Err(String::from_utf8_lossy(&output.stderr).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound && !is_xmllint_required() => {
            println!("xmllint is not installed: nothing was validated");
            None
        }
        Err(error) => panic!("xmllint: {error}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "a switch of the tests, not of the library")]
fn is_xmllint_required() -> bool {
    std::env::var("ECRM_REQUIRE_XMLLINT").is_ok_and(|value| value == "1")
}

fn some<T>(strategy: impl Strategy<Value = T>, runner: &mut TestRunner) -> T {
    strategy.new_tree(runner).unwrap().current()
}

#[test]
fn what_is_written_is_valid() {
    let mut runner = TestRunner::deterministic();
    let runner = &mut runner;
    let mut writer = Writer::new(&VOCABULARY);
    super::write_all(&mut writer, some(vec(any_record(), 400), runner));
    let many = String::from_utf8(writer.finish().unwrap()).unwrap();
    let mut documents = vec![many, sample::document()];
    for _ in 0..10 {
        documents.extend([
            written(&some(any_of::attribute(), runner)),
            written(&some(any_of::cart(), runner)),
            written(&some(any_of::identifier(), runner)),
            written(&some(any_of::interaction(), runner)),
            written(&some(any_of::visit(), runner)),
            written(&some(any_of::wish(), runner)),
        ]);
    }
    validate(
        "written records",
        &documents.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[test]
fn the_schema_is_strict() {
    let document = sample::document();
    for (right, wrong) in [
        ("currency=\"EUR\"", "currency=\"euro\""),
        ("state=\"back_ordered\"", "state=\"soon\""),
        ("expected=\"2026-12-01\"", "expected=\"2026-13-01\""),
        ("T09:30:00Z\"", "T09:30:00\""),
        ("<given>Ada</given>", "<given></given>"),
        ("<sku>LAMP-1</sku>", ""),
        (">412.75<", ">INF<"),
        ("<retracted></retracted>", ""),
        ("<country>GB", "<country>gb"),
        ("<boolean>true</boolean>", "<boolean>true</boolean><integer>1</integer>"),
        ("<total", "<surplus/><total"),
    ] {
        let damaged = document.replacen(right, wrong, 1);
        assert_ne!(damaged, document, "{right} stands in the sample");
        assert!(!matches!(xmllint(&[&damaged]), Some(Ok(()))), "{wrong}");
    }
}

fn schema() -> Record {
    parse(&std::fs::read(schema_file()).unwrap(), &Limits::default()).unwrap()
}

fn named<'r>(schema: &Element<'r>, kind: &str, name: &str) -> Element<'r> {
    let found = schema
        .all(Name::new(XS, kind))
        .find(|found| found.attribute(Name::local("name")).as_deref() == Some(name));
    found.unwrap_or_else(|| panic!("the schema has no {kind} {name}"))
}

/// The words of a code list of the schema.
fn enumerated<'r>(schema: &Element<'r>, name: &str) -> Vec<Cow<'r, str>> {
    let restriction = named(schema, "simpleType", name)
        .required(Name::new(XS, "restriction"))
        .unwrap();
    let words = restriction.all(Name::new(XS, "enumeration"));
    words
        .map(|word| word.attribute(Name::local("value")).unwrap())
        .collect()
}

fn words<T: Code>() -> Vec<&'static str> {
    T::ALL.iter().map(|code| code.code()).collect()
}

#[test]
fn the_codes_of_the_schema_are_those_of_the_core() {
    let record = schema();
    let availabilities = [
        "back_ordered",
        "digital",
        "in_stock",
        "made_to_order",
        "unavailable",
        "unknown",
    ];
    assert!(
        availabilities
            .iter()
            .all(|code| Availability::from_code(code, None).is_ok())
    );
    for (name, codes) in [
        ("availabilityState", availabilities.to_vec()),
        ("channel", words::<Channel>()),
        ("decision", words::<ConsentDecision>()),
        ("direction", words::<Direction>()),
        ("lineKind", words::<LineKind>()),
        ("orderStatusCode", words::<OrderStatus>()),
        ("promiseOutcome", words::<PromiseOutcome>()),
        ("purpose", words::<Purpose>()),
        ("returnKind", words::<ReturnKind>()),
        ("wishReason", words::<WishReason>()),
    ] {
        let values = enumerated(&record.element(), name);
        assert_eq!(values, codes, "{name}");
    }
}

#[test]
fn every_word_that_the_core_gives_no_code_is_read() {
    let record = schema();
    let template = sample::document();
    for (name, attribute, sample) in [
        ("cartFate", "fate", "left"),
        ("direction", "direction", "inbound"),
        ("subjectKind", "subjectKind", "customer"),
        ("wishReason", "reason", "back_in_stock"),
    ] {
        for word in enumerated(&record.element(), name) {
            let ordered = if word == "ordered" {
                " order=\"6e7c1a52-3f0e-4b7e-9a55-000000000002\""
            } else {
                ""
            };
            let (from, to) = (
                format!(" {attribute}=\"{sample}\""),
                format!(" {attribute}=\"{word}\"{ordered}"),
            );
            let document = template.replace(&from, &to);
            assert!(document.contains(&to), "{to} stands in the sample");
            let records = parse(document.as_bytes(), &Limits::default()).unwrap();
            for child in records.element().children() {
                let read = AnyRecord::read(&child).unwrap();
                let mut writer = Writer::new(&VOCABULARY);
                read.write(&mut writer);
                let again = String::from_utf8(writer.finish().unwrap()).unwrap();
                assert_eq!(again.contains(&to), child.source().contains(&to), "{to}");
            }
        }
    }
}

/// The elements that a type declares, in their order.
fn declared(element: &Element<'_>, found: &mut Vec<String>) {
    for child in element.children() {
        if child.is(Name::new(XS, "element")) {
            let name = child
                .attribute(Name::local("name"))
                .or_else(|| child.attribute(Name::local("ref")))
                .unwrap();
            found.push(name.into_owned());
        } else {
            declared(&child, found);
        }
    }
}

#[test]
fn kept_content_goes_back_in_the_order_of_the_schema() {
    let record = schema();
    let types = record.element().all(Name::new(XS, "complexType")).collect::<Vec<_>>();
    let mut checked = BTreeSet::new();
    for complex_type in types {
        let name = complex_type.attribute(Name::local("name")).unwrap();
        let parent = match name.as_ref() {
            "orderLine" | "cartLine" => "line",
            "promiseEnd" => "end",
            other => other,
        };
        let mut elements = Vec::new();
        declared(&complex_type, &mut elements);
        // Types with one element or none have no order, and `records` is a choice.
        if elements.len() < 2 || parent == "records" {
            continue;
        }
        let order: Vec<_> = (VOCABULARY.order)(Name::new(NAMESPACE, parent))
            .iter()
            .map(|name| name.local)
            .collect();
        let mut places: Vec<_> = elements
            .iter()
            .map(|element| order.iter().position(|known| known == element))
            .collect();
        assert!(places.iter().all(Option::is_some), "{name}: {elements:?} in {order:?}");
        places.dedup();
        assert!(
            places.is_sorted() || parent == "name",
            "{name}: {elements:?} in {order:?}"
        );
        checked.insert(name);
    }
    assert_eq!(checked.len(), 22, "{checked:?}");
}

#[test]
fn every_type_of_the_schema_says_what_it_is() {
    let record = schema();
    for definition in record.element().children() {
        let Some(name) = definition.attribute(Name::local("name")) else {
            continue;
        };
        if definition.name().local != "element" {
            let documentation = definition
                .required(Name::new(XS, "annotation"))
                .and_then(|annotation| annotation.required(Name::new(XS, "documentation")));
            assert!(!documentation.unwrap().text().trim().is_empty(), "{name}");
        }
    }
}

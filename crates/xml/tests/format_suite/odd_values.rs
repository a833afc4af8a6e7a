//! Values at the edges: years that need a sign, leap seconds, halves of pairs, and what the schema must refuse.

use chrono::{DateTime, NaiveDate, Utc};
use ecrm_core::{
    Activity, Attribute, AttributeName, AttributeValue, CartFate, Customer, Identifier, PersonName, Source,
};
use ecrm_xml::format::{AnyRecord, CustomerRecord, KnownIdentifier, VOCABULARY, write_records};
use ecrm_xml::{ErrorCode, Limits, Record, Writer, XmlForm, parse};

use super::schema::{is_valid, validate};
use super::{read, sample, written};

fn attribute(value: AttributeValue, at: DateTime<Utc>) -> Attribute {
    let name = AttributeName::new("odd").unwrap();
    Attribute::new(name, Some(value), at, at, Source::checkout())
}

#[test]
fn days_and_instants_of_any_year_and_leap_seconds_are_valid_and_come_back() {
    for year in [-9_999, -44, -1, 0, 1, 999, 9_999, 12_026, 262_000] {
        let day = NaiveDate::from_ymd_opt(year, 2, 28).unwrap();
        let instant = day.and_hms_micro_opt(23, 59, 59, 1_500_000).unwrap().and_utc();
        for value in [AttributeValue::Date(day), AttributeValue::Instant(instant)] {
            let attribute = attribute(value, day.and_hms_opt(0, 0, 0).unwrap().and_utc());
            let document = written(&attribute);
            assert_eq!(read::<Attribute>(&document).unwrap(), attribute, "{document}");
            validate("odd years", &[&document]);
        }
    }
}

#[test]
fn a_sighting_keeps_no_leap_second_because_no_database_does() {
    let document = "<identifier xmlns='urn:ecrm:xml:1' firstSeenAt='2016-12-31T23:59:60Z' lastSeenAt='2016-12-31T23:59:60.5Z'>\
                    <source>till</source><phone>+4930901820</phone></identifier>";
    let known = read::<KnownIdentifier>(document).unwrap();
    let again = written(&known);
    assert!(again.contains("firstSeenAt=\"2017-01-01T00:00:00Z\" lastSeenAt=\"2017-01-01T00:00:00.5Z\""));
    assert_eq!(read::<KnownIdentifier>(&again).unwrap(), known);
}

#[test]
fn half_a_provenance_is_refused_and_not_dropped() {
    let identifier = |attributes: &str, source: &str| {
        format!("<identifier xmlns='urn:ecrm:xml:1' {attributes}>{source}<phone>+4930901820</phone></identifier>")
    };
    let (first, last) = (
        "firstSeenAt='2026-01-01T00:00:00Z'",
        "lastSeenAt='2026-01-01T00:00:00Z'",
    );
    let both = format!("{first} {last}");
    let source = "<source>till</source>";
    for (attributes, source) in [
        (first, ""),
        (last, ""),
        ("", source),
        (first, source),
        (last, source),
        (&both, ""),
    ] {
        let fault = read::<KnownIdentifier>(&identifier(attributes, source)).unwrap_err();
        assert_eq!(fault.code(), ErrorCode::Missing, "{attributes} {source}");
    }
    assert!(read::<KnownIdentifier>(&identifier(&both, source)).is_ok());
    assert!(read::<Identifier>(&identifier(&both, source)).is_ok());

    let customer = |recorded: &str, source: &str| {
        format!(
            "<customer xmlns='urn:ecrm:xml:1' id='6e7c1a52-3f0e-4b7e-9a55-7a1c1f0d2b10' \
             registeredAt='2026-11-22T09:30:00Z' {recorded}>{source}</customer>"
        )
    };
    let recorded = "recordedAt='2026-11-22T09:30:00Z'";
    for (recorded, source) in [(recorded, ""), ("", source)] {
        let fault = read::<CustomerRecord>(&customer(recorded, source)).unwrap_err();
        assert_eq!(fault.code(), ErrorCode::Missing);
    }
    assert!(read::<CustomerRecord>(&customer(recorded, source)).is_ok());
    assert!(read::<Customer>(&customer("", "")).is_ok());
}

#[test]
fn a_family_name_alone_is_trimmed_as_every_other_part() {
    let name = read::<PersonName>("<name xmlns='urn:ecrm:xml:1'><family> Keller </family></name>").unwrap();
    assert_eq!(name, PersonName::family_only("Keller").unwrap());
    assert_eq!((name.given(), name.family()), (None, Some("Keller")));
}

#[test]
fn a_fate_is_read_by_the_rules_of_the_core() {
    let order = sample::order().id();
    for fate in [CartFate::Emptied, CartFate::Left, CartFate::Open] {
        assert_eq!(CartFate::from_code(fate.code(), None), Ok(fate));
        assert!(CartFate::from_code(fate.code(), Some(order)).is_err());
    }
    let ordered = CartFate::Ordered(order);
    assert_eq!(CartFate::from_code(ordered.code(), Some(order)), Ok(ordered));
    assert!(CartFate::from_code(ordered.code(), None).is_err());
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let document = sample::document();
    for (right, wrong) in [
        ("T09:30:00Z", "T24:00:00Z"),
        ("T09:30:00Z", "T09:30:00+15:00"),
        (">412.75<", ">1e400<"),
        (">37.5<", ">12345678901234567890123456789012345678<"),
        (">ada@engines.example<", ">ada@localhost<"),
        (">Engines &amp; Sons<", ">   <"),
    ] {
        let damaged = document.replacen(right, wrong, 1);
        assert_ne!(damaged, document, "{right} stands in the sample");
        assert_ne!(is_valid(&damaged), Some(true), "{wrong}");
        let records = parse(damaged.as_bytes(), &Limits::default()).unwrap();
        let mut children = records.element().children();
        assert!(children.any(|child| AnyRecord::read(&child).is_err()), "{wrong}");
    }
}

/// Reads a document of records with what was kept of the root and of each.
fn with_kept(document: &str) -> Vec<u8> {
    let (mut reader, mut root, mut record) = (
        ecrm_xml::Reader::new(document.as_bytes(), Limits::default()),
        Record::new(),
        Record::new(),
    );
    reader.root(&mut root).unwrap();
    let mut records = Vec::new();
    while reader.next_record(&mut record).unwrap() {
        records.push((AnyRecord::read(&record.element()).unwrap(), record.leftovers().unwrap()));
    }
    let mut writer = Writer::new(&VOCABULARY);
    assert_eq!(write_records(&mut writer, &root.leftovers().unwrap(), records), []);
    writer.finish().unwrap()
}

#[test]
fn a_document_of_records_comes_back_with_all_that_was_not_understood() {
    let wish = written::<Activity>(&sample::activity());
    let wish = wish
        .split_once("?>")
        .unwrap()
        .1
        .trim()
        .replace(" xmlns=\"urn:ecrm:xml:1\"", "");
    let extended = wish.replace("</activity>", "<extension><f:b>1</f:b></extension></activity>");
    let foreign = extended.replacen("<activity", "<activity f:a=\"2\"", 1);
    let document = format!(
        "<records xmlns=\"urn:ecrm:xml:1\" xmlns:f=\"urn:example:foreign\" f:batch=\"7\">{wish}{foreign}{wish}</records>"
    );
    let out = String::from_utf8(with_kept(&document)).unwrap();
    for (part, count) in [
        (":batch=\"7\"", 1),
        (":a=\"2\"", 1),
        (">1</f:b>", 1),
        ("<extension>", 1),
        ("<wish ", 3),
    ] {
        assert_eq!(out.matches(part).count(), count, "{part} in {out}");
    }
    assert_eq!(
        String::from_utf8(with_kept(&out)).unwrap(),
        out,
        "it is stable from the first writing on"
    );
    validate("records with foreign content", &[&out]);
}

#[test]
fn a_prefix_that_only_the_source_had_is_gone_with_the_first_writing() {
    let customer = "<e:customer xmlns:e='urn:ecrm:xml:1' id='6e7c1a52-3f0e-4b7e-9a55-7a1c1f0d2b10' \
                    registeredAt='2026-11-22T09:30:00Z'><e:extension><e:later>1</e:later></e:extension></e:customer>";
    let record = parse(customer.as_bytes(), &Limits::default()).unwrap();
    let value = CustomerRecord::read(&record.element()).unwrap();
    let mut writer = Writer::new(&VOCABULARY);
    assert_eq!(
        writer.record(&record.leftovers().unwrap(), |writer| value.write(writer)),
        []
    );
    let out = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert!(out.contains("<extension><later>1</later></extension>"), "{out}");
    assert!(!out.contains("xmlns:e"), "{out}");
}

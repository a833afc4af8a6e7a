//! Criteria in XML.

#![cfg(feature = "xml")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "laws/trees.rs"]
mod trees;

use std::process::Command;

use ecrm_segmentation::Criteria;
use ecrm_segmentation::xml::VOCABULARY;
use ecrm_xml::{Limits, Writer, XmlForm, parse};
use proptest::collection::vec;
use proptest::prelude::*;
use trees::{criteria, nested, shapes};

fn written(criteria: &Criteria) -> Vec<u8> {
    let mut writer = Writer::new(&VOCABULARY);
    criteria.write(&mut writer);
    writer.finish().unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_written_as_xml_is_read_back_as_the_same_tree(criteria in criteria()) {
        let document = written(&criteria);
        let record = parse(&document, &Limits::default()).unwrap();
        prop_assert_eq!(Criteria::read(&record.element()).unwrap(), criteria);
        prop_assert_eq!(record.leftovers().unwrap(), vec![]);
    }
}

#[test]
fn what_passes_the_check_can_be_read_from_xml_however_deep_it_is() {
    for shape in shapes() {
        for criteria in (1..=100).map(|levels| nested(levels, shape)) {
            if criteria.check().is_ok() {
                let record = parse(&written(&criteria), &Limits::default()).unwrap();
                assert_eq!(Criteria::read(&record.element()).unwrap(), criteria);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4))]

    #[test]
    fn what_is_written_is_valid_by_the_published_schema(many in vec(criteria(), 100)) {
        let folder = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (number, criteria) in many.iter().enumerate() {
            let file = folder.path().join(format!("{number}.xml"));
            std::fs::write(&file, written(criteria)).unwrap();
            files.push(file);
        }
        let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/ecrm-segmentation-1.xsd");
        match Command::new("xmllint").args(["--nonet", "--noout", "--schema", schema]).args(&files).output() {
            Ok(output) => prop_assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr)),
            Err(error) => {
                prop_assert!(std::env::var_os("ECRM_REQUIRE_XMLLINT").is_none(), "xmllint must be there: {}", error);
                println!("xmllint is not here: what is written is not validated");
            }
        }
    }
}

#[test]
fn what_is_no_criterion_is_refused_with_its_place() {
    for (inside, said) in [
        ("<whatever/>", "this is not a criterion"),
        ("", "must hold exactly a criterion"),
        (
            "<is><count><events set='orders'/></count></is>",
            "must hold a value and a test",
        ),
        (
            "<is><count><events set='order'/></count><missing/></is>",
            "must be a kind of event",
        ),
        (
            "<is><profile field='city'/><equals><text>a</text><text>b</text></equals></is>",
            "must hold exactly a value",
        ),
        (
            "<stopped silentFor='P1M'><events set='orders'/></stopped>",
            "must be one of days, hours",
        ),
    ] {
        let document = format!("<criteria xmlns='urn:ecrm:segmentation:1'>{inside}</criteria>");
        let record = parse(document.as_bytes(), &Limits::default()).unwrap();
        let error = Criteria::read(&record.element()).unwrap_err();
        assert!(
            error.to_string().contains(said) && error.position().is_some(),
            "{inside}: {error}"
        );
    }
}

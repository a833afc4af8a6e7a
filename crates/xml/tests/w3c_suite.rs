//! The W3C XML conformance suite, where it is present: without a document type declaration nothing is wrongly accepted or rejected;
//! with one everything is refused.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::PathBuf;

use ecrm_xml::{ErrorCode, Limits, Reader, Record};

/// One test of a catalogue.
struct Case {
    id: String,
    kind: String,
    file: String,
}

fn suite() -> Option<zip::ZipArchive<File>> {
    let corpora = option_env!("ECRM_CORPORA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpora"),
        PathBuf::from,
    );
    let file = File::open(corpora.join("xml/xmlconf/xmlts20130923.zip")).ok()?;
    Some(zip::ZipArchive::new(file).unwrap())
}

fn read(archive: &mut zip::ZipArchive<File>, name: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    archive.by_name(name).ok()?.read_to_end(&mut bytes).unwrap();
    Some(bytes)
}

/// The value of an attribute in the text of a tag. The catalogues are entities without a root of their own, so no XML reader is used.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let at = tag
        .find(&format!(" {name}="))
        .or_else(|| tag.find(&format!("\n{name}=")))?;
    let value = tag[at + 1..].split_once('=')?.1.trim_start();
    let quote = value.chars().next()?;
    value[1..].split(quote).next()
}

/// The tests for a processor of XML 1.0, fifth edition, with namespaces.
fn cases(archive: &mut zip::ZipArchive<File>) -> Vec<Case> {
    let catalogues: Vec<String> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .filter(|name| name.ends_with(".xml"))
        .collect();
    let mut cases = Vec::new();
    for catalogue in catalogues {
        let text = String::from_utf8_lossy(&read(archive, &catalogue).unwrap()).replace(['\r', '\t', '\n'], " ");
        let folder = catalogue.rsplit_once('/').map_or("", |(folder, _)| folder);
        for tag in text.split("<TEST ").skip(1) {
            let tag = format!(" {}", tag.split('>').next().unwrap());
            let (Some(kind), Some(uri), Some(id)) =
                (attribute(&tag, "TYPE"), attribute(&tag, "URI"), attribute(&tag, "ID"))
            else {
                continue;
            };
            let is_ours = attribute(&tag, "EDITION").is_none_or(|editions| editions.contains('5'))
                && attribute(&tag, "VERSION").is_none_or(|versions| versions.contains("1.0"))
                && attribute(&tag, "RECOMMENDATION").is_none_or(|text| !text.contains("1.1"))
                && attribute(&tag, "NAMESPACE") != Some("no");
            if is_ours {
                cases.push(Case {
                    id: id.to_owned(),
                    kind: kind.to_owned(),
                    file: format!("{folder}/{uri}"),
                });
            }
        }
    }
    cases
}

/// True when the document has a document type declaration, found without any parser of ours.
fn has_doctype(bytes: &[u8]) -> bool {
    let ascii: Vec<u8> = bytes.iter().copied().filter(|byte| *byte != 0).collect();
    let text = String::from_utf8_lossy(&ascii).into_owned();
    // Comments, instructions and sections may speak of it.
    let without = |text: &str, open: &str, close: &str| {
        let mut parts = text.split(open);
        let first = parts.next().unwrap_or("").to_owned();
        parts.fold(first, |outside, part| {
            outside + part.split_once(close).map_or("", |(_, after)| after)
        })
    };
    let text = without(&text, "<!--", "-->");
    let text = without(&text, "<?", "?>");
    without(&text, "<![CDATA[", "]]>").contains("<!DOCTYPE")
}

fn accept(bytes: &[u8]) -> Result<(), ErrorCode> {
    let mut record = Record::new();
    Reader::new(bytes, Limits::default())
        .document(&mut record)
        .map_err(|error| error.code())
}

#[test]
fn without_a_doctype_nothing_is_wrongly_accepted_or_rejected_and_with_one_all_is_refused() {
    let Some(mut archive) = suite() else {
        println!("the W3C suite is not here: xml/xmlconf/xmlts20130923.zip below the corpora");
        return;
    };
    let mut table: BTreeMap<String, [usize; 2]> = BTreeMap::new();
    let mut wrong = Vec::new();
    let cases = cases(&mut archive);
    assert!(
        cases.len() > 1_500,
        "only {} tests were found in the catalogues",
        cases.len()
    );
    for case in cases {
        let Some(bytes) = read(&mut archive, &case.file) else {
            continue;
        };
        let result = accept(&bytes);
        let (row, is_right) = match (case.kind.as_str(), has_doctype(&bytes)) {
            ("not-wf", true) => ("not well-formed, with DOCTYPE: refused", result.is_err()),
            // Some of these are in encodings that are not read at all.
            (_, true) => (
                "others, with DOCTYPE: refused",
                matches!(result, Err(ErrorCode::Doctype | ErrorCode::Encoding)),
            ),
            ("not-wf", false) => ("not well-formed, without DOCTYPE: refused", result.is_err()),
            ("valid" | "invalid", false) => ("valid and invalid, without DOCTYPE: accepted", result.is_ok()),
            _ => continue,
        };
        let counts = table.entry(row.to_owned()).or_default();
        counts[0] += 1;
        counts[1] += usize::from(!is_right);
        if !is_right {
            wrong.push(format!("{} ({}, {}): {result:?}", case.id, case.kind, case.file));
        }
    }
    println!("{:<48} {:>6} {:>6}", "W3C suite", "tests", "wrong");
    for (row, [tests, wrong]) in &table {
        println!("{row:<48} {tests:>6} {wrong:>6}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

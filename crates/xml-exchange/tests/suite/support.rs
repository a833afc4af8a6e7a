//! Oracles that share no code with the crate: xmllint with the schemas of the standards, and another XML reader.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use ecrm_xml::Limits;
use ecrm_xml_exchange::{Document, Exchanged};

/// Schemas and samples that are not part of the project: `ECRM_CORPORA`, or a folder beside the workspace.
pub(crate) fn corpora() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::var_os("ECRM_CORPORA").map_or_else(|| workspace.join("../shared/corpora"), PathBuf::from);
    // Relative to the workspace, as for the script that runs everything.
    let folder = workspace.join(folder).join("xml");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there", folder.display());
    None
}

/// A file of these tests.
pub(crate) fn own_file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name)).unwrap()
}

/// Which schema a document has to fit.
#[derive(Clone, Copy)]
pub(crate) enum Schema {
    Ciq,
    Ubl(&'static str),
    XCard,
}

/// Asserts that a document fits its schema, as far as xmllint and the schemas are there.
pub(crate) fn assert_valid(schema: Schema, xml: &[u8]) {
    let Some(corpora) = corpora() else { return };
    let (option, file) = match schema {
        Schema::Ciq => ("--schema", corpora.join("ciq-3.0/xPIL.xsd")),
        Schema::Ubl(kind) => (
            "--schema",
            corpora.join(format!("ubl-2.1/xsdrt/maindoc/UBL-{kind}-2.1.xsd")),
        ),
        Schema::XCard => ("--relaxng", corpora.join("xcard/rfc6351.rng")),
    };
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("document.xml");
    std::fs::write(&document, xml).unwrap();
    let run = Command::new("xmllint")
        .args(["--nonet", "--noout", option])
        .arg(file)
        .arg(&document)
        .output();
    let Ok(output) = run else {
        println!("skipped: xmllint is not there");
        return;
    };
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{complaints}\n{}",
        String::from_utf8_lossy(xml)
    );
}

/// All texts and attribute values of a document with the names of their elements, and how often each occurs.
fn values(xml: &str) -> BTreeMap<String, usize> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let mut found = BTreeMap::new();
    // What stands outside of the root element is not part of what is exchanged.
    for node in document.root_element().descendants() {
        let name = format!("{:?}", node.tag_name());
        for attribute in node.attributes() {
            let value = format!(
                "{name} @{:?} {} {}",
                attribute.namespace(),
                attribute.name(),
                attribute.value()
            );
            *found.entry(value).or_default() += 1;
        }
        let texts = node
            .children()
            .filter(roxmltree::Node::is_text)
            .filter_map(|text| text.text());
        let text = texts.collect::<String>();
        if !text.trim().is_empty() {
            *found.entry(format!("{name} {}", text.trim())).or_default() += 1;
        }
        if node.is_comment() {
            *found
                .entry(format!("comment {}", node.text().unwrap_or_default()))
                .or_default() += 1;
        }
    }
    found
}

/// The values of a document that another one does not have, or not as often.
pub(crate) fn lost(source: &str, written: &str) -> Vec<String> {
    let there = values(written);
    let missing = values(source)
        .into_iter()
        .filter(|(value, count)| there.get(value).unwrap_or(&0) < count);
    missing.map(|(value, _)| value).collect()
}

/// Reads a document and asserts that nothing of it is lost on the way out, and that it reads back as it was.
pub(crate) fn there_and_back<T: Document + PartialEq>(xml: &[u8]) -> Exchanged<T> {
    let first = Exchanged::<T>::read(xml, &Limits::default()).unwrap();
    let written = first.write().unwrap();
    let source = std::str::from_utf8(xml).unwrap();
    let out = std::str::from_utf8(&written).unwrap();
    assert_eq!(lost(source, out), Vec::<String>::new(), "in\n{out}");
    assert_eq!(lost(out, source), Vec::<String>::new(), "was made up in\n{out}");
    let second = Exchanged::<T>::read(&written, &Limits::default()).unwrap();
    assert!(second.content == first.content, "{out}");
    assert_eq!(second.kept.len(), first.kept.len(), "{out}");
    // From the first writing on nothing changes: prefixes that only the source had are gone.
    assert!(second.write().unwrap() == written, "{out}");
    first
}

/// The document with the children of every element in the opposite order, and prefixes of its own.
pub(crate) fn turned_round(xml: &str) -> String {
    let document = roxmltree::Document::parse(xml).unwrap();
    let mut turned = String::new();
    turn_round(document.root_element(), &mut turned);
    turned
}

fn turn_round(node: roxmltree::Node<'_, '_>, out: &mut String) {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    if let Some(text) = node.text().filter(|_| node.is_text()) {
        out.push_str(&escaped(text));
    }
    if !node.is_element() {
        return;
    }
    let name = format!("x:{}", node.tag_name().name());
    out.push_str(&format!(
        "<{name} xmlns:x=\"{}\"",
        node.tag_name().namespace().unwrap_or_default()
    ));
    for (number, attribute) in node.attributes().enumerate() {
        let prefix = attribute.namespace().map_or_else(String::new, |namespace| {
            out.push_str(&format!(" xmlns:y{number}=\"{namespace}\""));
            format!("y{number}:")
        });
        out.push_str(&format!(
            " {prefix}{}=\"{}\"",
            attribute.name(),
            escaped(attribute.value())
        ));
    }
    out.push('>');
    let mut children: Vec<_> = node.children().collect();
    children.reverse();
    for child in children {
        turn_round(child, out);
    }
    out.push_str(&format!("</{name}>"));
}

/// A document made here, as XML.
pub(crate) fn xml_of<T: Document>(content: T) -> Vec<u8> {
    Exchanged::from(content).write().unwrap()
}

//! Laws of reading and writing, for any document.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Read;
use std::process::Command;

use ecrm_xml::{Element, Limits, Name, Reader, Record, Vocabulary, Writer, parse};
use peak_alloc::PeakAlloc;
use proptest::prelude::*;
use proptest::strategy::ValueTree;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ORDERS: &str = "urn:orders";
const VOCABULARY: Vocabulary = Vocabulary {
    prefixes: &[("", ORDERS), ("p", "urn:parties")],
    order: |_| &[],
};

/// An element of any content, as a test sees it.
#[derive(Debug, Clone, PartialEq)]
struct Tree {
    namespace: String,
    local: String,
    attributes: Vec<(String, String, String)>,
    children: Vec<Node>,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Element(Tree),
    Text(String),
}

fn namespace() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(""),
        Just(ORDERS),
        Just("urn:parties"),
        Just("urn:other"),
        Just("urn:é&<\"")
    ]
    .prop_map(str::to_owned)
}

fn local() -> impl Strategy<Value = String> {
    prop_oneof!["[a-c]", "[a-zA-Z_][a-zA-Z0-9._-]{0,6}", "[é名]{1,3}"]
}

/// Text that XML can hold, with all that has to be escaped.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            Just('&'),
            Just('<'),
            Just('>'),
            Just('"'),
            Just('\''),
            Just('\r'),
            Just('\n'),
            Just('\t'),
            Just(']'),
            Just(' '),
            Just('\u{FEFF}'),
            Just('\u{85}'),
            proptest::char::range('a', 'z'),
            proptest::char::range('\u{E000}', '\u{FFFD}'),
            proptest::char::range('\u{10000}', '\u{10FFFF}'),
        ],
        0..12,
    )
    .prop_map(|characters| characters.into_iter().collect())
}

fn tree() -> impl Strategy<Value = Tree> {
    let attributes = || proptest::collection::vec((namespace(), local(), text()), 0..4);
    let leaf = (namespace(), local(), attributes(), proptest::option::of(text())).prop_map(
        |(namespace, local, attributes, text)| {
            build(namespace, local, attributes, text.into_iter().map(Node::Text).collect())
        },
    );
    leaf.prop_recursive(4, 40, 5, move |inner| {
        let child = prop_oneof![3 => inner.prop_map(Node::Element), 1 => text().prop_map(Node::Text)];
        (
            namespace(),
            local(),
            attributes(),
            proptest::collection::vec(child, 0..5),
        )
            .prop_map(|(namespace, local, attributes, children)| build(namespace, local, attributes, children))
    })
}

/// The element with its attributes sorted and made unique, and its texts joined.
fn build(namespace: String, local: String, mut attributes: Vec<(String, String, String)>, children: Vec<Node>) -> Tree {
    attributes.sort();
    attributes.dedup_by(|a, b| (&a.0, &a.1) == (&b.0, &b.1));
    attributes.retain(|(_, local, _)| local != "xmlns");
    let mut joined: Vec<Node> = Vec::new();
    for child in children {
        match (joined.last_mut(), child) {
            (_, Node::Text(text)) if text.is_empty() => {}
            (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
            (_, child) => joined.push(child),
        }
    }
    Tree {
        namespace,
        local,
        attributes,
        children: joined,
    }
}

/// A tree that can be a root: where the vocabulary has a default namespace, a root cannot be in none.
fn root() -> impl Strategy<Value = Tree> {
    tree().prop_map(|mut tree| {
        if tree.namespace.is_empty() {
            tree.namespace = ORDERS.to_owned();
        }
        tree
    })
}

fn write(tree: &Tree, writer: &mut Writer<'_>) {
    writer.within(Name::new(&tree.namespace, &tree.local), |writer| {
        for (namespace, local, value) in &tree.attributes {
            writer.attribute(Name::new(namespace, local), value);
        }
        for child in &tree.children {
            match child {
                Node::Element(child) => write(child, writer),
                Node::Text(text) => writer.text(text),
            }
        }
    });
}

fn document(tree: &Tree) -> Vec<u8> {
    let mut writer = Writer::new(&VOCABULARY);
    write(tree, &mut writer);
    writer.finish().unwrap()
}

/// The tree of a document by an independent reader.
fn by_roxmltree(node: roxmltree::Node<'_, '_>) -> Tree {
    let name = node.tag_name();
    let attributes = node.attributes().map(|attribute| {
        (
            attribute.namespace().unwrap_or("").to_owned(),
            attribute.name().to_owned(),
            attribute.value().to_owned(),
        )
    });
    let children = node.children().filter_map(|child| match child.node_type() {
        roxmltree::NodeType::Element => Some(Node::Element(by_roxmltree(child))),
        roxmltree::NodeType::Text => Some(Node::Text(child.text().unwrap_or("").to_owned())),
        _ => None,
    });
    build(
        name.namespace().unwrap_or("").to_owned(),
        name.name().to_owned(),
        attributes.collect(),
        children.collect(),
    )
}

/// The same by this reader; what is between the elements is not looked at, because it has no order among them.
fn same(element: Element<'_>, tree: &Tree) -> bool {
    let texts: String = tree
        .children
        .iter()
        .filter_map(|child| match child {
            Node::Text(text) => Some(text.as_str()),
            Node::Element(_) => None,
        })
        .collect();
    let elements: Vec<_> = tree
        .children
        .iter()
        .filter_map(|child| match child {
            Node::Element(tree) => Some(tree),
            Node::Text(_) => None,
        })
        .collect();
    let children: Vec<_> = element.children().collect();
    element.name() == Name::new(&tree.namespace, &tree.local)
        && tree
            .attributes
            .iter()
            .all(|(namespace, local, value)| element.attribute(Name::new(namespace, local)).as_deref() == Some(value))
        && element.text() == texts
        && children.len() == elements.len()
        && children.into_iter().zip(elements).all(|(child, tree)| {
            child.take();
            same(child, tree)
        })
}

/// An input that gives no more than a few bytes at a time.
struct Dripping<'d>(&'d [u8], usize);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.1.min(buffer.len());
        self.0.read(&mut buffer[..count])
    }
}

fn read_dripping(document: &[u8], count: usize) -> Result<Record, ecrm_xml::XmlError> {
    let mut record = Record::new();
    Reader::new(Dripping(document, count), Limits::default()).document(&mut record)?;
    Ok(record)
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_by_us_and_by_others(tree in root()) {
        let written = document(&tree);
        let text = std::str::from_utf8(&written).unwrap();
        let others = roxmltree::Document::parse(text).unwrap();
        prop_assert_eq!(&by_roxmltree(others.root_element()), &tree, "{}", text);
        let record = parse(&written, &Limits::default()).unwrap();
        record.element().take();
        prop_assert!(same(record.element(), &tree), "{}", text);
        prop_assert!(record.leftovers().unwrap().is_empty());
    }

    #[test]
    fn whatever_is_kept_is_written_back_unchanged(tree in root()) {
        let written = document(&tree);
        let record = parse(&written, &Limits::default()).unwrap();
        let kept = record.leftovers().unwrap();
        let stored = serde_json::to_string(&kept).unwrap();
        let kept: Vec<ecrm_xml::Kept> = serde_json::from_str(&stored).unwrap();
        let mut writer = Writer::new(&VOCABULARY);
        let unplaced = writer.record(&kept, |writer| writer.within(Name::new(&tree.namespace, &tree.local), |_| {}));
        prop_assert!(unplaced.is_empty());
        let again = writer.finish().unwrap();
        let again = parse(&again, &Limits::default()).unwrap();
        // White space between the elements that were understood says nothing, and is not kept.
        let mut tree = tree;
        let blank = |child: &Node| matches!(child, Node::Text(text) if text.chars().all(|c| matches!(c, ' ' | '\t' | '\n')));
        tree.children.retain(|child| !blank(child));
        // Text that stood between elements stands behind them now; all else is as it was.
        prop_assert!(same(again.element(), &tree), "{} became {}", record.source(), again.source());
    }

    #[test]
    fn a_document_is_the_same_however_slowly_it_comes(tree in root(), count in 1..9_usize) {
        let written = document(&tree);
        let record = read_dripping(&written, count).unwrap();
        prop_assert!(same(record.element(), &tree));
    }

    #[test]
    fn a_mutated_document_is_read_or_refused_and_never_more_than_that(
        tree in root(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3_u8), 1..6),
    ) {
        let mut bytes = document(&tree);
        for (place, byte, how) in changes {
            let at = place.index(bytes.len());
            let byte = if byte < 128 { b"<>&;'\"/=!?-[]: x"[usize::from(byte % 16)] } else { byte };
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => { bytes.remove(at); }
            }
        }
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage_as_kb();
        let whole = parse(&bytes, &Limits::default());
        let dripping = read_dripping(&bytes, 3);
        prop_assert!(MEMORY.peak_usage_as_kb() - before < 8.0 * 1024.0);
        match (&whole, &dripping) {
            (Ok(record), Ok(_)) => {
                let text = std::str::from_utf8(&bytes).unwrap();
                let others = roxmltree::Document::parse(text);
                prop_assert!(others.is_ok(), "{:?} was accepted by us alone: {}", text, others.unwrap_err());
                let tree = by_roxmltree(others.unwrap().root_element());
                prop_assert!(same(record.element(), &tree), "{}", text);
            }
            (Err(a), Err(b)) => prop_assert_eq!((a.code(), a.position()), (b.code(), b.position()), "{:?}", String::from_utf8_lossy(&bytes)),
            _ => prop_assert!(false, "{:?} and dripping {:?}", whole.err(), dripping.err()),
        }
    }
}

/// xmllint canonicalises no document whose namespaces are no URIs.
fn with_plain_namespaces(mut tree: Tree) -> Tree {
    let plain = |namespace: &mut String| {
        if namespace.contains('é') {
            *namespace = "urn:plain".to_owned();
        }
    };
    plain(&mut tree.namespace);
    tree.attributes.iter_mut().for_each(|(namespace, ..)| plain(namespace));
    tree.children = tree
        .children
        .into_iter()
        .map(|child| match child {
            Node::Element(child) => Node::Element(with_plain_namespaces(child)),
            text @ Node::Text(_) => text,
        })
        .collect();
    tree
}

#[expect(clippy::disallowed_methods, reason = "a switch of the tests, not of the library")]
fn is_xmllint_required() -> bool {
    std::env::var("ECRM_REQUIRE_XMLLINT").is_ok_and(|value| value == "1")
}

#[test]
fn what_is_written_is_canonical() {
    if Command::new("xmllint").arg("--version").output().is_err() {
        println!("xmllint is not here: canonical form is not checked");
        assert!(!is_xmllint_required());
        return;
    }
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let file = tempfile::NamedTempFile::new().unwrap();
    for _ in 0..60 {
        let tree = with_plain_namespaces(root().new_tree(&mut runner).unwrap().current());
        let written = document(&tree);
        std::fs::write(file.path(), &written).unwrap();
        let canonical = Command::new("xmllint").arg("--c14n").arg(file.path()).output().unwrap();
        assert!(
            canonical.status.success(),
            "{}",
            String::from_utf8_lossy(&canonical.stderr)
        );
        let written = String::from_utf8(written).unwrap();
        let body = written.split_once("?>\n").unwrap().1.strip_suffix('\n').unwrap();
        assert_eq!(String::from_utf8(canonical.stdout).unwrap(), body);
    }
}

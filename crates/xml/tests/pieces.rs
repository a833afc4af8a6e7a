//! An input may come in pieces of any size. What is read of it, and what is said to be wrong with it, does not depend on them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Read;

use ecrm_xml::{Limits, Reader, Record};
use proptest::prelude::*;

/// An input that gives no more than so many bytes at once, and is interrupted each time.
struct Pieces<'d> {
    document: &'d [u8],
    most: usize,
    is_interrupted: bool,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.is_interrupted = !self.is_interrupted;
        if self.is_interrupted {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let most = self.most.min(buffer.len());
        self.document.read(&mut buffer[..most])
    }
}

/// What a reader that passes over bad records sees: their sources, and all that is said of a fault.
fn seen(document: &str, most: usize, limits: &Limits) -> Vec<String> {
    let pieces = Pieces {
        document: document.as_bytes(),
        most,
        is_interrupted: false,
    };
    let (mut reader, mut record) = (Reader::new(pieces, limits.clone()), Record::new());
    let mut seen = Vec::new();
    loop {
        match reader.next_record(&mut record) {
            Ok(true) => seen.push(format!("{} {}", record.element().position(), record.source())),
            Ok(false) => return seen,
            Err(error) => {
                seen.push(format!("{error:?}"));
                if !error.is_recoverable() {
                    return seen;
                }
            }
        }
    }
}

#[test]
fn the_records_before_the_limit_of_the_input_are_read_however_it_comes() {
    let document = "<r><a/><b>é</b><c/></r>";
    for input_bytes in 0..document.len() as u64 {
        let limits = Limits {
            input_bytes,
            ..Limits::default()
        };
        let whole = seen(document, usize::MAX, &limits);
        assert_eq!(
            whole.len(),
            [7, 16, 20].iter().filter(|end| **end <= input_bytes).count() + 1
        );
        assert!(whole.last().unwrap().contains("the input is longer"), "{whole:?}");
        for most in 1..document.len() {
            assert_eq!(seen(document, most, &limits), whole);
        }
    }
}

#[test]
fn of_several_limits_the_one_that_is_passed_first_is_told_however_the_input_comes() {
    let limits = Limits {
        record_bytes: 60,
        record_nodes: 4,
        text_bytes: 5,
        ..Limits::default()
    };
    let document = format!(
        "<r><a>12345&amp;<b/><b/><b/>{0}</a><a><b/><b/><b/>12345&amp;{0}</a><a>{0}<b/><b/><b/></a></r>",
        "<!---->".repeat(3)
    );
    let whole = seen(&document, usize::MAX, &limits);
    assert_eq!(whole.len(), 3);
    assert!(whole[0].contains("a text has more than 5 bytes"), "{whole:?}");
    assert!(whole[1].contains("more than 4 elements"), "{whole:?}");
    for most in 1..document.len() {
        assert_eq!(seen(&document, most, &limits), whole);
    }
}

#[test]
fn white_space_outside_the_root_is_measured_without_what_follows_it() {
    let limits = Limits {
        text_bytes: 1,
        ..Limits::default()
    };
    for most in 1..8 {
        assert_eq!(seen("<?t?> <r><a/></r> ", most, &limits), ["1:10 <a/>"]);
    }
}

#[test]
fn what_stands_between_records_is_no_part_of_one_and_may_be_larger() {
    let limits = Limits {
        record_bytes: 10,
        record_nodes: 2,
        ..Limits::default()
    };
    let between = format!("<!--{0}-->{0}", " ".repeat(20));
    let document = format!("{between}<r>{between}<a/>{between}<b/>{between}</r>{between}");
    for most in (1..document.len()).chain([usize::MAX]) {
        assert_eq!(seen(&document, most, &limits), ["1:98 <a/>", "1:149 <b/>"]);
    }
}

/// Parts of a document in which every tag is closed: right ones more often than wrong ones.
fn content() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        8 => prop::sample::select(vec!["<a>", "</a>", "<a/>", "<p:b c='1'/>", "<a b=\"é\r\n\" c='&amp;'>", "<é p:x = '>'/>"]),
        8 => prop::sample::select(vec!["text", "é", " ", "\r", "\n", "\r\n", "]]", ">", "&lt;", "&#13;", "x\u{FEFF}"]),
        4 => prop::sample::select(vec!["<!--c-->", "<?t d?>", "<![CDATA[x]]>", "<![CDATA[<&]]]]>", "<a xmlns='v'/>"]),
        1 => prop::sample::select(vec!["]]>", "&x;", "&#0;", "<q:a/>", "<a a='' a=''/>", "\u{1}", "<!-- -- -->", "</b>"]),
    ];
    prop::collection::vec(part, 0..16).prop_map(|parts| format!("<r xmlns:p='u'>{}</r>", parts.concat()))
}

fn small_limits() -> impl Strategy<Value = Limits> {
    (8..80_usize, 1..9_usize, 4..20_usize, 0..3_usize, 1..5_usize).prop_map(
        |(record_bytes, record_nodes, text_bytes, attributes, depth)| Limits {
            record_bytes,
            record_nodes,
            text_bytes,
            attributes,
            depth,
            ..Limits::default()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn what_is_seen_of_a_document_does_not_depend_on_the_pieces_in_which_it_comes(
        document in content(),
        most in 1..40_usize,
        small in small_limits(),
    ) {
        for limits in [Limits::default(), small] {
            prop_assert_eq!(seen(&document, most, &limits), seen(&document, usize::MAX, &limits));
        }
    }
}

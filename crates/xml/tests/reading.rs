//! What quick-xml lets through and this reader does not, where a fault is, and what is read although others refuse it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use ecrm_xml::{ErrorCode, KeptKind, Limits, Name, Reader, Record, Vocabulary, Writer, XmlError, parse};

fn read(document: &str) -> Result<Record, XmlError> {
    parse(document.as_bytes(), &Limits::default())
}

fn skipping_doctype() -> Limits {
    Limits {
        skips_doctype: true,
        ..Limits::default()
    }
}

#[test]
fn each_gap_of_the_tokenizer_is_closed() {
    use ErrorCode::{Limit, Namespace, NotWellFormed};
    for (document, code, place) in [
        ("<a>\u{1}</a>", NotWellFormed, "1:4"),
        ("<a b='\u{B}'/>", NotWellFormed, "1:7"),
        ("<a>\u{FFFE}</a>", NotWellFormed, "1:4"),
        ("<a/>b", NotWellFormed, "1:5"),
        ("b<a/>", NotWellFormed, "1:1"),
        ("<a/><b/>", NotWellFormed, "1:5"),
        ("<a/>&amp;", NotWellFormed, "1:5"),
        ("<![CDATA[a]]><a/>", NotWellFormed, "1:1"),
        ("<a>]]></a>", NotWellFormed, "1:4"),
        ("<a b='<'/>", NotWellFormed, "1:7"),
        ("<a b='&'/>", NotWellFormed, "1:7"),
        ("<a b='&nbsp;'/>", NotWellFormed, "1:7"),
        ("<a>&nbsp;</a>", NotWellFormed, "1:4"),
        ("<a>&#0;</a>", NotWellFormed, "1:4"),
        ("<a>&#x1F;</a>", NotWellFormed, "1:4"),
        ("<a>&#xD800;</a>", NotWellFormed, "1:4"),
        ("<a>&#+65;</a>", NotWellFormed, "1:4"),
        ("<a>a & b</a>", NotWellFormed, "1:6"),
        ("<a b=c/>", NotWellFormed, "1:6"),
        ("<a b/>", NotWellFormed, "1:5"),
        ("<a b='1'c='2'/>", NotWellFormed, "1:9"),
        ("<a b='1' b='2'/>", NotWellFormed, "1:3"),
        ("<1a/>", NotWellFormed, "1:2"),
        ("<a:b:c xmlns:a='urn:a'/>", NotWellFormed, "1:2"),
        ("<a></b>", NotWellFormed, "1:4"),
        ("<a></a b='1'>", NotWellFormed, "1:4"),
        ("</a>", NotWellFormed, "1:1"),
        ("<a><b></a></b>", NotWellFormed, "1:7"),
        ("<a>", NotWellFormed, "1:4"),
        ("<a><!-- -- --></a>", NotWellFormed, "1:4"),
        ("<a><!-- ---></a>", NotWellFormed, "1:4"),
        ("<a><?xml version='1.0'?></a>", NotWellFormed, "1:4"),
        ("<a><?XML x?></a>", NotWellFormed, "1:4"),
        ("<a><? x?></a>", NotWellFormed, "1:4"),
        (" <?xml version='1.0'?><a/>", NotWellFormed, "1:2"),
        ("<?xml encoding='UTF-8' version='1.0'?><a/>", NotWellFormed, "1:1"),
        ("<?xml version='1.0' standalone='maybe'?><a/>", NotWellFormed, "1:1"),
        ("<?xml version='2.0'?><a/>", NotWellFormed, "1:1"),
        ("<!DOCTYPE a><a/>", ErrorCode::Doctype, "1:1"),
        ("<a><!DOCTYPE a></a>", NotWellFormed, "1:4"),
        ("<p:a/>", Namespace, "1:2"),
        ("<a p:b=''/>", Namespace, "1:4"),
        ("<a xmlns:p=''/>", Namespace, "1:4"),
        ("<a xmlns:xmlns='urn:a'/>", Namespace, "1:4"),
        ("<a xmlns:xml='urn:a'/>", Namespace, "1:4"),
        ("<a xmlns:p='http://www.w3.org/XML/1998/namespace'/>", Namespace, "1:4"),
        ("<a xmlns='http://www.w3.org/2000/xmlns/'/>", Namespace, "1:4"),
        (
            "<a xmlns:p='urn:a' xmlns:q='urn:a' p:b='' q:b=''/>",
            NotWellFormed,
            "1:3",
        ),
        (&"<a>".repeat(101), Limit, "1:301"),
    ] {
        let error = read(document)
            .err()
            .unwrap_or_else(|| panic!("{document:?} was accepted"));
        let found = error.position().unwrap().to_string();
        assert_eq!((error.code(), found.as_str()), (code, place), "{document:?}: {error}");
    }
}

#[test]
fn a_place_is_told_in_lines_and_characters_however_lines_end() {
    for (document, place) in [
        ("<a>\n  <b>é\u{1}</b></a>", "2:7"),
        ("<a>\r\n\r\n<b></a>", "3:4"),
        ("<a>\r<b>\r\u{10348}</a>", "3:2"),
        ("\u{FEFF}<a>\n\n<p:b/></a>", "3:2"),
    ] {
        assert_eq!(
            read(document).unwrap_err().position().unwrap().to_string(),
            place,
            "{document:?}"
        );
    }
    let record = read("<a>\n<b/>\r\n <c/></a>").unwrap();
    let places: Vec<_> = record
        .element()
        .children()
        .map(|child| child.position().to_string())
        .collect();
    assert_eq!(places, ["2:1", "3:2"]);
}

#[test]
fn every_encoding_that_is_promised_is_read() {
    let text = "<?xml version='1.0' encoding='NAME'?>\n<a b='é'>é€ü</a>";
    let utf16 = |mark: &[u8], unit: fn(u16) -> [u8; 2], name: &str| {
        let text = text.replace("NAME", name);
        mark.iter()
            .copied()
            .chain(text.encode_utf16().flat_map(unit))
            .collect::<Vec<u8>>()
    };
    let one_byte = |name: &str, euro: u8| {
        let text = text.replace("NAME", name);
        text.chars()
            .map(|c| {
                if c == '€' {
                    euro
                } else {
                    u8::try_from(u32::from(c)).unwrap()
                }
            })
            .collect::<Vec<u8>>()
    };
    for (document, meant) in [
        (text.replace("NAME", "utf-8").into_bytes(), "é€ü"),
        (
            [b"\xEF\xBB\xBF", text.replace("NAME", "UTF-8").as_bytes()].concat(),
            "é€ü",
        ),
        (utf16(&[0xFF, 0xFE], u16::to_le_bytes, "UTF-16"), "é€ü"),
        (utf16(&[0xFE, 0xFF], u16::to_be_bytes, "utf-16"), "é€ü"),
        (utf16(&[], u16::to_le_bytes, "UTF-16LE"), "é€ü"),
        (one_byte("windows-1252", 0x80), "é€ü"),
        (one_byte("ISO-8859-1", 0xA4), "é¤ü"),
    ] {
        let record = parse(&document, &Limits::default()).unwrap();
        let a = record.element();
        assert_eq!(
            (a.text().as_ref(), a.attribute(Name::local("b")).as_deref()),
            (meant, Some("é"))
        );
    }
    // In ISO-8859-1 the bytes from 0x80 to 0x9F are control characters, whatever browsers say.
    let record = parse(
        b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\x85</a>",
        &Limits::default(),
    )
    .unwrap();
    assert_eq!(record.element().text(), "\u{85}");
}

#[test]
fn a_byte_order_mark_inside_a_document_is_a_character() {
    let document = format!("<a>{}\u{FEFF}<b/>\u{FEFF}\u{FEFF}x</a>", " ".repeat(65_529));
    let record = read(&document).unwrap();
    assert_eq!(record.element().text().trim(), "\u{FEFF}\u{FEFF}\u{FEFF}x");
    assert_eq!(
        read("\u{FEFF}\u{FEFF}<a/>").unwrap_err().code(),
        ErrorCode::NotWellFormed
    );
}

#[test]
fn a_partner_who_must_send_a_doctype_is_read_and_nothing_of_it_is_used() {
    let document = "<!DOCTYPE a SYSTEM 'file:///etc/passwd' [<!ENTITY e 'x'><!ATTLIST a b CDATA 'c'>]><a>1</a>";
    let mut record = Record::new();
    let mut reader = Reader::new(document.as_bytes(), skipping_doctype());
    reader.document(&mut record).unwrap();
    assert_eq!(record.element().text(), "1");
    assert_eq!(record.element().attribute(Name::local("b")), None);
    assert_eq!(
        parse(document.as_bytes(), &skipping_doctype()).unwrap().source(),
        "<a>1</a>"
    );
    for wrong in [
        "<!doctype a><a/>",
        "<!DOCTYPE a><!DOCTYPE a><a/>",
        "<a/><!DOCTYPE a>",
        "<!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
    ] {
        let mut reader = Reader::new(wrong.as_bytes(), skipping_doctype());
        assert_eq!(
            reader.document(&mut record).unwrap_err().code(),
            ErrorCode::NotWellFormed,
            "{wrong}"
        );
    }
}

#[test]
fn a_record_that_is_too_large_is_passed_over_and_the_next_is_read() {
    let document = format!(
        "<r><a>1</a>\n<a>{}</a><a>3</a>stray<a>4</a></r>",
        "<b>x</b>".repeat(30_000)
    );
    let limits = Limits {
        record_bytes: 100_000,
        ..Limits::default()
    };
    let (mut reader, mut record) = (Reader::new(document.as_bytes(), limits), Record::new());
    let mut seen = Vec::new();
    loop {
        match reader.next_record(&mut record) {
            Ok(true) => seen.push(record.element().text().into_owned()),
            Ok(false) => break,
            Err(error) => {
                assert!(error.is_recoverable());
                seen.push(format!("{} at {}", error.code(), error.position().unwrap()));
            }
        }
    }
    assert_eq!(seen, ["1", "limit at 2:1", "3", "unexpected at 2:240016", "4"]);
}

#[test]
fn limits_hold_exactly() {
    let limits = Limits {
        attributes: 2,
        attribute_bytes: 3,
        text_bytes: 4,
        event_bytes: 20,
        depth: 2,
        ..Limits::default()
    };
    for (document, is_fine) in [
        ("<a b='' c=''/>", true),
        ("<a b='' c='' d=''/>", false),
        ("<a b='123'/>", true),
        ("<a b='1234'/>", false),
        ("<a>1234</a>", true),
        ("<a>12345</a>", false),
        ("<a><b/></a>", true),
        ("<a><b><c/></b></a>", false),
        ("<a><!--345678901234--></a>", true),
        ("<a><!--34567890123456--></a>", false),
    ] {
        let result = parse(document.as_bytes(), &limits)
            .map(|_| ())
            .map_err(|error| error.code());
        assert_eq!(
            result,
            if is_fine { Ok(()) } else { Err(ErrorCode::Limit) },
            "{document}"
        );
    }
}

#[test]
fn after_a_fault_the_reader_says_the_same_again() {
    let (mut reader, mut record) = (
        Reader::new(&b"<r><a/></b><a/></r>"[..], Limits::default()),
        Record::new(),
    );
    assert!(reader.next_record(&mut record).unwrap());
    let first = reader.next_record(&mut record).unwrap_err();
    assert!(!first.is_recoverable());
    assert_eq!(reader.next_record(&mut record).unwrap_err(), first);
}

#[test]
fn what_nobody_asked_for_is_left_over_with_its_way() {
    let record = read(
        "<o xmlns='urn:a' xmlns:x='urn:x' id='1' x:rev='2'><n>a</n><n>b<!--c--></n>stray<x:g k='x:v'>t<x:h/></x:g><?p i?></o>",
    )
    .unwrap();
    let name = |local| Name::new("urn:a", local);
    let element = record.element();
    assert_eq!(element.attribute(Name::local("id")).as_deref(), Some("1"));
    let texts: Vec<_> = element.all(name("n")).map(|note| note.text().into_owned()).collect();
    assert_eq!(texts, ["a", "b"]);
    let left: Vec<_> = record
        .leftovers()
        .unwrap()
        .iter()
        .map(|kept| (kept.kind(), kept.path().to_owned(), kept.xml().to_owned()))
        .collect();
    let expected = [
        (
            KeptKind::Attribute,
            "o/@rev",
            "<kept xmlns:x=\"urn:x\" x:rev=\"2\"></kept>",
        ),
        (KeptKind::Comment, "o/n[2]/comment()", "<kept><!--c--></kept>"),
        (KeptKind::Text, "o/text()", "<kept>stray</kept>"),
        (
            KeptKind::Element,
            "o/g",
            "<x:g xmlns:x=\"urn:x\" k=\"x:v\">t<x:h></x:h></x:g>",
        ),
        (
            KeptKind::Instruction,
            "o/processing-instruction()",
            "<kept><?p i?></kept>",
        ),
    ];
    assert_eq!(
        left,
        expected.map(|(kind, path, xml)| (kind, path.to_owned(), xml.to_owned()))
    );
}

#[test]
fn a_mapping_says_what_is_missing_double_or_unusable_and_where() {
    let record = read("<o>\n <n>1</n><n>2</n><m>x</m></o>").unwrap();
    let element = record.element();
    let told = |error: XmlError| (error.code(), error.to_string());
    assert_eq!(
        told(element.required(Name::local("p")).unwrap_err()),
        (ErrorCode::Missing, "1:1: o: there is no element `p`".to_owned())
    );
    assert_eq!(
        told(element.optional(Name::local("n")).unwrap_err()),
        (
            ErrorCode::Duplicate,
            "2:10: o/n[2]: stands here a second time".to_owned()
        )
    );
    let number = element.required(Name::local("m")).unwrap().value::<u8>();
    assert_eq!(
        told(number.unwrap_err()),
        (ErrorCode::Value, "2:18: o/m: invalid digit found in string".to_owned())
    );
}

/// What a reader that passes over bad records sees.
fn seen(document: &[u8], limits: Limits) -> Vec<String> {
    let (mut reader, mut record) = (Reader::new(document, limits), Record::new());
    let mut seen = Vec::new();
    loop {
        match reader.next_record(&mut record) {
            Ok(true) => seen.push(record.element().text().into_owned()),
            Ok(false) => return seen,
            Err(error) => {
                seen.push(error.code().to_string());
                if !error.is_recoverable() {
                    return seen;
                }
            }
        }
    }
}

#[test]
fn the_records_before_a_fault_are_read_first() {
    for fault in ["\u{1}", "<b></c>", "<b", "&nbsp;"] {
        let document = format!("<r><a>1</a><a>2</a>{fault}<a>3</a></r>");
        assert_eq!(
            seen(document.as_bytes(), Limits::default()),
            ["1", "2", "not_well_formed"],
            "{fault:?}"
        );
    }
    assert_eq!(
        seen(b"<r><a>1</a><a>\xFF</a></r>", Limits::default()),
        ["1", "encoding"]
    );
    assert_eq!(
        seen("<r><a>1</a>\u{FEFF}<a>2</a></r>".as_bytes(), Limits::default()),
        ["1", "unexpected", "2"]
    );
}

#[test]
fn a_tag_with_too_much_in_it_costs_its_record_and_no_other() {
    let limits = Limits {
        attributes: 2,
        attribute_bytes: 3,
        text_bytes: 10,
        event_bytes: 100,
        ..Limits::default()
    };
    for large in [
        "<a b='' c='' d=''>2</a>",
        "<a><b c='1234'/></a>",
        "<a>123456<![CDATA[789]]>&amp;1</a>",
    ] {
        let document = format!("<r><a>1</a>{large}<a>3</a></r>");
        assert_eq!(
            seen(document.as_bytes(), limits.clone()),
            ["1", "limit", "3"],
            "{large}"
        );
    }
    let error = parse(b"<a b='' c='' d=''/>", &limits).unwrap_err();
    assert!(
        !error.is_recoverable(),
        "there is no other record in a document that is read whole"
    );
}

/// What is left over in each record of a stream, and at its end.
fn left_over(xml: &str) -> Vec<Vec<String>> {
    let (mut reader, mut record) = (Reader::new(xml.as_bytes(), Limits::default()), Record::new());
    let mut found = Vec::new();
    loop {
        let is_record = reader.next_record(&mut record).unwrap();
        let kept = record.leftovers().unwrap();
        found.push(kept.iter().map(|kept| kept.xml().to_owned()).collect());
        if !is_record {
            return found;
        }
    }
}

#[test]
fn comments_between_the_records_of_a_stream_are_left_over_in_the_record_behind_them() {
    let found = left_over("<!--0--><r><!--1--><a/> <?p 2?> <!--3--><b><!--4--></b><c/><!--5--></r><!--6--><?q?>");
    let wrapped = |content: &[&str]| -> Vec<String> {
        content
            .iter()
            .map(|content| format!("<kept>{content}</kept>"))
            .collect()
    };
    assert_eq!(
        found,
        [
            wrapped(&["<!--0-->", "<!--1-->"]),
            wrapped(&["<?p 2?>", "<!--3-->", "<!--4-->"]),
            wrapped(&[]),
            wrapped(&["<!--5-->", "<!--6-->", "<?q?>"]),
        ]
    );
}

#[test]
fn comments_between_records_that_are_too_large_to_keep_are_reported_and_the_record_behind_them_is_read() {
    let xml = format!("<r><a/><!--{}--><!--{}--><b/></r>", "x".repeat(600), "y".repeat(600));
    let limits = Limits {
        kept_bytes: 1_000,
        ..Limits::default()
    };
    let (mut reader, mut record) = (Reader::new(xml.as_bytes(), limits), Record::new());
    assert!(reader.next_record(&mut record).unwrap());
    let error = reader.next_record(&mut record).unwrap_err();
    assert!(error.is_recoverable() && error.code() == ErrorCode::Limit, "{error}");
    assert!(reader.next_record(&mut record).unwrap());
    assert_eq!((record.source(), record.leftovers().unwrap()), ("<b/>", vec![]));
}

#[test]
fn a_document_is_read_once() {
    let (mut reader, mut record) = (Reader::new(&b"<r><a/></r>"[..], Limits::default()), Record::new());
    reader.root(&mut record).unwrap();
    assert_eq!(reader.root(&mut record).unwrap_err().code(), ErrorCode::Unexpected);
    assert!(reader.next_record(&mut record).unwrap());
    assert!(!reader.next_record(&mut record).unwrap());
    assert!(!reader.next_record(&mut record).unwrap());
    assert_eq!(reader.document(&mut record).unwrap_err().code(), ErrorCode::Unexpected);
}

#[test]
fn hopeless_markup_is_refused_without_waiting_for_more() {
    for hopeless in ["<!x>", "<!-x-->", "<![cdata[x]]>", "<?>", "</a b>", "&x y;"] {
        let document = format!("<a>{hopeless}{}</a>", " ".repeat(3 << 20));
        let error = read(&document).unwrap_err();
        assert_eq!(
            (error.code(), error.position().unwrap().column),
            (ErrorCode::NotWellFormed, 4),
            "{hopeless}: {error}"
        );
    }
}

#[test]
fn an_encoding_is_what_its_declaration_says_and_nothing_else_is() {
    let read = |bytes: &[u8]| {
        parse(bytes, &Limits::default())
            .map(|record| record.element().text().into_owned())
            .map_err(|error| error.code())
    };
    let little: Vec<u8> = "<?xml version='1.0' encoding='UTF-16BE'?><a/>"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let unmarked: Vec<u8> = "<a/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&little), Err(ErrorCode::Encoding));
    assert_eq!(read(&unmarked), Err(ErrorCode::Encoding));
    assert_eq!(
        read("<?xml version='1.0' encoding='US-ASCII'?><a>é</a>".as_bytes()),
        Err(ErrorCode::Encoding)
    );
    assert_eq!(
        read("<?xml-stylesheet encoding='ISO-8859-1'?><a>é</a>".as_bytes()),
        Ok("é".to_owned())
    );
    let twice =
        "<a xmlns:xml='http://www.w3.org/XML/1998/namespace' xmlns:xml='http://www.w3.org/XML/1998/namespace'/>";
    assert_eq!(read(twice.as_bytes()), Err(ErrorCode::NotWellFormed));
}

#[test]
fn what_is_kept_of_a_record_has_a_limit() {
    let limits = Limits {
        kept_bytes: 500,
        ..Limits::default()
    };
    let record = parse(format!("<a>{}</a>", "<b/>".repeat(100)).as_bytes(), &limits).unwrap();
    assert_eq!(record.leftovers().unwrap_err().code(), ErrorCode::Limit);
}

#[test]
fn what_stands_outside_the_root_is_kept_and_written_back_where_it_stood() {
    let document = "<!--one--><?two x?>\n<a/>\n<!--three-->\n<?four?>";
    let record = read(document).unwrap();
    let kept = record.leftovers().unwrap();
    let paths: Vec<_> = kept.iter().map(ecrm_xml::Kept::path).collect();
    assert_eq!(
        paths,
        [
            "comment()",
            "processing-instruction()",
            "comment()",
            "processing-instruction()"
        ]
    );
    static VOCABULARY: Vocabulary = Vocabulary {
        prefixes: &[],
        order: |_| &[],
    };
    let mut writer = Writer::new(&VOCABULARY);
    let unplaced = writer.record(&kept, |writer| writer.within(Name::local("a"), |_| {}));
    assert!(unplaced.is_empty());
    let written = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert!(
        written.ends_with("?>\n<!--one-->\n<?two x?>\n<a></a>\n<!--three-->\n<?four?>\n"),
        "{written}"
    );
    assert_eq!(read(&written).unwrap().leftovers().unwrap(), kept);
    // A record that is filled again has nothing of the document before.
    let mut record = record;
    Reader::new(&b"<a/>"[..], Limits::default())
        .document(&mut record)
        .unwrap();
    assert!(record.leftovers().unwrap().is_empty());
    let limits = Limits {
        kept_bytes: 20,
        ..Limits::default()
    };
    let error = parse(document.as_bytes(), &limits).unwrap_err();
    assert_eq!(
        (error.code(), error.position().unwrap().to_string()),
        (ErrorCode::Limit, "3:1".to_owned())
    );
    let limits = Limits {
        record_nodes: 3,
        ..Limits::default()
    };
    assert_eq!(
        parse(document.as_bytes(), &limits).unwrap_err().to_string(),
        "4:1: what stands outside the records has more than 3 comments and instructions"
    );
}

//! Files that are made to hurt: each ends in a typed error, in less than a second, in bounded memory. One test, because the memory of
//! the whole process is measured.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "the table is what one looks at")]

use std::io::{BufReader, Read};
use std::time::{Duration, Instant};

use ecrm_xml::{ErrorCode, Limits, Reader, Record};
use peak_alloc::PeakAlloc;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// A document that is made while it is read: a head, a piece that is repeated, a tail.
struct Flood {
    parts: Vec<(Piece, u64)>,
    part: usize,
    done: u64,
    pending: Vec<u8>,
}

type Piece = Box<dyn Fn(u64) -> Vec<u8>>;

impl Flood {
    fn new(head: &str, piece: impl Fn(u64) -> String + 'static, times: u64, tail: &str) -> Self {
        let fixed = |text: &str| {
            let text = text.to_owned().into_bytes();
            (Box::new(move |_| text.clone()) as Piece, 1)
        };
        let parts = vec![
            fixed(head),
            (Box::new(move |at| piece(at).into_bytes()), times),
            fixed(tail),
        ];
        Self {
            parts,
            part: 0,
            done: 0,
            pending: Vec::new(),
        }
    }
}

impl Read for Flood {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        while self.pending.len() < buffer.len() && self.part < self.parts.len() {
            let (piece, times) = &self.parts[self.part];
            if self.done == *times {
                (self.part, self.done) = (self.part + 1, 0);
                continue;
            }
            self.pending.extend(piece(self.done));
            self.done += 1;
        }
        let count = buffer.len().min(self.pending.len());
        buffer[..count].copy_from_slice(&self.pending[..count]);
        self.pending.drain(..count);
        Ok(count)
    }
}

/// The same, a few bytes at a time.
struct Slow(BufReader<Flood>);

impl Read for Slow {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let few = buffer.len().min(16);
        self.0.read(&mut buffer[..few])
    }
}

const MIB: f32 = 1024.0;

#[expect(clippy::disallowed_methods, reason = "the time is what is tested")]
fn now() -> Instant {
    Instant::now()
}

/// Reads all records and the end, and tells the first fault.
fn fault(name: &str, input: impl Read, is_skipping: bool) -> ErrorCode {
    MEMORY.reset_peak_usage();
    let (before, start) = (MEMORY.current_usage_as_kb(), now());
    let limits = Limits {
        skips_doctype: is_skipping,
        ..Limits::default()
    };
    let mut reader = Reader::new(input, limits);
    let mut record = Record::new();
    let error = loop {
        match reader.next_record(&mut record) {
            Ok(true) => {}
            Ok(false) => panic!("{name} was accepted"),
            Err(error) => break error,
        }
    };
    let (took, used) = (start.elapsed(), MEMORY.peak_usage_as_kb() - before);
    println!("{name:<46} {:>5} ms {used:>8.0} KiB  {error}", took.as_millis());
    assert!(took < Duration::from_secs(1), "{name} took {took:?}");
    assert!(used < 32.0 * MIB, "{name} used {used} KiB");
    assert!(error.position().is_some(), "{name}: the error has no place");
    error.code()
}

fn bytes(name: &str, document: &[u8]) -> ErrorCode {
    fault(name, document, false)
}

fn utf16(text: &str, mark: &[u8], unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
    mark.iter().copied().chain(text.encode_utf16().flat_map(unit)).collect()
}

#[test]
fn every_hostile_file_is_a_typed_error_within_the_limits_and_a_second() {
    // The first allocations of the test harness are not ours.
    bytes("warm-up", b"<a");

    let laughs = "<!DOCTYPE a [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]><a>&b;</a>";
    assert_eq!(bytes("entity bomb", laughs.as_bytes()), ErrorCode::Doctype);
    assert_eq!(
        fault("entity bomb, DOCTYPE skipped", laughs.as_bytes(), true),
        ErrorCode::NotWellFormed
    );
    let blow_up = || {
        let head = format!("<!DOCTYPE a [<!ENTITY x '{}'>]><a>", "x".repeat(50_000));
        Flood::new(&head, |_| "&x;".to_owned(), 100_000, "</a>")
    };
    assert_eq!(fault("quadratic blow-up", blow_up(), false), ErrorCode::Doctype);
    assert_eq!(
        fault("quadratic blow-up, DOCTYPE skipped", blow_up(), true),
        ErrorCode::NotWellFormed
    );
    let endless = Flood::new(
        "<!DOCTYPE a [",
        |_| "<!ELEMENT a ANY>".to_owned(),
        100_000_000,
        "]><a/>",
    );
    assert_eq!(fault("endless DOCTYPE, skipped", endless, true), ErrorCode::Limit);

    let attributes = Flood::new("<r><a", |at| format!(" a{at}=''"), 1_000_000, "/></r>");
    assert_eq!(fault("1 M attributes", attributes, false), ErrorCode::Limit);
    let nodes = "<!---->".repeat(199_000);
    let letter = |number: u64| char::from(if number % 52 < 26 { b'A' } else { b'G' } + (number % 52) as u8);
    let short = move |at: u64| format!(" {}{}{}=''", letter(at), letter(at / 52), letter(at / 52 / 52));
    let attributes = Flood::new(&format!("<r><b>{nodes}<a"), short, 140_000, "/></b></r>");
    assert_eq!(
        fault("199,000 nodes and 140,000 attributes", attributes, false),
        ErrorCode::Limit
    );
    let full = Flood::new(
        "<r>",
        |_| {
            let attributes: Vec<_> = (0..257).map(|at| format!("a{at}=''")).collect();
            format!("<a {}/>", attributes.join(" "))
        },
        1,
        "</r>",
    );
    assert_eq!(fault("257 attributes", full, false), ErrorCode::Limit);
    let depth = Flood::new("", |_| "<a>".to_owned(), 1_000_000, "");
    assert_eq!(fault("depth 1 M", depth, false), ErrorCode::Limit);

    for (name, head, tail) in [
        ("a text of 1 GB", "<r><a>", "</a></r>"),
        ("an attribute of 1 GB", "<r><a a='", "'/></r>"),
        ("a comment of 1 GB", "<r><!--", "--></r>"),
        ("a CDATA section of 1 GB", "<r><a><![CDATA[", "]]></a></r>"),
        ("an instruction of 1 GB", "<r><?a ", "?></r>"),
        ("a name of 1 GB", "<r><", "/></r>"),
        ("an end tag of 1 GB", "<r><a></a", "</r>"),
        ("a reference of 1 GB", "<r>&", ";</r>"),
        ("1 GB that is no XML", "", ""),
    ] {
        let flood = Flood::new(head, |_| "x".repeat(1 << 20), 1 << 10, tail);
        let code = fault(name, flood, false);
        assert!(
            matches!(code, ErrorCode::Limit | ErrorCode::NotWellFormed),
            "{name}: {code}"
        );
    }
    let slow = Slow(BufReader::new(Flood::new(
        "<r><a>",
        |_| "x".repeat(1 << 10),
        5 << 10,
        "</a></r>",
    )));
    assert_eq!(
        fault("a text of 5 MiB, a few bytes at a time", slow, false),
        ErrorCode::Limit
    );
    let joined = Flood::new("<r><a>", |_| "<![CDATA[x]]>&amp;".repeat(100), 2_500, "</a></r>");
    assert_eq!(
        fault("a text of a quarter of a million sections", joined, false),
        ErrorCode::Limit
    );
    let many = Flood::new("<r><a>", |_| "<b/>".repeat(100), 2_500, "</a></r>");
    assert_eq!(
        fault("a record of a quarter of a million elements", many, false),
        ErrorCode::Limit
    );

    let namespaces = Flood::new("<r><a", |at| format!(" xmlns:p{at}='urn:{at}'"), 100_000, "/></r>");
    assert_eq!(
        fault("100 k namespaces on one tag", namespaces, false),
        ErrorCode::Limit
    );
    let namespaces = Flood::new("<r>", |at| format!("<a xmlns='urn:{at}'/>"), 100_000, "</r>");
    assert_eq!(
        fault("100 k namespaces one after the other", namespaces, false),
        ErrorCode::Limit
    );
    let nested = Flood::new("", |at| format!("<a xmlns:p{at}='urn:{at}'>"), 100_000, "");
    assert_eq!(
        fault("100 k namespaces within each other", nested, false),
        ErrorCode::Limit
    );

    let utf8_lie = utf16(
        "<?xml version='1.0' encoding='UTF-8'?><a/>",
        &[0xFF, 0xFE],
        u16::to_le_bytes,
    );
    assert_eq!(bytes("UTF-16 that says UTF-8", &utf8_lie), ErrorCode::Encoding);
    assert_eq!(
        bytes("UTF-8 that says UTF-16", b"<?xml version='1.0' encoding='UTF-16'?><a/>"),
        ErrorCode::Encoding
    );
    assert_eq!(
        bytes("ISO-8859-1 that says nothing", b"<a>\xE9</a>"),
        ErrorCode::Encoding
    );
    assert_eq!(
        bytes(
            "ISO-8859-1 that says UTF-8",
            b"<?xml version='1.0' encoding='UTF-8'?><a>\xE9</a>"
        ),
        ErrorCode::Encoding
    );
    let mut cut = utf16("<r><a>x</a></r>", &[0xFE, 0xFF], u16::to_be_bytes);
    cut.pop();
    assert_eq!(bytes("truncated UTF-16", &cut), ErrorCode::Encoding);
    let lone = [
        &utf16("<a>", &[0xFE, 0xFF], u16::to_be_bytes)[..],
        &[0xD8, 0x00],
        &utf16("</a>", &[], u16::to_be_bytes),
    ]
    .concat();
    assert_eq!(bytes("half a surrogate pair", &lone), ErrorCode::Encoding);
    assert_eq!(bytes("UTF-32", b"\xFF\xFE\0\0<\0\0\0a\0\0\0"), ErrorCode::Encoding);
    assert_eq!(
        bytes(
            "an encoding that nobody knows",
            b"<?xml version='1.0' encoding='x-mine'?><a/>"
        ),
        ErrorCode::Encoding
    );
    assert_eq!(bytes("overlong UTF-8", b"<a>\xC0\xAF</a>"), ErrorCode::Encoding);
    assert_eq!(bytes("nothing", b""), ErrorCode::NotWellFormed);
    assert_eq!(bytes("an open tag", b"<a"), ErrorCode::NotWellFormed);
}

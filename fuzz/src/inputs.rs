//! Inputs: bytes as they are, or one of our own documents with a few edits.

use std::fs;
use std::path::Path;

/// What an edit puts in: what makes a difference to a reader of XML.
const WORDS: &[&str] = &[
    "",
    "<",
    ">",
    "/>",
    "</",
    "&",
    "&amp;",
    "&#0;",
    "&#x10FFFF;",
    "]]>",
    "<![CDATA[",
    "<!--",
    "-->",
    "<?x ",
    "?>",
    "<!DOCTYPE a>",
    " xmlns=\"\"",
    " xmlns:q=\"urn:q\"",
    "q:",
    ":",
    "=",
    "\"",
    "'",
    " ",
    "\n",
    "\t",
    "\u{FEFF}",
    "\u{85}",
    "\u{FFFE}",
    "😀",
    "é",
    "0",
    "-1",
    "1e400",
    "NaN",
    "99999999999999999999",
    "0.0000001",
    "true",
    "EUR",
    "9999-12-31",
    "-0001-01-01T00:00:00Z",
    "24:00:00",
    "60",
    " id=\"\"",
    " encoding=\"base64\"",
    "<extension>",
    "</extension>",
];

/// Our own documents.
#[derive(Debug)]
pub struct Seeds(Vec<Vec<u8>>);

impl Seeds {
    /// The files of the tests of `ecrm-xml-exchange`, and those of `corpus/`.
    ///
    /// # Panics
    /// When they are not there.
    #[must_use]
    pub fn load() -> Self {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files: Vec<_> = ["../crates/xml-exchange/tests/data", "corpus"]
            .into_iter()
            .flat_map(|folder| fs::read_dir(here.join(folder)).expect("a folder of seeds"))
            .map(|file| file.expect("a seed").path())
            .collect();
        files.sort();
        Self(files.iter().map(|file| fs::read(file).expect("a seed")).collect())
    }

    /// The document that an input stands for. One that could begin a document is taken as it is; with any other its first byte names a
    /// seed, and each five bytes that follow are an edit of it: where, how many bytes to take out, and what to put in.
    #[must_use]
    pub fn document(&self, input: &[u8]) -> Vec<u8> {
        let (Some(first), false) = (input.first(), begins_a_document(input)) else {
            return input.to_vec();
        };
        let mut document = self.0[usize::from(*first) % self.0.len()].clone();
        for edit in input[1..].chunks_exact(5).take(8) {
            let place = usize::from(u16::from_le_bytes([edit[0], edit[1]])) % (document.len() + 1);
            // Most edits are small, some take out whole elements.
            let gone = match edit[2] {
                length @ 0..200 => usize::from(length) % 8,
                length => usize::from(length) * 3,
            };
            let end = document.len().min(place + gone);
            let word = match edit[3] {
                byte @ 0..32 => vec![byte.wrapping_add(edit[4])],
                32..64 => {
                    let from = usize::from(edit[4]) * document.len() / 256;
                    let to = document.len().min(from + usize::from(edit[3]) * 4);
                    document[from..to].to_vec()
                }
                _ => WORDS[usize::from(edit[4]) % WORDS.len()].as_bytes().to_vec(),
            };
            document.splice(place..end, word);
        }
        document
    }
}

/// True for `<`, white space, byte order marks, UTF-16, and gzip.
fn begins_a_document(input: &[u8]) -> bool {
    input.first().is_none_or(|byte| {
        matches!(
            byte,
            b'<' | b'\t' | b'\n' | b'\r' | b' ' | 0x00 | 0x1F | 0xEF | 0xFE | 0xFF
        )
    })
}

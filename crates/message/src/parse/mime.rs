//! The parts of a mail (RFC 2046).

use crate::Limits;
use crate::parse::content_type::ContentType;
use crate::parse::decode::{Decoder, Encoding};
use crate::parse::header::{self, Field};
use crate::part::{Content, Part, Role};

/// Multiparts within each other beyond which nobody looks, whatever the limits say.
const DEEPEST: usize = 100;

/// Finds the parts of a body, in their order. A multipart itself is none.
pub(crate) fn parts(fields: &[Field], body: &[u8], decoder: &Decoder, limits: &Limits) -> Vec<Part> {
    let mut walk = Walk {
        decoder,
        limits,
        parts: Vec::new(),
    };
    walk.visit(fields, body, "text/plain", 0);
    walk.parts
}

struct Walk<'w> {
    decoder: &'w Decoder,
    limits: &'w Limits,
    parts: Vec<Part>,
}

impl Walk<'_> {
    fn visit(&mut self, fields: &[Field], body: &[u8], default_type: &str, depth: usize) {
        if self.parts.len() >= self.limits.parts {
            return;
        }
        let declared = header::find(fields, "content-type").map_or("", |field| field.raw.as_str());
        let mut content_type = ContentType::read(declared);
        if content_type.name.is_empty() {
            default_type.clone_into(&mut content_type.name);
        }
        if content_type.is_a("multipart") && depth < self.limits.depth.min(DEEPEST) {
            let boundary = content_type.parameter("boundary").map(str::trim_end);
            let room = self.limits.parts - self.parts.len();
            let bodies = boundary.map_or_else(Vec::new, |boundary| split(body, boundary, room));
            let default_type = match content_type.name.as_str() {
                "multipart/digest" => "message/rfc822",
                _ => "text/plain",
            };
            for part in &bodies {
                let (fields, body) = header::read(part, self.decoder, self.limits);
                self.visit(&fields, body, default_type, depth + 1);
            }
            if !bodies.is_empty() {
                return;
            }
        }
        self.parts.push(leaf(fields, body, &content_type, self.decoder));
    }
}

/// One part. A multipart whose parts cannot be told from each other is one text.
fn leaf(fields: &[Field], body: &[u8], content_type: &ContentType, decoder: &Decoder) -> Part {
    let field = |name| header::find(fields, name);
    let encoding = Encoding::read(field("content-transfer-encoding").map(|field| field.raw.as_str()));
    let disposition =
        field("content-disposition").map_or_else(ContentType::default, |field| ContentType::read(&field.raw));
    let role = Role::of(&content_type.name);
    let content = match role {
        Role::Message => Content::Bytes(decoder.bytes(body, encoding)),
        Role::Other if !content_type.is_a("text") => Content::Bytes(decoder.bytes(body, encoding)),
        _ => Content::Text(decoder.text(body, content_type.parameter("charset"), encoding)),
    };
    let name = disposition
        .parameter("filename")
        .or_else(|| content_type.parameter("name"));
    Part {
        content_type: content_type.name.clone(),
        file_name: name.map(|name| decoder.words(name)),
        is_attachment: disposition.name == "attachment",
        role,
        content,
    }
}

/// What stands between the lines of a boundary. Spaces behind it count for nothing, and a closing line need not come.
fn split<'b>(body: &'b [u8], boundary: &str, most: usize) -> Vec<&'b [u8]> {
    let mut found = Vec::new();
    if boundary.is_empty() {
        return found;
    }
    let mut start = None;
    let mut rest = body;
    while let Some((line, after)) = header::split_line(rest) {
        let delimiter = line
            .strip_prefix(b"--")
            .and_then(|line| line.strip_prefix(boundary.as_bytes()))
            .map(<[u8]>::trim_ascii_end);
        if let Some(end @ (b"" | b"--")) = delimiter {
            let at = body.len() - rest.len();
            if let Some(part) = start.and_then(|start| body.get(start..at)) {
                found.push(without_line_end(part));
            }
            start = (end.is_empty() && found.len() < most).then_some(body.len() - after.len());
            if start.is_none() {
                return found;
            }
        }
        rest = after;
    }
    if let Some(part) = start.and_then(|start| body.get(start..)) {
        found.push(part);
    }
    found
}

/// The line end before a boundary belongs to the boundary.
fn without_line_end(part: &[u8]) -> &[u8] {
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    part.strip_suffix(b"\r").unwrap_or(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn types(mail: &str) -> Vec<(String, String)> {
        let (decoder, limits) = (Decoder::default(), Limits::default());
        let (fields, body) = header::read(mail.as_bytes(), &decoder, &limits);
        let parts = parts(&fields, body, &decoder, &limits);
        let show = |part: Part| (part.content_type.clone(), part.text().unwrap_or("-").to_owned());
        parts.into_iter().map(show).collect()
    }

    #[test]
    fn nested_parts_come_in_order() {
        let mail = "Content-Type: multipart/mixed; boundary=a\n\npreamble\n--a\nContent-Type: multipart/alternative; boundary=b\n\n\
            --b\n\none\n--b\nContent-Type: text/html\n\n<p>two\n--b--\n--a\nContent-Type: message/rfc822\n\nSubject: x\n\ny\n--a--\nepilogue\n";
        let found = types(mail);
        assert_eq!(found[0], ("text/plain".into(), "one".into()));
        assert_eq!(found[1], ("text/html".into(), "<p>two".into()));
        assert_eq!(found[2], ("message/rfc822".into(), "-".into()));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn a_boundary_that_never_comes_leaves_one_text() {
        let found = types("Content-Type: multipart/report; boundary=a\n\n--other\n\ntext\n");
        assert_eq!(found, [("multipart/report".into(), "--other\n\ntext\n".into())]);
    }

    #[test]
    fn a_multipart_need_not_be_closed() {
        assert_eq!(
            types("Content-Type: multipart/mixed; boundary=\"a b\"\n\n--a b \n\ntext").len(),
            1
        );
    }
}

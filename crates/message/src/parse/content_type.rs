//! `Content-Type` and `Content-Disposition` (RFC 2045, section 5, and RFC 2183).

/// A type and its parameters, or a disposition and its parameters.
#[derive(Clone, Default)]
pub(crate) struct ContentType {
    /// In lower case, such as `text/plain`.
    pub(crate) name: String,
    parameters: Vec<(String, String)>,
}

impl ContentType {
    /// Reads the value of a field. Whatever is wrong with it, something comes out.
    pub(crate) fn read(value: &str) -> Self {
        let mut pieces = Pieces { rest: value };
        // A parameter without the semicolon before it is no part of the type.
        let name = pieces.next().unwrap_or_default().split_whitespace().next();
        let name = name.unwrap_or_default().to_ascii_lowercase();
        let mut parameters = Vec::new();
        for piece in pieces.take(50) {
            let Some((key, value)) = piece.split_once('=') else {
                continue;
            };
            let value = value.trim();
            let value = value
                .strip_prefix('"')
                .map_or(value, |inner| inner.strip_suffix('"').unwrap_or(inner));
            parameters.push((key.trim().to_ascii_lowercase(), value.to_owned()));
        }
        Self { name, parameters }
    }

    /// The first value of a parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let mut parameters = self.parameters.iter();
        parameters.find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether it is of that main type.
    pub(crate) fn is_a(&self, main: &str) -> bool {
        self.name.split('/').next() == Some(main)
    }
}

/// What stands between semicolons that are not in quotes.
struct Pieces<'v> {
    rest: &'v str,
}

impl<'v> Iterator for Pieces<'v> {
    type Item = &'v str;

    fn next(&mut self) -> Option<&'v str> {
        if self.rest.is_empty() {
            return None;
        }
        let mut is_quoted = false;
        let end = self.rest.bytes().position(|byte| {
            is_quoted ^= byte == b'"';
            byte == b';' && !is_quoted
        });
        let (piece, rest) = match end {
            Some(end) => (self.rest.get(..end)?, self.rest.get(end + 1..)?),
            None => (self.rest, ""),
        };
        self.rest = rest;
        Some(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_found_in_any_case_and_quotes() {
        let found = ContentType::read("Multipart/Report; Report-Type=delivery-status; boundary=\"a;b=c\"");
        assert_eq!(found.name, "multipart/report");
        assert!(found.is_a("multipart"));
        assert_eq!(found.parameter("report-type"), Some("delivery-status"));
        assert_eq!(found.parameter("boundary"), Some("a;b=c"));
        assert_eq!(found.parameter("charset"), None);
        assert_eq!(ContentType::read("").name, "");
    }
}

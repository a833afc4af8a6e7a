//! From characters to words, numbers, texts and signs.

use super::ParseError;

/// What a text is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// A word of letters, digits and underscores.
    Word(String),
    /// Something that begins with a digit or a minus: a number, a day, an instant.
    Number(String),
    /// A text in quotes.
    Text(String),
    /// A sign, such as `(` or `>=`.
    Sign(&'static str),
    End,
}

/// A token and where it begins.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) token: Token,
    pub(super) line: u32,
    pub(super) column: u32,
}

/// The longest first, so that `>=` is not taken for `>`.
const SIGNS: [&str; 12] = ["!=", "<=", ">=", "=", "<", ">", "(", ")", ",", ".", "%", ":"];

/// All tokens of a text.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, ParseError> {
    let mut lexer = Lexer {
        rest: text,
        line: 1,
        column: 1,
    };
    let mut tokens = Vec::new();
    loop {
        lexer.skip_blanks();
        let (line, column) = (lexer.line, lexer.column);
        let token = lexer.next()?;
        let is_end = token == Token::End;
        tokens.push(Placed { token, line, column });
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'t> {
    rest: &'t str,
    line: u32,
    column: u32,
}

impl Lexer<'_> {
    fn next(&mut self) -> Result<Token, ParseError> {
        let Some(first) = self.rest.chars().next() else {
            return Ok(Token::End);
        };
        if first == '"' {
            return self.text();
        }
        if first.is_ascii_digit() || first == '-' {
            let is_part = |other: char| other.is_ascii_alphanumeric() || matches!(other, '-' | '+' | ':' | '.' | '_');
            return Ok(Token::Number(self.take_while(is_part)));
        }
        if first.is_alphabetic() || first == '_' {
            let is_part = |other: char| other.is_alphanumeric() || other == '_';
            return Ok(Token::Word(self.take_while(is_part)));
        }
        match SIGNS.into_iter().find(|sign| self.rest.starts_with(sign)) {
            Some(sign) => {
                self.pass(sign.len());
                Ok(Token::Sign(sign))
            }
            None => Err(self.error("a word, a number, a text in quotes or a sign", format!("`{first}`"))),
        }
    }

    /// A text in quotes: `\"` and `\\` stand for themselves, `\n`, `\t` and `\u{...}` for characters that would not be seen.
    fn text(&mut self) -> Result<Token, ParseError> {
        self.pass(1);
        let mut text = String::new();
        loop {
            let Some(next) = self.rest.chars().next() else {
                return Err(self.error("a closing quote", "the end".to_owned()));
            };
            match next {
                '"' => {
                    self.pass(1);
                    return Ok(Token::Text(text));
                }
                '\\' => {
                    let (character, length) = escaped(&self.rest[1..]).ok_or_else(|| {
                        self.error("one of `\\\"`, `\\\\`, `\\n`, `\\t`, `\\u{...}`", "`\\`".to_owned())
                    })?;
                    text.push(character);
                    self.pass(1 + length);
                }
                other => {
                    text.push(other);
                    self.pass(other.len_utf8());
                }
            }
        }
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|next| !is_part(next)).unwrap_or(self.rest.len());
        let taken = self.rest[..end].to_owned();
        self.pass(end);
        taken
    }

    fn skip_blanks(&mut self) {
        let end = self
            .rest
            .find(|next: char| !next.is_whitespace())
            .unwrap_or(self.rest.len());
        self.pass(end);
    }

    fn pass(&mut self, bytes: usize) {
        let (passed, rest) = self.rest.split_at(bytes);
        for character in passed.chars() {
            if character == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.rest = rest;
    }

    fn error(&self, expected: &str, found: String) -> ParseError {
        ParseError {
            line: self.line,
            column: self.column,
            expected: expected.to_owned(),
            found,
        }
    }
}

/// The character that stands behind a backslash, and how many bytes tell it.
fn escaped(rest: &str) -> Option<(char, usize)> {
    let simple = |character| Some((character, 1));
    match rest.chars().next()? {
        '"' => simple('"'),
        '\\' => simple('\\'),
        'n' => simple('\n'),
        't' => simple('\t'),
        'u' => {
            let (digits, _) = rest.strip_prefix("u{")?.split_once('}')?;
            let is_code = (1..=6).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_code)?;
            Some((char::from_u32(code)?, digits.len() + 3))
        }
        _ => None,
    }
}

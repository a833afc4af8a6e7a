//! From tokens to the tree, by recursive descent.

mod expression;
mod hint;
mod model;
mod test;
mod time;
mod tree;
mod value;

use ecrm_core::Code;

use super::ParseError;
use super::lexer::{Placed, Token, tokens};
use super::words::list;
use crate::criteria::{Criteria, EventSet, Events};

pub(super) use model::{Statement, statement};

/// Levels within each other. It is far below what the stack holds.
const DEPTH: usize = 100;
/// Bytes of a text.
pub(super) const LONGEST: usize = 1 << 20;

/// Reads a whole text.
pub(super) fn parse(text: &str) -> Result<Criteria, ParseError> {
    if text.len() > LONGEST {
        return Err(too_long(text));
    }
    hint::read(tokens(text)?, |parser| {
        let criteria = parser.criteria()?;
        match parser.peek() {
            Token::End => Ok(criteria),
            _ => Err(parser.expected("`and`, `or` or the end")),
        }
    })
}

/// The error of a text with more bytes than [`LONGEST`].
pub(super) fn too_long(text: &str) -> ParseError {
    ParseError {
        line: 1,
        column: 1,
        expected: "at most 1 MiB of text".to_owned(),
        found: format!("{} bytes", text.len()),
    }
}

struct Parser {
    tokens: Vec<Placed>,
    at: usize,
    depth: usize,
}

type Parsed<T> = Result<T, ParseError>;

impl Parser {
    /// `orders`, with a filter where there is one. A window follows where the caller looks for one.
    fn plain_events(&mut self) -> Parsed<Events> {
        let set: EventSet = self.code()?;
        self.rest_of_events(set)
    }

    fn rest_of_events(&mut self, set: EventSet) -> Parsed<Events> {
        let events = Events::of(set);
        if !self.takes_word("where") {
            return Ok(events);
        }
        Ok(events.filtered(self.filter()?))
    }

    /// Events with a window where there is one.
    fn events(&mut self) -> Parsed<Events> {
        let events = self.plain_events()?;
        self.with_window(events)
    }

    fn with_window(&mut self, events: Events) -> Parsed<Events> {
        Ok(match self.window_clause()? {
            Some(window) => events.during(window),
            None => events,
        })
    }

    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |placed| &placed.token)
    }

    fn peek_behind(&self) -> &Token {
        self.tokens.get(self.at + 1).map_or(&Token::End, |placed| &placed.token)
    }

    fn pass(&mut self) {
        self.at += 1;
    }

    fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Token::Word(found) if found == word)
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is_there = self.is_word(word);
        self.at += usize::from(is_there);
        is_there
    }

    fn word(&mut self, word: &str) -> Parsed<()> {
        if self.takes_word(word) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{word}`")))
        }
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let is_there = matches!(self.peek(), Token::Sign(found) if *found == sign);
        self.at += usize::from(is_there);
        is_there
    }

    fn sign(&mut self, sign: &str) -> Parsed<()> {
        if self.takes_sign(sign) {
            Ok(())
        } else {
            Err(self.expected(&format!("`{sign}`")))
        }
    }

    /// One of the words of a list.
    fn code<T: Code>(&mut self) -> Parsed<T> {
        let found = match self.peek() {
            Token::Word(word) => T::from_code(word).ok(),
            _ => None,
        };
        let found = found.ok_or_else(|| self.expected(&list::<T>()))?;
        self.pass();
        Ok(found)
    }

    /// Something between brackets.
    fn within<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.sign("(")?;
        let parsed = parse(self)?;
        self.sign(")")?;
        Ok(parsed)
    }

    /// One level deeper.
    fn deeper<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH {
            return Err(self.expected("at most 100 levels within each other"));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn expected(&self, expected: &str) -> ParseError {
        let (line, column) = self
            .tokens
            .get(self.at)
            .map_or((1, 1), |placed| (placed.line, placed.column));
        let found = match self.peek() {
            Token::Word(word) | Token::Number(word) => format!("`{word}`"),
            Token::Text(_) => "a text".to_owned(),
            Token::Sign(sign) => format!("`{sign}`"),
            Token::End => "the end".to_owned(),
        };
        ParseError {
            line,
            column,
            expected: expected.to_owned(),
            found,
        }
    }
}

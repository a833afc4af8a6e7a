//! What a refused text may have meant: a word in capitals, an amount in a currency that is none.

use super::value::{decimal, is_code};
use super::{ParseError, Parsed, Parser, Placed, Token};

/// Reads all tokens. Where they are refused at a word, others are tried in its place: if the text goes on from there, the error tells it.
pub(super) fn read<T>(tokens: Vec<Placed>, parse: impl Fn(&mut Parser) -> Parsed<T>) -> Parsed<T> {
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
    };
    parse(&mut parser).map_err(|error| parser.hinted(error, parse))
}

impl Parser {
    fn hinted<T>(&mut self, error: ParseError, parse: impl Fn(&mut Self) -> Parsed<T>) -> ParseError {
        let place = (error.line, error.column);
        let refused = self
            .tokens
            .iter()
            .position(|placed| (placed.line, placed.column) == place);
        let Some((at, word)) = refused.and_then(|at| Some((at, self.word_at(at)?.to_owned()))) else {
            return error;
        };
        let mut goes_on_with = |other: &str| {
            if let Some(placed) = self.tokens.get_mut(at) {
                placed.token = Token::Word(other.to_owned());
            }
            (self.at, self.depth) = (0, 0);
            match parse(self) {
                Ok(_) => true,
                Err(later) => (later.line, later.column) > place,
            }
        };
        let small = word.to_lowercase();
        if small != word && goes_on_with(&small) {
            return ParseError {
                expected: format!("`{small}`, in small letters as all words of the language"),
                ..error
            };
        }
        if !is_code(&word) && goes_on_with("EUR") && self.may_be_currency(at) {
            let expected = error.expected;
            return ParseError {
                expected: format!(
                    "{expected}; for an amount, a currency of ISO 4217 in three capital letters, as in `200.00 EUR`"
                ),
                ..error
            };
        }
        error
    }

    fn word_at(&self, at: usize) -> Option<&str> {
        match &self.tokens.get(at)?.token {
            Token::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Behind a number, and not the beginning of another criterion.
    fn may_be_currency(&self, at: usize) -> bool {
        let token = |at: usize| self.tokens.get(at).map(|placed| &placed.token);
        let is_behind_number =
            matches!(at.checked_sub(1).and_then(token), Some(Token::Number(number)) if decimal(number).is_some());
        is_behind_number && !matches!(token(at + 1), Some(Token::Sign("(" | ".")))
    }
}

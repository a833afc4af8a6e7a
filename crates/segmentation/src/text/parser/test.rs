//! Comparisons.

use super::{Parsed, Parser, Token};
use crate::criteria::{Test, Value};

const TEST: &str = "a comparison (=, !=, <, <=, >, >=, between, in, not in, is missing, is present, contains, starts with, ends with, \
                    matches, on, from, has all of, has any of, has none of, has anniversary)";

type OfValue = fn(Value) -> Test;
type OfValues = fn(Vec<Value>) -> Test;

const SIGNS: [(&str, OfValue); 6] = [
    ("=", Test::Equals),
    ("!=", Test::Differs),
    ("<", Test::Less),
    ("<=", Test::AtMost),
    (">", Test::Greater),
    (">=", Test::AtLeast),
];

impl Parser {
    pub(super) fn test(&mut self) -> Parsed<Test> {
        for (sign, test) in SIGNS {
            if self.takes_sign(sign) {
                return Ok(test(self.value()?));
            }
        }
        if self.takes_word("is") {
            if self.takes_word("missing") {
                return Ok(Test::Missing);
            }
            self.word("present")
                .map_err(|_| self.expected("`missing` or `present`"))?;
            return Ok(Test::Present);
        }
        if self.takes_word("has") {
            return self.has();
        }
        let is_negated = self.takes_word("not");
        self.comparison(is_negated)
    }

    /// A comparison in words, which may be negated.
    fn comparison(&mut self, is_negated: bool) -> Parsed<Test> {
        let either = |test: Test, negated: Test| if is_negated { negated } else { test };
        if self.takes_word("between") {
            let low = self.value()?;
            self.word("and")?;
            let high = self.value()?;
            return Ok(either(
                Test::Between(low.clone(), high.clone()),
                Test::NotBetween(low, high),
            ));
        }
        if self.is_word("in") && matches!(self.peek_behind(), Token::Sign("(")) {
            self.pass();
            let values = self.values()?;
            return Ok(either(Test::OneOf(values.clone()), Test::NoneOf(values)));
        }
        if let Some(window) = self.window_clause()? {
            return Ok(either(Test::Within(window.clone()), Test::NotWithin(window)));
        }
        if self.takes_word("contains") {
            let text = self.text()?;
            return Ok(either(Test::Contains(text.clone()), Test::NotContains(text)));
        }
        if self.takes_word("starts") {
            self.word("with")?;
            let text = self.text()?;
            return Ok(either(Test::StartsWith(text.clone()), Test::NotStartsWith(text)));
        }
        if self.takes_word("ends") {
            self.word("with")?;
            let text = self.text()?;
            return Ok(either(Test::EndsWith(text.clone()), Test::NotEndsWith(text)));
        }
        if self.takes_word("matches") {
            let text = self.text()?;
            return Ok(either(Test::Matches(text.clone()), Test::NotMatches(text)));
        }
        if self.takes_word("on") {
            let day = self.day()?;
            return Ok(either(Test::OnDay(day), Test::NotOnDay(day)));
        }
        Err(self.expected(TEST))
    }

    fn has(&mut self) -> Parsed<Test> {
        if self.takes_word("anniversary") {
            if self.takes_word("today") {
                return Ok(Test::Anniversary(None));
            }
            self.word("in").map_err(|_| self.expected("`today` or `in next ...`"))?;
            self.word("next")?;
            return Ok(Test::Anniversary(Some(self.span()?)));
        }
        let kinds: [(&str, OfValues); 3] = [("all", Test::HasAll), ("any", Test::HasAny), ("none", Test::HasNone)];
        for (word, test) in kinds {
            if self.takes_word(word) {
                self.word("of")?;
                return Ok(test(self.values()?));
            }
        }
        Err(self.expected("`all of`, `any of`, `none of` or `anniversary`"))
    }

    fn values(&mut self) -> Parsed<Vec<Value>> {
        self.within(|parser| {
            let mut values = vec![parser.value()?];
            while parser.takes_sign(",") {
                values.push(parser.value()?);
            }
            Ok(values)
        })
    }
}

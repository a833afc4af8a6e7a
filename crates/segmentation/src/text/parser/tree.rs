//! `and`, `or`, `not` and brackets, over criteria and over filters alike; and the criteria that are no comparison.

use super::{Parsed, Parser, Token};
use crate::criteria::{Criteria, Filter, Name, Step};

/// How the nodes of a tree are made.
struct Shape<T> {
    all: fn(Vec<T>) -> T,
    any: fn(Vec<T>) -> T,
    not: fn(T) -> T,
    leaf: fn(&mut Parser) -> Parsed<T>,
}

const CRITERIA: Shape<Criteria> = Shape {
    all: Criteria::All,
    any: Criteria::Any,
    not: |part| Criteria::Not(Box::new(part)),
    leaf: Parser::leaf,
};

const FILTER: Shape<Filter> = Shape {
    all: Filter::All,
    any: Filter::Any,
    not: |part| Filter::Not(Box::new(part)),
    leaf: Parser::filter_leaf,
};

impl Parser {
    pub(super) fn criteria(&mut self) -> Parsed<Criteria> {
        self.any(&CRITERIA)
    }

    pub(super) fn filter(&mut self) -> Parsed<Filter> {
        self.any(&FILTER)
    }

    fn any<T>(&mut self, shape: &Shape<T>) -> Parsed<T> {
        self.joined("or", shape.any, |parser| parser.all(shape))
    }

    fn all<T>(&mut self, shape: &Shape<T>) -> Parsed<T> {
        self.joined("and", shape.all, |parser| parser.unary(shape))
    }

    /// One part, or several with a word between them.
    fn joined<T>(&mut self, word: &str, join: fn(Vec<T>) -> T, part: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<T> {
        let first = part(self)?;
        if !self.is_word(word) {
            return Ok(first);
        }
        let mut parts = vec![first];
        while self.takes_word(word) {
            parts.push(part(self)?);
        }
        Ok(join(parts))
    }

    fn unary<T>(&mut self, shape: &Shape<T>) -> Parsed<T> {
        self.deeper(|parser| {
            if parser.takes_word("not") {
                return Ok((shape.not)(parser.unary(shape)?));
            }
            if matches!(parser.peek(), Token::Sign("(")) {
                return parser.within(|parser| parser.any(shape));
            }
            for (word, join) in [("all", shape.all), ("any", shape.any)] {
                if parser.is_word(word) && matches!(parser.peek_behind(), Token::Sign("(")) {
                    parser.pass();
                    return parser.within(|parser| Ok(join(vec![parser.any(shape)?])));
                }
            }
            if parser.takes_word("everyone") || parser.takes_word("always") {
                return Ok((shape.all)(Vec::new()));
            }
            if parser.takes_word("nobody") || parser.takes_word("never") {
                return Ok((shape.any)(Vec::new()));
            }
            (shape.leaf)(parser)
        })
    }

    fn filter_leaf(&mut self) -> Parsed<Filter> {
        Ok(Filter::Is {
            field: self.code()?,
            test: self.test()?,
        })
    }

    fn leaf(&mut self) -> Parsed<Criteria> {
        let Token::Word(word) = self.peek() else {
            return Err(self.expected("a criterion"));
        };
        match word.clone().as_str() {
            "in" => {
                self.pass();
                if self.takes_word("segment") {
                    return Ok(Criteria::InSegment(self.name()?));
                }
                self.word("list").map_err(|_| self.expected("`segment` or `list`"))?;
                Ok(Criteria::InList(self.name()?))
            }
            "sample" => {
                self.pass();
                self.within(|parser| {
                    let percent = parser.number()?;
                    parser.sign("%")?;
                    parser.sign(",")?;
                    let seed = parser.text()?;
                    Ok(Criteria::Sample { percent, seed })
                })
            }
            "stopped" => {
                self.pass();
                self.within(|parser| {
                    let events = parser.plain_events()?;
                    parser.word("for")?;
                    let silent_for = parser.span()?;
                    Ok(Criteria::Stopped { events, silent_for })
                })
            }
            "restarted" => {
                self.pass();
                self.within(|parser| {
                    let events = parser.plain_events()?;
                    parser.word("after")?;
                    let pause = parser.span()?;
                    parser.word("in")?;
                    parser.word("last")?;
                    let within = parser.span()?;
                    Ok(Criteria::Restarted { events, pause, within })
                })
            }
            "regularly" => {
                self.pass();
                self.within(Self::regularly)
            }
            "sequence" => {
                self.pass();
                self.within(Self::sequence)
            }
            _ => Ok(Criteria::Is {
                value: self.expression()?,
                test: self.test()?,
            }),
        }
    }

    /// `orders in 3 of 6 periods of 30 days`
    fn regularly(&mut self) -> Parsed<Criteria> {
        let events = self.plain_events()?;
        self.word("in")?;
        let at_least = self.whole_number()?;
        self.word("of")?;
        let of = self.whole_number()?;
        self.word("periods")?;
        self.word("of")?;
        let period = self.span()?;
        Ok(Criteria::Regularly {
            events,
            at_least,
            of,
            period,
        })
    }

    /// `visits then orders within 7 days without returns in last 180 days`
    fn sequence(&mut self) -> Parsed<Criteria> {
        let first = self.plain_events()?;
        let mut then = Vec::new();
        self.word("then")?;
        loop {
            let events = self.plain_events()?;
            let within = self.takes_word("within").then(|| self.span()).transpose()?;
            let without = self.takes_word("without").then(|| self.plain_events()).transpose()?;
            then.push(Step {
                events,
                within,
                without,
            });
            if !self.takes_word("then") {
                break;
            }
        }
        let window = self.window_clause()?;
        Ok(Criteria::Sequence { first, then, window })
    }

    fn name(&mut self) -> Parsed<Name> {
        let place = self.expected("the name of a segment or list in quotes, of 1 to 100 characters");
        let name = self.text().map_err(|_| place.clone())?;
        Name::new(&name).map_err(|_| place)
    }
}

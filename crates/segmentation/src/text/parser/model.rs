//! The statements of a model: its name, its axes, its stages.

use super::{Parsed, Parser, Token, hint, tokens};
use crate::criteria::Name;
use crate::models::{Area, Axis, Domain, Range, Stage};

/// A line of a model, with those that continue it.
pub(in crate::text) enum Statement {
    Model(Name),
    Axis(Axis),
    Stage(Stage),
}

/// Reads a statement.
pub(in crate::text) fn statement(text: &str) -> Parsed<Statement> {
    hint::read(tokens(text)?, |parser| {
        let statement = parser.statement()?;
        match parser.peek() {
            Token::End => Ok(statement),
            _ => Err(parser.expected("the end of the line")),
        }
    })
}

impl Parser {
    fn statement(&mut self) -> Parsed<Statement> {
        if self.takes_word("model") {
            return self.title().map(Statement::Model);
        }
        if self.takes_word("axis") {
            return self.axis().map(Statement::Axis);
        }
        let name = self.title()?;
        self.sign(":")?;
        let mut areas = vec![self.area()?];
        while self.takes_word("or") {
            areas.push(self.area()?);
        }
        Ok(Statement::Stage(Stage::new(name, areas)))
    }

    /// `recency: metric.rfm.recency_score in 1..5`
    fn axis(&mut self) -> Parsed<Axis> {
        let name = self.title()?;
        self.sign(":")?;
        let axis = Axis::new(name, self.expression()?);
        if !self.takes_word("in") {
            return Ok(axis);
        }
        Ok(axis.over(self.domain()?))
    }

    /// `recency 4..5 and silence until 90`, or `everyone`
    fn area(&mut self) -> Parsed<Area> {
        let mut area = Area::everything();
        if self.takes_word("everyone") {
            return Ok(area);
        }
        loop {
            let place = self.expected("an axis that the area has no range on yet, or `everyone`");
            let axis = match self.peek().clone() {
                Token::Word(word) => Name::new(&word).map_err(|_| place.clone())?,
                Token::Text(text) => Name::new(&text).map_err(|_| place.clone())?,
                _ => return Err(place),
            };
            if area.range(&axis).is_some() {
                return Err(place);
            }
            self.pass();
            if !self.takes_word("any") {
                area = area.within(axis, self.range()?);
            }
            if !self.takes_word("and") {
                return Ok(area);
            }
        }
    }

    fn range(&mut self) -> Parsed<Range> {
        if self.takes_word("missing") {
            return Ok(Range::Missing);
        }
        if self.takes_word("present") {
            return Ok(Range::Present);
        }
        if self.takes_word("until") {
            return self.value().map(Range::Until);
        }
        if self.takes_word("from") {
            let low = self.value()?;
            return Ok(if self.takes_word("to") {
                Range::FromTo(low, self.value()?)
            } else {
                Range::From(low)
            });
        }
        let place = self
            .expected("a range: `4`, `1..3`, `from 30`, `until 90`, `from 30 to 90`, `missing`, `present` or `any`");
        self.domain().map(Range::Whole).map_err(|_| place)
    }

    /// `1..5`, or `1` alone
    fn domain(&mut self) -> Parsed<Domain> {
        let found = match self.peek() {
            Token::Number(number) => whole_numbers(number),
            _ => None,
        };
        let domain = found.ok_or_else(|| self.expected("whole numbers such as `1..5`"))?;
        self.pass();
        Ok(domain)
    }

    /// A name: words, or any text in quotes.
    fn title(&mut self) -> Parsed<Name> {
        let place = self.expected("a name of 1 to 100 characters: words, or a text in quotes");
        let mut title = String::new();
        if let Token::Text(text) = self.peek().clone() {
            self.pass();
            title = text;
        } else {
            while let Token::Word(word) = self.peek().clone() {
                self.pass();
                title.push_str(if title.is_empty() { "" } else { " " });
                title.push_str(&word);
            }
        }
        Name::new(&title).map_err(|_| place)
    }
}

fn whole_numbers(text: &str) -> Option<Domain> {
    let number = |text: &str| text.parse().ok().filter(|_| !text.starts_with('+'));
    match text.split_once("..") {
        Some((first, last)) => Some(Domain {
            first: number(first)?,
            last: number(last)?,
        }),
        None => number(text).map(|only| Domain {
            first: only,
            last: only,
        }),
    }
}

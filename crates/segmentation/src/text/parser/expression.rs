//! Expressions: values of a customer.

use ecrm_core::{AttributeName, Channel, Code, Purpose};

use super::{Parsed, Parser, Token};
use crate::criteria::{Aggregate, Edge, Expression, Function, Weighted};

const EXPRESSION: &str = "a criterion, such as `count(orders) >= 3`, `profile.country = \"DE\"`, `attribute.NAME is present`, \
                          `consent(marketing, email) = \"granted\"` or `in segment \"NAME\"`";

impl Parser {
    pub(super) fn expression(&mut self) -> Parsed<Expression> {
        let Token::Word(word) = self.peek() else {
            return Err(self.expected(EXPRESSION));
        };
        let word = word.clone();
        match word.as_str() {
            "profile" => {
                self.pass();
                self.sign(".")?;
                Ok(Expression::Profile(self.code()?))
            }
            "attribute" => {
                self.pass();
                Ok(Expression::Attribute(self.dotted_name("")?))
            }
            "preference" => {
                self.pass();
                Ok(Expression::Attribute(self.dotted_name("preference.")?))
            }
            "metric" => {
                self.pass();
                Ok(Expression::Metric(self.dotted_name("")?))
            }
            "consent" => {
                self.pass();
                let (purpose, channel) = self.within(Self::purpose_and_channel)?;
                Ok(Expression::Consent { purpose, channel })
            }
            "reachable" => {
                self.pass();
                let (purpose, channel) = self.within(Self::purpose_and_channel)?;
                Ok(Expression::Reachable { purpose, channel })
            }
            "count" => {
                self.pass();
                Ok(Expression::Count(self.within(Self::events)?))
            }
            "days" => {
                self.pass();
                self.word("since")?;
                let edge = if self.takes_word("first") {
                    Edge::First
                } else {
                    self.word("last").map_err(|_| self.expected("`first` or `last`"))?;
                    Edge::Last
                };
                let of = self.within(Self::events)?;
                Ok(Expression::DaysSince { edge, of })
            }
            "distance" => {
                self.pass();
                self.within(|parser| {
                    let latitude = parser.number()?;
                    parser.sign(",")?;
                    let longitude = parser.number()?;
                    Ok(Expression::Distance { latitude, longitude })
                })
            }
            "score" => {
                self.pass();
                self.within(Self::score)
            }
            word => match Function::from_code(word) {
                Ok(function) => {
                    self.pass();
                    self.within(|parser| parser.aggregate(function))
                }
                Err(_) => Err(self.expected(EXPRESSION)),
            },
        }
    }

    /// `orders.amount where ... in ...`
    fn aggregate(&mut self, function: Function) -> Parsed<Expression> {
        let set = self.code()?;
        self.sign(".")?;
        let field = self.code()?;
        let events = self.rest_of_events(set)?;
        let of = self.with_window(events)?;
        Ok(Expression::Aggregate(Aggregate { function, field, of }))
    }

    /// `3 if ..., 1.5 if ...`
    fn score(&mut self) -> Parsed<Expression> {
        let mut parts = Vec::new();
        loop {
            let points = self.number()?;
            self.word("if")?;
            parts.push(Weighted {
                points,
                when: self.criteria()?,
            });
            if !self.takes_sign(",") {
                return Ok(Expression::Score(parts));
            }
        }
    }

    /// The name of an attribute or metric behind a point, in quotes where it is no words with points between them.
    fn dotted_name(&mut self, prefix: &str) -> Parsed<AttributeName> {
        self.sign(".")?;
        let place = self.expected("a name of the characters a-z, 0-9, underscore and point");
        let mut name = prefix.to_owned();
        match self.peek().clone() {
            Token::Text(text) => {
                self.pass();
                name.push_str(&text);
            }
            _ => loop {
                let Token::Word(word) = self.peek().clone() else {
                    return Err(place);
                };
                self.pass();
                name.push_str(&word);
                if !self.takes_sign(".") {
                    break;
                }
                name.push('.');
            },
        }
        AttributeName::new(&name).map_err(|_| place)
    }

    fn purpose_and_channel(&mut self) -> Parsed<(Purpose, Channel)> {
        let purpose = self.code()?;
        self.sign(",")?;
        Ok((purpose, self.code()?))
    }
}

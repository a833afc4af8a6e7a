//! The numbers that pass a test, as ranges of millionths.

use crate::criteria::{Test, Value};
use crate::evaluate::{MILLION, micros_of};

/// Ranges of whole numbers, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ranges(Vec<(i128, i128)>);

const LEAST: i128 = i128::MIN;
const MOST: i128 = i128::MAX;

impl Ranges {
    /// The numbers that pass a test that compares with numbers or amounts; nothing for any other test.
    pub(crate) fn of(test: &Test) -> Option<Self> {
        let except = |mut numbers: Vec<i128>| {
            numbers.sort_unstable();
            let mut ranges = Vec::with_capacity(numbers.len() + 1);
            let mut from = LEAST;
            for number in numbers {
                ranges.push((from, number - 1));
                from = number + 1;
            }
            ranges.push((from, MOST));
            ranges
        };
        Some(Self(match test {
            Test::Equals(value) => vec![(number(value)?, number(value)?)],
            Test::Differs(value) => except(vec![number(value)?]),
            Test::Less(value) => vec![(LEAST, number(value)? - 1)],
            Test::AtMost(value) => vec![(LEAST, number(value)?)],
            Test::Greater(value) => vec![(number(value)? + 1, MOST)],
            Test::AtLeast(value) => vec![(number(value)?, MOST)],
            Test::Between(low, high) => vec![(number(low)?, number(high)?)],
            Test::NotBetween(low, high) => vec![(LEAST, number(low)? - 1), (number(high)? + 1, MOST)],
            Test::OneOf(values) => {
                let numbers = values.iter().map(number);
                numbers
                    .map(|number| number.map(|number| (number, number)))
                    .collect::<Option<_>>()?
            }
            Test::NoneOf(values) => except(values.iter().map(number).collect::<Option<_>>()?),
            _ => return None,
        }))
    }

    /// The same for whole numbers instead of millionths.
    pub(crate) fn whole(self) -> Self {
        let floor = |micros: i128| micros.div_euclid(MILLION);
        let ceiling = |micros: i128| floor(micros.saturating_sub(1)).saturating_add(1);
        let ranges = self.0.into_iter();
        Self(ranges.map(|(low, high)| (ceiling(low), floor(high))).collect())
    }

    pub(crate) fn contain(&self, micros: i128) -> bool {
        self.0.iter().any(|(low, high)| *low <= micros && micros <= *high)
    }
}

fn number(value: &Value) -> Option<i128> {
    match value {
        Value::Number(number) => Some(micros_of(*number)),
        Value::Money(money) => Some(micros_of(money.to_decimal())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_passes_where_its_millionths_do() {
        let numbers = ["-1.5", "-1", "0", "0.000001", "1.5", "2", "2.999999"];
        let numbers = numbers.map(|number| Value::Number(number.parse().unwrap()));
        let [first, .., last] = numbers.clone();
        let tests = numbers.iter().cloned().flat_map(|number| {
            [
                Test::Equals(number.clone()),
                Test::Differs(number.clone()),
                Test::Less(number.clone()),
                Test::AtLeast(number),
            ]
        });
        for test in tests.chain([Test::NotBetween(first, last)]) {
            let millionths = Ranges::of(&test).unwrap();
            let whole = millionths.clone().whole();
            for number in -4..5 {
                assert_eq!(
                    whole.contain(number),
                    millionths.contain(number * MILLION),
                    "{test:?} of {number}"
                );
            }
        }
    }
}

//! From the tree to its text.

use std::fmt::{self, Display, Formatter, Write as _};

use chrono::{DateTime, SecondsFormat, Utc};
use ecrm_core::{AttributeName, Code};

use crate::criteria::{CalendarUnit, Criteria, Events, Expression, Filter, Span, Test, UNITS, Value, Window};

impl Display for Criteria {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => joined(f, parts, ("and", "all", "everyone"), Self::is_joined),
            Self::Any(parts) => joined(f, parts, ("or", "any", "nobody"), |part| {
                matches!(part, Self::Any(_)) && part.is_joined()
            }),
            Self::Not(part) if part.is_joined() => write!(f, "not ({part})"),
            Self::Not(part) => write!(f, "not {part}"),
            Self::Is { value, test } => write!(f, "{value} {test}"),
            Self::Stopped { events, silent_for } => write!(f, "stopped({events} for {silent_for})"),
            Self::Restarted { events, pause, within } => {
                write!(f, "restarted({events} after {pause} in last {within})")
            }
            Self::Regularly {
                events,
                at_least,
                of,
                period,
            } => write!(f, "regularly({events} in {at_least} of {of} periods of {period})"),
            Self::Sequence { first, then, window } => {
                write!(f, "sequence({first}")?;
                for step in then {
                    write!(f, " then {}", step.events)?;
                    if let Some(within) = step.within {
                        write!(f, " within {within}")?;
                    }
                    if let Some(without) = &step.without {
                        write!(f, " without {without}")?;
                    }
                }
                match window {
                    Some(window) => write!(f, " {window})"),
                    None => f.write_char(')'),
                }
            }
            Self::InSegment(name) => write!(f, "in segment {}", Quoted(name.as_str())),
            Self::InList(name) => write!(f, "in list {}", Quoted(name.as_str())),
            Self::Sample { percent, seed } => write!(f, "sample({percent}%, {})", Quoted(seed)),
        }
    }
}

impl Criteria {
    /// Printed as several parts with a word between them.
    fn is_joined(&self) -> bool {
        matches!(self, Self::All(parts) | Self::Any(parts) if parts.len() > 1)
    }
}

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => joined(f, parts, ("and", "all", "always"), Self::is_joined),
            Self::Any(parts) => joined(f, parts, ("or", "any", "never"), |part| {
                matches!(part, Self::Any(_)) && part.is_joined()
            }),
            Self::Not(part) if part.is_joined() => write!(f, "not ({part})"),
            Self::Not(part) => write!(f, "not {part}"),
            Self::Is { field, test } => write!(f, "{} {test}", field.word()),
        }
    }
}

impl Filter {
    fn is_joined(&self) -> bool {
        matches!(self, Self::All(parts) | Self::Any(parts) if parts.len() > 1)
    }
}

/// Parts with a word between them; those that would be read otherwise in brackets. One part has a form of its own, and so has none.
fn joined<T: Display>(
    f: &mut Formatter<'_>,
    parts: &[T],
    (word, one, none): (&str, &str, &str),
    needs_brackets: impl Fn(&T) -> bool,
) -> fmt::Result {
    match parts {
        [] => f.write_str(none),
        [part] => write!(f, "{one}({part})"),
        parts => {
            for (at, part) in parts.iter().enumerate() {
                if at > 0 {
                    write!(f, " {word} ")?;
                }
                if needs_brackets(part) {
                    write!(f, "({part})")?;
                } else {
                    write!(f, "{part}")?;
                }
            }
            Ok(())
        }
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(field) => write!(f, "profile.{}", field.word()),
            Self::Attribute(name) => match name.as_str().strip_prefix("preference.") {
                Some(rest) if is_dotted(rest) => write!(f, "preference.{rest}"),
                _ => write!(f, "attribute.{}", Dotted(name)),
            },
            Self::Metric(name) => write!(f, "metric.{}", Dotted(name)),
            Self::Consent { purpose, channel } => write!(f, "consent({}, {})", purpose.code(), channel.code()),
            Self::Reachable { purpose, channel } => write!(f, "reachable({}, {})", purpose.code(), channel.code()),
            Self::Count(events) => write!(f, "count({events})"),
            Self::Aggregate(aggregate) => {
                let (function, field, of) = (aggregate.function.word(), aggregate.field.word(), &aggregate.of);
                write!(f, "{function}({}.{field}", of.set().word())?;
                rest_of_events(f, of)?;
                f.write_char(')')
            }
            Self::DaysSince { edge, of } => {
                write!(f, "days since {}({of})", edge.word())
            }
            Self::Distance { latitude, longitude } => write!(f, "distance({latitude}, {longitude})"),
            Self::Score(parts) => {
                f.write_str("score(")?;
                for (at, part) in parts.iter().enumerate() {
                    let comma = if at > 0 { ", " } else { "" };
                    write!(f, "{comma}{} if {}", part.points, part.when)?;
                }
                f.write_char(')')
            }
        }
    }
}

impl Display for Events {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.set().word())?;
        rest_of_events(f, self)
    }
}

fn rest_of_events(f: &mut Formatter<'_>, events: &Events) -> fmt::Result {
    if let Some(filter) = events.filter() {
        write!(f, " where {filter}")?;
    }
    match events.window() {
        Some(window) => write!(f, " {window}"),
        None => Ok(()),
    }
}

impl Display for Window {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Last(span) => write!(f, "in last {span}"),
            Self::Next(span) => write!(f, "in next {span}"),
            Self::This(unit) => write!(f, "in this {}", unit.word()),
            Self::Previous { count: 1, unit } => write!(f, "in previous {}", unit.word()),
            Self::Previous { count, unit } => write!(f, "in previous {count} {}s", unit.word()),
            Self::Fixed { from: Some(from), to } => {
                write!(f, "from {}", At(*from))?;
                match to {
                    Some(to) => write!(f, " to {}", At(*to)),
                    None => Ok(()),
                }
            }
            Self::Fixed {
                from: None,
                to: Some(to),
            } => write!(f, "until {}", At(*to)),
            // It is refused when the tree is checked.
            Self::Fixed { from: None, to: None } => f.write_str("from always"),
        }
    }
}

impl Display for CalendarUnit {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Display for Span {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (mut rest, mut is_first) = (self.as_microseconds(), true);
        for (name, length) in UNITS {
            let number = rest / length;
            rest %= length;
            if number > 0 {
                let (blank, plural) = (if is_first { "" } else { " " }, if number == 1 { "" } else { "s" });
                write!(f, "{blank}{number} {name}{plural}")?;
                is_first = false;
            }
        }
        Ok(())
    }
}

impl Display for Test {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equals(value) => write!(f, "= {value}"),
            Self::Differs(value) => write!(f, "!= {value}"),
            Self::Less(value) => write!(f, "< {value}"),
            Self::AtMost(value) => write!(f, "<= {value}"),
            Self::Greater(value) => write!(f, "> {value}"),
            Self::AtLeast(value) => write!(f, ">= {value}"),
            Self::Between(low, high) => write!(f, "between {low} and {high}"),
            Self::NotBetween(low, high) => write!(f, "not between {low} and {high}"),
            Self::OneOf(values) => write!(f, "in ({})", Listed(values)),
            Self::NoneOf(values) => write!(f, "not in ({})", Listed(values)),
            Self::Missing => f.write_str("is missing"),
            Self::Present => f.write_str("is present"),
            Self::Contains(text) => write!(f, "contains {}", Quoted(text)),
            Self::NotContains(text) => write!(f, "not contains {}", Quoted(text)),
            Self::StartsWith(text) => write!(f, "starts with {}", Quoted(text)),
            Self::NotStartsWith(text) => write!(f, "not starts with {}", Quoted(text)),
            Self::EndsWith(text) => write!(f, "ends with {}", Quoted(text)),
            Self::NotEndsWith(text) => write!(f, "not ends with {}", Quoted(text)),
            Self::Matches(text) => write!(f, "matches {}", Quoted(text)),
            Self::NotMatches(text) => write!(f, "not matches {}", Quoted(text)),
            Self::OnDay(day) => write!(f, "on {day}"),
            Self::NotOnDay(day) => write!(f, "not on {day}"),
            Self::Within(window) => write!(f, "{window}"),
            Self::NotWithin(window) => write!(f, "not {window}"),
            Self::Anniversary(None) => f.write_str("has anniversary today"),
            Self::Anniversary(Some(span)) => write!(f, "has anniversary in next {span}"),
            Self::HasAll(values) => write!(f, "has all of ({})", Listed(values)),
            Self::HasAny(values) => write!(f, "has any of ({})", Listed(values)),
            Self::HasNone(values) => write!(f, "has none of ({})", Listed(values)),
        }
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => write!(f, "{value}"),
            Self::Date(day) => write!(f, "{day}"),
            Self::Instant(instant) => write!(f, "{}", At(*instant)),
            Self::Money(money) => write!(f, "{money}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{}", Quoted(text)),
        }
    }
}

struct Listed<'v>(&'v [Value]);

impl Display for Listed<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (at, value) in self.0.iter().enumerate() {
            let comma = if at > 0 { ", " } else { "" };
            write!(f, "{comma}{value}")?;
        }
        Ok(())
    }
}

struct At(DateTime<Utc>);

impl Display for At {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A text in quotes, in which nothing is invisible.
pub(super) struct Quoted<'t>(pub(super) &'t str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                other if other.is_control() || is_invisible(other) => write!(f, "\\u{{{:x}}}", u32::from(other))?,
                other => f.write_char(other)?,
            }
        }
        f.write_char('"')
    }
}

/// Characters that turn the direction of text or have no width: they could make criteria look like others.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

struct Dotted<'n>(&'n AttributeName);

impl Display for Dotted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0.as_str() {
            name if is_dotted(name) => f.write_str(name),
            name => write!(f, "{}", Quoted(name)),
        }
    }
}

/// Words with points between them.
fn is_dotted(name: &str) -> bool {
    name.split('.')
        .all(|word| word.starts_with(|first: char| first.is_ascii_lowercase() || first == '_'))
}

//! Where in a tree something is, and how deep.

use crate::criteria::Expression;

/// A part of the place: what the value is, in few words.
pub(super) fn describe(expression: &Expression) -> String {
    match expression {
        Expression::Profile(field) => format!("profile.{}", field.word()),
        Expression::Attribute(name) => format!("attribute.{}", name.as_str()),
        Expression::Metric(name) => format!("metric.{}", name.as_str()),
        Expression::Consent { .. } => "consent".to_owned(),
        Expression::Reachable { .. } => "reachable".to_owned(),
        Expression::Count(events) => format!("count({})", events.set.word()),
        Expression::Aggregate(aggregate) => {
            let (function, set) = (aggregate.function.word(), aggregate.of.set.word());
            format!("{function}({set}.{})", aggregate.field.word())
        }
        Expression::DaysSince { of, .. } => format!("days since({})", of.set.word()),
        Expression::Distance { .. } => "distance".to_owned(),
        Expression::Score(_) => "score".to_owned(),
    }
}

/// How many brackets stand within each other.
pub(super) fn brackets(json: &str) -> usize {
    let (mut open, mut most, mut is_text, mut is_escaped) = (0_usize, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if is_escaped => is_escaped = false,
            b'\\' if is_text => is_escaped = true,
            b'"' => is_text = !is_text,
            b'[' | b'{' if !is_text => {
                open += 1;
                most = most.max(open);
            }
            b']' | b'}' if !is_text => open = open.saturating_sub(1),
            _ => {}
        }
    }
    most
}

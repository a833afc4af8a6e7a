//! The values of a customer.

use chrono::DateTime;
use ecrm_core::{Channel, ConsentState, Purpose, may_contact};
use rust_decimal::prelude::ToPrimitive;

use super::Evaluation;
use super::found::Found;
use super::ratio::{Ratio, micros_of};
use crate::calendar::Moment;
use crate::criteria::{Expression, ProfileField, Test};
use crate::facts::{AttributeFact, ConsentFact, SuppressionFact};

impl<'e> Evaluation<'e> {
    /// A value; the test that it is for names the currency.
    pub(super) fn value(self, expression: &Expression, test: Option<&Test>, moment: Moment) -> Found<'e> {
        let customer = self.customer;
        match expression {
            Expression::Profile(ProfileField::RegisteredAt) => {
                Found::Instant(customer.block.registered_at[customer.index])
            }
            Expression::Profile(field) => {
                let symbol = customer.block.profile[*field as usize][customer.index];
                customer.block.text(symbol).map_or(Found::Missing, Found::Text)
            }
            Expression::Attribute(name) => self.attribute(name.as_str(), moment),
            Expression::Metric(name) => {
                let metrics = &customer.block.metrics[customer.index];
                let is_of = |symbol| customer.block.text(symbol) == Some(name.as_str());
                let found = metrics.iter().rev().find(|(known, _)| is_of(*known));
                found.map_or(Found::Missing, |(_, value)| Found::Number(Ratio::of_float(*value)))
            }
            Expression::Consent { purpose, channel } => {
                consent_word(self.consent(*purpose, *channel, moment)).map_or(Found::Missing, Found::Text)
            }
            Expression::Reachable { purpose, channel } => Found::Boolean(self.is_reachable(*purpose, *channel, moment)),
            Expression::Count(events) => Found::Number(Ratio::whole(customer.happened(events, moment).count())),
            Expression::Aggregate(aggregate) => customer.aggregate(aggregate, test, moment),
            Expression::DaysSince { edge, of } => customer.days_since(*edge, of, moment),
            Expression::Distance { latitude, longitude } => self
                .distance(latitude.to_f64(), longitude.to_f64(), moment)
                .map_or(Found::Missing, |distance| Found::Number(Ratio::of_float(distance))),
            Expression::Score(parts) => {
                let true_ones = parts.iter().filter(|part| self.is_true(&part.when, moment));
                Found::Number(Ratio::micros(true_ones.map(|part| micros_of(part.points)).sum()))
            }
        }
    }

    /// The value of an attribute that holds.
    fn attribute(self, name: &str, moment: Moment) -> Found<'e> {
        let block = self.customer.block;
        let holds =
            |version: &&AttributeFact| version.from <= moment.micros() && block.text(version.name) == Some(name);
        let version = block.attributes[self.customer.index].iter().rfind(holds);
        let value = version.and_then(|version| Some((version.kind, block.text(version.value)?)));
        value.map_or(Found::Missing, |(kind, text)| Found::of_attribute(kind, text))
    }

    pub(crate) fn consent(self, purpose: Purpose, channel: Channel, moment: Moment) -> ConsentState {
        let is_of = |entry: &&ConsentFact| {
            entry.purpose == purpose && entry.channel == channel && entry.from <= moment.micros()
        };
        let entries = &self.customer.block.consents[self.customer.index];
        let latest = entries.iter().rfind(is_of);
        latest.map_or(ConsentState::Unknown, |entry| {
            let until = entry.until.and_then(DateTime::from_timestamp_micros);
            entry.decision.state_at(until, moment.now)
        })
    }

    /// As `may_contact` of the store decides it.
    fn is_reachable(self, purpose: Purpose, channel: Channel, moment: Moment) -> bool {
        let (block, index) = (self.customer.block, self.customer.index);
        let now = moment.micros();
        let holds = |fact: &&SuppressionFact| {
            fact.channel == channel && fact.from <= now && fact.until.is_none_or(|until| until > now)
        };
        let suppressed = block.suppressed[index].iter().filter(holds).map(|fact| fact.reason);
        let state = self.consent(purpose, channel, moment);
        block.addresses[index].iter().any(|(known, _)| *known == channel)
            && may_contact(purpose, state, suppressed).is_ok()
    }

    /// In kilometres, by the haversine formula on a sphere of the mean radius of the Earth (IUGG).
    fn distance(self, latitude: Option<f64>, longitude: Option<f64>, moment: Moment) -> Option<f64> {
        const RADIUS: f64 = 6_371.008_8;
        let degrees = |name: &str| match self.attribute(name, moment) {
            Found::Number(number) => Some(number.to_float()),
            _ => None,
        };
        let (north, east) = (degrees("location.latitude")?, degrees("location.longitude")?);
        let (from_north, from_east) = (latitude?.to_radians(), longitude?.to_radians());
        let (north, east) = (north.to_radians(), east.to_radians());
        let half = ((north - from_north) / 2.0).sin().powi(2)
            + from_north.cos() * north.cos() * ((east - from_east) / 2.0).sin().powi(2);
        Some(2.0 * RADIUS * half.sqrt().min(1.0).asin())
    }
}

/// The word for where somebody stands; none where nothing was said.
pub(crate) fn consent_word(state: ConsentState) -> Option<&'static str> {
    match state {
        ConsentState::Unknown => None,
        ConsentState::Denied => Some("denied"),
        ConsentState::Expired => Some("expired"),
        ConsentState::Granted => Some("granted"),
        ConsentState::Withdrawn => Some("withdrawn"),
    }
}

#[cfg(test)]
mod tests {
    use ecrm_core::{Code, ConsentDecision};

    #[test]
    fn the_words_of_consent_are_those_of_the_core() {
        for decision in ConsentDecision::ALL {
            assert!(["denied", "granted", "withdrawn"].contains(&decision.code()));
        }
    }
}

//! What is known of customers besides their events, as bytes: a column for each property.

use ecrm_core::{Code, CustomerId};
use uuid::Uuid;

use super::MOST;
use super::bytes::{Input, Output};
use super::numbering::{Numbering, pack_symbols};
use super::numbers::{SECOND, pack_numbers, unpack_numbers, unpack_small, unpack_symbols};
use crate::criteria::{Needs, Other, ProfileField};
use crate::facts::block::{AttributeFact, AttributeKind, Block, ConsentFact, SuppressionFact};
use crate::facts::lists::Lists;

/// Stands for an end that is not set.
const OPEN: i64 = i64::MAX;

impl Block {
    pub(super) fn pack_customers(&self, numbering: &Numbering, output: &mut Output) {
        output.length(self.ids.len());
        for id in &self.ids {
            output.bytes.extend_from_slice(id.uuid().as_bytes());
        }
        pack_numbers(self.registered_at.iter().copied(), SECOND, output);
        pack_numbers(self.is_corrected.iter().map(|is| i64::from(*is)), 1, output);
        output.slice(|output| {
            for texts in &self.profile {
                pack_symbols(texts.iter().copied(), numbering, output);
            }
        });
        pack_lists(&self.addresses, output, |all, output| {
            pack_choices(all.iter().map(|(channel, _)| *channel), output);
            pack_numbers(all.iter().map(|(_, fingerprint)| i64::from(*fingerprint)), 1, output);
        });
        pack_lists(&self.attributes, output, |all, output| {
            pack_symbols(all.iter().map(|fact| fact.name), numbering, output);
            pack_numbers(all.iter().map(|fact| fact.from), SECOND, output);
            pack_numbers(all.iter().map(|fact| fact.kind as i64), 1, output);
            pack_symbols(all.iter().map(|fact| fact.value), numbering, output);
        });
        pack_lists(&self.consents, output, |all, output| {
            pack_choices(all.iter().map(|fact| fact.purpose), output);
            pack_choices(all.iter().map(|fact| fact.channel), output);
            pack_numbers(all.iter().map(|fact| fact.from), SECOND, output);
            pack_choices(all.iter().map(|fact| fact.decision), output);
            pack_numbers(all.iter().map(|fact| fact.until.unwrap_or(OPEN)), SECOND, output);
        });
        pack_lists(&self.metrics, output, |all, output| {
            pack_symbols(all.iter().map(|(name, _)| *name), numbering, output);
            pack_numbers(all.iter().map(|(_, value)| value.to_bits().cast_signed()), 1, output);
        });
        pack_lists(&self.suppressed, output, |all, output| {
            pack_choices(all.iter().map(|fact| fact.channel), output);
            pack_choices(all.iter().map(|fact| fact.reason), output);
            pack_numbers(all.iter().map(|fact| fact.from), SECOND, output);
            pack_numbers(all.iter().map(|fact| fact.until.unwrap_or(OPEN)), SECOND, output);
        });
        pack_lists(&self.lists, output, |all, output| {
            pack_symbols(all.iter().copied(), numbering, output);
        });
    }

    pub(super) fn unpack_customers(&mut self, input: &mut Input<'_>, needs: Option<&Needs>) -> Option<()> {
        let customers = input.length(16)?;
        for _ in 0..customers {
            self.ids.push(CustomerId::from_uuid(Uuid::from_bytes(input.array()?)));
        }
        let is_wanted = |other| needs.is_none_or(|needs: &Needs| needs.has(other));
        self.registered_at = unpack_numbers(input, customers)?;
        self.is_corrected = unpack_small(input, customers, |number| Some(number != 0))?;
        let mut profile = Input::new(input.slice()?);
        for field in 0..ProfileField::ALL.len() {
            if is_wanted(Other::Profile) {
                self.profile[field] = unpack_symbols(&mut profile, customers)?;
            }
        }
        self.addresses = unpack_lists(input, customers, is_wanted(Other::Reachable), |input, all| {
            let channels = unpack_choices(input, all)?;
            let fingerprints = unpack_small(input, all, |number| u32::try_from(number).ok())?;
            Some(channels.into_iter().zip(fingerprints).collect())
        })?;
        self.attributes = unpack_lists(input, customers, is_wanted(Other::Attributes), |input, all| {
            let (names, from) = (unpack_symbols(input, all)?, unpack_numbers(input, all)?);
            let kind = |kind| AttributeKind::ALL.get(usize::try_from(kind).ok()?).copied();
            let (kinds, values) = (unpack_small(input, all, kind)?, unpack_symbols(input, all)?);
            let facts = names.into_iter().zip(from).zip(kinds).zip(values);
            let fact = |(((name, from), kind), value)| AttributeFact {
                name,
                from,
                kind,
                value,
            };
            Some(facts.map(fact).collect())
        })?;
        self.consents = unpack_lists(input, customers, is_wanted(Other::Consents), |input, all| {
            let (purposes, channels) = (unpack_choices(input, all)?, unpack_choices(input, all)?);
            let (from, decisions) = (unpack_numbers(input, all)?, unpack_choices(input, all)?);
            let facts = purposes.into_iter().zip(channels).zip(from).zip(decisions);
            let fact = |((((purpose, channel), from), decision), until)| ConsentFact {
                purpose,
                channel,
                from,
                decision,
                until: Some(until).filter(|until| *until != OPEN),
            };
            Some(facts.zip(unpack_numbers(input, all)?).map(fact).collect())
        })?;
        self.metrics = unpack_lists(input, customers, is_wanted(Other::Metrics), |input, all| {
            let names = unpack_symbols(input, all)?;
            let values = unpack_small(input, all, |bits| Some(f64::from_bits(bits.cast_unsigned())))?;
            Some(names.into_iter().zip(values).collect())
        })?;
        self.suppressed = unpack_lists(input, customers, is_wanted(Other::Reachable), |input, all| {
            let (channels, reasons) = (unpack_choices(input, all)?, unpack_choices(input, all)?);
            let facts = channels.into_iter().zip(reasons).zip(unpack_numbers(input, all)?);
            let fact = |(((channel, reason), from), until)| SuppressionFact {
                channel,
                reason,
                from,
                until: Some(until).filter(|until| *until != OPEN),
            };
            Some(facts.zip(unpack_numbers(input, all)?).map(fact).collect())
        })?;
        self.lists = unpack_lists(input, customers, is_wanted(Other::Lists), unpack_symbols)?;
        Some(())
    }
}

/// A list for each customer: how many there are in each, and the columns of all of them.
fn pack_lists<T>(lists: &Lists<T>, output: &mut Output, write: impl Fn(&[T], &mut Output)) {
    output.slice(|output| {
        if !lists.all().is_empty() {
            let counts = lists.iter().map(|list| i64::try_from(list.len()).unwrap_or(i64::MAX));
            pack_numbers(counts, 1, output);
            write(lists.all(), output);
        }
    });
}

fn unpack_lists<T>(
    input: &mut Input<'_>,
    customers: usize,
    is_wanted: bool,
    read: impl Fn(&mut Input<'_>, usize) -> Option<Vec<T>>,
) -> Option<Lists<T>> {
    let inside = input.slice()?;
    if inside.is_empty() || !is_wanted {
        return Some(Lists::empty(customers));
    }
    let mut inside = Input::new(inside);
    let counts = unpack_small(&mut inside, customers, |count| u32::try_from(count).ok())?;
    let all: u64 = counts.iter().map(|count| u64::from(*count)).sum();
    let all = u32::try_from(all).ok().filter(|all| *all <= MOST)?;
    Some(Lists::of(&counts, read(&mut inside, all as usize)?))
}

/// Choices by their places in the lists of the model.
fn pack_choices<T: Code + PartialEq>(choices: impl Iterator<Item = T> + Clone, output: &mut Output) {
    let place = |choice: T| T::ALL.iter().position(|known| *known == choice);
    let places = choices.map(|choice| place(choice).and_then(|place| i64::try_from(place).ok()).unwrap_or(-1));
    pack_numbers(places, 1, output);
}

fn unpack_choices<T: Code>(input: &mut Input<'_>, length: usize) -> Option<Vec<T>> {
    unpack_small(input, length, |place| T::ALL.get(usize::try_from(place).ok()?).copied())
}

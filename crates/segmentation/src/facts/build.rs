//! From the core model to columns.

use ecrm_core::{Activity, Channel, Code, CustomerId, Recipient};
use ecrm_store::suppressions;

use super::block::{AttributeFact, AttributeKind, Block, ConsentFact, SuppressionFact};
use super::interner::Interner;
use super::lists::Lists;
use super::table::{Symbol, Table};
use super::{History, Suppressed};
use crate::criteria::ProfileField;

impl Block {
    /// The columns of some customers.
    pub(crate) fn of(histories: &[History]) -> Self {
        let mut builder = Builder::default();
        for history in histories {
            builder.add(history);
        }
        builder.finish()
    }

    /// Events of a customer, and nothing else of what is known: to be put behind others, not to be asked for anything.
    pub(crate) fn of_events(customer: CustomerId, activities: &[Activity]) -> Self {
        let block = Self {
            ids: vec![customer],
            registered_at: vec![0],
            is_corrected: vec![is_corrected(activities)],
            addresses: Lists::empty(1),
            attributes: Lists::empty(1),
            consents: Lists::empty(1),
            metrics: Lists::empty(1),
            suppressed: Lists::empty(1),
            lists: Lists::empty(1),
            ..Self::default()
        };
        let mut builder = Builder {
            block,
            ..Builder::default()
        };
        builder.events(activities);
        builder.finish()
    }
}

#[derive(Default)]
pub(super) struct Builder {
    pub(super) block: Block,
    pub(super) texts: Interner,
}

impl Builder {
    fn add(&mut self, history: &History) {
        let customer = &history.customer;
        self.block.ids.push(customer.id());
        self.block
            .registered_at
            .push(customer.registered_at().timestamp_micros());
        self.block.is_corrected.push(is_corrected(&history.activities));
        for field in ProfileField::ALL {
            let text = field.text_of(customer);
            let symbol = self.symbol(text.as_deref());
            self.block.profile[field as usize].push(symbol);
        }
        self.block.addresses.push(addresses(history));
        let attributes = self.attributes(history);
        self.block.attributes.push(attributes);
        self.block.consents.push(consents(history));
        let metrics = history.metrics.iter();
        let metrics = metrics.map(|metric| (self.symbol(Some(metric.name().as_str())), metric.value()));
        let metrics: Vec<_> = metrics.collect();
        self.block.metrics.push(metrics);
        self.block.suppressed.push(history.suppressed.iter().map(suppression));
        let lists: Vec<_> = history
            .lists
            .iter()
            .map(|list| self.symbol(Some(list.as_str())))
            .collect();
        self.block.lists.push(lists);
        self.events(&history.activities);
    }

    fn attributes(&mut self, history: &History) -> Vec<AttributeFact> {
        let mut versions: Vec<_> = history.attributes.iter().collect();
        versions.sort_by_key(|attribute| (attribute.valid_at(), attribute.recorded_at()));
        let fact = |attribute: &ecrm_core::Attribute| {
            let value = attribute.value();
            let kind = value.and_then(|value| AttributeKind::ALL.into_iter().find(|kind| kind.word() == value.kind()));
            let text = value.map(ecrm_core::AttributeValue::to_text);
            AttributeFact {
                name: self.symbol(Some(attribute.name().as_str())),
                from: attribute.valid_at().timestamp_micros(),
                kind: kind.unwrap_or(AttributeKind::Text),
                value: self.symbol(text.as_deref().filter(|_| kind.is_some())),
            }
        };
        versions.into_iter().map(fact).collect()
    }

    fn symbol(&mut self, text: Option<&str>) -> Symbol {
        self.texts.symbol(text)
    }

    fn finish(mut self) -> Block {
        for table in &mut self.block.tables {
            let end = length(table);
            table.starts.push(end);
        }
        self.block.texts = self.texts.into_texts();
        self.block
    }
}

pub(super) fn length(table: &Table) -> u32 {
    u32::try_from(table.at.len()).unwrap_or(u32::MAX)
}

fn is_corrected(activities: &[Activity]) -> bool {
    activities.iter().any(|activity| activity.corrects().is_some())
}

/// The channels over which `may_contact` finds an address, or needs none.
fn addresses(history: &History) -> Vec<(Channel, u32)> {
    let recipient = Recipient::from(&history.customer);
    let channels = Channel::ALL.iter().copied();
    let address = |channel: Channel| match suppressions::fingerprint(&recipient, channel) {
        Some(fingerprint) => Some((channel, fingerprint)),
        None => (!channel.needs_address()).then_some((channel, 0)),
    };
    channels.filter_map(address).collect()
}

fn consents(history: &History) -> Vec<ConsentFact> {
    let mut entries: Vec<_> = history.consents.iter().collect();
    entries.sort_by_key(|consent| (consent.valid_at(), consent.recorded_at()));
    let fact = |consent: &ecrm_core::Consent| ConsentFact {
        purpose: consent.purpose(),
        channel: consent.channel(),
        from: consent.valid_at().timestamp_micros(),
        decision: consent.decision(),
        until: consent.expires_at().map(|end| end.timestamp_micros()),
    };
    entries.into_iter().map(fact).collect()
}

fn suppression(suppressed: &Suppressed) -> SuppressionFact {
    SuppressionFact {
        channel: suppressed.channel,
        reason: suppressed.reason,
        from: suppressed.from.timestamp_micros(),
        until: suppressed.until.map(|until| until.timestamp_micros()),
    }
}

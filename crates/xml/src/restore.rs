//! Putting kept content back: into the same parent, before the element that the schema wants behind it.

use std::collections::HashMap;

use crate::copy::copy_element;
use crate::kept::{self, KeptKind};
use crate::tree::Kind;
use crate::{Kept, Limits, Name, Record, Writer, parse};

/// What is to be put back into the record that is being written.
pub(crate) struct Restore {
    items: Vec<Item>,
    /// The way to the innermost open element, as [`Kept::parent`] has it, and where each of its steps ends.
    way: String,
    steps: Vec<Level>,
}

struct Item {
    kept: Kept,
    content: Option<Record>,
    is_placed: bool,
}

struct Level {
    end: usize,
    /// Namespace and local part of the element.
    name: (String, String),
    places: HashMap<(String, String), usize>,
}

impl Restore {
    pub(crate) fn new(kept: &[Kept]) -> Self {
        let items = kept.iter().map(|kept| Item {
            content: parse(kept.xml().as_bytes(), &Limits::default()).ok(),
            kept: kept.clone(),
            is_placed: false,
        });
        Self {
            items: items.collect(),
            way: String::new(),
            steps: Vec::new(),
        }
    }

    /// What found no place.
    pub(crate) fn unplaced(self) -> Vec<Kept> {
        self.items
            .into_iter()
            .filter(|item| !item.is_placed)
            .map(|item| item.kept)
            .collect()
    }

    /// Takes out what belongs into the innermost element and passes `fits`, in the order in which it was kept.
    fn take(&mut self, fits: impl Fn(&Item) -> bool) -> Vec<Record> {
        let way = &self.way;
        let fitting = self
            .items
            .iter_mut()
            .filter(|item| !item.is_placed && item.kept.parent() == way && fits(item));
        let mut taken = Vec::new();
        for item in fitting {
            if let Some(content) = item.content.take() {
                item.is_placed = true;
                taken.push(content);
            }
        }
        taken
    }

    fn enter(&mut self, name: Name<'_>) {
        let key = (name.namespace.to_owned(), name.local.to_owned());
        let place = match self.steps.last_mut() {
            None => 1,
            Some(level) => {
                let place = level.places.entry(key.clone()).or_default();
                *place += 1;
                *place
            }
        };
        self.way.push_str(&kept::step(name, place));
        self.steps.push(Level {
            end: self.way.len(),
            name: key,
            places: HashMap::new(),
        });
    }

    fn leave(&mut self) {
        self.steps.pop();
        self.way.truncate(self.steps.last().map_or(0, |level| level.end));
    }
}

impl Writer<'_> {
    /// Writes the kept elements that the schema wants before an element of this name.
    pub(crate) fn restore_before(&mut self, name: Name<'_>) {
        let vocabulary = self.vocabulary();
        let Some(restore) = &mut self.restore else { return };
        let Some(parent) = restore.steps.last() else { return };
        let order = (vocabulary.order)(Name::new(&parent.name.0, &parent.name.1));
        let rank = |name: Name<'_>| order.iter().position(|known| *known == name);
        let Some(limit) = rank(name) else { return };
        let elements = restore.take(|item| {
            item.kept.kind() == KeptKind::Element
                && item
                    .content
                    .as_ref()
                    .and_then(|record| rank(record.element().name()))
                    .is_some_and(|rank| rank < limit)
        });
        self.copy_all(&elements);
    }

    /// Notes the element that has just begun, and gives it the attributes that were kept.
    pub(crate) fn restore_attributes(&mut self, name: Name<'_>) {
        let Some(restore) = &mut self.restore else { return };
        restore.enter(name);
        for holder in restore.take(|item| item.kept.kind() == KeptKind::Attribute) {
            for declaration in &holder.tree.declarations {
                self.declare(holder.part(declaration.prefix), holder.namespace(declaration.namespace));
            }
            for attribute in &holder.tree.attributes {
                let name = Name::new(holder.namespace(attribute.namespace), holder.part(attribute.local));
                let value = crate::decode::attribute(holder.part(attribute.value));
                self.attribute_as(holder.part(attribute.prefix), name, &value);
            }
        }
    }

    /// Writes what is left for the innermost element, which ends now.
    pub(crate) fn restore_rest(&mut self) {
        if self.verbatim_depth > 0 {
            return;
        }
        let vocabulary = self.vocabulary();
        let Some(restore) = &mut self.restore else { return };
        if restore.steps.is_empty() {
            return;
        }
        // In the order of the schema as far as it is known, then the rest as it came.
        let order = restore.steps.last().map_or(&[][..], |level| {
            (vocabulary.order)(Name::new(&level.name.0, &level.name.1))
        });
        let mut elements = restore.take(|item| item.kept.kind() == KeptKind::Element);
        elements.sort_by_key(|record| {
            let name = record.element().name();
            order.iter().position(|known| *known == name).unwrap_or(usize::MAX)
        });
        let others = restore.take(|item| item.kept.kind() != KeptKind::Attribute);
        restore.leave();
        self.copy_all(&elements);
        for holder in &others {
            self.copy_content(holder);
        }
    }

    fn copy_all(&mut self, elements: &[Record]) {
        for record in elements {
            self.begin_verbatim();
            copy_element(self, record, 0);
            self.verbatim_depth -= 1;
        }
    }

    /// Writes what stands in the element around kept text, comments and processing instructions.
    fn copy_content(&mut self, holder: &Record) {
        for node in holder.tree.nodes.iter().skip(1) {
            let source = holder.part(node.source);
            match node.kind {
                Kind::Text => self.text(&crate::decode::text(source)),
                Kind::Comment | Kind::Instruction => self.verbatim(source),
                Kind::Element => {}
            }
        }
    }
}

//! Putting kept content back: into the same parent, before the element that the schema wants behind it.

use std::collections::HashMap;

use crate::copy::{copy_attribute, copy_element, refers};
use crate::kept::{self, KeptKind};
use crate::tree::Kind;
use crate::{Kept, Limits, Name, Record, Writer, parse};

/// What is to be put back into the record that is being written.
pub(crate) struct Restore {
    /// By the way to the parent.
    items: HashMap<String, Vec<Kept>>,
    /// What found no place.
    unplaced: Vec<Kept>,
    /// The way to the innermost open element, as [`Kept::parent`] has it, and where each of its steps ends.
    way: String,
    steps: Vec<Level>,
}

struct Level {
    end: usize,
    /// Namespace and local part of the element.
    name: (String, String),
    places: HashMap<(String, String), usize>,
}

impl Restore {
    pub(crate) fn new(kept: &[Kept]) -> Self {
        let mut items: HashMap<String, Vec<Kept>> = HashMap::new();
        for item in kept {
            items.entry(item.parent().to_owned()).or_default().push(item.clone());
        }
        Self {
            items,
            unplaced: Vec::new(),
            way: String::new(),
            steps: Vec::new(),
        }
    }

    /// What found no place.
    pub(crate) fn unplaced(self) -> Vec<Kept> {
        let mut left: Vec<_> = self.items.into_iter().collect();
        left.sort_by(|(a, _), (b, _)| a.cmp(b));
        self.unplaced
            .into_iter()
            .chain(left.into_iter().flat_map(|(_, items)| items))
            .collect()
    }

    /// Takes out what belongs into the innermost element and passes `fits`, in the order in which it was kept.
    fn take(&mut self, fits: impl Fn(&Kept) -> bool) -> Vec<(Kept, Record)> {
        let way = std::mem::take(&mut self.way);
        let taken = self.take_at(&way, fits);
        self.way = way;
        taken
    }

    fn take_at(&mut self, way: &str, fits: impl Fn(&Kept) -> bool) -> Vec<(Kept, Record)> {
        let Some(items) = self.items.get_mut(way) else {
            return Vec::new();
        };
        let mut taken = Vec::new();
        for item in items.extract_if(.., |item| fits(item)) {
            match parse(item.xml().as_bytes(), &Limits::for_kept(item.xml().len())) {
                Ok(content) => taken.push((item, content)),
                Err(_) => self.unplaced.push(item),
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

    /// The order of the children of the innermost element.
    fn order(&self, order: fn(Name<'_>) -> &'static [Name<'static>]) -> &'static [Name<'static>] {
        self.steps
            .last()
            .map_or(&[], |level| order(Name::new(&level.name.0, &level.name.1)))
    }
}

fn rank(order: &[Name<'_>], name: Name<'_>) -> Option<usize> {
    order.iter().position(|known| *known == name)
}

impl Writer<'_> {
    /// Writes the kept elements that the schema wants before an element of this name.
    pub(crate) fn restore_before(&mut self, name: Name<'_>) {
        let vocabulary = self.vocabulary();
        let Some(restore) = &mut self.restore else { return };
        let order = restore.order(vocabulary.order);
        let Some(limit) = rank(order, name) else { return };
        let is_before = |item: &Kept| {
            item.kind() == KeptKind::Element
                && item
                    .name()
                    .and_then(|name| rank(order, name))
                    .is_some_and(|rank| rank < limit)
        };
        for (_, element) in in_order(restore.take(is_before), order) {
            self.copy_verbatim(&element);
        }
    }

    /// Notes the element that has just begun, and gives it the attributes that were kept. An attribute that cannot stand here with
    /// what its value refers to finds no place.
    pub(crate) fn restore_attributes(&mut self, name: Name<'_>) {
        let Some(restore) = &mut self.restore else { return };
        restore.enter(name);
        for (item, holder) in restore.take(|item| item.kind() == KeptKind::Attribute) {
            let mut declarations = holder.tree.declarations.iter();
            let can_stand = declarations.all(|declaration| {
                let prefix = holder.part(declaration.prefix);
                // The prefix of the attribute itself may be another one here.
                !refers(&holder, 0, prefix) || self.declare(prefix, holder.namespace(declaration.namespace))
            });
            if !can_stand {
                if let Some(restore) = &mut self.restore {
                    restore.unplaced.push(item);
                }
                continue;
            }
            for attribute in &holder.tree.attributes {
                copy_attribute(self, &holder, attribute);
            }
        }
        self.mark_restored();
    }

    /// Writes what is left for the innermost element, which ends now.
    pub(crate) fn restore_rest(&mut self) {
        let vocabulary = self.vocabulary();
        let Some(restore) = self.restore.as_mut().filter(|restore| !restore.steps.is_empty()) else {
            return;
        };
        let order = restore.order(vocabulary.order);
        let rest = in_order(restore.take(|item| item.kind() != KeptKind::Attribute), order);
        restore.leave();
        for (item, content) in rest {
            if item.kind() == KeptKind::Element {
                self.copy_verbatim(&content);
            } else {
                self.copy_content(&content);
            }
        }
    }

    /// Writes what was kept before or behind the record, a line each, where none of its elements is open.
    pub(crate) fn restore_outside(&mut self, place: &'static str) {
        let Some(restore) = self.restore.as_mut().filter(|restore| restore.steps.is_empty()) else {
            return;
        };
        for (_, content) in restore.take_at(place, |_| true) {
            self.begin_line();
            self.copy_content(&content);
        }
    }

    fn copy_verbatim(&mut self, element: &Record) {
        self.begin_verbatim();
        copy_element(self, element);
        self.end_verbatim();
    }

    /// Writes what stands in the element around kept text, comments and processing instructions.
    fn copy_content(&mut self, holder: &Record) {
        for node in holder.tree.nodes.iter().skip(1) {
            let source = holder.part(node.source);
            match node.kind {
                Kind::Text { .. } => self.text(&crate::decode::text(source)),
                Kind::Comment | Kind::Instruction => self.verbatim(source),
                Kind::Element => {}
            }
        }
    }
}

/// In the order of the schema as far as it is known; the others behind, as they came.
fn in_order(mut items: Vec<(Kept, Record)>, order: &[Name<'_>]) -> Vec<(Kept, Record)> {
    items.sort_by_key(|(_, content)| rank(order, content.element().name()).unwrap_or(usize::MAX));
    items
}

//! The words of the language that stand for values of the tree, for the parser and the printer alike.

use crate::criteria::{CalendarUnit, Edge, EventSet, Field, Function, ProfileField};

/// A list of choices, each with its word.
pub(crate) trait Choice: Copy + 'static {
    const WHAT: &'static str;
    const ALL: &'static [Self];
    fn word(self) -> &'static str;
}

impl Choice for Edge {
    const WHAT: &'static str = "an edge";
    const ALL: &'static [Self] = &[Self::First, Self::Last];
    fn word(self) -> &'static str {
        self.word()
    }
}

impl Choice for EventSet {
    const WHAT: &'static str = "a kind of event";
    const ALL: &'static [Self] = &EventSet::ALL;
    fn word(self) -> &'static str {
        self.word()
    }
}

impl Choice for Field {
    const WHAT: &'static str = "a field";
    const ALL: &'static [Self] = &Field::ALL;
    fn word(self) -> &'static str {
        self.word()
    }
}

impl Choice for Function {
    const WHAT: &'static str = "a function";
    const ALL: &'static [Self] = &Function::ALL;
    fn word(self) -> &'static str {
        self.word()
    }
}

impl Choice for ProfileField {
    const WHAT: &'static str = "a field of the profile";
    const ALL: &'static [Self] = &ProfileField::ALL;
    fn word(self) -> &'static str {
        self.word()
    }
}

impl Choice for CalendarUnit {
    const WHAT: &'static str = "a part of the calendar";
    const ALL: &'static [Self] = &CalendarUnit::ALL;
    fn word(self) -> &'static str {
        self.word()
    }
}

/// The choice of a word.
pub(crate) fn choice<T: Choice>(word: &str) -> Option<T> {
    T::ALL.iter().copied().find(|choice| choice.word() == word)
}

/// All words of a list, for messages.
pub(crate) fn list<T: Choice>() -> String {
    let words: Vec<_> = T::ALL.iter().map(|choice| choice.word()).collect();
    format!("{} ({})", T::WHAT, words.join(", "))
}

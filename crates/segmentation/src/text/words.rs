//! The words of the language that stand for values of the tree, for the parser, the printer and the XML form alike.

use ecrm_core::Code;

use crate::criteria::{CalendarUnit, Edge, EventSet, Field, Function, ProfileField};

impl Code for Edge {
    const WHAT: &'static str = "place among events";
    const ALL: &'static [Self] = &[Self::First, Self::Last];

    fn code(self) -> &'static str {
        self.word()
    }
}

impl Code for CalendarUnit {
    const WHAT: &'static str = "part of the calendar";
    const ALL: &'static [Self] = &CalendarUnit::ALL;

    fn code(self) -> &'static str {
        self.word()
    }
}

impl Code for EventSet {
    const WHAT: &'static str = "kind of event";
    const ALL: &'static [Self] = &EventSet::ALL;

    fn code(self) -> &'static str {
        self.word()
    }
}

impl Code for Field {
    const WHAT: &'static str = "field";
    const ALL: &'static [Self] = &Field::ALL;

    fn code(self) -> &'static str {
        self.word()
    }
}

impl Code for Function {
    const WHAT: &'static str = "function";
    const ALL: &'static [Self] = &Function::ALL;

    fn code(self) -> &'static str {
        self.word()
    }
}

impl Code for ProfileField {
    const WHAT: &'static str = "field of the profile";
    const ALL: &'static [Self] = &ProfileField::ALL;

    fn code(self) -> &'static str {
        self.word()
    }
}

/// All words of a list, for messages.
pub(crate) fn list<T: Code>() -> String {
    let words: Vec<_> = T::ALL.iter().map(|choice| choice.code()).collect();
    format!("a {} ({})", T::WHAT, words.join(", "))
}

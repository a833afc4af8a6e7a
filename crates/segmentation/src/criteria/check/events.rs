//! Events, their filters and windows.

use super::{Checked, Checker, PERIODS, Yields};
use crate::criteria::codes::codes_of;
use crate::criteria::{CriteriaError, EventSet, Events, Field, Filter, ValueType, Window};

impl Checker {
    pub(super) fn events(&mut self, events: &Events) -> Checked {
        if let Some(window) = &events.window {
            self.window(window)?;
        }
        events
            .filter
            .as_ref()
            .map_or(Ok(()), |filter| self.filter(filter, events.set))
    }

    pub(super) fn timeless(&mut self, events: &Events) -> Checked {
        self.ensure(
            events.window.is_none(),
            "the events must have no window of their own; the criterion has one",
        )?;
        self.events(events)
    }

    fn filter(&mut self, filter: &Filter, set: EventSet) -> Checked {
        match filter {
            Filter::All(parts) | Filter::Any(parts) => {
                for part in parts {
                    self.part("where", |checker| checker.filter(part, set))?;
                }
                Ok(())
            }
            Filter::Not(part) => self.part("where not", |checker| checker.filter(part, set)),
            Filter::Is { field, test } => self.part(format!("where {}", field.word()), |checker| {
                let kind = checker.field(*field, set)?;
                checker.test(test, Yields::One(kind))?;
                checker.words(test, codes_of(*field, set).as_deref())
            }),
        }
    }

    pub(super) fn field(&self, field: Field, set: EventSet) -> Result<ValueType, CriteriaError> {
        field.type_in(set).ok_or_else(|| {
            let known = Field::ALL.into_iter().filter(|known| known.type_in(set).is_some());
            let known: Vec<_> = known.map(Field::word).collect();
            let text = format!("{} have no `{}`, but {}", set.word(), field.word(), known.join(", "));
            self.refuse(text)
        })
    }

    pub(super) fn window(&self, window: &Window) -> Checked {
        match window {
            Window::Fixed { from: None, to: None } => Err(self.refuse("a fixed window needs a beginning or an end")),
            Window::Fixed {
                from: Some(from),
                to: Some(to),
            } if from >= to => Err(self.refuse("the window ends before it begins")),
            Window::Previous { count, .. } if !(1..=PERIODS).contains(count) => {
                Err(self.refuse("a window reaches back over 1 to 1,000 units"))
            }
            _ => Ok(()),
        }
    }
}

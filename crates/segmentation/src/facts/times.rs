//! When events happened.

use std::ops::Deref;
use std::sync::OnceLock;

/// Instants in microseconds, those of each customer in their order. As long as nobody asks for each of them, those that follow each other
/// and are the same are kept once: often it is enough that all lie in the past.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times {
    each: OnceLock<Vec<i64>>,
    /// Instants with how often they come; nothing where each is known.
    runs: Vec<(i64, u32)>,
}

impl Times {
    pub(super) fn of_runs(runs: Vec<(i64, u32)>) -> Self {
        Self {
            each: OnceLock::new(),
            runs,
        }
    }

    /// The different instants, in the order in which they come first; nothing where each was asked for already.
    pub(super) fn runs(&self) -> Option<&[(i64, u32)]> {
        self.each.get().is_none().then_some(self.runs.as_slice())
    }

    pub(super) fn extend(&mut self, more: impl IntoIterator<Item = i64>) {
        if let Some(each) = self.each.get_mut() {
            return each.extend(more);
        }
        let mut each = expanded(&self.runs);
        each.extend(more);
        *self = each.into();
    }
}

impl From<Vec<i64>> for Times {
    fn from(each: Vec<i64>) -> Self {
        Self {
            each: each.into(),
            runs: Vec::new(),
        }
    }
}

impl Deref for Times {
    type Target = [i64];

    fn deref(&self) -> &[i64] {
        self.each.get_or_init(|| expanded(&self.runs))
    }
}

fn expanded(runs: &[(i64, u32)]) -> Vec<i64> {
    let mut each = Vec::with_capacity(runs.iter().map(|(_, times)| *times as usize).sum());
    for (instant, times) in runs {
        each.resize(each.len() + *times as usize, *instant);
    }
    each
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_the_same_instants_as_each() {
        let mut times = Times::of_runs(vec![(5, 2), (7, 1), (5, 3)]);
        assert_eq!(times.runs().map(<[_]>::len), Some(3));
        times.extend([9]);
        assert_eq!(*times, [5, 5, 7, 5, 5, 5, 9]);
        assert_eq!(times.runs(), None);
    }
}

//! Lists of customers, one behind the other.

use std::ops::Index;

/// A list for each customer.
#[derive(Debug, Clone)]
pub(crate) struct Lists<T> {
    /// Where each list ends.
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Self {
            ends: Vec::new(),
            items: Vec::new(),
        }
    }
}

impl<T> Lists<T> {
    /// Adds the list of the next customer.
    pub(crate) fn push(&mut self, list: impl IntoIterator<Item = T>) {
        self.items.extend(list);
        self.ends.push(u32::try_from(self.items.len()).unwrap_or(u32::MAX));
    }

    /// Empty lists of so many customers.
    pub(super) fn empty(customers: usize) -> Self {
        Self {
            ends: vec![0; customers],
            items: Vec::new(),
        }
    }

    /// From how many there are in each, and all of them.
    pub(super) fn of(counts: &[u32], items: Vec<T>) -> Self {
        let ends = counts.iter().scan(0, |end, count| {
            *end += count;
            Some(*end)
        });
        Self {
            ends: ends.collect(),
            items,
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &[T]> + Clone {
        (0..self.ends.len()).map(|customer| &self[customer])
    }

    /// The items of all lists.
    pub(super) fn all(&self) -> &[T] {
        &self.items
    }
}

impl<T> Index<usize> for Lists<T> {
    type Output = [T];

    fn index(&self, customer: usize) -> &[T] {
        let start = customer.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start as usize..self.ends[customer] as usize]
    }
}

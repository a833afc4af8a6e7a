//! Sets of customers, and pages of them.

use std::fmt;
use std::str::FromStr;

use ecrm_core::{CustomerId, ValueError};
use ecrm_store::Session;
use roaring::RoaringBitmap;

use crate::error::SegmentationError;
use crate::store::changed::Glance;
use crate::store::{blocks, numbers, sets};

/// Some members of a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Page {
    /// The customers.
    pub customers: Vec<CustomerId>,
    /// For the next page; nothing behind the last one.
    pub next: Option<Cursor>,
}

/// A place in the members of a segment. Its text can stand in a link to the next page. Who is a member at all pages is on one of them, also
/// where [`advance`](crate::Segmentation::advance) is called in between.
///
/// ```
/// # use ecrm_segmentation::Cursor;
/// let cursor: Cursor = "130".parse()?;
/// assert_eq!(cursor.to_string(), "130");
/// # Ok::<(), ecrm_core::ValueError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    number: u32,
    /// Among those who have no number below that one, the last who was handed out.
    after: Option<CustomerId>,
}

impl Cursor {
    /// From this number on it goes on.
    pub(crate) fn number(self) -> u32 {
        self.number
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        self.after.map_or(Ok(()), |id| write!(f, ".{}", id.uuid().simple()))
    }
}

impl FromStr for Cursor {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let invalid = || ValueError::new("cursor", "must be one that a page of members had");
        let (number, after) = match text.split_once('.') {
            Some((number, id)) => (number, Some(id.parse().map_err(|_| invalid())?)),
            None => (text, None),
        };
        Ok(Self {
            number: number.parse().map_err(|_| invalid())?,
            after: after.map(CustomerId::from_uuid),
        })
    }
}

/// Some customers.
#[derive(Debug, Clone, Default)]
pub struct CustomerSet {
    numbers: RoaringBitmap,
    /// Those who have no number yet, by their ids.
    unnumbered: Vec<CustomerId>,
    /// The number that the next of them gets.
    next_number: u32,
}

impl CustomerSet {
    /// How many they are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.numbers.len() + self.unnumbered.len() as u64
    }

    /// Some of them, from the first or behind a page.
    ///
    /// # Errors
    /// Those of the database.
    pub fn page(
        &self,
        session: &mut dyn Session,
        after: Option<Cursor>,
        limit: u32,
    ) -> Result<Page, SegmentationError> {
        let limit = limit as usize;
        let start = after.map_or(0, Cursor::number);
        if let Some(last) = after.and_then(|cursor| cursor.after) {
            return self.page_of_new(session, (start, last), limit);
        }
        let numbers: Vec<u32> = self.numbers.range(start..).take(limit + 1).collect();
        if numbers.len() > limit {
            return Ok(Page {
                customers: ids(session, &numbers[..limit])?,
                next: Some(Cursor {
                    number: numbers[limit],
                    after: None,
                }),
            });
        }
        let mut customers = ids(session, &numbers)?;
        let room = limit - customers.len();
        customers.extend(self.unnumbered.iter().take(room));
        let is_more = self.unnumbered.len() > room;
        let last = (room > 0).then(|| self.unnumbered.get(room - 1).copied()).flatten();
        Ok(Page {
            customers,
            next: is_more.then(|| Cursor {
                number: self.next_number.max(start),
                after: last,
            }),
        })
    }

    /// Those who had no number when the first of them were handed out: some may have got one since then.
    fn page_of_new(
        &self,
        session: &mut dyn Session,
        (first, last): (u32, CustomerId),
        limit: usize,
    ) -> Result<Page, SegmentationError> {
        let numbered: Vec<u32> = self.numbers.range(first..).collect();
        let mut customers = ids(session, &numbered)?;
        customers.extend(&self.unnumbered);
        customers.retain(|id| *id > last);
        customers.sort_unstable();
        let is_more = customers.len() > limit;
        customers.truncate(limit);
        let last = customers.last().copied().unwrap_or(last);
        Ok(Page {
            customers,
            next: is_more.then_some(Cursor {
                number: first,
                after: Some(last),
            }),
        })
    }

    pub(crate) fn of(numbers: RoaringBitmap, unnumbered: Vec<CustomerId>, next_number: u32) -> Self {
        Self {
            numbers,
            unnumbered,
            next_number,
        }
    }

    /// The members of a segment, as they are, at least those from a number on.
    pub(crate) fn load(
        session: &mut dyn Session,
        changed: &[Glance],
        segment: u32,
        (from, next_number): (u32, u32),
    ) -> Result<Self, SegmentationError> {
        let mut members = Self::of(
            sets::load_from(session, segment, sets::sheet(from))?,
            Vec::new(),
            next_number,
        );
        for glance in changed {
            if let Some(is_member) = glance.move_in(segment) {
                members.put(session, glance.customer, is_member)?;
            }
        }
        Ok(members)
    }

    /// Puts a customer in, behind those who are in it, or takes him out.
    pub(crate) fn put(
        &mut self,
        session: &mut dyn Session,
        customer: CustomerId,
        is_member: bool,
    ) -> Result<(), SegmentationError> {
        match numbers::find(session, customer)? {
            Some(number) if is_member => {
                self.numbers.insert(number);
            }
            Some(number) => {
                self.numbers.remove(number);
            }
            None if is_member => self.unnumbered.push(customer),
            None => {}
        }
        Ok(())
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        let unnumbered = self.unnumbered.iter().filter(|id| other.unnumbered.contains(id));
        Self::of(
            &self.numbers & &other.numbers,
            unnumbered.copied().collect(),
            self.next_number,
        )
    }

    pub(crate) fn or(mut self, other: Self) -> Self {
        self.numbers |= other.numbers;
        self.unnumbered.extend(other.unnumbered);
        self.unnumbered.sort_unstable();
        self.unnumbered.dedup();
        self.next_number = self.next_number.max(other.next_number);
        self
    }

    pub(crate) fn without(mut self, other: &Self) -> Self {
        self.numbers -= &other.numbers;
        self.unnumbered.retain(|id| !other.unnumbered.contains(id));
        self
    }
}

/// The customers of some numbers, which are in their order.
fn ids(session: &mut dyn Session, numbers: &[u32]) -> Result<Vec<CustomerId>, SegmentationError> {
    let mut found = Vec::with_capacity(numbers.len());
    let mut known: Option<(u32, Vec<CustomerId>)> = None;
    for number in numbers {
        let (block, index) = blocks::place(*number);
        if known.as_ref().is_none_or(|(of, _)| *of != block) {
            known = Some((block, blocks::ids(session, block)?));
        }
        let id = known.as_ref().and_then(|(_, ids)| ids.get(index));
        found.extend(id);
    }
    Ok(found)
}

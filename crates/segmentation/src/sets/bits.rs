//! A set of the customers of a block.

/// One bit for each customer. Blocks have seldom more than 64, whose bits stand in one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bits {
    first: u64,
    others: Vec<u64>,
    length: usize,
}

impl Bits {
    /// Nobody.
    pub(crate) fn none(length: usize) -> Self {
        Self {
            first: 0,
            others: vec![0; length.div_ceil(64).saturating_sub(1)],
            length,
        }
    }

    /// Everybody.
    pub(crate) fn all(length: usize) -> Self {
        let mut all = Self::none(length);
        all.flip();
        all
    }

    /// Those among some of whom something is true.
    pub(crate) fn among(some: &Self, mut is_in: impl FnMut(usize) -> bool) -> Self {
        let mut bits = Self::none(some.length);
        for ((word, some), first) in bits.words_mut().zip(some.words()).zip((0..).step_by(64)) {
            let mut rest = some;
            while rest != 0 {
                let place = rest.trailing_zeros() as usize;
                rest &= rest - 1;
                *word |= u64::from(is_in(first + place)) << place;
            }
        }
        bits
    }

    pub(crate) fn and(&mut self, other: &Self) {
        self.words_mut()
            .zip(other.words())
            .for_each(|(word, other)| *word &= other);
    }

    pub(crate) fn or(&mut self, other: &Self) {
        self.words_mut()
            .zip(other.words())
            .for_each(|(word, other)| *word |= other);
    }

    /// Everybody else.
    pub(crate) fn flip(&mut self) {
        self.words_mut().for_each(|word| *word = !*word);
        let rest = self.length % 64;
        if rest > 0 || self.length == 0 {
            *self.others.last_mut().unwrap_or(&mut self.first) &= (1 << rest) - 1;
        }
    }

    /// The places of those who are in it, in their order.
    pub(crate) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        self.words().enumerate().flat_map(|(place, word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = rest.trailing_zeros() as usize;
                rest &= rest.wrapping_sub(1);
                (bit < 64).then_some(64 * place + bit)
            })
        })
    }

    pub(crate) fn contains(&self, customer: usize) -> bool {
        let word = match (customer / 64).checked_sub(1) {
            None => Some(&self.first),
            Some(other) => self.others.get(other),
        };
        word.is_some_and(|word| word >> (customer % 64) & 1 == 1)
    }

    fn words(&self) -> impl Iterator<Item = u64> + '_ {
        std::iter::once(self.first).chain(self.others.iter().copied())
    }

    fn words_mut(&mut self) -> impl Iterator<Item = &mut u64> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(bits: &Bits, length: usize) -> usize {
        (0..length + 70).filter(|customer| bits.contains(*customer)).count()
    }

    #[test]
    fn everybody_else_of_nobody_is_everybody_and_not_more() {
        for length in [0, 1, 63, 64, 65, 200] {
            assert_eq!(count(&Bits::all(length), length), length);
            let third = Bits::among(&Bits::all(length), |customer| customer % 3 == 0);
            assert_eq!(count(&third, length), length.div_ceil(3));
        }
    }
}

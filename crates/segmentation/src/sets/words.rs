//! The texts that a program asks for, found once in each block.

use std::collections::HashMap;

use crate::facts::Block;

/// The different texts of a program.
#[derive(Debug, Clone, Default)]
pub(super) struct Words {
    places: HashMap<String, usize>,
}

/// The place of a text among the words.
pub(super) type Word = usize;

impl Words {
    pub(super) fn word(&mut self, text: &str) -> Word {
        let next = self.places.len();
        *self.places.entry(text.to_owned()).or_insert(next)
    }

    /// The symbol of each in a block; 0 for those that no customer of the block has.
    pub(super) fn symbols(&self, block: &Block) -> Symbols {
        let mut symbols = vec![0; self.places.len()];
        if !symbols.is_empty() {
            for (symbol, text) in block.texts.iter() {
                if let Some(place) = self.places.get(text) {
                    symbols[*place] = symbol;
                }
            }
        }
        Symbols(symbols)
    }
}

/// The symbols of words in a block.
pub(super) struct Symbols(Vec<u32>);

impl Symbols {
    /// Nothing where no customer of the block has it.
    pub(super) fn of(&self, word: Word) -> Option<u32> {
        self.0.get(word).copied().filter(|symbol| *symbol > 0)
    }

    /// Those of some words that any customer of the block has.
    pub(super) fn of_all(&self, words: &[Word]) -> Vec<u32> {
        words.iter().filter_map(|word| self.of(*word)).collect()
    }
}

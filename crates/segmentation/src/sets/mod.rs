//! Criteria for many customers at once: each different leaf once for all segments, over columns, and the trees over sets.

mod bits;
mod leaf;
mod ranges;

use std::collections::HashMap;

pub(crate) use bits::Bits;
use leaf::Leaf;

use crate::calendar::Moment;
use crate::criteria::{Criteria, Name};
use crate::evaluate::Segments;
use crate::facts::Block;

/// The trees of some segments, made flat: equal parts stand in it once, parts before what they are parts of.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    nodes: Vec<Node>,
    /// The node of each segment.
    roots: Vec<(Name, usize)>,
}

#[derive(Debug, Clone)]
enum Node {
    All(Vec<usize>),
    Any(Vec<usize>),
    Not(usize),
    Leaf(Leaf),
}

impl Program {
    /// The program of some segments, which were checked.
    pub(crate) fn of(segments: &Segments) -> Self {
        let mut compiler = Compiler {
            segments,
            nodes: Vec::new(),
            known: HashMap::new(),
        };
        let root = |(name, criteria): (&Name, _)| (name.clone(), compiler.node(criteria));
        let roots = segments.iter().map(root).collect();
        Self {
            nodes: compiler.nodes,
            roots,
        }
    }

    /// The members of each segment among the customers of a block.
    pub(crate) fn run(&self, block: &Block, segments: &Segments, moment: Moment) -> Vec<(&Name, Bits)> {
        let customers = block.ids.len();
        let mut found: Vec<Bits> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let bits = match node {
                Node::All(parts) => parts.iter().fold(Bits::all(customers), |mut all, part| {
                    all.and(&found[*part]);
                    all
                }),
                Node::Any(parts) => parts.iter().fold(Bits::none(customers), |mut any, part| {
                    any.or(&found[*part]);
                    any
                }),
                Node::Not(part) => {
                    let mut bits = found[*part].clone();
                    bits.flip();
                    bits
                }
                Node::Leaf(leaf) => leaf.run(block, segments, moment),
            };
            found.push(bits);
        }
        let members = self.roots.iter().map(|(name, root)| (name, found[*root].clone()));
        members.collect()
    }
}

struct Compiler<'s> {
    segments: &'s Segments,
    nodes: Vec<Node>,
    known: HashMap<&'s Criteria, usize>,
}

impl<'s> Compiler<'s> {
    /// The node of criteria, which is made where there is none yet.
    fn node(&mut self, criteria: &'s Criteria) -> usize {
        if let Some(known) = self.known.get(criteria) {
            return *known;
        }
        let node = match criteria {
            Criteria::All(parts) => Node::All(parts.iter().map(|part| self.node(part)).collect()),
            Criteria::Any(parts) => Node::Any(parts.iter().map(|part| self.node(part)).collect()),
            Criteria::Not(part) => Node::Not(self.node(part)),
            Criteria::InSegment(name) => match self.segments.get(name) {
                Some(criteria) => return self.node(criteria),
                None => Node::Any(Vec::new()),
            },
            leaf => Node::Leaf(Leaf::of(leaf)),
        };
        self.nodes.push(node);
        self.known.insert(criteria, self.nodes.len() - 1);
        self.nodes.len() - 1
    }
}

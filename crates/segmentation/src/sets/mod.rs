//! Criteria for many customers at once: each different leaf once for all segments, over columns, and the trees over sets.

mod answers;
mod bits;
mod columns;
mod leaf;
mod ranges;
mod spans;
mod until;
mod words;

use std::collections::HashMap;

pub(crate) use answers::Answers;
pub(crate) use bits::Bits;
pub(crate) use leaf::Ground;
use leaf::{Asked, Leaf, Sight};
pub(crate) use until::{NEVER, Until};

use crate::criteria::{Criteria, Name};
use crate::evaluate::Segments;

/// The trees of some segments, made flat: equal parts stand in it once, parts before what they are parts of.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    nodes: Vec<Node>,
    /// The node of each segment.
    roots: Vec<(Name, usize)>,
    /// The leaves of which only one node asks, which wants all of its parts.
    waits: Vec<bool>,
    asked: Asked,
}

#[derive(Debug, Clone)]
enum Node {
    All(Vec<usize>),
    Any(Vec<usize>),
    Not(usize),
    Leaf(Box<Leaf>),
}

impl Program {
    /// The program of all segments, which were checked.
    pub(crate) fn of(segments: &Segments) -> Self {
        Self::of_some(segments, &segments.keys().collect::<Vec<_>>())
    }

    /// The program of some of them.
    pub(crate) fn of_some(segments: &Segments, wanted: &[&Name]) -> Self {
        let mut compiler = Compiler {
            segments,
            nodes: Vec::new(),
            known: HashMap::new(),
            asked: Asked::default(),
        };
        let wanted = wanted.iter().filter_map(|name| segments.get_key_value(name));
        let root = |(name, criteria): (&Name, _)| (name.clone(), compiler.node(criteria));
        let roots: Vec<(Name, usize)> = wanted.map(root).collect();
        Self {
            waits: waiting(&compiler.nodes, &roots),
            nodes: compiler.nodes,
            asked: compiler.asked,
            roots,
        }
    }

    /// What holds of the customers of a block: for each segment its members.
    pub(crate) fn run(&self, ground: Ground<'_>) -> Members {
        let mut found: Vec<Bits> = Vec::with_capacity(self.nodes.len());
        let sight = self.asked.sight(ground);
        for (node, waits) in self.nodes.iter().zip(&self.waits) {
            let bits = match node {
                _ if *waits => Bits::none(0),
                Node::All(parts) => self.run_all(ground, &sight, (parts, &found)),
                node => node.run(ground, &sight, &found),
            };
            found.push(bits);
        }
        Members(self.roots.iter().map(|(_, root)| found[*root].clone()).collect())
    }

    /// Those of whom all parts are true. The leaves that nobody else asks for are evaluated last, and among those only who are left.
    fn run_all(&self, ground: Ground<'_>, sight: &Sight<'_>, (parts, found): (&[usize], &[Bits])) -> Bits {
        let mut all = Bits::all(ground.customers());
        let (waiting, known): (Vec<usize>, Vec<usize>) = parts.iter().partition(|part| self.waits[**part]);
        known.iter().for_each(|part| all.and(&found[*part]));
        for part in waiting {
            if let Node::Leaf(leaf) = &self.nodes[part] {
                let passed = leaf.run(ground, sight, &all);
                all.and(&passed);
            }
        }
        all
    }

    /// The segments, in the order of their members.
    pub(crate) fn names(&self) -> impl ExactSizeIterator<Item = &Name> {
        self.roots.iter().map(|(name, _)| name)
    }
}

/// The members of each segment of a program among the customers of a block.
pub(crate) struct Members(pub(crate) Vec<Bits>);

impl Node {
    fn run(&self, ground: Ground<'_>, sight: &Sight<'_>, found: &[Bits]) -> Bits {
        let customers = ground.customers();
        match self {
            Self::All(parts) => parts.iter().fold(Bits::all(customers), |mut all, part| {
                all.and(&found[*part]);
                all
            }),
            Self::Any(parts) => parts.iter().fold(Bits::none(customers), |mut any, part| {
                any.or(&found[*part]);
                any
            }),
            Self::Not(part) => {
                let mut bits = found[*part].clone();
                bits.flip();
                bits
            }
            Self::Leaf(leaf) => leaf.run(ground, sight, &Bits::all(customers)),
        }
    }

    fn until(
        &self,
        (ground, sight): (Ground<'_>, &Sight<'_>),
        bits: &Bits,
        (found, until): (&[Bits], &[Until]),
    ) -> Until {
        let of = |parts: &[usize], neutral| {
            let parts = parts.iter().map(|part| (&found[*part], &until[*part]));
            Until::of_parts(&parts, neutral, ground.customers())
        };
        match self {
            Self::All(parts) => of(parts, true),
            Self::Any(parts) => of(parts, false),
            Self::Not(part) => until[*part].clone(),
            Self::Leaf(leaf) => leaf.until(ground, sight, bits),
        }
    }
}

/// Which nodes are leaves of which only one node asks, which wants all of its parts.
fn waiting(nodes: &[Node], roots: &[(Name, usize)]) -> Vec<bool> {
    let mut uses = vec![(0, 0); nodes.len()];
    for node in nodes {
        let (parts, in_all): (&[usize], usize) = match node {
            Node::All(parts) => (parts, 1),
            Node::Any(parts) => (parts, 0),
            Node::Not(part) => (std::slice::from_ref(part), 0),
            Node::Leaf(_) => (&[], 0),
        };
        for part in parts {
            uses[*part].0 += 1;
            uses[*part].1 += in_all;
        }
    }
    roots.iter().for_each(|(_, root)| uses[*root].0 += 1);
    let is_leaf = nodes.iter().map(|node| matches!(node, Node::Leaf(_)));
    is_leaf
        .zip(uses)
        .map(|(is_leaf, uses)| is_leaf && uses == (1, 1))
        .collect()
}

struct Compiler<'s> {
    segments: &'s Segments,
    nodes: Vec<Node>,
    known: HashMap<&'s Criteria, usize>,
    asked: Asked,
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
            leaf => Node::Leaf(Box::new(Leaf::of(leaf, &mut self.asked))),
        };
        self.nodes.push(node);
        self.known.insert(criteria, self.nodes.len() - 1);
        self.nodes.len() - 1
    }
}

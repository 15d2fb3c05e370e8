//! The states of the model and its sets of keys.

use crate::steps::{KEYS, Rows, Selector};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{BitAnd, BitOr, BitOrAssign, Sub};
use std::sync::OnceLock;

/// The pairs of a database.
pub type State = BTreeMap<Vec<u8>, Vec<u8>>;

/// A commit: the state it left and what it wrote.
#[derive(Default)]
pub struct Commit {
    pub state: State,
    pub written: Atoms,
}

/// A set of keys. All ranges of the model begin and end at a key or right after one, so the key space falls into a few
/// atoms, each of which a set has or has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Atoms(u64);

impl Atoms {
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl BitOr for Atoms {
    type Output = Atoms;
    fn bitor(self, other: Atoms) -> Atoms {
        Atoms(self.0 | other.0)
    }
}

impl BitOrAssign for Atoms {
    fn bitor_assign(&mut self, other: Atoms) {
        self.0 |= other.0;
    }
}

impl BitAnd for Atoms {
    type Output = Atoms;
    fn bitand(self, other: Atoms) -> Atoms {
        Atoms(self.0 & other.0)
    }
}

impl Sub for Atoms {
    type Output = Atoms;
    fn sub(self, other: Atoms) -> Atoms {
        Atoms(self.0 & !other.0)
    }
}

/// The first key after `key`.
pub fn key_after(key: &[u8]) -> Vec<u8> {
    [key, &[0]].concat()
}

/// Where atoms begin.
fn boundaries() -> &'static [Vec<u8>] {
    static BOUNDARIES: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
    BOUNDARIES.get_or_init(|| {
        let keys = KEYS.iter().flat_map(|key| [key.to_vec(), key_after(key)]);
        let sorted: BTreeSet<Vec<u8>> = keys.chain([b"\xff".to_vec()]).collect();
        assert!(sorted.len() <= 64);
        sorted.into_iter().collect()
    })
}

/// The atoms of `[begin, end)`.
pub fn atoms_of(begin: &[u8], end: &[u8]) -> Atoms {
    let inside = |(number, boundary): (usize, &Vec<u8>)| {
        let inside = begin <= boundary.as_slice() && boundary.as_slice() < end;
        u64::from(inside) << number
    };
    Atoms(boundaries().iter().enumerate().map(inside).fold(0, |all, atom| all | atom))
}

impl Selector {
    /// The place among the keys of a state: below 0 off the left end, the number of keys or more off the right.
    pub fn index(&self, state: &State) -> i64 {
        let before = state.keys().filter(|key| **key < self.key || self.or_equal && **key == self.key).count();
        before as i64 + i64::from(self.offset) - 1
    }

    /// The key it resolves to.
    pub fn resolve(&self, state: &State) -> Vec<u8> {
        match usize::try_from(self.index(state)) {
            Ok(index) => state.keys().nth(index).map_or(b"\xff".to_vec(), Clone::clone),
            Err(_) => Vec::new(),
        }
    }
}

/// The rows from one place to another.
pub fn rows_between(state: &State, begin: i64, end: i64) -> Rows {
    let begin = begin.max(0) as usize;
    let count = (end.max(0) as usize).saturating_sub(begin);
    state.iter().skip(begin).take(count).map(|(key, value)| (key.clone(), value.clone())).collect()
}

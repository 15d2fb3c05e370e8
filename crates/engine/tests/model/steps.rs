//! What random transactions do.

use crate::state::{State, key_after};
use engine::{RangeOptions, StreamingMode, Transaction};
use proptest::prelude::*;

/// How many transactions are under way at a time.
pub const TRANSACTIONS: usize = 3;

/// The keys that are written and read. Some follow each other directly.
pub const KEYS: &[&[u8]] = &[b"", b"\0", b"a", b"a\0", b"aa", b"b", b"c", b"d", b"e", b"f\xff"];

pub type Rows = Vec<(Vec<u8>, Vec<u8>)>;

#[derive(Clone, Debug)]
pub struct Selector {
    pub key: Vec<u8>,
    pub or_equal: bool,
    pub offset: i32,
}

#[derive(Clone, Debug)]
pub enum Read {
    Key(Vec<u8>, bool),
    Selector(Selector, bool),
    Range { begin: Selector, end: Selector, options: RangeOptions },
}

#[derive(Clone, Debug)]
pub enum Write {
    Set(Vec<u8>, Vec<u8>),
    Clear(Vec<u8>),
    ClearRange(Vec<u8>, Vec<u8>),
    Atomic(Vec<u8>, Operation, Vec<u8>),
}

/// Some atomic operations that never remove a key.
#[derive(Clone, Copy, Debug)]
pub enum Operation {
    AppendIfFits,
    ByteMax,
    Xor,
}

#[derive(Clone, Debug)]
pub enum Step {
    Read(usize, Read),
    Write(usize, Write),
    /// A conflict range, for reads if true.
    Conflict(usize, Vec<u8>, Vec<u8>, bool),
    Reset(usize),
    Commit(usize),
}

impl Write {
    pub fn perform(&self, transaction: &Transaction) {
        match self {
            Write::Set(key, value) => transaction.set(key, value),
            Write::Clear(key) => transaction.clear(key),
            Write::ClearRange(a, b) => transaction.clear_range(a.min(b), a.max(b)),
            Write::Atomic(key, operation, operand) => {
                let code = match operation {
                    Operation::AppendIfFits => 9,
                    Operation::ByteMax => 17,
                    Operation::Xor => 8,
                };
                transaction.atomic_op(key, operand, code);
            }
        }
    }

    /// The keys it writes.
    pub fn range(&self) -> (Vec<u8>, Vec<u8>) {
        match self {
            Write::Set(key, _) | Write::Clear(key) | Write::Atomic(key, ..) => (key.clone(), key_after(key)),
            Write::ClearRange(a, b) => (a.min(b).clone(), a.max(b).clone()),
        }
    }

    pub fn apply(&self, state: &mut State) {
        match self {
            Write::Set(key, value) => drop(state.insert(key.clone(), value.clone())),
            Write::Clear(_) | Write::ClearRange(..) => {
                let (begin, end) = self.range();
                state.retain(|key, _| !(begin <= *key && *key < end));
            }
            Write::Atomic(key, operation, operand) => {
                let old = state.get(key).cloned();
                let new = match (operation, old) {
                    (_, None) => operand.clone(),
                    (Operation::AppendIfFits, Some(old)) => [old, operand.clone()].concat(),
                    (Operation::ByteMax, Some(old)) => old.max(operand.clone()),
                    (Operation::Xor, Some(old)) => {
                        let old = old.iter().copied().chain(std::iter::repeat(0));
                        operand.iter().zip(old).map(|(a, b)| a ^ b).collect()
                    }
                };
                state.insert(key.clone(), new);
            }
        }
    }
}

fn key() -> impl Strategy<Value = Vec<u8>> {
    prop::sample::select(KEYS).prop_map(<[u8]>::to_vec)
}

fn value() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(prop::sample::select(vec![0u8, 1, 0xff]), 0..4)
}

fn selector() -> impl Strategy<Value = Selector> {
    let plain = (key(), any::<bool>()).prop_map(|(key, or_equal)| Selector { key, or_equal, offset: 1 });
    let counting =
        (key(), any::<bool>(), -4..6i32).prop_map(|(key, or_equal, offset)| Selector { key, or_equal, offset });
    prop_oneof![3 => plain, 2 => counting]
}

fn options() -> impl Strategy<Value = RangeOptions> {
    let mode = prop::sample::select(vec![
        StreamingMode::WantAll,
        StreamingMode::Iterator,
        StreamingMode::Exact,
        StreamingMode::Small,
        StreamingMode::Medium,
        StreamingMode::Serial,
    ]);
    let numbers = (0..5i32, prop::sample::select(vec![0, 1, 30, 60]));
    (mode, numbers, any::<bool>(), prop::bool::weighted(0.2)).prop_map(|(mode, (limit, bytes), reverse, snapshot)| {
        // Without limits that mode is an error.
        let limit = if mode == StreamingMode::Exact { limit + 1 } else { limit };
        RangeOptions { limit, target_bytes: bytes, mode, iteration: 1, snapshot, reverse }
    })
}

fn read() -> impl Strategy<Value = Read> {
    prop_oneof![
        2 => (key(), prop::bool::weighted(0.2)).prop_map(|(key, snapshot)| Read::Key(key, snapshot)),
        1 => (selector(), prop::bool::weighted(0.2)).prop_map(|(selector, snapshot)| Read::Selector(selector, snapshot)),
        3 => (selector(), selector(), options()).prop_map(|(begin, end, options)| Read::Range { begin, end, options }),
    ]
}

fn write() -> impl Strategy<Value = Write> {
    let operation = prop::sample::select(vec![Operation::AppendIfFits, Operation::ByteMax, Operation::Xor]);
    prop_oneof![
        4 => (key(), value()).prop_map(|(key, value)| Write::Set(key, value)),
        1 => key().prop_map(Write::Clear),
        1 => (key(), key()).prop_map(|(a, b)| Write::ClearRange(a, b)),
        2 => (key(), operation, value()).prop_map(|(key, operation, operand)| Write::Atomic(key, operation, operand)),
    ]
}

/// A random history.
pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = || 0..TRANSACTIONS;
    let step = prop_oneof![
        8 => (who(), read()).prop_map(|(who, read)| Step::Read(who, read)),
        8 => (who(), write()).prop_map(|(who, write)| Step::Write(who, write)),
        1 => (who(), key(), key(), any::<bool>()).prop_map(|(who, a, b, is_read)| Step::Conflict(who, a, b, is_read)),
        1 => who().prop_map(Step::Reset),
        4 => who().prop_map(Step::Commit),
    ];
    prop::collection::vec(step, 1..60)
}

//! Random range reads with random key selectors, over random rows and own writes, against a sorted map.

use crate::common::{code, wait, with_clock};
use arbitrary::{Arbitrary, Unstructured};
use engine::{KeySelector, RangeOptions, StreamingMode, Transaction};
use std::collections::BTreeMap;

type State = BTreeMap<Vec<u8>, Vec<u8>>;
type Rows = Vec<(Vec<u8>, Vec<u8>)>;

const END: &[u8] = b"\xff";

/// What keys are made of: bytes beside each other, and the ends of the alphabet.
const LETTERS: &[u8] = &[0, 1, b'a', b'b', 0xfe, 0xff];

const KEY_LETTERS_MAX: usize = 4;

pub fn run(data: &[u8]) {
    let mut input = Unstructured::new(data);
    // Whatever is missing at the end of the input is left out.
    let _ = compare(&mut input);
}

fn compare(input: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    let (database, _) = with_clock();
    let mut state = State::new();
    let before = database.create_transaction();
    write(&before, &mut state, input)?;
    assert_eq!(code(&before.commit()), 0);
    let transaction = database.create_transaction();
    let committed = state.clone();
    write(&transaction, &mut state, input)?;
    while !input.is_empty() {
        match Read::arbitrary(input)? {
            Read::Key(selector) => {
                let key = wait(&transaction.get_key(selector.engine(), false)).unwrap();
                assert_eq!(key, selector.resolve(&state), "{selector:?} in {state:?} over {committed:?}");
            }
            Read::Range(range) => {
                let got = range.read(&transaction);
                assert_eq!(got, range.answer(&state), "{range:?} in {state:?} over {committed:?}");
            }
            Read::Write => write(&transaction, &mut state, input)?,
        }
    }
    Ok(())
}

/// Some sets and clears, done by the transaction and in the state.
fn write(transaction: &Transaction, state: &mut State, input: &mut Unstructured<'_>) -> arbitrary::Result<()> {
    for _ in 0..input.int_in_range(0..=24)? {
        let Key(key) = Key::arbitrary(input)?;
        if key.as_slice() >= END {
            continue;
        }
        match input.int_in_range(0..=3)? {
            0..=1 => {
                // Some are longer than what the smaller streaming modes give at a time.
                let value = vec![b'v'; [0, 1, 100, 2000][input.choose_index(4)?]];
                transaction.set(&key, &value);
                state.insert(key, value);
            }
            2 => {
                transaction.clear(&key);
                state.remove(&key);
            }
            _ => {
                let Key(other) = Key::arbitrary(input)?;
                let (begin, end) = if key < other { (key, other) } else { (other, key) };
                if end.as_slice() <= END {
                    transaction.clear_range(&begin, &end);
                    state.retain(|key, _| !(begin <= *key && *key < end));
                }
            }
        }
    }
    Ok(())
}

#[derive(Arbitrary, Debug)]
enum Read {
    Key(Selector),
    Range(Range),
    Write,
}

#[derive(Debug)]
struct Key(Vec<u8>);

impl<'a> Arbitrary<'a> for Key {
    fn arbitrary(input: &mut Unstructured<'a>) -> arbitrary::Result<Key> {
        let length = input.int_in_range(0..=KEY_LETTERS_MAX)?;
        (0..length).map(|_| input.choose(LETTERS).copied()).collect::<arbitrary::Result<_>>().map(Key)
    }
}

#[derive(Clone, Debug)]
struct Selector {
    key: Vec<u8>,
    or_equal: bool,
    offset: i32,
}

impl<'a> Arbitrary<'a> for Selector {
    fn arbitrary(input: &mut Unstructured<'a>) -> arbitrary::Result<Selector> {
        let Key(mut key) = Key::arbitrary(input)?;
        if key.as_slice() > END {
            // What is behind belongs to the system.
            key = END.to_vec();
        }
        let offset = match input.int_in_range(0..=5)? {
            0..=1 => 1,
            2..=4 => input.int_in_range(-30..=30)?,
            _ => input.arbitrary()?,
        };
        Ok(Selector { key, or_equal: input.arbitrary()?, offset })
    }
}

impl Selector {
    fn engine(&self) -> KeySelector<'_> {
        KeySelector { key: &self.key, or_equal: self.or_equal, offset: self.offset }
    }

    /// The place among the keys of a state: below 0 off the left end, the number of keys or more off the right.
    fn index(&self, state: &State) -> i64 {
        let before = state.keys().filter(|key| **key < self.key || self.or_equal && **key == self.key).count();
        before as i64 + i64::from(self.offset) - 1
    }

    fn resolve(&self, state: &State) -> Vec<u8> {
        match usize::try_from(self.index(state)) {
            Ok(index) => state.keys().nth(index).cloned().unwrap_or(END.to_vec()),
            Err(_) => Vec::new(),
        }
    }
}

#[derive(Debug)]
struct Range {
    begin: Selector,
    end: Selector,
    options: RangeOptions,
}

impl<'a> Arbitrary<'a> for Range {
    fn arbitrary(input: &mut Unstructured<'a>) -> arbitrary::Result<Range> {
        let (begin, end) = (Selector::arbitrary(input)?, Selector::arbitrary(input)?);
        let mode = StreamingMode::from_code(input.int_in_range(-2..=4)?).unwrap();
        let limit = match input.int_in_range(0..=2)? {
            0 => 0,
            1 => input.int_in_range(1..=8)?,
            _ => input.int_in_range(1..=i32::MAX)?,
        };
        // Without limits that mode is an error.
        let limit = if mode == StreamingMode::Exact { limit.max(1) } else { limit };
        let target_bytes = [0, 1, 60, 5000, i32::MAX][input.choose_index(5)?];
        let reverse = input.arbitrary()?;
        // Of a snapshot read one's own writes are seen too.
        let snapshot = input.arbitrary()?;
        Ok(Range { begin, end, options: RangeOptions { limit, target_bytes, mode, iteration: 1, snapshot, reverse } })
    }
}

impl Range {
    fn answer(&self, state: &State) -> Rows {
        let begin = self.begin.index(state).max(0) as usize;
        let end = self.end.index(state).max(0) as usize;
        let inside = state.iter().skip(begin).take(end.saturating_sub(begin));
        let mut rows: Rows = inside.map(|(key, value)| (key.clone(), value.clone())).collect();
        if self.options.reverse {
            rows.reverse();
        }
        if self.options.limit != 0 {
            rows.truncate(self.options.limit as usize);
        }
        rows
    }

    /// All rows, read call by call as clients do.
    fn read(&self, transaction: &Transaction) -> Rows {
        let mut rows = Rows::new();
        let mut options = self.options;
        let (mut begin, mut end) = (self.begin.clone(), self.end.clone());
        loop {
            let part = wait(&transaction.get_range(begin.engine(), end.engine(), options)).unwrap();
            rows.extend(part.iter().map(|(key, value)| (key.to_vec(), value.to_vec())));
            let read = i32::try_from(part.len()).unwrap();
            assert!(options.limit == 0 || read <= options.limit);
            let Some((last, _)) = part.last().filter(|_| part.more() && options.limit != read) else {
                assert!(!part.more() || options.limit == read, "more, but nothing to go on from");
                return rows;
            };
            if options.limit != 0 {
                options.limit -= read;
            }
            options.iteration += 1;
            let here = Selector { key: last.to_vec(), or_equal: !options.reverse, offset: 1 };
            if options.reverse { end = here } else { begin = here }
        }
    }
}

//! Random transactions, interleaved, against a model so plain that it can be checked by eye: maps for states, lists of
//! keys for conflicts.
//!
//! What is compared: every value and row as it is read, whether each commit succeeds, and the database after it. Where the
//! model cannot say which keys a read with counting selectors goes over, either outcome is accepted; but whatever
//! commits must be serializable: its reads, done again at the moment of the commit, give what they gave.
#![allow(clippy::unwrap_used)]

#[path = "../common/mod.rs"]
mod common;
mod state;
mod steps;

use common::{at, code, wait, with_clock};
use engine::{ConflictRangeType, Database, KeySelector, RangeOptions, Transaction};
use proptest::prelude::*;
use state::{Atoms, Commit, State, atoms_of, key_after, rows_between};
use steps::{Read, Rows, Selector, Step, TRANSACTIONS, Write, steps};

/// One attempt of a transaction, in the engine and in the model.
struct Attempt {
    transaction: Transaction,
    /// How many commits it sees.
    sees: usize,
    /// What it sees, with its own writes.
    view: State,
    writes: Vec<Write>,
    written: Atoms,
    /// What is decided by own writes alone, so that reading it is no conflict.
    decided: Atoms,
    read: Atoms,
    /// Whether it has read something whose conflicts the model does not know.
    read_by_counting: bool,
    /// What it has read, and what it got, each with the number of writes before it.
    log: Vec<(usize, Read, Rows)>,
}

struct World {
    database: Database,
    commits: Vec<Commit>,
    attempts: Vec<Attempt>,
}

impl World {
    fn new() -> World {
        let (database, _) = with_clock();
        let commits = vec![Commit::default()];
        let mut world = World { database, commits, attempts: Vec::new() };
        world.attempts = (0..TRANSACTIONS).map(|_| world.begin(None)).collect();
        world
    }

    fn begin(&self, again: Option<Transaction>) -> Attempt {
        let transaction = again.unwrap_or_else(|| self.database.create_transaction());
        transaction.reset();
        wait(&transaction.read_version()).unwrap();
        Attempt {
            transaction,
            sees: self.commits.len(),
            view: self.commits.last().unwrap().state.clone(),
            writes: Vec::new(),
            written: Atoms::default(),
            decided: Atoms::default(),
            read: Atoms::default(),
            read_by_counting: false,
            log: Vec::new(),
        }
    }

    fn take(&mut self, step: &Step) -> Result<(), TestCaseError> {
        match step {
            Step::Read(number, read) => self.attempts[*number].read(read),
            Step::Write(number, write) => {
                self.attempts[*number].write(write);
                Ok(())
            }
            Step::Conflict(number, begin, end, is_read) => {
                let (begin, end) = (begin.min(end), begin.max(end));
                let kind = if *is_read { ConflictRangeType::Read } else { ConflictRangeType::Write };
                let attempt = &mut self.attempts[*number];
                attempt.transaction.add_conflict_range(begin, end, kind).unwrap();
                let atoms = atoms_of(begin, end);
                if *is_read {
                    attempt.read |= atoms - attempt.decided
                } else {
                    attempt.written |= atoms
                }
                Ok(())
            }
            Step::Reset(number) => {
                self.restart(*number);
                Ok(())
            }
            Step::Commit(number) => self.commit(*number),
        }
    }

    fn restart(&mut self, number: usize) {
        let fresh = self.begin(None);
        let old = std::mem::replace(&mut self.attempts[number], fresh);
        // Reset, not made anew: both must do.
        self.attempts[number] = self.begin(Some(old.transaction));
    }

    fn commit(&mut self, number: usize) -> Result<(), TestCaseError> {
        let attempt = &self.attempts[number];
        let outcome = code(&attempt.transaction.commit());
        if attempt.written.is_empty() {
            prop_assert_eq!(outcome, 0, "a commit without writes failed");
            self.restart(number);
            return Ok(());
        }
        let others = self.commits[attempt.sees..].iter().fold(Atoms::default(), |all, commit| all | commit.written);
        let collides = !(others & attempt.read).is_empty();
        if collides {
            prop_assert_eq!(outcome, 1020, "a conflict was missed: {:?}", attempt.log);
        } else if others.is_empty() || !attempt.read_by_counting {
            prop_assert_eq!(outcome, 0, "a conflict that is none: {:?}", attempt.log);
        }
        if outcome == 0 {
            let mut state = self.commits.last().unwrap().state.clone();
            let mut done = 0;
            for (writes, read, got) in &attempt.log {
                attempt.writes[done..*writes].iter().for_each(|write| write.apply(&mut state));
                done = *writes;
                if !read.snapshot() {
                    prop_assert_eq!(&read.answer(&state), got, "not serializable: {:?}", read);
                }
            }
            attempt.writes[done..].iter().for_each(|write| write.apply(&mut state));
            self.commits.push(Commit { state, written: attempt.written });
        }
        self.restart(number);
        let transaction = self.database.create_transaction();
        let read = Read::all();
        let (rows, _) = read_rows(&transaction, &read);
        prop_assert_eq!(rows, read.answer(&self.commits.last().unwrap().state), "the state after a commit");
        Ok(())
    }
}

impl Attempt {
    fn read(&mut self, read: &Read) -> Result<(), TestCaseError> {
        let wanted = read.answer(&self.view);
        let (got, gone_over) = match read {
            Read::Key(key, snapshot) => {
                let value = wait(&self.transaction.get(key, *snapshot)).unwrap();
                let rows = value.map(|value| (key.clone(), value)).into_iter().collect();
                (rows, atoms_of(key, &key_after(key)))
            }
            Read::Selector(selector, snapshot) => {
                let key = wait(&self.transaction.get_key(selector.engine(), *snapshot)).unwrap();
                self.read_by_counting |= !snapshot;
                (vec![(key, Vec::new())], Atoms::default())
            }
            Read::Range { begin, end, options } => {
                let (rows, gone_over) = read_rows(&self.transaction, read);
                self.read_by_counting |= !(options.snapshot || begin.is_plain() && end.is_plain());
                (rows, gone_over)
            }
        };
        prop_assert_eq!(&got, &wanted, "{:?} in {:?}", read, self.view);
        if !read.snapshot() {
            self.read |= gone_over - self.decided;
        }
        self.log.push((self.writes.len(), read.clone(), got));
        Ok(())
    }

    fn write(&mut self, write: &Write) {
        write.perform(&self.transaction);
        let (begin, end) = write.range();
        let atoms = atoms_of(&begin, &end);
        self.written |= atoms;
        // An atomic operation over what is not decided leaves it so.
        if !matches!(write, Write::Atomic(..)) {
            self.decided |= atoms;
        }
        write.apply(&mut self.view);
        self.writes.push(write.clone());
    }
}

/// All rows of a range, read call by call, and what the calls went over if the selectors count nothing.
fn read_rows(transaction: &Transaction, read: &Read) -> (Rows, Atoms) {
    let Read::Range { begin, end, options } = read else { return Default::default() };
    let mut options = *options;
    let (mut rows, mut gone_over): (Rows, Atoms) = Default::default();
    let (mut first, mut last) = (begin.clone(), end.clone());
    loop {
        let part = wait(&transaction.get_range(first.engine(), last.engine(), options)).unwrap();
        rows.extend(part.iter().map(|(key, value)| (key.to_vec(), value.to_vec())));
        let cut = part.last().filter(|_| part.more()).map(|(key, _)| key.to_vec());
        gone_over |= match (&cut, options.reverse) {
            (None, _) => atoms_of(&first.normalized(), &last.normalized()),
            (Some(key), false) => atoms_of(&first.normalized(), &key_after(key)),
            (Some(key), true) => atoms_of(key, &last.normalized()),
        };
        let read = i32::try_from(part.len()).unwrap();
        match cut {
            Some(key) if options.limit == 0 || read < options.limit => {
                if options.limit != 0 {
                    options.limit -= read;
                }
                options.iteration += 1;
                let here = Selector { key, or_equal: !options.reverse, offset: 1 };
                if options.reverse { last = here } else { first = here }
            }
            _ => return (rows, gone_over),
        }
    }
}

impl Selector {
    fn engine(&self) -> KeySelector<'_> {
        KeySelector { key: &self.key, or_equal: self.or_equal, offset: self.offset }
    }

    /// The key that it means where it counts nothing.
    fn normalized(&self) -> Vec<u8> {
        if self.or_equal { key_after(&self.key) } else { self.key.clone() }
    }

    fn is_plain(&self) -> bool {
        self.offset == 1
    }
}

impl Read {
    fn all() -> Read {
        let plain = |key: &[u8]| Selector { key: key.to_vec(), or_equal: false, offset: 1 };
        Read::Range { begin: plain(b""), end: plain(b"\xff"), options: RangeOptions::default() }
    }

    fn snapshot(&self) -> bool {
        match self {
            Read::Key(_, snapshot) | Read::Selector(_, snapshot) => *snapshot,
            Read::Range { options, .. } => options.snapshot,
        }
    }

    /// What it gives in a state.
    fn answer(&self, state: &State) -> Rows {
        match self {
            Read::Key(key, _) => {
                state.get_key_value(key).map(|(key, value)| (key.clone(), value.clone())).into_iter().collect()
            }
            Read::Selector(selector, _) => vec![(selector.resolve(state), Vec::new())],
            Read::Range { begin, end, options } => {
                let mut rows = rows_between(state, begin.index(state), end.index(state));
                if options.reverse {
                    rows.reverse();
                }
                if options.limit != 0 {
                    rows.truncate(options.limit as usize);
                }
                rows
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn transactions_are_as_the_model_has_them(steps in steps()) {
        let mut world = World::new();
        for step in &steps {
            world.take(step)?;
        }
        for number in 0..TRANSACTIONS {
            world.commit(number)?;
        }
    }
}

/// The model itself: a read of a range that others wrote must be seen as a conflict, one beside it must not.
#[test]
fn the_model_tells_a_conflict_from_none() {
    for (key, collides) in [(&b"a"[..], true), (b"c", false)] {
        let mut world = World::new();
        let read = Read::Range {
            begin: Selector { key: b"a".to_vec(), or_equal: false, offset: 1 },
            end: Selector { key: b"b".to_vec(), or_equal: false, offset: 1 },
            options: RangeOptions::default(),
        };
        world.take(&Step::Read(0, read)).unwrap();
        world.take(&Step::Write(0, Write::Set(b"d".to_vec(), vec![]))).unwrap();
        world.take(&Step::Write(1, Write::Set(key.to_vec(), vec![]))).unwrap();
        world.take(&Step::Commit(1)).unwrap();
        world.take(&Step::Commit(0)).unwrap();
        assert_eq!(world.commits.len(), if collides { 2 } else { 3 });
        let rows =
            wait(&world.database.create_transaction().get_range(at(b""), at(b"\xff"), Default::default())).unwrap();
        assert_eq!(rows.len(), if collides { 1 } else { 2 });
    }
}

//! Transactions are serializable: the anomalies that weaker isolation lets through are conflicts.
#![allow(clippy::unwrap_used)]

mod common;

use common::{at, code, memory, option, put, value_of, wait};
use engine::{ConflictRangeType, Database, RangeOptions, Transaction};

fn get(transaction: &Transaction, key: &[u8]) -> Option<Vec<u8>> {
    wait(&transaction.get(key, false)).unwrap()
}

#[test]
fn an_update_is_not_lost() {
    let database = memory();
    put(&database, &[(b"counter", b"1")]);
    let (first, second) = (database.create_transaction(), database.create_transaction());
    for transaction in [&first, &second] {
        let old = get(transaction, b"counter").unwrap();
        transaction.set(b"counter", &[&old[..], b"+"].concat());
    }
    assert_eq!(code(&first.commit()), 0);
    assert_eq!(code(&second.commit()), 1020);
    assert_eq!(value_of(&database, b"counter").unwrap(), b"1+");
}

#[test]
fn writes_are_not_skewed() {
    // Two doctors are on call and each may leave while the other is there.
    let database = memory();
    put(&database, &[(b"alice", b"on"), (b"bob", b"on")]);
    let (alice, bob) = (database.create_transaction(), database.create_transaction());
    assert_eq!(get(&alice, b"bob").unwrap(), b"on");
    alice.set(b"alice", b"off");
    assert_eq!(get(&bob, b"alice").unwrap(), b"on");
    bob.set(b"bob", b"off");
    assert_eq!((code(&alice.commit()), code(&bob.commit())), (0, 1020));
}

#[test]
fn there_are_no_phantoms() {
    let database = memory();
    let transaction = database.create_transaction();
    let rows = wait(&transaction.get_range(at(b"a"), at(b"b"), RangeOptions::default())).unwrap();
    assert!(rows.is_empty());
    put(&database, &[(b"a1", b"")]);
    transaction.set(b"sum", b"0");
    assert_eq!(code(&transaction.commit()), 1020);
}

#[test]
fn a_reader_sees_one_moment() {
    let database = memory();
    put(&database, &[(b"a", b"1"), (b"b", b"1")]);
    let reader = database.create_transaction();
    assert_eq!(get(&reader, b"a").unwrap(), b"1");
    put(&database, &[(b"a", b"2"), (b"b", b"2"), (b"c", b"2")]);
    assert_eq!(get(&reader, b"b").unwrap(), b"1");
    assert_eq!(get(&reader, b"c"), None);
    // It wrote nothing, so nothing of this matters.
    assert_eq!(code(&reader.commit()), 0);
}

#[test]
fn snapshot_reads_and_blind_writes_do_not_conflict() {
    let database = memory();
    let (first, second) = (database.create_transaction(), database.create_transaction());
    wait(&first.get(b"k", true)).unwrap();
    first.set(b"mine", b"1");
    second.set(b"k", b"2");
    second.set(b"mine", b"2");
    assert_eq!((code(&second.commit()), code(&first.commit())), (0, 0));
    assert_eq!(value_of(&database, b"mine").unwrap(), b"1");
}

#[test]
fn atomic_operations_do_not_conflict_until_they_are_read() {
    let database = memory();
    let (first, second) = (database.create_transaction(), database.create_transaction());
    for transaction in [&first, &second] {
        wait(&transaction.read_version()).unwrap();
        transaction.atomic_op(b"counter", &[1, 0], 2);
    }
    assert_eq!((code(&first.commit()), code(&second.commit())), (0, 0));
    assert_eq!(value_of(&database, b"counter").unwrap(), [2, 0]);

    let reading = database.create_transaction();
    reading.atomic_op(b"counter", &[1, 0], 2);
    assert_eq!(get(&reading, b"counter").unwrap(), [3, 0]);
    let transaction = database.create_transaction();
    transaction.atomic_op(b"counter", &[1, 0], 2);
    assert_eq!((code(&transaction.commit()), code(&reading.commit())), (0, 1020));
}

#[test]
fn conflict_ranges_can_be_given() {
    let database = memory();
    let begin = |kind: ConflictRangeType| {
        let transaction = database.create_transaction();
        wait(&transaction.read_version()).unwrap();
        transaction.add_conflict_range(b"a", b"c", kind).unwrap();
        transaction
    };
    let (reader, writer) = (begin(ConflictRangeType::Read), begin(ConflictRangeType::Write));
    reader.set(b"mine", b"");
    assert_eq!((code(&writer.commit()), code(&reader.commit())), (0, 1020));
    assert!(writer.committed_version() > 0);
    assert_eq!(value_of(&database, b"mine"), None);

    // The next write of both is no conflict for the other.
    let (reader, writer) = (begin(ConflictRangeType::Read), database.create_transaction());
    reader.set(b"mine", b"");
    writer.set_option(option::NEXT_WRITE_NO_WRITE_CONFLICT_RANGE, None).unwrap();
    writer.set(b"b", b"");
    assert_eq!((code(&writer.commit()), code(&reader.commit())), (0, 0));
}

#[test]
fn a_limited_read_protects_only_what_it_went_over() {
    let database = memory();
    put(&database, &[(b"a", b""), (b"b", b""), (b"c", b"")]);
    let outcome = |written: &[u8]| {
        let transaction = database.create_transaction();
        let options = RangeOptions { limit: 2, ..RangeOptions::default() };
        assert_eq!(wait(&transaction.get_range(at(b""), at(b"d"), options)).unwrap().len(), 2);
        put(&database, &[(written, b"")]);
        transaction.set(b"mine", b"");
        code(&transaction.commit())
    };
    assert_eq!((outcome(b"c"), outcome(b"b\0"), outcome(b"b"), outcome(b"a")), (0, 0, 1020, 1020));
}

const ACCOUNTS: u8 = 12;
const START: u64 = 1_000;

fn balance(transaction: &Transaction, account: u8) -> Result<u64, engine::Error> {
    Ok(u64::from_le_bytes(wait(&transaction.get(&[account], false))?.unwrap().try_into().unwrap()))
}

/// Moves money between two accounts, trying again until that commits.
fn transfer(database: &Database, from: u8, to: u8, amount: u64) {
    let transaction = database.create_transaction();
    loop {
        let attempt = || -> Result<(), engine::Error> {
            let (source, target) = (balance(&transaction, from)?, balance(&transaction, to)?);
            let amount = amount.min(source);
            transaction.set(&[from], &(source - amount).to_le_bytes());
            transaction.set(&[to], &(target + amount).to_le_bytes());
            wait(&transaction.commit())
        };
        match attempt() {
            Ok(()) => return,
            Err(error) => wait(&transaction.on_error(error.code())).unwrap(),
        }
    }
}

fn total(database: &Database) -> u64 {
    let transaction = database.create_transaction();
    (0..ACCOUNTS).map(|account| balance(&transaction, account).unwrap()).sum()
}

fn money_is_neither_made_nor_lost(database: &Database, transfers: u64) {
    let transaction = database.create_transaction();
    (0..ACCOUNTS).for_each(|account| transaction.set(&[account], &START.to_le_bytes()));
    wait(&transaction.commit()).unwrap();
    let wanted = START * u64::from(ACCOUNTS);
    std::thread::scope(|scope| {
        for thread in 0..4u64 {
            scope.spawn(move || {
                let mut random = thread + 1;
                for _ in 0..transfers {
                    random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let from = (random >> 33) as u8 % ACCOUNTS;
                    let to = (from + 1 + (random >> 45) as u8 % (ACCOUNTS - 1)) % ACCOUNTS;
                    transfer(database, from, to, random >> 54);
                    // Also in the midst of it all.
                    assert_eq!(total(database), wanted);
                }
            });
        }
    });
    assert_eq!(total(database), wanted);
}

#[test]
fn a_bank_in_memory_balances() {
    money_is_neither_made_nor_lost(&memory(), 300);
}

#[test]
fn a_bank_in_a_file_balances() {
    let directory = tempfile::tempdir().unwrap();
    let target = format!("file:{}", directory.path().join("bank").display());
    money_is_neither_made_nor_lost(&Database::open(&target, Default::default()).unwrap(), 20);
}

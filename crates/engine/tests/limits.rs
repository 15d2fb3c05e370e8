//! The limits of keys, values and transactions, each at its boundary, and which keys may be touched.
#![allow(clippy::unwrap_used)]

mod common;

use common::{at, code, memory, option, value_of, wait};
use engine::{ConflictRangeType, KeySelector, RangeOptions, StreamingMode, Transaction};

const METADATA_VERSION: &[u8] = b"\xff/metadataVersion";

fn key(first: u8, length: usize) -> Vec<u8> {
    let mut key = vec![b'k'; length];
    key[0] = first;
    key
}

type Use<'a> = &'a dyn Fn(&Transaction);

/// The error that a call leaves, with some options set.
fn code_after(options: &[i32], call: Use<'_>) -> i32 {
    let database = memory();
    let transaction = database.create_transaction();
    options.iter().for_each(|option| transaction.set_option(*option, None).unwrap());
    call(&transaction);
    code(&transaction.commit())
}

#[test]
fn keys_that_are_written() {
    let set = |options: &[i32], key: &[u8]| code_after(options, &|transaction| transaction.set(key, b""));
    assert_eq!((set(&[], &key(b'k', 10_000)), set(&[], &key(b'k', 10_001))), (0, 2102));
    let raw = &[option::RAW_ACCESS];
    assert_eq!((set(raw, &key(b'k', 10_008)), set(raw, &key(b'k', 10_009))), (0, 2102));
    let system = &[option::ACCESS_SYSTEM_KEYS];
    assert_eq!((set(system, &key(b'k', 10_008)), set(system, &key(b'k', 10_009))), (0, 2102));
    assert_eq!((set(system, &key(0xff, 30_000)), set(system, &key(0xff, 30_001))), (0, 2102));
    assert_eq!(set(&[], b""), 0);

    let atomic = |key: &[u8], kind: i32| code_after(&[], &|transaction| transaction.atomic_op(key, &[0; 4], kind));
    assert_eq!((atomic(&key(b'k', 10_000), 2), atomic(&key(b'k', 10_001), 2)), (0, 2102));
    // A versionstamped key counts with its offset.
    let stamped = |length: usize| [&key(b'k', length)[..], &0i32.to_le_bytes()].concat();
    assert_eq!((atomic(&stamped(9_996), 14), atomic(&stamped(9_997), 14)), (0, 2102));
}

#[test]
fn values_that_are_written() {
    let set = |length| code_after(&[], &|transaction| transaction.set(b"k", &vec![0; length]));
    assert_eq!((set(100_000), set(100_001)), (0, 2103));
    let atomic = |length| code_after(&[], &|transaction| transaction.atomic_op(b"k", &vec![0; length], 9));
    assert_eq!((atomic(100_000), atomic(100_001)), (0, 2103));
}

#[test]
fn an_append_that_does_not_fit_does_nothing() {
    let database = memory();
    for (append, wanted) in [(60_000, 60_000), (40_001, 60_000), (40_000, 100_000), (1, 100_000)] {
        let transaction = database.create_transaction();
        transaction.atomic_op(b"k", &vec![b'a'; append], 9);
        wait(&transaction.commit()).unwrap();
        assert_eq!(value_of(&database, b"k").unwrap().len(), wanted);
    }
}

#[test]
fn keys_too_long_to_exist_are_never_found() {
    let database = memory();
    let transaction = database.create_transaction();
    for length in [10_009, 20_000] {
        assert_eq!(wait(&transaction.get(&key(b'k', length), false)), Ok(None));
        transaction.clear(&key(b'k', length));
    }
    assert!(common::read_conflicts(&transaction).is_empty());
    assert!(common::write_conflicts(&transaction).is_empty());
    // Up to there a key might exist.
    wait(&transaction.get(&key(b'k', 10_008), false)).unwrap();
    transaction.clear(&key(b'k', 10_008));
    assert_eq!((common::read_conflicts(&transaction).len(), common::write_conflicts(&transaction).len()), (1, 1));
    // Longer ones in ranges are cut.
    transaction.reset();
    let (begin, end) = (key(b'a', 20_000), key(b'b', 20_000));
    transaction.add_conflict_range(&begin, &end, ConflictRangeType::Read).unwrap();
    transaction.clear_range(&begin, &end);
    let cut = vec![(begin[..10_009].to_vec(), end[..10_009].to_vec())];
    assert!(common::read_conflicts(&transaction) == cut);
    assert!(common::write_conflicts(&transaction) == cut);
    let longer = key(b'a', 20_001);
    transaction.reset();
    transaction.clear_range(&begin, &longer);
    assert!(common::write_conflicts(&transaction).is_empty());
}

#[test]
fn a_transaction_of_ten_megabytes() {
    let database = memory();
    let commit = |last: usize| {
        let transaction = database.create_transaction();
        // Each set of key and value counts 44, its conflict range 24 and both its ends.
        let overhead = 44 + 1 + 24 + 1 + 2;
        let mut left = 10_000_000;
        for number in 0..100u8 {
            let length = (left - overhead).min(100_000);
            transaction.set(&[number], &vec![0; if length < 100_000 { length + last } else { length }]);
            left -= overhead + length;
            if left == 0 {
                break;
            }
        }
        // What a transaction is told of its size is what it is judged by.
        assert_eq!(wait(&transaction.approximate_size()), Ok(10_000_000 + last as i64));
        code(&transaction.commit())
    };
    assert_eq!((commit(0), commit(1)), (0, 2101));
}

#[test]
fn what_was_read_counts_by_its_conflict_ranges_and_not_by_its_values() {
    let database = memory();
    for number in 0..20u8 {
        common::put(&database, &[(&[b'v', number], &[0; 100_000])]);
    }
    let commit = |reads: u32, snapshot: bool| {
        let transaction = database.create_transaction();
        for number in 0..reads {
            let key = [&key(b'r', 9_000)[..], &number.to_be_bytes()].concat();
            assert_eq!(wait(&transaction.get(&key, snapshot)), Ok(None));
        }
        transaction.set(b"written", b"");
        code(&transaction.commit())
    };
    // Begin and end of each, and 24 bytes.
    assert_eq!((commit(500, false), commit(560, false), commit(560, true)), (0, 2101, 0));
    let transaction = database.create_transaction();
    for _ in 0..10 {
        for number in 0..20u8 {
            assert!(wait(&transaction.get(&[b'v', number], false)).unwrap().is_some());
        }
    }
    transaction.set(b"written", b"");
    assert_eq!(code(&transaction.commit()), 0, "20 MB were read");
    assert!(value_of(&database, b"written").is_some());
}

#[test]
fn keys_that_may_be_read() {
    let database = memory();
    let get = |options: &[i32], key: &[u8]| {
        let transaction = database.create_transaction();
        options.iter().for_each(|option| transaction.set_option(*option, None).unwrap());
        code(&transaction.get(key, false))
    };
    let system = &[option::READ_SYSTEM_KEYS];
    for (key, plain, with_system) in [
        (&b"\xfe"[..], 0, 0),
        (b"\xff", 2004, 0),
        (b"\xff/x", 2004, 0),
        (METADATA_VERSION, 0, 0),
        (b"\xff/metadataVersion\x00", 2004, 0),
        (b"\xff\xff\xff", 2004, 2004),
    ] {
        assert_eq!((get(&[], key), get(system, key)), (plain, with_system), "{}", key.escape_ascii());
    }
    let transaction = database.create_transaction();
    let key_of = |key: &[u8]| code(&transaction.get_key(KeySelector::last_less_than(key), false));
    assert_eq!((key_of(b"\xff"), key_of(b"\xff\x00"), key_of(b"\xff\xff/status/json")), (0, 2004, 2004));
    let range = |begin: &[u8], end: &[u8]| code(&transaction.get_range(at(begin), at(end), RangeOptions::default()));
    assert_eq!((range(b"", b"\xff"), range(b"", b"\xff\x00"), range(b"\xff", b"\xff")), (0, 2004, 0));
    assert_eq!(range(b"a", b"\xff\xff/status/json"), 2004);
    let splits = |begin: &[u8], end: &[u8]| code(&transaction.get_range_split_points(begin, end, 1000));
    assert_eq!((splits(b"", b"\xff"), splits(b"", b"\xff\x00"), splits(b"b", b"a")), (0, 2004, 2005));
    assert_eq!(code(&transaction.get_estimated_range_size_bytes(b"", b"\xff\xff")), 0);
    assert_eq!(code(&transaction.get_estimated_range_size_bytes(b"b", b"a")), 2005);
}

#[test]
fn keys_that_may_be_written() {
    let system = &[option::ACCESS_SYSTEM_KEYS];
    for (key, plain, with_system) in
        [(&b"\xfe"[..], 0, 0), (b"\xff", 2004, 0), (b"\xff/x", 2004, 0), (METADATA_VERSION, 2000, 2000)]
    {
        let set: Use<'_> = &|transaction| transaction.set(key, b"");
        assert_eq!((code_after(&[], set), code_after(system, set)), (plain, with_system), "{}", key.escape_ascii());
    }
    assert_eq!(code_after(&[option::READ_SYSTEM_KEYS], &|transaction| transaction.set(b"\xff/x", b"")), 2004);
    assert_eq!(code_after(&[], &|transaction| transaction.clear(b"\xff")), 2004);
    assert_eq!(code_after(&[], &|transaction| transaction.clear_range(b"", b"\xff")), 0);
    assert_eq!(code_after(&[], &|transaction| transaction.clear_range(b"", b"\xff\x00")), 2004);
    assert_eq!(code_after(system, &|transaction| transaction.clear_range(b"\xff/x", b"\xff\xff")), 0);
    assert_eq!(code_after(&[], &|transaction| transaction.clear_range(b"b", b"a")), 2005);
    assert_eq!(code_after(&[], &|transaction| transaction.atomic_op(b"\xff/x", b"", 2)), 2004);

    // The metadata version takes a versionstamp and nothing else.
    assert_eq!(code_after(&[], &|transaction| transaction.atomic_op(METADATA_VERSION, &[0; 14], 15)), 0);
    assert_eq!(code_after(&[], &|transaction| transaction.atomic_op(METADATA_VERSION, &[1; 14], 15)), 2000);
    assert_eq!(code_after(&[], &|transaction| transaction.atomic_op(METADATA_VERSION, &[0; 14], 2)), 2000);
}

#[test]
fn conflict_ranges_that_may_be_added() {
    let add = |begin: &[u8], end: &[u8], kind| {
        let (begin, end) = (begin.to_vec(), end.to_vec());
        code_after(&[], &move |transaction| transaction.add_conflict_range(&begin, &end, kind).unwrap())
    };
    for kind in [ConflictRangeType::Read, ConflictRangeType::Write] {
        assert_eq!((add(b"", b"\xff", kind), add(b"", b"\xff\x00", kind)), (0, 2004));
        let refused = memory().create_transaction().add_conflict_range(b"b", b"a", kind);
        assert_eq!(refused.unwrap_err().code(), 2005);
    }
    let after = [METADATA_VERSION, b"\0"].concat();
    assert_eq!(add(METADATA_VERSION, &after, ConflictRangeType::Read), 0);
    assert_eq!(add(METADATA_VERSION, &after, ConflictRangeType::Write), 2004);
}

#[test]
fn operations_that_are_none() {
    for kind in [0, 1, 3, 4, 5, 10, 11, 21, 24, 255, -1] {
        assert_eq!(code_after(&[], &|transaction| transaction.atomic_op(b"k", b"", kind)), 2018, "{kind}");
    }
    for kind in [2, 6, 7, 8, 9, 12, 13, 16, 17, 18, 19, 20] {
        assert_eq!(code_after(&[], &|transaction| transaction.atomic_op(b"k", b"", kind)), 0, "{kind}");
    }
    let offset = |body: usize, offset: i32| [&vec![0; body][..], &offset.to_le_bytes()].concat();
    let cases =
        [(vec![], 2000), (offset(9, 0), 2000), (offset(10, 0), 0), (offset(10, 1), 2000), (offset(20, -1), 2000)];
    for (operand, wanted) in cases {
        assert_eq!(code_after(&[], &|transaction| transaction.atomic_op(b"k", &operand, 15)), wanted, "{operand:?}");
        assert_eq!(code_after(&[], &|transaction| transaction.atomic_op(&operand, b"", 14)), wanted, "{operand:?}");
    }
}

#[test]
fn range_limits_that_make_no_sense() {
    let database = memory();
    common::put(&database, &[(b"a", b"1"), (b"b", b"2")]);
    let transaction = database.create_transaction();
    let read = |options: RangeOptions| code(&transaction.get_range(at(b""), at(b"\xff"), options));
    let plain = RangeOptions::default();
    assert_eq!(read(RangeOptions { limit: -1, ..plain }), 0);
    assert_eq!(read(RangeOptions { limit: -2, ..plain }), 2012);
    assert_eq!(read(RangeOptions { target_bytes: -2, ..plain }), 2012);
    assert_eq!(read(RangeOptions { mode: StreamingMode::Exact, ..plain }), 2210);
    assert_eq!(read(RangeOptions { mode: StreamingMode::Exact, target_bytes: 1, ..plain }), 0);
    assert_eq!(read(RangeOptions { mode: StreamingMode::Iterator, iteration: 0, ..plain }), 2000);
    assert_eq!(read(RangeOptions { mode: StreamingMode::Iterator, iteration: 99, ..plain }), 0);
    // The row that goes over the limit still comes.
    let one = wait(&transaction.get_range(at(b""), at(b"\xff"), RangeOptions { target_bytes: 1, ..plain })).unwrap();
    assert_eq!((one.len(), one.more()), (1, true));
    // A range the wrong way round is empty.
    let none = wait(&transaction.get_range(at(b"b"), at(b"a"), plain)).unwrap();
    assert_eq!((none.len(), none.more()), (0, false));
}

#[test]
fn streaming_modes_return_so_many_bytes() {
    let database = memory();
    let transaction = database.create_transaction();
    (0..2_000u32).for_each(|number| transaction.set(&number.to_be_bytes(), &[0; 92]));
    wait(&transaction.commit()).unwrap();
    let transaction = database.create_transaction();
    let rows = |mode, iteration| {
        let options = RangeOptions { mode, iteration, snapshot: true, ..RangeOptions::default() };
        let transaction = database.create_transaction();
        let rows = wait(&transaction.get_range(at(b""), at(b"\xff"), options)).unwrap();
        assert!(rows.more());
        rows.len()
    };
    drop(transaction);
    // A storage server counts 24 + 4 + 92 bytes a row, and the row that reaches the limit still comes.
    for (mode, bytes) in [
        (StreamingMode::Small, 256),
        (StreamingMode::Medium, 1_000),
        (StreamingMode::Large, 4_096),
        (StreamingMode::Serial, 80_000),
        (StreamingMode::WantAll, 80_000),
    ] {
        assert_eq!(rows(mode, 1), usize::div_ceil(bytes, 120), "{mode:?}");
    }
    let iterations = [4_096, 6_144, 9_216, 13_824, 20_736, 31_104, 46_656, 69_984, 80_000, 80_000, 80_000];
    for (iteration, bytes) in (1..).zip(iterations) {
        assert_eq!(rows(StreamingMode::Iterator, iteration), usize::div_ceil(bytes, 120), "{iteration}");
    }
}

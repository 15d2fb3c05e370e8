//! Mapped range reads: an index is read, and from each of its entries the record it points to.
#![allow(clippy::unwrap_used)]

mod common;

use common::{at, code, memory, option, put, read_conflicts, wait};
use engine::{Database, MappedRows, RangeOptions, StreamingMode, Transaction};

fn text(text: &str) -> Vec<u8> {
    [b"\x02", text.as_bytes(), b"\x00"].concat()
}

fn tuple(parts: &[&str]) -> Vec<u8> {
    parts.iter().flat_map(|part| text(part)).collect()
}

fn number(id: u8) -> String {
    format!("{id:03}")
}

/// Record `id` is two rows, ("record", id, 0) and ("record", id, 1); its index entry is ("index", "of-" id, id).
fn database(records: u8) -> Database {
    let database = memory();
    let transaction = database.create_transaction();
    for id in 0..records {
        let id = number(id);
        transaction.set(&tuple(&["index", &format!("of-{id}"), &id]), b"");
        for part in ["0", "1"] {
            transaction.set(&tuple(&["record", &id, part]), format!("{id}/{part}").as_bytes());
        }
    }
    wait(&transaction.commit()).unwrap();
    database
}

fn index(id: u8) -> Vec<u8> {
    tuple(&["index", &format!("of-{}", number(id))])
}

fn entry(id: u8) -> Vec<u8> {
    tuple(&["index", &format!("of-{}", number(id)), &number(id)])
}

fn read(transaction: &Transaction, from: u8, to: u8, mapper: &[&str], options: RangeOptions) -> MappedRows {
    wait(&transaction.get_mapped_range(at(&index(from)), at(&index(to)), &tuple(mapper), options)).unwrap()
}

fn values(rows: &MappedRows) -> Vec<Vec<String>> {
    let of_row = |row: &engine::MappedRow| {
        row.rows.iter().map(|(_, value)| String::from_utf8(value.to_vec()).unwrap()).collect()
    };
    rows.rows.iter().map(of_row).collect()
}

const RECORDS: &[&str] = &["record", "{K[2]}", "{...}"];
const FIRST_PARTS: &[&str] = &["record", "{K[2]}", "0"];

#[test]
fn a_prefix_reads_all_rows_of_each_record() {
    let database = database(20);
    let rows = read(&database.create_transaction(), 1, 19, RECORDS, RangeOptions::default());
    assert!(!rows.more);
    assert_eq!(rows.rows.len(), 18);
    for (row, id) in rows.rows.iter().zip(1..) {
        let record = tuple(&["record", &number(id)]);
        let mut end = record.clone();
        *end.last_mut().unwrap() += 1;
        assert_eq!((&row.key, &row.value), (&entry(id), &vec![]));
        assert_eq!((&row.begin, &row.end), (&record, &end));
        assert_eq!(row.rows.len(), 2);
        assert_eq!(row.rows.get(1).unwrap().0, tuple(&["record", &number(id), "1"]));
    }
    assert_eq!(values(&rows)[0], ["001/0", "001/1"]);
}

#[test]
fn a_key_reads_one_row_and_only_the_ends_carry_their_entries() {
    let database = database(6);
    let rows = read(&database.create_transaction(), 1, 5, FIRST_PARTS, RangeOptions::default());
    assert_eq!(values(&rows), [["001/0"], ["002/0"], ["003/0"], ["004/0"]]);
    let keys: Vec<&[u8]> = rows.rows.iter().map(|row| row.key.as_slice()).collect();
    assert_eq!(keys, [&entry(1)[..], b"", b"", &entry(4)]);
    assert_eq!(rows.rows[1].begin, tuple(&["record", "002", "0"]));
    assert_eq!(rows.rows[1].end, [&rows.rows[1].begin[..], b"\0"].concat());

    let missing = read(&database.create_transaction(), 1, 3, &["none", "{K[2]}"], RangeOptions::default());
    assert_eq!(values(&missing), [[""; 0], [""; 0]]);
}

#[test]
fn limits_cut_the_entries_and_reverse_begins_at_the_end() {
    let database = database(20);
    let transaction = database.create_transaction();
    let limited = read(&transaction, 1, 19, FIRST_PARTS, RangeOptions { limit: 3, ..Default::default() });
    assert_eq!((limited.rows.len(), limited.more), (3, true));
    assert_eq!(limited.rows[2].key, entry(3));
    let reverse =
        read(&transaction, 1, 19, FIRST_PARTS, RangeOptions { limit: 3, reverse: true, ..Default::default() });
    assert_eq!(values(&reverse), [["018/0"], ["017/0"], ["016/0"]]);
    assert_eq!((reverse.rows[0].key.clone(), reverse.rows[2].key.clone()), (entry(18), entry(16)));
    // A byte limit ends the read after a few entries, and the last one's key says where to go on.
    let small = RangeOptions { mode: StreamingMode::Small, ..Default::default() };
    let (mut from, mut all) = (index(1), Vec::new());
    loop {
        let mapper = tuple(FIRST_PARTS);
        let part = wait(&transaction.get_mapped_range(at(&from), at(&index(19)), &mapper, small)).unwrap();
        assert!(part.rows.len() < 18);
        all.extend(values(&part));
        match part.rows.last() {
            Some(last) if part.more => from = [&last.key[..], b"\0"].concat(),
            _ => break,
        }
    }
    assert_eq!(all.len(), 18);
    // Without a byte limit one call reads on over as many replies as it takes.
    let exact = RangeOptions { mode: StreamingMode::Exact, limit: 18, ..Default::default() };
    assert_eq!(read(&transaction, 1, 19, RECORDS, exact).rows.len(), 18);
}

#[test]
fn a_second_read_stops_at_2000_rows() {
    let database = memory();
    let transaction = database.create_transaction();
    transaction.set(&tuple(&["index", "a"]), b"");
    for row in 0..2500u32 {
        transaction.set(&[&text("a")[..], &row.to_be_bytes()].concat(), b"v");
    }
    wait(&transaction.commit()).unwrap();
    let transaction = database.create_transaction();
    let mapper = tuple(&["{K[1]}", "{...}"]);
    let rows = wait(&transaction.get_mapped_range(
        at(&tuple(&["index"])),
        at(&tuple(&["indey"])),
        &mapper,
        RangeOptions::default(),
    ))
    .unwrap();
    assert_eq!((rows.rows[0].rows.len(), rows.rows[0].rows.more()), (2000, true));
    // What was not read is no conflict.
    let last = [&text("a")[..], &1999u32.to_be_bytes(), b"\0"].concat();
    assert_eq!(read_conflicts(&transaction)[0], (text("a"), last));
}

#[test]
fn what_is_read_becomes_a_conflict() {
    let database = database(4);
    let transaction = database.create_transaction();
    read(&transaction, 1, 3, FIRST_PARTS, RangeOptions::default());
    let key = |id: &str| tuple(&["record", id, "0"]);
    let single = |key: Vec<u8>| (key.clone(), [&key[..], b"\0"].concat());
    assert_eq!(read_conflicts(&transaction), [(index(1), index(3)), single(key("001")), single(key("002"))]);
    put(&database, &[(&key("002"), b"new")]);
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 1020);
}

#[test]
fn own_writes_are_refused_where_they_would_be_read() {
    let database = database(4);
    let mapper = tuple(FIRST_PARTS);
    let code_with = |write: &dyn Fn(&Transaction)| {
        let transaction = database.create_transaction();
        write(&transaction);
        code(&transaction.get_mapped_range(at(&index(1)), at(&index(3)), &mapper, RangeOptions::default()))
    };
    assert_eq!(code_with(&|transaction| transaction.set(&entry(2), b"x")), 2039);
    assert_eq!(code_with(&|transaction| transaction.clear(&tuple(&["record", "001", "0"]))), 2039);
    assert_eq!(code_with(&|transaction| transaction.clear_range(b"", b"\xff")), 2039);
    assert_eq!(code_with(&|transaction| transaction.set(&tuple(&["record", "001", "1"]), b"x")), 0);
    assert_eq!(code_with(&|transaction| transaction.set(&entry(3), b"x")), 0);
}

#[test]
fn what_cannot_be_mapped_is_refused() {
    let database = database(3);
    let read = |mapper: &[u8], options: RangeOptions, set: Option<i32>| {
        let transaction = database.create_transaction();
        if let Some(option) = set {
            transaction.set_option(option, None).unwrap();
        }
        code(&transaction.get_mapped_range(at(&index(1)), at(&index(3)), mapper, options))
    };
    let plain = RangeOptions::default();
    assert_eq!(read(b"\xff", plain, None), 2043);
    assert_eq!(read(&tuple(&["{...}", "a"]), plain, None), 2032);
    assert_eq!(read(&tuple(&["{K[3]}"]), plain, None), 2030);
    assert_eq!(read(&tuple(&["{V[0]}"]), plain, None), 2030);
    assert_eq!(read(&tuple(RECORDS), RangeOptions { snapshot: true, ..plain }, None), 2108);
    assert_eq!(read(&tuple(RECORDS), plain, Some(option::READ_YOUR_WRITES_DISABLE)), 2108);
    assert_eq!(read(&tuple(RECORDS), RangeOptions { limit: -2, ..plain }, None), 2012);

    put(&database, &[(b"\x15\x01", b"\xfe"), (b"z", b"\x15\x01")]);
    let transaction = database.create_transaction();
    let map = |from: &[u8], to: &[u8], mapper: &[&str]| {
        code(&transaction.get_mapped_range(at(from), at(to), &tuple(mapper), RangeOptions::default()))
    };
    assert_eq!(map(b"\x15", b"\x16", &["{V[0]}"]), 2042);
    assert_eq!(map(b"z", b"zz", &["{K[0]}"]), 2041);
    assert_eq!(map(b"z", b"zz", &["{V[0]}"]), 0);
    assert_eq!(map(b"\xff\xff/status/json", b"\xff\xff/status/json\0", &[]), 2000);
    // A mapped read that failed does not fail the commit.
    transaction.set(b"mine", b"");
    assert_eq!(code(&transaction.commit()), 0);
}

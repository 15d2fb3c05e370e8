//! A file: what was acknowledged is there again, one process at a time has it, and it is free when all have let go.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{code, open_with_clock, put, value_of, wait};
use engine::{Database, Error, OpenOptions};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Set for the test program when it runs as the second process: the target it is to open.
const CHILD_TARGET: &str = "FOUND_TEST_TARGET";

fn target(path: &Path) -> String {
    format!("file:{}", path.display())
}

fn open(target: &str) -> Result<Database, engine::OpenError> {
    Database::open(target, OpenOptions::default())
}

/// Runs one test of this program as a second process.
fn spawn(test: &str, target: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD_TARGET, target)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What a child has printed behind a word, up to the end of its output.
fn printed(child: &mut Child, word: &str, mut each: impl FnMut(&mut Child, &str)) {
    let output = BufReader::new(child.stdout.take().unwrap());
    for line in output.lines() {
        if let Some((_, rest)) = line.unwrap().split_once(word) {
            each(child, rest);
        }
    }
    child.wait().unwrap();
}

#[test]
fn a_file_keeps_its_pairs() {
    let directory = tempfile::tempdir().unwrap();
    let target = target(&directory.path().join("database"));
    for round in 0..3u8 {
        let database = open(&target).unwrap();
        for earlier in 0..round {
            assert_eq!(value_of(&database, &[earlier]).unwrap(), [earlier; 100]);
        }
        put(&database, &[(&[round], &[round; 100])]);
    }
}

#[test]
fn handles_in_one_process_share_a_database() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    let first = open(&target(&path)).unwrap();
    let link = directory.path().join("link");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&path, &link).unwrap();
    #[cfg(not(unix))]
    std::fs::hard_link(&path, &link).unwrap();
    let second = open(&target(&directory.path().join("./database"))).unwrap();
    put(&first, &[(b"k", b"1")]);
    assert_eq!(value_of(&second, b"k").unwrap(), b"1");
    if cfg!(unix) {
        assert_eq!(value_of(&open(&target(&link)).unwrap(), b"k").unwrap(), b"1");
    }
    // It stays open for the second.
    drop(first);
    put(&second, &[(b"k", b"2")]);
    assert_eq!(value_of(&open(&target(&path)).unwrap(), b"k").unwrap(), b"2");
}

#[test]
fn databases_in_memory_are_shared_by_name_only() {
    let open = |target| open(target).unwrap();
    let (named, same, other) = (open("memory:recovery-a"), open("memory:recovery-a"), open("memory:recovery-b"));
    let unnamed = open("memory:");
    put(&named, &[(b"k", b"1")]);
    assert_eq!(value_of(&same, b"k").unwrap(), b"1");
    assert_eq!((value_of(&other, b"k"), value_of(&unnamed, b"k")), (None, None));
    drop((named, same));
    assert_eq!(value_of(&open("memory:recovery-a"), b"k"), None);
}

#[test]
fn a_transaction_keeps_the_file_and_the_last_one_lets_it_go() {
    let directory = tempfile::tempdir().unwrap();
    let (path, copy) = (directory.path().join("database"), directory.path().join("link"));
    let database = open(&target(&path)).unwrap();
    // Another name for the same file, which the process cannot know to be the same.
    std::fs::hard_link(&path, &copy).unwrap();
    let transaction = database.create_transaction();
    let watched = transaction.watch(b"k");
    drop(database);
    assert_eq!(open(&target(&copy)).unwrap_err().error, Error::LOCK_FILE_FAILURE);
    transaction.set(b"k", b"1");
    wait(&transaction.commit()).unwrap();
    drop(transaction);
    drop(watched);
    assert_eq!(value_of(&open(&target(&copy)).unwrap(), b"k").unwrap(), b"1");
}

/// The second process of `another_process_is_refused`.
#[test]
fn child_opens() {
    let Ok(target) = std::env::var(CHILD_TARGET) else { return };
    match open(&target) {
        Ok(_) => println!("refused: no"),
        Err(failure) => println!("refused: {} {}", failure.error.code(), failure.message),
    }
}

#[test]
fn another_process_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let target = target(&directory.path().join("database"));
    let said = || {
        let mut said = String::new();
        printed(&mut spawn("child_opens", &target), "refused: ", |_, rest| said = rest.to_owned());
        said
    };
    let database = open(&target).unwrap();
    let refused = said();
    assert!(refused.starts_with(&format!("{} ", Error::LOCK_FILE_FAILURE.code())), "{refused}");
    assert!(refused.contains("open in another process") && refused.contains("close it there"), "{refused}");
    put(&database, &[(b"k", b"1")]);
    drop(database);
    assert_eq!(said(), "no");
}

/// The second process of `what_was_acknowledged_survives_a_kill`: commits until it is killed.
#[test]
fn child_writes() {
    let Ok(target) = std::env::var(CHILD_TARGET) else { return };
    let database = open(&target).unwrap();
    for number in 0u64.. {
        let number = number.to_be_bytes();
        put(&database, &[(&[b"a", &number[..]].concat(), b"1"), (&[b"b", &number[..]].concat(), b"1")]);
        println!("acknowledged: {}", u64::from_be_bytes(number));
    }
}

#[test]
fn what_was_acknowledged_survives_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let target = target(&directory.path().join("database"));
    for kill_at in [0, 7, 40] {
        let mut acknowledged = None;
        printed(&mut spawn("child_writes", &target), "acknowledged: ", |child, number| {
            let number: u64 = number.parse().unwrap();
            acknowledged = Some(number);
            if number == kill_at {
                child.kill().unwrap();
            }
        });
        let acknowledged = acknowledged.unwrap();
        assert!(acknowledged >= kill_at);
        let database = open(&target).unwrap();
        for number in 0..=acknowledged {
            let key = |prefix: &[u8]| [prefix, &number.to_be_bytes()].concat();
            assert_eq!(value_of(&database, &key(b"a")).unwrap(), b"1", "{number} of {acknowledged}");
            assert_eq!(value_of(&database, &key(b"b")).unwrap(), b"1", "{number} of {acknowledged}");
        }
        // The one that was under way is there as a whole or not at all.
        let last = |prefix: &[u8]| value_of(&database, &[prefix, &(acknowledged + 1).to_be_bytes()].concat());
        assert_eq!(last(b"a"), last(b"b"));
        let transaction = database.create_transaction();
        transaction.clear_range(b"", b"\xff");
        wait(&transaction.commit()).unwrap();
    }
}

#[test]
fn targets_that_are_none_say_what_is_right() {
    let directory = tempfile::tempdir().unwrap();
    let none = target(&directory.path().join("none/database"));
    let cases = [
        ("fdb.cluster", Error::CONNECTION_STRING_INVALID, "\"memory:\""),
        ("", Error::CONNECTION_STRING_INVALID, "file:PATH"),
        ("file:", Error::FILE_NOT_FOUND, "file:./app.db"),
        (none.as_str(), Error::FILE_NOT_FOUND, "make the directory"),
    ];
    for (target, error, words) in cases {
        let refused = open(target).unwrap_err();
        assert_eq!(refused.error, error, "{target}");
        assert!(refused.message.contains(words), "{target}: {}", refused.message);
    }
}

#[test]
fn a_database_that_failed_to_open_tells_why() {
    let database = Database::failed(Error::NO_CLUSTER_FILE_FOUND, "there is no cluster file".into());
    let transaction = database.create_transaction();
    assert_eq!(code(&transaction.get(b"k", false)), 1515);
    assert_eq!(code(&transaction.read_version()), 1515);
    assert_eq!(code(&database.client_status()), 1515);
    assert_eq!(code(&database.open_tenant(b"t").id()), 1515);
    assert_eq!(
        wait(&transaction.get(b"\xff\xff/found/open_error", false)).unwrap().unwrap(),
        b"there is no cluster file"
    );
    transaction.reset();
    transaction.set(b"k", b"");
    assert_eq!(code(&transaction.commit()), 1515);
}

#[test]
fn a_transaction_left_open_does_not_make_the_file_grow() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    let (database, clock) = open_with_clock(&target(&path));
    // The same 200 kB again and again, four times a second.
    let write = |times: u8| {
        for round in 0..times {
            let value = [round; 50_000];
            put(&database, &[(b"a", &value), (b"b", &value), (b"c", &value), (b"d", &value)]);
            clock.advance(Duration::from_millis(250));
        }
        std::fs::metadata(&path).unwrap().len()
    };
    write(1);
    let left_open = database.create_transaction();
    wait(&left_open.get(b"a", false)).unwrap();
    let after_ten_seconds = write(40);
    let after_a_minute = write(200);
    assert!(after_a_minute <= after_ten_seconds, "{after_ten_seconds} bytes became {after_a_minute}");
    assert_eq!(wait(&left_open.get(b"a", false)), Ok(Some(vec![0; 50_000])));
    assert_eq!(code(&left_open.get(b"b", false)), 1007);
}

#[test]
fn overwriting_the_same_keys_does_not_make_the_file_grow() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("database");
    let (database, clock) = open_with_clock(&target(&path));
    let keys: Vec<Vec<u8>> = (0..300u32).map(|number| number.to_be_bytes().to_vec()).collect();
    let overwrite = |rounds: u8| {
        for round in 0..rounds {
            let value = [round; 100];
            let rows: Vec<(&[u8], &[u8])> = keys.iter().map(|key| (&key[..], &value[..])).collect();
            put(&database, &rows);
            clock.advance(Duration::from_millis(100));
        }
        std::fs::metadata(&path).unwrap().len()
    };
    let after_six_seconds = overwrite(60);
    assert_eq!(overwrite(120), after_six_seconds, "36,000 writes later");
    // 50 states of the last 5 s, of some 40 kB each, at the most.
    assert!(after_six_seconds < 10_000_000, "{after_six_seconds}");
}

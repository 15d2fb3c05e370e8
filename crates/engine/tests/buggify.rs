//! Failures by chance, as network options switch them on. They are the whole process's, so this is one test.

mod common;

use common::{code, memory, put, value_of};
use engine::{set_client_buggify, set_client_buggify_activated, set_client_buggify_fired};
use std::collections::BTreeSet;

#[test]
fn what_fails_by_chance_fails_with_errors_that_can_be_tried_again() {
    let database = memory();
    put(&database, &[(b"k", b"0")]);
    set_client_buggify_activated(100);
    set_client_buggify_fired(50);
    let fails = || {
        let transaction = database.create_transaction();
        let read = code(&transaction.get(b"k", false));
        transaction.set(b"k", b"1");
        (read, code(&transaction.commit()))
    };
    assert_eq!(fails(), (0, 0));

    set_client_buggify(true);
    let (mut of_reads, mut of_commits) = (BTreeSet::new(), BTreeSet::new());
    for _ in 0..2000 {
        let (read, commit) = fails();
        of_reads.insert(read);
        if read == 0 {
            of_commits.insert(commit);
        }
    }
    assert_eq!(of_reads, BTreeSet::from([0, 1078]));
    assert_eq!(of_commits, BTreeSet::from([0, 1007, 1020, 1021, 1042]));

    // A result that is unknown is that of a commit that happened, or of one that did not.
    set_client_buggify_fired(20);
    let mut happened = BTreeSet::new();
    for number in 0u32.. {
        let transaction = database.create_transaction();
        transaction.set(&number.to_be_bytes(), b"");
        if code(&transaction.commit()) == 1021 {
            set_client_buggify(false);
            happened.insert(value_of(&database, &number.to_be_bytes()).is_some());
            set_client_buggify(true);
        }
        if happened.len() == 2 {
            break;
        }
    }

    set_client_buggify_activated(0);
    assert!((0..200).all(|_| fails() == (0, 0)));
    set_client_buggify_activated(100);
    set_client_buggify(false);
    assert!((0..200).all(|_| fails() == (0, 0)));
}

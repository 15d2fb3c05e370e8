//! vnstore: the order of changes is that of their commits, whatever the clocks say, and the past stays as it was.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use found::client::Database;
use found::stores::vnstore::{ApplyOptions, AsOf, ReadOptions};
use found::tuple::Uuid;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Barrier};
use support::stores::{refusal, try_run, uid};
use support::versions::{alive, applied, apply, as_of, at, change, difference, make, text, with_pending};
use support::{begin, code, memory};

/// Two processes whose clocks are an hour apart apply in turn, and one of the clocks goes back.
#[tokio::test]
async fn the_order_is_that_of_commits_whatever_the_clocks_say() {
    let db = memory().await;
    let hour = 3_600_000;
    let times = [1_700_000_000_000u64, 1_700_000_000_000 - hour, 1_700_000_000_000 - hour, 1_700_000_000_000, 0];
    let mut last = Uuid::nil();
    let mut changes: Vec<Uuid> = Vec::new();
    for (number, time) in times.into_iter().enumerate() {
        let store = make().with_clock(move || time);
        let value = number.to_string();
        let before = number.checked_sub(1).map(|number| number.to_string());
        let removed: Vec<[&str; 3]> = before.iter().map(|before| ["counter", "is", before.as_str()]).collect();
        let change = change(&db, &store, &[["counter", "is", &value]], &removed).await;
        let significance = apply(&db, &store, change).await;
        assert!(significance > last, "{significance} after {last}");
        assert_eq!(significance.get_version_num(), 7);
        last = significance;
        assert_eq!(alive(&db, &store, ReadOptions::default()).await, [format!("counter is {value}")]);
        changes.push(change);
    }
    for (number, change) in changes.iter().enumerate() {
        assert_eq!(alive(&db, &make(), as_of(*change)).await, [format!("counter is {number}")]);
    }
}

/// Two clients on threads of their own, with clocks an hour apart that both go back, apply at the same time, round by
/// round. What the database says of the order of their commits is the order of the changes.
#[test]
fn clients_that_apply_at_the_same_time_are_ordered_by_their_commits_whatever_their_clocks_say() {
    const ROUNDS: u64 = 25;
    let name = format!("memory:clocks of {}", std::process::id());
    let together = Barrier::new(2);
    let client = |number: u64| {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let clock = AtomicU64::new(1_700_000_000_000 - number * 3_600_000);
        // Each look at it goes a minute back.
        let store = make().with_clock(move || clock.fetch_sub(60_000, Ordering::Relaxed));
        runtime.block_on(async {
            let db = Database::open(Some(&name)).await.unwrap();
            together.wait();
            let mut applied = Vec::new();
            for round in 0..ROUNDS {
                let change = change(&db, &store, &[["client", &number.to_string(), &round.to_string()]], &[]).await;
                together.wait();
                applied.push(loop {
                    let tx = begin(&db);
                    let significance = store.apply(&tx, change, ApplyOptions::default()).await.unwrap();
                    let stamp = tx.versionstamp().unwrap();
                    match code(tx.commit().await) {
                        None => break (stamp.await.unwrap(), significance, change),
                        other => assert_eq!(other, Some(1020), "only the other one's apply is in the way"),
                    }
                });
            }
            // The database lives as long as it is open somewhere.
            together.wait();
            let seen = alive(&db, &store, ReadOptions::default()).await;
            together.wait();
            (applied, seen, db)
        })
    };
    let ((mut applied, seen, db), (others, others_seen, _)) = std::thread::scope(|scope| {
        let other = scope.spawn(|| client(1));
        (client(0), other.join().unwrap())
    });
    applied.extend(others);
    assert_eq!((seen.len() as u64, &seen), (2 * ROUNDS, &others_seen), "nothing is lost");

    applied.sort();
    let significances: Vec<Uuid> = applied.iter().map(|(_, significance, _)| *significance).collect();
    assert!(significances.is_sorted_by(|one, other| one < other), "{significances:?}");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        for (number, (_, _, change)) in applied.iter().enumerate() {
            assert_eq!(alive(&db, &make(), as_of(*change)).await.len(), number + 1, "as of each, those before it");
        }
    });
}

#[tokio::test]
async fn as_of_is_exact_at_the_edge() {
    let db = memory().await;
    let now = Arc::new(AtomicU64::new(1_700_000_000_000));
    let clock = now.clone();
    let store = make().with_clock(move || clock.load(Ordering::Relaxed));
    // Two in one millisecond, one later.
    let first = change(&db, &store, &[["a", "is", "1"]], &[]).await;
    let significance = apply(&db, &store, first).await;
    let second = applied(&db, &store, &[["b", "is", "2"]], &[]).await;
    now.fetch_add(10, Ordering::Relaxed);
    let third = applied(&db, &store, &[["c", "is", "3"]], &[]).await;
    let time = |time| ReadOptions { as_of: Some(AsOf::Time(time)), ..ReadOptions::default() };
    let read = |options| alive(&db, &store, options);
    assert_eq!(read(as_of(first)).await, ["a is 1"]);
    assert_eq!(read(as_of(significance)).await, ["a is 1"]);
    assert_eq!(read(as_of(second)).await, ["a is 1", "b is 2"]);
    assert_eq!(read(as_of(third)).await.len(), 3);
    assert!(read(time(1_699_999_999_999)).await.is_empty());
    assert_eq!(read(time(1_700_000_000_000)).await.len(), 2);
    assert_eq!(read(time(1_700_000_000_009)).await.len(), 2);
    assert_eq!(read(time(1_700_000_000_010)).await.len(), 3);

    let refused = |options| {
        let store = &store;
        try_run(&db, move |tx| async move { store.ask(&tx, &text(["a", "is", "1"]), options).await })
    };
    assert_eq!(refusal(refused(time(1_700_000_000_011)).await).0, "FOUND_VNSTORE_FUTURE");
    assert_eq!(refusal(refused(as_of(uid(7))).await).0, "FOUND_VNSTORE_NO_CHANGE");
    let pending = change(&db, &store, &[], &[]).await;
    assert_eq!(refusal(refused(as_of(pending)).await).0, "FOUND_VNSTORE_NOT_APPLIED");
    assert_eq!(refusal(refused(with_pending(uid(7))).await).0, "FOUND_VNSTORE_NO_CHANGE");
}

#[tokio::test]
async fn a_time_finds_what_the_reference_has_applied_and_what_came_after() {
    let db = memory().await;
    let clock = Arc::new(AtomicU64::new(0));
    let time = clock.clone();
    let ours = make().with_clock(move || time.load(Ordering::Relaxed));
    // What the reference gives a change at a second since 1970: another form of UUID, greater than all of ours.
    let theirs = |second: u128| {
        let significance = Uuid::from_u128(second << 92 | 7 << 76 | 2 << 62);
        make().with_significances(move || significance)
    };
    let at = |second: u64| ReadOptions { as_of: Some(AsOf::Time(second * 1000 + 500)), ..ReadOptions::default() };

    clock.store(1_700_000_000_000, Ordering::Relaxed);
    applied(&db, &ours, &[["a", "by", "us"]], &[]).await;
    applied(&db, &theirs(1_700_000_001), &[["b", "by", "them"]], &[]).await;
    clock.store(1_700_000_002_000, Ordering::Relaxed);
    applied(&db, &ours, &[["c", "by", "us"]], &[["a", "by", "us"]]).await;
    applied(&db, &theirs(1_700_000_003), &[["d", "by", "them"]], &[["c", "by", "us"]]).await;

    clock.store(1_700_000_009_000, Ordering::Relaxed);
    for (second, expected) in [
        (1_699_999_999, vec![]),
        (1_700_000_000, vec!["a by us"]),
        (1_700_000_001, vec!["a by us", "b by them"]),
        (1_700_000_002, vec!["b by them", "c by us"]),
        (1_700_000_003, vec!["b by them", "d by them"]),
    ] {
        assert_eq!(alive(&db, &ours, at(second)).await, expected, "as of {second}");
    }
}

/// A change that was created early and applied late becomes visible from its apply, never earlier.
#[tokio::test]
async fn late_work_leaves_the_past_as_it_was() {
    let (db, store) = (memory().await, make());
    let late = change(&db, &store, &[["late", "is", "1"]], &[]).await;
    let early = applied(&db, &store, &[["early", "is", "1"]], &[]).await;
    let before = alive(&db, &store, as_of(early)).await;
    apply(&db, &store, late).await;
    assert_eq!(alive(&db, &store, as_of(early)).await, before);
    assert_eq!(difference(&db, &store, at(early), at(late)).await, ["+ late is 1"]);
    let refused = try_run(&db, |tx| {
        let store = store.clone();
        async move { store.add(&tx, early, &text(["more", "is", "1"]), b"").await }
    });
    assert_eq!(refusal(refused.await).0, "FOUND_VNSTORE_APPLIED");
    let refused = try_run(&db, |tx| {
        let store = store.clone();
        async move { store.remove(&tx, early, &text(["early", "is", "1"])).await }
    });
    assert_eq!(refusal(refused.await).0, "FOUND_VNSTORE_APPLIED");
}

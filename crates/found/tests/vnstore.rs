//! vnstore: the reference's bytes, changes and what is seen of them, conflicts. For their order see vnstore_order.rs.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use found::client::Transaction;
use found::stores::nstore::{Block, Term};
use found::stores::vnstore::{ApplyOptions, OnConflict, Point, ReadOptions, VnStore};
use found::tuple::{Element, Uuid, unpack};
use found::{Error, Result};
use std::sync::atomic::{AtomicU64, Ordering};
use support::stores::{counted, refusal, rows, run, scene_rows, try_run, uid};
use support::versions::{alive, applied, apply, as_of, ask, at, change, difference, joined, make, text, with_pending};
use support::{begin, code, memory};

#[tokio::test]
async fn the_rows_are_those_of_the_reference() {
    let db = memory().await;
    let numbers = AtomicU64::new(1);
    let significance = move || {
        Uuid::from_u128(0x018f0000_0000_7000_8000_000000000000 + u128::from(numbers.fetch_add(1, Ordering::Relaxed)))
    };
    let store = make().with_uids(counted()).with_significances(significance);
    let (site, old, new) = (
        text(["P4X", "title", "hyper.dev"]),
        vec!["P4X".into(), "year".into(), 2020i64.into()],
        vec!["P4X".into(), "year".into(), 2021i64.into()],
    );
    let (site, old, new, store) = (&site, &old, &new, &store);
    run(&db, |tx| async move {
        let change = store.create(&tx).await?;
        store.set_message(&tx, change, Some("first")).await?;
        store.add(&tx, change, site, b"").await?;
        store.add(&tx, change, old, b"").await
    })
    .await;
    apply(&db, store, uid(1)).await;
    run(&db, |tx| async move {
        let change = store.create(&tx).await?;
        assert!(store.remove(&tx, change, old).await?);
        store.add(&tx, change, new, b"").await
    })
    .await;
    let asked = |tx: Transaction| async move { store.ask(&tx, old, ReadOptions::default()).await };
    assert!(run(&db, asked).await);
    apply(&db, store, uid(2)).await;
    assert!(!run(&db, asked).await);
    assert_eq!(rows(&db).await, scene_rows("vnstore"));
}

#[tokio::test]
async fn a_pending_change_is_seen_by_who_asks_for_it_alone() {
    let (db, store) = (memory().await, make());
    let first = applied(&db, &store, &[["a", "is", "1"], ["b", "is", "2"]], &[]).await;
    let second = change(&db, &store, &[["c", "is", "3"]], &[["a", "is", "1"]]).await;
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["a is 1", "b is 2"]);
    assert_eq!(alive(&db, &store, with_pending(second)).await, ["b is 2", "c is 3"]);
    assert!(ask(&db, &store, ["a", "is", "1"], ReadOptions::default()).await);
    assert!(!ask(&db, &store, ["a", "is", "1"], with_pending(second)).await);
    apply(&db, &store, second).await;
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["b is 2", "c is 3"]);
    // On top of the past it is as if it had been applied then.
    let past = ReadOptions { pending: Some(second), ..as_of(first) };
    assert_eq!(alive(&db, &store, past).await, ["b is 2", "c is 3"]);
    assert_eq!(alive(&db, &store, as_of(first)).await, ["a is 1", "b is 2"]);
}

#[tokio::test]
async fn a_tuple_that_two_changes_add_is_there_once() {
    let (db, store) = (memory().await, make());
    applied(&db, &store, &[["a", "is", "1"]], &[]).await;
    applied(&db, &store, &[["a", "is", "1"]], &[]).await;
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["a is 1"]);
    applied(&db, &store, &[], &[["a", "is", "1"]]).await;
    assert!(alive(&db, &store, ReadOptions::default()).await.is_empty());
    applied(&db, &store, &[["a", "is", "1"]], &[]).await;
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["a is 1"]);
}

#[tokio::test]
async fn equality_finds_nothing_longer() {
    let (db, store) = (memory().await, make());
    applied(&db, &store, &[["a", "is", "1"], ["a\0b", "is", "1"]], &[]).await;
    applied(&db, &store, &[], &[["a\0b", "is", "1"]]).await;
    assert!(ask(&db, &store, ["a", "is", "1"], ReadOptions::default()).await);
    assert!(!ask(&db, &store, ["a\0b", "is", "1"], ReadOptions::default()).await);
    assert!(!ask(&db, &store, ["a\0", "is", "1"], ReadOptions::default()).await);

    let values: Vec<Element> = vec![
        "a".into(),
        "a\0".into(),
        "a\0b".into(),
        vec![0x61].into(),
        vec![0x61, 0].into(),
        vec![0x61, 0, 0xff].into(),
        Element::Tuple(vec![1i64.into()]),
        Element::Tuple(vec![1i64.into(), Element::Null]),
        Element::Null,
    ];
    let (db, store) = (memory().await, &store);
    let values = &values;
    run(&db, |tx| async move {
        let change = store.create(&tx).await?;
        for (number, value) in values.iter().enumerate() {
            store.add(&tx, change, &[value.clone(), "is".into(), (number as i64).into()], b"").await?;
        }
        store.apply(&tx, change, ApplyOptions::default()).await
    })
    .await;
    for (number, value) in values.iter().enumerate() {
        let pattern = &[vec![Term::Value(value.clone()), Term::value("is"), Term::var("number")]];
        let found = run(&db, |tx| async move {
            let block = store.query(&tx, pattern, ReadOptions::default()).await?.next_block().await?.unwrap();
            Ok(block.rows().map(|row| row.elements().unwrap()).collect::<Vec<_>>())
        });
        assert_eq!(found.await, [[Element::from(number as i64)]], "{value:?}");
    }
}

#[tokio::test]
async fn what_a_change_does_and_undoes_nets_out() {
    let (db, store) = (memory().await, make());
    let first = applied(&db, &store, &[["a", "is", "1"]], &[]).await;
    let second = run(&db, |tx| {
        let store = store.clone();
        async move {
            let change = store.create(&tx).await?;
            store.add(&tx, change, &text(["new", "is", "1"]), b"").await?;
            assert!(store.remove(&tx, change, &text(["new", "is", "1"])).await?);
            assert!(!store.remove(&tx, change, &text(["new", "is", "1"])).await?);
            assert!(store.remove(&tx, change, &text(["a", "is", "1"])).await?);
            assert!(!store.remove(&tx, change, &text(["a", "is", "1"])).await?);
            store.add(&tx, change, &text(["a", "is", "1"]), b"again").await?;
            Ok(change)
        }
    })
    .await;
    apply(&db, &store, second).await;
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["a is 1"]);
    assert!(difference(&db, &store, at(first), at(second)).await.is_empty());
    let value = run(&db, |tx| {
        let store = store.clone();
        async move { store.get(&tx, &text(["a", "is", "1"]), ReadOptions::default()).await }
    });
    assert_eq!(value.await.as_deref(), Some(&b"again"[..]));
}

#[tokio::test]
async fn a_change_is_applied_once_and_must_exist() {
    let (db, store) = (memory().await, make());
    let change = applied(&db, &store, &[["a", "is", "1"]], &[]).await;
    let before = rows(&db).await;
    let again = |change| {
        let store = &store;
        try_run(&db, move |tx| async move { store.apply(&tx, change, ApplyOptions::default()).await })
    };
    assert_eq!(refusal(again(change).await).0, "FOUND_VNSTORE_APPLIED");
    assert_eq!(refusal(again(uid(9)).await).0, "FOUND_VNSTORE_NO_CHANGE");
    let message = try_run(&db, |tx| {
        let store = store.clone();
        async move { store.set_message(&tx, uid(9), Some("none")).await }
    });
    assert_eq!(refusal(message.await).0, "FOUND_VNSTORE_NO_CHANGE");
    assert_eq!(rows(&db).await, before);
}

/// In one transaction at the same time, one of two applies is refused.
#[tokio::test]
async fn two_applies_at_a_time_in_one_transaction_are_one() {
    let (db, store) = (memory().await, make());
    let change = change(&db, &store, &[["a", "is", "1"]], &[]).await;
    let tx = begin(&db);
    let (one, other) = futures_util::future::join(
        store.apply(&tx, change, ApplyOptions::default()),
        store.apply(&tx, change, ApplyOptions::default()),
    )
    .await;
    assert!(one.is_ok());
    assert_eq!(refusal(other).0, "FOUND_VNSTORE_APPLIED");
    tx.commit().await.unwrap();
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["a is 1"]);
}

/// Otherwise what was applied would change afterwards, and a read would have seen what was not so.
#[tokio::test]
async fn an_apply_conflicts_with_additions_and_reads_that_it_makes_untrue() {
    let (db, store) = (memory().await, make());
    let change = change(&db, &store, &[["a", "is", "1"]], &[]).await;
    let (adding, reading, unrelated) = (begin(&db), begin(&db), begin(&db));
    store.add(&adding, change, &text(["b", "is", "2"]), b"").await.unwrap();
    assert!(!store.ask(&reading, &text(["a", "is", "1"]), ReadOptions::default()).await.unwrap());
    assert!(!store.ask(&unrelated, &text(["c", "is", "3"]), ReadOptions::default()).await.unwrap());
    for tx in [&reading, &unrelated] {
        tx.set(b"elsewhere", b"").unwrap();
    }
    apply(&db, &store, change).await;
    assert_eq!(code(adding.commit().await), Some(1020));
    assert_eq!(code(reading.commit().await), Some(1020));
    assert_eq!(code(unrelated.commit().await), None);
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["a is 1"]);
}

#[tokio::test]
async fn conflicts_name_the_tuples_and_the_other_change() {
    let refuse = ApplyOptions { on_conflict: OnConflict::Error };
    // What each of two pending changes adds and removes, and whether they conflict.
    type Sides<'a> = (&'a [[&'a str; 3]], &'a [[&'a str; 3]]);
    let base = ["base", "is", "1"];
    let new = ["new", "is", "1"];
    let other = ["other", "is", "1"];
    let cases: [(Sides<'_>, Sides<'_>, bool); 5] = [
        ((&[base], &[]), (&[], &[base]), true),
        ((&[], &[base]), (&[], &[base]), true),
        ((&[new], &[]), (&[new], &[]), true),
        ((&[new], &[]), (&[other], &[]), false),
        ((&[new], &[base]), (&[other], &[]), false),
    ];
    for (number, (one, two, conflicts)) in cases.into_iter().enumerate() {
        let (db, store) = (memory().await, make());
        applied(&db, &store, &[base], &[]).await;
        let one = change(&db, &store, one.0, one.1).await;
        let two = change(&db, &store, two.0, two.1).await;
        let try_apply = |change| {
            let store = &store;
            try_run(&db, move |tx| async move { store.apply(&tx, change, refuse).await })
        };
        try_apply(one).await.unwrap();
        match try_apply(two).await {
            Ok(_) => assert!(!conflicts, "case {number}"),
            Err(Error::Store(error)) => {
                assert!(conflicts, "case {number}");
                assert_eq!(error.code, "FOUND_VNSTORE_CONFLICT");
                let items = if number == 2 { text(new) } else { text(base) };
                let named = Element::Tuple(vec![Element::Tuple(items), one.into()]);
                assert_eq!(unpack(&error.detail).unwrap(), [named]);
                let shown = format!("such as ('{}', ", if number == 2 { new[0] } else { base[0] });
                assert!(error.to_string().contains(&shown), "{error}");
                // Without the option the later one wins.
                apply(&db, &store, two).await;
            }
            Err(other) => panic!("{other}"),
        }
    }
}

#[tokio::test]
async fn a_change_that_the_reference_created_has_no_base() {
    let (db, store) = (memory().await, make());
    let change = change(&db, &store, &[["a", "is", "1"]], &[]).await;
    // All that ours writes beside the reference's rows.
    run(&db, |tx| async move { tx.clear_range(b"\x02versions\0\x02bases\0", b"\x02versions\0\x02bases\0\xff") }).await;
    let refused = try_run(&db, |tx| {
        let store = store.clone();
        async move { store.apply(&tx, change, ApplyOptions { on_conflict: OnConflict::Error }).await }
    });
    assert_eq!(refusal(refused.await).0, "FOUND_VNSTORE_NO_BASE");
    apply(&db, &store, change).await;
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["a is 1"]);
}

#[tokio::test]
async fn differences_are_of_what_is_alive() {
    let (db, store) = (memory().await, make());
    let first = applied(&db, &store, &[["a", "is", "1"], ["b", "is", "2"]], &[]).await;
    let second = applied(&db, &store, &[["a", "is", "3"], ["gone", "is", "0"]], &[["a", "is", "1"]]).await;
    let third = applied(&db, &store, &[["b", "is", "2"], ["c", "is", "4"]], &[["gone", "is", "0"]]).await;
    let diff = |from, to| difference(&db, &store, from, to);
    assert_eq!(diff(at(first), at(second)).await, ["- a is 1", "+ a is 3", "+ gone is 0"]);
    assert_eq!(diff(at(second), at(first)).await, ["+ a is 1", "- a is 3", "- gone is 0"]);
    assert_eq!(diff(at(first), at(third)).await, ["- a is 1", "+ a is 3", "+ c is 4"]);
    assert_eq!(diff(at(first), Point::Head).await, ["- a is 1", "+ a is 3", "+ c is 4"]);
    assert_eq!(diff(Point::Beginning, at(first)).await, ["+ a is 1", "+ b is 2"]);
    assert_eq!(diff(Point::Beginning, Point::Head).await, ["+ a is 3", "+ b is 2", "+ c is 4"]);
    assert!(diff(at(second), at(second)).await.is_empty());
}

#[tokio::test]
async fn the_history_of_a_tuple_and_of_the_store() {
    let (db, store) = (memory().await, make());
    let mut changes = Vec::new();
    for (add, remove) in [(&[["a", "is", "1"]][..], &[][..]), (&[], &[["a", "is", "1"]]), (&[["a", "is", "1"]], &[])] {
        let change = change(&db, &store, add, remove).await;
        run(&db, |tx| {
            let store = store.clone();
            let message = format!("number {}", changes.len());
            async move {
                store.set_message(&tx, change, Some("to be replaced")).await?;
                store.set_message(&tx, change, Some(&message)).await
            }
        })
        .await;
        changes.push((change, apply(&db, &store, change).await));
    }
    let pending = change(&db, &store, &[], &[["a", "is", "1"]]).await;
    let history = |options| {
        let store = &store;
        run(&db, move |tx| async move { store.history(&tx, &text(["a", "is", "1"]), options).await })
    };
    let events = history(ReadOptions::default()).await;
    assert_eq!(events.len(), 3);
    for (number, (event, (change, significance))) in events.iter().zip(&changes).enumerate() {
        assert_eq!((event.change, event.significance), (*change, Some(*significance)));
        assert_eq!((event.alive, event.message.clone()), (number != 1, Some(format!("number {number}"))));
    }
    assert_eq!(history(as_of(changes[1].0)).await.len(), 2);
    let last = history(with_pending(pending)).await.pop().unwrap();
    assert_eq!((last.change, last.significance, last.alive, last.message), (pending, None, false, None));

    let tx = begin(&db);
    let mut list = store.list(&tx).unwrap();
    let block: Block = list.next_block().await.unwrap().unwrap();
    let ids: Vec<Element> = block.rows().map(|row| row.elements().unwrap().remove(0)).collect();
    let expected: Vec<Element> =
        [pending].into_iter().chain(changes.iter().map(|(change, _)| *change)).map(Element::from).collect();
    assert_eq!(ids, expected);
    let second = store.change(&tx, changes[1].0).await.unwrap().unwrap();
    assert_eq!((second.significance, second.message.as_deref()), (Some(changes[1].1), Some("number 1")));
    assert!(store.change(&tx, uid(5)).await.unwrap().is_none());
    let content = store.content(&tx, pending).unwrap().next_block().await.unwrap().unwrap();
    let content: Vec<Vec<Element>> = content.rows().map(|row| row.elements().unwrap()).collect();
    assert_eq!(content, [["a".into(), "is".into(), "1".into(), Element::Bool(false)]]);
}

#[tokio::test]
async fn joins_see_the_state_that_was_asked_for() {
    let (db, store) = (memory().await, make());
    let first = applied(&db, &store, &[["me", "knows", "ada"], ["ada", "knows", "alan"]], &[]).await;
    applied(&db, &store, &[["ada", "knows", "grace"]], &[["ada", "knows", "alan"]]).await;
    let patterns = [
        vec![Term::value("me"), Term::value("knows"), Term::var("friend")],
        vec![Term::var("friend"), Term::value("knows"), Term::var("other")],
    ];
    let (store, patterns) = (&store, &patterns);
    let others = |options| {
        run(&db, move |tx| async move {
            let mut query = store.query(&tx, patterns, options).await?;
            assert_eq!(query.slots(), [Some("friend".to_owned()), Some("other".to_owned())]);
            let block = query.next_block().await?.unwrap();
            Ok(block.rows().map(|row| joined(&row.elements().unwrap())).collect::<Vec<_>>())
        })
    };
    assert_eq!(others(ReadOptions::default()).await, ["ada grace"]);
    assert_eq!(others(as_of(first)).await, ["ada alan"]);
}

#[tokio::test]
async fn limits_and_arguments_are_told_before_anything_is_written() {
    let (db, store) = (memory().await, make());
    let change = change(&db, &store, &[], &[]).await;
    let before = rows(&db).await;
    let tx = begin(&db);
    let long = "x".repeat(10_000);
    let (code, message) = refusal(store.add(&tx, change, &text(["a", &long, "b"]), b"").await);
    assert_eq!(code, "FOUND_VNSTORE_LIMIT");
    assert!(message.contains("vnstore versions") && message.contains("items[1]"), "{message}");
    assert_eq!(refusal(store.add(&tx, uid(3), &text(["a", "b", "c"]), b"").await).0, "FOUND_VNSTORE_NO_CHANGE");
    let argument = |result: Result<()>| match result {
        Err(Error::InvalidArgument { argument, .. }) => argument,
        other => panic!("{other:?}"),
    };
    assert_eq!(argument(store.add(&tx, change, &["a".into()], b"").await), "items");
    assert_eq!(argument(VnStore::make("n", &[], &[]).map(drop)), "items");
    assert_eq!(argument(VnStore::make("n", &[], &["a", "a"]).map(drop)), "items");
    assert_eq!(
        argument(VnStore::make("n", &[], &["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]).map(drop)),
        "items"
    );
    let short = [vec![Term::var("a")]];
    assert_eq!(argument(store.query(&tx, &short, ReadOptions::default()).await.map(drop)), "pattern");
    assert!(!tx.has_written());
    assert_eq!(rows(&db).await, before);
}

/// Each moves one counter on in a change of its own, and applies it if nobody else has changed it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_at_the_same_time_lose_nothing() {
    let (db, store) = (memory().await, make());
    applied(&db, &store, &[["counter", "is", "0"]], &[]).await;
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (db, store) = (db.clone(), store.clone());
            tokio::spawn(async move {
                for _ in 0..10 {
                    let store = &store;
                    run(&db, |tx| async move {
                        let pattern = [vec![Term::value("counter"), Term::value("is"), Term::var("n")]];
                        let mut query = store.query(&tx, &pattern, ReadOptions::default()).await?;
                        let block = query.next_block().await?.unwrap();
                        assert_eq!(block.len(), 1);
                        let before = joined(&block.rows().next().unwrap().elements()?);
                        let after = (before.parse::<u32>().unwrap() + 1).to_string();
                        let change = store.create(&tx).await?;
                        store.remove(&tx, change, &text(["counter", "is", &before])).await?;
                        store.add(&tx, change, &text(["counter", "is", &after]), b"").await?;
                        store.apply(&tx, change, ApplyOptions { on_conflict: OnConflict::Error }).await
                    })
                    .await;
                }
            })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap();
    }
    assert_eq!(alive(&db, &store, ReadOptions::default()).await, ["counter is 40"]);
    let tx = begin(&db);
    let mut list = store.list(&tx).unwrap();
    let mut last = Element::Null;
    let mut count = 0;
    while let Some(block) = list.next_block().await.unwrap() {
        for row in block.rows() {
            let significance = row.elements().unwrap().remove(1);
            assert!(significance > last, "no two changes have the same significance");
            last = significance;
            count += 1;
        }
    }
    assert_eq!(count, 41);
}

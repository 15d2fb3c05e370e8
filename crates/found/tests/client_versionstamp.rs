//! Versionstamps in keys and values.

#![allow(clippy::expect_used, clippy::panic)]

mod support;

use found::client::{KeySelector, MutationType, OptionValue, RangeOptions};
use found::tuple::{Element, Subspace, Versionstamp, unpack};
use support::*;

fn incomplete(user_version: u16) -> Element {
    Element::Versionstamp(Versionstamp::incomplete(user_version))
}

#[tokio::test]
async fn stamped_keys_have_the_stamp_of_their_commit_at_any_depth_and_keep_their_order() {
    let database = memory().await;
    let log = Subspace::from_tuple(&["log".into()]).expect("packs");
    let mut stamps = Vec::new();
    for _ in 0..3 {
        let tx = begin(&database);
        let stamp = tx.versionstamp().expect("active");
        for number in 0..5 {
            let key = log.pack_with_versionstamp(&[Element::Tuple(vec![incomplete(number)])]).expect("one stamp");
            tx.atomic_op(&key, &[number as u8], MutationType::SetVersionstampedKey).expect("active");
        }
        tx.commit().await.expect("commits");
        let stamp = stamp.await.expect("committed");
        assert_eq!(stamp[..8], tx.committed_version().to_be_bytes());
        stamps.push(stamp);
    }
    assert!(stamps.is_sorted());
    let (from, to) = log.range();
    let range = begin(&database).range(
        KeySelector::first_greater_or_equal(from),
        KeySelector::first_greater_or_equal(to),
        Default::default(),
    );
    let rows = range.collect().await.expect("rows");
    assert_eq!(rows.len(), 15);
    for (index, (key, value)) in rows.iter().enumerate() {
        let (stamp, number) = (stamps[index / 5], (index % 5) as u16);
        let element = Element::Tuple(vec![Element::Versionstamp(Versionstamp::new(stamp, number))]);
        assert_eq!(log.unpack(key), Ok(vec![element]));
        assert_eq!(value, &[number as u8]);
    }
}

#[tokio::test]
async fn a_stamped_value_can_be_read_back_as_a_tuple() {
    let database = memory().await;
    let value = found::tuple::pack_with_versionstamp(b"", &["at".into(), incomplete(9)]).expect("one stamp");
    let tx = begin(&database);
    let stamp = tx.versionstamp().expect("active");
    tx.atomic_op(b"k", &value, MutationType::SetVersionstampedValue).expect("active");
    assert_eq!(code(tx.get(b"k", false).await), Some(1036));
    drop(tx);
    assert_eq!(code(stamp.await), Some(1025));
    let tx = begin(&database);
    let stamp = tx.versionstamp().expect("active");
    tx.atomic_op(b"k", &value, MutationType::SetVersionstampedValue).expect("active");
    tx.commit().await.expect("commits");
    let stamped = Element::Versionstamp(Versionstamp::new(stamp.await.expect("committed"), 9));
    let value = read(&database, b"k").await.expect("present");
    assert_eq!(unpack(&value), Ok(vec!["at".into(), stamped]));
}

#[tokio::test]
async fn reads_near_a_stamped_key_are_refused_as_far_as_its_stamp_may_come() {
    let database = memory().await;
    let log = |stamp: Versionstamp| found::tuple::pack(&["log".into(), Element::Versionstamp(stamp)]).expect("packs");
    let key = found::tuple::pack_with_versionstamp(b"", &["log".into(), incomplete(0)]).expect("one stamp");
    let (below, above) = (&b"\x02lof\0"[..], &b"\x02loh\0"[..]);
    write(&database, &[(below, b""), (above, b"")]).await;
    let tx = begin(&database);
    let stamp = tx.versionstamp().expect("active");
    tx.atomic_op(&key, b"earlier", MutationType::SetVersionstampedKey).expect("active");
    tx.commit().await.expect("commits");
    let earlier = log(Versionstamp::new(stamp.await.expect("committed"), 0));
    // So that read versions are later than that of the stamp.
    write(&database, &[(b"x", b"")]).await;
    let last = &key[..key.len() - 4];
    let after = [last, b"\0"].concat();
    for known in [false, true] {
        for snapshot in [false, true] {
            let writer = async || {
                let tx = begin(&database);
                if known {
                    // With the read version known, stamps of the past are out of reach.
                    tx.read_version().await.expect("a version");
                }
                tx.atomic_op(&key, b"", MutationType::SetVersionstampedKey).expect("active");
                tx
            };
            let later = log(Versionstamp::new([0xfe; 10], 0));
            for (key, readable) in
                [(below, true), (&earlier[..], known), (&later, false), (last, false), (&after, true), (above, true)]
            {
                let read = writer().await.get(key, snapshot).await;
                assert_eq!(code(read), (!readable).then_some(1036), "{key:02x?} known={known} snapshot={snapshot}");
            }
            let bypassing = writer().await;
            bypassing.set_option_by_name("bypass_unreadable", &OptionValue::Empty).expect("an option");
            assert_eq!(bypassing.get(&earlier, snapshot).await.expect("read").as_deref(), Some(&b"earlier"[..]));
            for reverse in [false, true] {
                // What lies before the unreadable keys can be read, if the limit ends it there.
                for (limit, readable) in [(1, true), (0, false)] {
                    let options = RangeOptions { limit, reverse, snapshot, ..RangeOptions::default() };
                    let from = KeySelector::first_greater_or_equal(below);
                    let rows =
                        writer().await.range(from, KeySelector::first_greater_than(above), options).collect().await;
                    assert_eq!(
                        code(rows),
                        (!readable).then_some(1036),
                        "limit={limit} reverse={reverse} known={known}"
                    );
                }
            }
        }
    }
}

#[tokio::test]
async fn a_stamped_value_is_unreadable_over_a_set_and_under_one_until_it_is_cleared() {
    let database = memory().await;
    let param = found::tuple::pack_with_versionstamp(b"", &["at".into(), incomplete(0)]).expect("one stamp");
    for before in [false, true] {
        for after in [false, true] {
            let tx = begin(&database);
            if before {
                tx.set(b"k", b"before").expect("active");
            }
            tx.atomic_op(b"k", &param, MutationType::SetVersionstampedValue).expect("active");
            if after {
                tx.set(b"k", b"after").expect("active");
            }
            for snapshot in [false, true] {
                assert_eq!(code(tx.get(b"k", snapshot).await), Some(1036), "before={before} after={after}");
            }
            tx.set_option_by_name("bypass_unreadable", &OptionValue::Empty).expect("an option");
            let shown = if after { &b"after"[..] } else { &param };
            assert_eq!(tx.get(b"k", false).await.expect("read").as_deref(), Some(shown));
            tx.clear(b"k").expect("active");
            assert!(tx.get(b"k", false).await.expect("read").is_none());
        }
    }
}

#[tokio::test]
async fn an_offset_that_does_not_fit_is_refused() {
    let database = memory().await;
    for key in [&b"abc"[..], b"0123456789\x01\0\0\0", b"0123456789\xff\xff\xff\xff"] {
        let tx = begin(&database);
        tx.atomic_op(key, b"", MutationType::SetVersionstampedKey).expect("shows at the commit");
        assert_eq!(code(tx.commit().await), Some(2000));
    }
}

#[tokio::test]
async fn a_stamp_that_never_comes_says_why() {
    let database = memory().await;
    let tx = begin(&database);
    let stamp = tx.versionstamp().expect("active");
    tx.commit().await.expect("nothing to commit");
    assert_eq!(code(stamp.await), Some(2021));
}

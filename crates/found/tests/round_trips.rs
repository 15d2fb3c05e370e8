//! What the stores cost where every answer takes a round trip: few of them, whatever the number of rows, and no more
//! reads in flight at a time than the pages on the stores say.
//!
//! The stand-in of a cluster holds all answers back until an operation has nothing left to do but wait. How often that
//! is are its round trips.
#![cfg(unix)]
#![allow(clippy::expect_used)]

mod support;

use fdb_stand_in::Tides;
use found::Result;
use found::client::{Database, OptionValue, Transaction, network};
use found::stores::bstore::BStore;
use found::stores::eavstore::{Condition, EavStore, Record};
use found::stores::nstore::{self, NStore, Pattern, Query, QueryOptions, Term};
use found::stores::pstore::{PStore, Ranking};
use found::stores::vnstore::{ApplyOptions, AsOf, OnConflict, Point, ReadOptions, VnStore};
use found::tuple::{Element, Uuid};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use support::stores::{run, tuple};
use support::{Directory, begin};

/// What an operation cost.
#[derive(Debug)]
struct Cost {
    round_trips: usize,
    /// The most reads that were in flight at a time.
    in_flight: usize,
    /// All reads.
    reads: usize,
}

/// The cluster. Its library is the process's only one, so one test has it at a time.
static CLUSTER: LazyLock<Mutex<Cluster>> = LazyLock::new(|| Mutex::new(Cluster::new()));

struct Cluster {
    tides: Tides,
    directory: Directory,
    opened: usize,
}

impl Cluster {
    fn new() -> Cluster {
        let library = Tides::library().expect("a place");
        let path = OptionValue::Text(library.to_string_lossy().into());
        network::set_option("external_client_library", &path).expect("nothing is opened yet");
        let tides = Tides::of(&library).expect("built with this test");
        Cluster { tides, directory: Directory::new("round-trips"), opened: 0 }
    }

    /// A new database.
    async fn open(&mut self) -> Database {
        self.opened += 1;
        let file = self.directory.path(&format!("{}.cluster", self.opened));
        std::fs::write(&file, "memory:").expect("a place for files");
        Database::open(Some(&file.to_string_lossy())).await.expect("it opens")
    }

    /// Does something in one transaction, and counts.
    fn cost<T>(&self, database: &Database, body: impl AsyncFnOnce(&Transaction) -> Result<T>) -> (T, Cost) {
        let tx = begin(database);
        let woken = Arc::new(Woken::default());
        let waker = Waker::from(woken.clone());
        let mut body = pin!(body(&tx));
        let mut cost = Cost { round_trips: 0, in_flight: 0, reads: 0 };
        self.tides.hold().expect("a function of the library");
        let result = loop {
            match body.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(result) => break result.expect("it succeeds"),
                Poll::Pending if woken.0.swap(false, Ordering::SeqCst) => {}
                Poll::Pending => {
                    let answered = self.tides.turn().expect("a function of the library");
                    assert!(answered > 0 || woken.0.load(Ordering::SeqCst), "it waits for nothing; {cost:?}");
                    cost.round_trips += usize::from(answered > 0);
                    cost.in_flight = cost.in_flight.max(answered);
                    cost.reads += answered;
                }
            }
        };
        self.tides.end().expect("a function of the library");
        (result, cost)
    }
}

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn prefix() -> Vec<Element> {
    tuple(["store".into()])
}

/// Runs a test with the cluster to itself.
fn with_cluster(test: impl AsyncFnOnce(&mut Cluster)) {
    let mut cluster = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(test(&mut cluster));
}

async fn rows_of(mut query: Query) -> Result<usize> {
    let mut rows = 0;
    while let Some(block) = query.next_block().await? {
        rows += block.len();
    }
    Ok(rows)
}

#[test]
fn a_join_takes_a_few_round_trips_and_not_one_for_each_row() {
    with_cluster(async |cluster| {
        let (database, store) = (cluster.open().await, &NStore::make("triples", &prefix(), 3).expect("a good prefix"));
        for start in (0..2000_i64).step_by(500) {
            run(&database, |tx| async move {
                for person in start..start + 500 {
                    let id = Element::Int(person);
                    nstore::add(&tx, store, &[id.clone(), "lives in".into(), (person / 1000).into()], b"")?;
                    nstore::add(&tx, store, &[id.clone(), "knows".into(), (person * 7919 % 2000).into()], b"")?;
                    nstore::add(&tx, store, &[id, "works at".into(), (person % 50).into()], b"")?;
                }
                Ok(())
            })
            .await;
        }
        let v = Term::var;
        let patterns: [Pattern; 3] = [
            vec![v("person"), Term::value("lives in"), Term::value(1)],
            vec![v("person"), Term::value("knows"), v("friend")],
            vec![v("friend"), Term::value("works at"), v("place")],
        ];
        let (rows, cost) = cluster
            .cost(&database, async |tx| rows_of(nstore::query(tx, store, &patterns, QueryOptions::default())?).await);
        assert_eq!(rows, 1000);
        assert!(cost.reads >= 2001, "one for each row of two patterns: {cost:?}");
        assert!(cost.in_flight <= nstore::READS_IN_FLIGHT, "{cost:?}");
        assert!(cost.round_trips <= 20, "{cost:?}");
    });
}

#[test]
fn a_query_by_several_attributes_takes_a_few_round_trips() {
    with_cluster(async |cluster| {
        let (database, store) = (cluster.open().await, &EavStore::make("records", &prefix()).expect("a good prefix"));
        for start in (0..3000_i64).step_by(500) {
            run(&database, |tx| async move {
                for uid in start..start + 500 {
                    let record = Record::from([
                        ("half".to_owned(), Element::Int(uid % 2)),
                        ("third".to_owned(), Element::Int(uid % 3)),
                        ("few".to_owned(), Element::Bool(uid % 300 == 0)),
                        ("n".to_owned(), Element::Int(uid)),
                    ]);
                    store.create(&tx, &record, Some(uid.into())).await?;
                }
                Ok(())
            })
            .await;
        }
        let is = |name: &str, value: Element| (name.to_owned(), Condition::Equals(value));
        let from = |name: &str, value: i64| {
            (name.to_owned(), Condition::Between(Bound::Included(value.into()), Bound::Unbounded))
        };
        for (conditions, expected, round_trips) in [
            (vec![is("half", 0.into()), is("third", 0.into())], 500, 10),
            (vec![is("half", 0.into()), is("few", true.into())], 10, 5),
            (vec![is("half", 0.into()), from("n", 1000)], 1000, 15),
            (vec![from("half", 1), from("third", 1), from("n", 0)], 1000, 35),
        ] {
            let conditions: BTreeMap<String, Condition> = conditions.into_iter().collect();
            let (found, cost) = cluster.cost(&database, async |tx| {
                let mut query = store.query(tx, &conditions).await?;
                let mut found = 0;
                while let Some(uids) = query.next_block().await? {
                    found += uids.items()?.len();
                }
                Ok(found)
            });
            assert_eq!(found, expected, "{conditions:?}");
            assert!(cost.in_flight <= 256 && cost.round_trips <= round_trips, "{conditions:?}: {cost:?}");
        }
    });
}

#[test]
fn a_search_takes_a_few_round_trips() {
    with_cluster(async |cluster| {
        let store = PStore::make("search", &prefix()).expect("a good prefix").with_statistics();
        let (database, store) = (cluster.open().await, &store);
        for start in (0..1000_i64).step_by(250) {
            run(&database, |tx| async move {
                for docuid in start..start + 250 {
                    let mut counter = vec![("all".to_owned(), 1 + docuid % 7), (format!("mod {}", docuid % 3), 1)];
                    if docuid % 200 == 0 {
                        counter.push(("few".to_owned(), 2));
                    }
                    store.index(&tx, &docuid.into(), &counter).await?;
                }
                Ok(())
            })
            .await;
        }
        for (words, ranking, hits, round_trips) in [
            (&["all"][..], Ranking::Count, 1000, 6),
            (&["all", "mod 1"], Ranking::Count, 333, 8),
            (&["few", "all", "mod 2"], Ranking::Count, 2, 8),
            (&["all", "mod 1"], Ranking::Bm25, 333, 12),
        ] {
            for limit in [10, 1000] {
                let (found, cost) = cluster.cost(&database, async |tx| store.search(tx, words, limit, ranking).await);
                assert_eq!(found.len(), hits.min(limit), "{words:?}");
                // Hits that are given are looked up, 128 at a time.
                let round_trips = round_trips + found.len() / 100;
                assert!(cost.in_flight <= 256 && cost.round_trips <= round_trips, "{words:?}: {cost:?}");
            }
        }
        // A document of many words is indexed, told and removed by a few round trips as well.
        let counter: Vec<(String, i64)> = (0..1000).map(|word| (format!("word {word}"), 1)).collect();
        let docuid = &Element::from("long");
        let (_, cost) = cluster.cost(&database, async |tx| store.index(tx, docuid, &counter).await);
        assert!(cost.in_flight <= 256 && cost.round_trips <= 10, "{cost:?}");
        run(&database, |tx| {
            let counter = &counter;
            async move { store.index(&tx, docuid, counter).await }
        })
        .await;
        let (told, cost) = cluster.cost(&database, async |tx| store.counter(tx, docuid).await);
        assert_eq!(told.map(|counter| counter.len()), Some(1000));
        assert!(cost.in_flight <= 256 && cost.round_trips <= 10, "{cost:?}");
        let (removed, cost) = cluster.cost(&database, async |tx| store.remove(tx, docuid).await);
        assert!(removed);
        assert!(cost.in_flight <= 512 && cost.round_trips <= 10, "{cost:?}");
    });
}

#[test]
fn a_blob_is_read_by_a_few_round_trips() {
    with_cluster(async |cluster| {
        let (database, store) = (cluster.open().await, &BStore::make("blobs", &prefix()).expect("a good prefix"));
        let blob = &vec![7; 6_000_000];
        let uid = run(&database, |tx| async move { store.get_or_create(&tx, blob).await }).await;
        let (read, cost) = cluster.cost(&database, async |tx| store.get(tx, uid).await);
        assert_eq!(read.map(|blob| blob.len()), Some(6_000_000));
        assert!(cost.in_flight <= 32 && cost.round_trips <= 4, "{cost:?}");
        let (part, cost) = cluster.cost(&database, async |tx| store.read(tx, uid, 1_000_000, 1_500_000).await);
        assert_eq!(part.map(|part| part.len()), Some(500_000));
        assert!(cost.reads <= 7 && cost.round_trips <= 2, "only what is asked for is read: {cost:?}");
        let (size, cost) = cluster.cost(&database, async |tx| store.size(tx, uid).await);
        assert_eq!(size, Some(6_000_000));
        assert!(cost.round_trips <= 1, "{cost:?}");
        let (removed, cost) = cluster.cost(&database, async |tx| store.remove(tx, uid).await);
        assert!(removed);
        assert!(cost.in_flight <= 32 && cost.round_trips <= 6, "{cost:?}");
    });
}

#[test]
fn a_query_of_versions_takes_a_few_round_trips() {
    with_cluster(async |cluster| {
        let store = VnStore::make("versions", &prefix(), &["uid", "key", "value"]).expect("a good prefix");
        let (database, store) = (cluster.open().await, &store);
        let items = |number: i64, value: i64| -> Vec<Element> { vec![number.into(), "is".into(), value.into()] };
        let mut changes: Vec<Uuid> = Vec::new();
        for round in 0..20_i64 {
            let change = run(&database, |tx| async move {
                let change = store.create(&tx).await?;
                for number in 0..100 {
                    if round > 0 {
                        store.remove(&tx, change, &items(number, round - 1)).await?;
                    }
                    store.add(&tx, change, &items(number, round), b"").await?;
                }
                store.apply(&tx, change, ApplyOptions::default()).await?;
                Ok(change)
            })
            .await;
            changes.push(change);
        }
        let all: [Pattern; 1] = [vec![Term::var("uid"), Term::value("is"), Term::var("value")]];
        let (rows, cost) =
            cluster.cost(&database, async |tx| rows_of(store.query(tx, &all, ReadOptions::default()).await?).await);
        assert_eq!(rows, 100);
        // Each of the 2,000 tuples that were added once is judged, and each change is looked up once.
        assert!(cost.reads <= 2030, "{cost:?}");
        assert!(cost.in_flight <= 256 && cost.round_trips <= 25, "{cost:?}");
        let (rows, cost) = cluster.cost(&database, async |tx| {
            let mut diff = store.diff(tx, Point::AsOf(AsOf::Id(changes[17])), Point::Head).await?;
            let mut rows = 0;
            while let Some(block) = diff.next_block().await? {
                rows += block.len();
            }
            Ok(rows)
        });
        assert_eq!(rows, 200);
        // What was changed before is not read.
        assert!(cost.reads <= 1000, "{cost:?}");
        assert!(cost.in_flight <= 256 && cost.round_trips <= 15, "{cost:?}");
        let (events, cost) =
            cluster.cost(&database, async |tx| store.history(tx, &items(5, 5), ReadOptions::default()).await);
        assert_eq!(events.len(), 2);
        assert!(cost.round_trips <= 3, "{cost:?}");
        let change = run(&database, |tx| async move {
            let change = store.create(&tx).await?;
            for number in 0..500 {
                store.add(&tx, change, &items(number, 1000), b"").await?;
            }
            Ok(change)
        })
        .await;
        let options = ApplyOptions { on_conflict: OnConflict::Error };
        let (_, cost) = cluster.cost(&database, async |tx| store.apply(tx, change, options).await);
        assert!(cost.in_flight <= 256 && cost.round_trips <= 15, "{cost:?}");
    });
}

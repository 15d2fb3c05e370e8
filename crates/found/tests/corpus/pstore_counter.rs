//! Any bytes as a document's counter in an inverted index: a store that is damaged says so, in every call that reads it.

use found::client::{Database, Transaction, TransactionOptions};
use found::stores::pstore::{PStore, Ranking};
use found::tuple::{Element, Subspace, Uuid, pack};
use found::{Error, Result};
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// How the counter is told: as it lies in the database, or to be compressed, with its size told or not.
const FORMS: u8 = 3;

pub fn run(data: &[u8]) {
    let Some((form, bytes)) = data.split_first() else { return };
    let counter = match form % FORMS {
        0 => bytes.to_vec(),
        1 => zstd::bulk::compress(bytes, 1).unwrap(),
        _ => {
            let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
    };
    static SCENE: OnceLock<Scene> = OnceLock::new();
    let scene = SCENE.get_or_init(Scene::new);
    scene.runtime.block_on(scene.read(&counter));
}

struct Scene {
    runtime: tokio::runtime::Runtime,
    database: Database,
    store: PStore,
}

fn document() -> Element {
    Element::from("document")
}

/// Keys of the counters (3) or postings (2).
fn part(number: u8) -> Subspace {
    let nested = Element::Tuple(vec!["search".into(), Element::Bytes(vec![number])]);
    Subspace::from_tuple(&[nested]).unwrap()
}

fn token(number: u64) -> Vec<u8> {
    pack(&[Element::Uuid(Uuid::from_u128(number.into()))]).unwrap()
}

fn words<const N: usize>(words: [(&str, i64); N]) -> Vec<(String, i64)> {
    words.into_iter().map(|(word, count)| (word.to_owned(), count)).collect()
}

impl Scene {
    /// An index with one document of two words, whose tokens are the UUIDs 1 and 2.
    fn new() -> Scene {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let next = AtomicU64::new(1);
        let store = PStore::make("search", &["search".into()]).unwrap().with_statistics();
        let store = store.with_uids(move || Uuid::from_u128(next.fetch_add(1, Ordering::Relaxed).into()));
        let database = runtime.block_on(async {
            let database = Database::open(Some("memory:")).await.unwrap();
            let tx = database.transaction(TransactionOptions::default()).unwrap();
            store.index(&tx, &document(), &words([("one", 1), ("two", 2)])).await.unwrap();
            tx.commit().await.unwrap();
            database
        });
        Scene { runtime, database, store }
    }

    /// A transaction, never committed, in which the document has that counter; none if it is too long to be there.
    fn with_counter(&self, counter: &[u8]) -> Option<Transaction> {
        let tx = self.database.transaction(TransactionOptions::default()).unwrap();
        let document = pack(&[document()]).unwrap();
        tx.set(&[part(3).prefix(), &document].concat(), counter).ok()?;
        for number in 1..=2 {
            // As the reference has them: the counter tells the count.
            tx.set(&[part(2).prefix(), &token(number), &document].concat(), b"").unwrap();
        }
        Some(tx)
    }

    async fn read(&self, counter: &[u8]) {
        let store = &self.store;
        for ranking in [Ranking::Count, Ranking::Bm25] {
            let Some(tx) = self.with_counter(counter) else { return };
            for hit in told(store.search(&tx, &["one", "two"], 10, ranking).await).into_iter().flatten() {
                assert_eq!(hit.docuid(), Ok(document()));
            }
            told(store.counter(&tx, &document()).await);
            if told(store.index(&tx, &document(), &words([("two", 1), ("three", 1)])).await).is_some() {
                assert_eq!(store.counter(&tx, &document()).await, Ok(Some(words([("two", 1), ("three", 1)]))));
            }
        }
        let Some(tx) = self.with_counter(counter) else { return };
        if told(store.remove(&tx, &document()).await).is_some() {
            assert_eq!(store.counter(&tx, &document()).await, Ok(None));
        }
    }
}

/// What a call gives; nothing if it says that the store is damaged, which is all it may say.
fn told<T>(result: Result<T>) -> Option<T> {
    match result {
        Ok(value) => Some(value),
        Err(Error::Tuple(_)) => None,
        Err(error) if error.name() == "FOUND_PSTORE_DAMAGED" => None,
        Err(error) => panic!("{error:?}"),
    }
}

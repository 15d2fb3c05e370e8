//! The engine answers recorded operations as a FoundationDB 7.3 cluster answered them.
//!
//! `tests/traces/README.md` says what a trace is. Each file of traces is replayed on a database in memory and on one
//! in a file. As on the cluster, the traces of a file share a database, so each also meets what the last one left.
#![allow(clippy::unwrap_used, clippy::panic)]

mod replay;

use engine::{Database, ManualClock, OpenOptions};
use replay::Replay;
use serde_json::{Value, json};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Answers that cannot be the engine's: trace, operation, reason.
const EXCEPTIONS: &[(&str, usize, &str)] = &[
    ("lifecycle-449", 8, "one of the cluster's own system keys, named after the time"),
    ("ranges-543", 14, "a conflict range that ends at one of the cluster's own system keys, named after the time"),
    ("ranges-820", 18, "a conflict range that ends at one of the cluster's own system keys, named after the time"),
];

/// How many differences of a file are printed.
const DIFFERENCES_SHOWN: usize = 10;
/// How many databases a file of traces is spread over. Some traces wait for retry delays and future versions.
const DATABASES: usize = 4;

struct Difference {
    trace: String,
    index: usize,
    operation: Value,
    wanted: Value,
    got: Value,
}

/// A database of its own with the clock it goes by.
struct Subject {
    database: Database,
    clock: Arc<ManualClock>,
}

impl Subject {
    fn open(target: &str) -> Self {
        let clock = Arc::new(ManualClock::new(Duration::from_secs(1_800_000_000)));
        let options = OpenOptions { clock: clock.clone(), ..OpenOptions::default() };
        let database = Database::open(target, options).unwrap_or_else(|error| panic!("{}", error.message));
        Subject { database, clock }
    }

    /// The first answer that is not as recorded.
    fn first_difference(&self, trace: &Value) -> Option<Difference> {
        let operations = trace["ops"].as_array().unwrap();
        let answers = trace["answers"].as_array().unwrap();
        assert_eq!(operations.len(), answers.len());
        let mut replay = Replay::new(&self.database, &self.clock);
        replay.clean();
        for (index, (operation, wanted)) in operations.iter().zip(answers).enumerate() {
            let got = catch_unwind(AssertUnwindSafe(|| replay.answer(operation, wanted)))
                .unwrap_or_else(|_| json!("the engine panicked"));
            if got != *wanted {
                let trace = trace["name"].as_str().unwrap().to_owned();
                if EXCEPTIONS.iter().any(|(name, at, _)| *name == trace && *at == index) {
                    continue;
                }
                return Some(Difference { trace, index, operation: operation.clone(), wanted: wanted.clone(), got });
            }
        }
        None
    }
}

fn check(name: &str, target_of: impl Fn(usize) -> String + Sync) {
    let path = format!("{}/tests/traces/{name}.jsonl", env!("CARGO_MANIFEST_DIR"));
    let traces: Vec<Value> =
        std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(!traces.is_empty());
    let next = AtomicUsize::new(0);
    let work = |number: usize| {
        let subject = Subject::open(&target_of(number));
        let mut differences = vec![];
        while let Some(trace) = traces.get(next.fetch_add(1, Ordering::Relaxed)) {
            differences.extend(subject.first_difference(trace));
        }
        differences
    };
    let mut differences: Vec<Difference> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..DATABASES).map(|number| scope.spawn(move || work(number))).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    // The shortest way to a difference is the easiest to look into.
    differences.sort_by_key(|difference| difference.index);
    for Difference { trace, index, operation, wanted, got } in differences.iter().take(DIFFERENCES_SHOWN) {
        println!("{trace} op {index} {operation:.300}\n   wanted {wanted:.300}\n   got    {got:.300}");
    }
    println!("{name}: {} passed, {} failed", traces.len() - differences.len(), differences.len());
    assert!(differences.is_empty(), "{name}: {} of {} traces differ", differences.len(), traces.len());
}

fn in_memory(name: &str) {
    check(name, |_| "memory:".to_owned());
}

fn in_a_file(name: &str) {
    let directory = tempfile::tempdir().unwrap();
    check(name, |number| format!("file:{}", directory.path().join(format!("database{number}")).display()));
}

mod memory {
    use super::in_memory;

    #[test]
    fn atomics() {
        in_memory("atomics");
    }

    #[test]
    fn conflicts() {
        in_memory("conflicts");
    }

    #[test]
    fn lifecycle() {
        in_memory("lifecycle");
    }

    #[test]
    fn limits() {
        in_memory("limits");
    }

    #[test]
    fn old() {
        in_memory("old");
    }

    #[test]
    fn ranges() {
        in_memory("ranges");
    }

    #[test]
    fn report() {
        in_memory("report");
    }

    #[test]
    fn ryw() {
        in_memory("ryw");
    }

    #[test]
    fn selectors() {
        in_memory("selectors");
    }

    #[test]
    fn stamps() {
        in_memory("stamps");
    }

    #[test]
    fn watches() {
        in_memory("watches");
    }
}

mod file {
    use super::in_a_file;

    #[test]
    fn atomics() {
        in_a_file("atomics");
    }

    #[test]
    fn conflicts() {
        in_a_file("conflicts");
    }

    #[test]
    fn lifecycle() {
        in_a_file("lifecycle");
    }

    #[test]
    fn limits() {
        in_a_file("limits");
    }

    #[test]
    fn old() {
        in_a_file("old");
    }

    #[test]
    fn ranges() {
        in_a_file("ranges");
    }

    #[test]
    fn report() {
        in_a_file("report");
    }

    #[test]
    fn ryw() {
        in_a_file("ryw");
    }

    #[test]
    fn selectors() {
        in_a_file("selectors");
    }

    #[test]
    fn stamps() {
        in_a_file("stamps");
    }

    #[test]
    fn watches() {
        in_a_file("watches");
    }
}

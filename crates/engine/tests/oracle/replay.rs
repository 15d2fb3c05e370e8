//! Does one trace's operations through the engine's public face and says what it answered, in the words of the trace.

use engine::{
    ConflictRangeType, Database, Error, Future, KeySelector, ManualClock, RangeOptions, StreamingMode, Transaction,
};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write;
use std::sync::mpsc;
use std::time::Duration;

/// How long a future that must get an answer may take before it counts as hanging: far longer than anything takes.
const HANGS_AFTER: Duration = Duration::from_secs(120);
/// How long one that must not get an answer is watched.
const PENDING_FOR: Duration = Duration::from_millis(5);
/// What the clock moves by at each operation, as on a cluster: versions go on between two calls.
const OPERATION_TAKES: Duration = Duration::from_micros(20);

/// Why there is no value.
enum Failure {
    Code(Error),
    Hangs,
}

impl Failure {
    fn answer(&self) -> Value {
        match self {
            Failure::Code(error) => json!(error.code()),
            Failure::Hangs => json!("hangs"),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Failure::Code(error)
    }
}

type Answer = Result<Value, Failure>;

/// A trace being replayed: its transactions, watches, versions and stamps so far.
pub struct Replay<'a> {
    database: &'a Database,
    clock: &'a ManualClock,
    transactions: HashMap<u64, Transaction>,
    watches: HashMap<u64, Future<()>>,
    stamps_asked: HashMap<u64, Future<[u8; 10]>>,
    versions: HashMap<String, i64>,
    stamps: Vec<[u8; 10]>,
}

impl<'a> Replay<'a> {
    pub fn new(database: &'a Database, clock: &'a ManualClock) -> Self {
        Replay {
            database,
            clock,
            transactions: HashMap::new(),
            watches: HashMap::new(),
            stamps_asked: HashMap::new(),
            versions: HashMap::new(),
            stamps: vec![],
        }
    }

    /// Empties the key space.
    pub fn clean(&self) {
        let transaction = self.database.create_transaction();
        loop {
            transaction.clear_range(b"", b"\xff");
            match wait(&transaction.commit()) {
                Ok(()) => return,
                Err(Failure::Code(error)) => {
                    let retried = wait(&transaction.on_error(error.code()));
                    assert!(retried.is_ok(), "the key space cannot be emptied: {error}");
                }
                Err(Failure::Hangs) => panic!("the key space cannot be emptied: the commit hangs"),
            }
        }
    }

    /// The answer to an operation. What is `wanted` only decides how long to wait for a future that may stay pending.
    pub fn answer(&mut self, operation: &Value, wanted: &Value) -> Value {
        self.clock.advance(OPERATION_TAKES);
        let operation = Operation(operation.as_array().unwrap());
        self.perform(&operation, wanted).unwrap_or_else(|failure| json!({ "err": failure.answer() }))
    }

    fn perform(&mut self, op: &Operation<'_>, wanted: &Value) -> Answer {
        match op.text(0) {
            "new" => drop(self.transactions.insert(op.number(1), self.database.create_transaction())),
            "dump" => {
                let end = KeySelector::first_greater_or_equal(b"\xff");
                let begin = KeySelector::first_greater_or_equal(b"");
                return self.rows(&self.database.create_transaction(), begin, end, RangeOptions::default());
            }
            "sleep" => self.clock.advance(Duration::from_secs_f64(op.0[1].as_f64().unwrap())),
            "watch_state" => {
                let within = if wanted == "fired" { HANGS_AFTER } else { PENDING_FOR };
                return match wait_for(&self.watches[&op.number(1)], within) {
                    Ok(()) => Ok(json!("fired")),
                    Err(Failure::Hangs) => Ok(json!("pending")),
                    Err(failure) => Err(failure),
                };
            }
            "watch_cancel" => self.watches[&op.number(1)].cancel(),
            "commit" => return Ok(self.commit(op.number(1), wanted)),
            _ => return self.on_transaction(op),
        }
        Ok(json!("ok"))
    }

    fn on_transaction(&mut self, op: &Operation<'_>) -> Answer {
        let number = op.number(1);
        let transaction = &self.transactions[&number];
        match op.text(0) {
            "set" => transaction.set(&op.bytes(2), &op.bytes(3)),
            "clear" => transaction.clear(&op.bytes(2)),
            "clear_range" => transaction.clear_range(&op.bytes(2), &op.bytes(3)),
            "atomic" => transaction.atomic_op(&op.bytes(3), &op.bytes(4), op.int(2)),
            "get" => {
                let value = wait(&transaction.get(&op.bytes(2), op.flag(3)))?;
                return Ok(value.map_or(Value::Null, |value| self.mask(&value)));
            }
            "get_key" => {
                let key = op.bytes(2);
                let selector = KeySelector { key: &key, or_equal: op.flag(3), offset: op.int(4) };
                return Ok(self.mask(&wait(&transaction.get_key(selector, op.flag(5)))?));
            }
            "get_range" => return self.get_range(transaction, op),
            "conflict" => {
                let (begin, end) = (op.bytes(2), op.bytes(3));
                match op.int(4) {
                    0 => transaction.add_conflict_range(&begin, &end, ConflictRangeType::Read)?,
                    1 => transaction.add_conflict_range(&begin, &end, ConflictRangeType::Write)?,
                    // The C API's own check of the number; the engine has no other kinds.
                    _ if begin > end => return Err(Failure::Code(Error::INVERTED_RANGE)),
                    _ => return Err(Failure::Code(Error::CLIENT_INVALID_OPERATION)),
                }
            }
            "option" => {
                let value = (!op.0[3].is_null()).then(|| op.bytes(3));
                transaction.set_option(op.int(2), value.as_deref())?;
            }
            "read_version" => {
                let version = wait(&transaction.read_version())?;
                self.versions.insert(op.0[2].to_string(), version);
            }
            "use_version" => {
                transaction.set_read_version(self.versions[&op.0[2].to_string()] + op.0[3].as_i64().unwrap())
            }
            "size" => return Ok(json!(wait(&transaction.approximate_size())?)),
            "stamp" => drop(self.stamps_asked.insert(number, transaction.versionstamp())),
            "watch" => drop(self.watches.insert(op.number(2), transaction.watch(&op.bytes(3)))),
            "on_error" => wait(&transaction.on_error(op.int(2)))?,
            "reset" => transaction.reset(),
            "cancel" => transaction.cancel(),
            unknown => panic!("no such operation: {unknown}"),
        }
        Ok(json!("ok"))
    }

    fn commit(&mut self, number: u64, wanted: &Value) -> Value {
        let transaction = &self.transactions[&number];
        let mut answer = json!({});
        answer["commit"] = match wait(&transaction.commit()) {
            Ok(()) => json!("ok"),
            Err(failure) => failure.answer(),
        };
        let version = transaction.committed_version();
        answer["version"] = if version == -1 { json!(-1) } else { json!("some") };
        if let Some(stamp) = self.stamps_asked.remove(&number) {
            let within = if wanted["stamp"] == "hangs" { PENDING_FOR } else { HANGS_AFTER };
            answer["stamp"] = match wait_for(&stamp, within) {
                Ok(stamp) => {
                    answer["stamp_is_version"] = json!(stamp[..8] == version.to_be_bytes());
                    self.stamps.push(stamp);
                    json!(format!("<VS{}>", self.stamps.len() - 1))
                }
                Err(failure) => failure.answer(),
            };
        }
        answer
    }

    fn get_range(&self, transaction: &Transaction, op: &Operation<'_>) -> Answer {
        let given = &op.0[4];
        let int = |name: &str, or: i32| given[name].as_i64().map_or(or, |value| i32::try_from(value).unwrap());
        let flag = |name: &str| given[name].as_i64().unwrap_or(0) != 0;
        let options = RangeOptions {
            limit: int("limit", 0),
            target_bytes: int("target_bytes", 0),
            // The number of a mode that does not exist is refused where numbers become modes, above the engine.
            mode: StreamingMode::from_code(int("mode", -2)).ok_or(Error::CLIENT_INVALID_OPERATION)?,
            iteration: int("iteration", 1),
            snapshot: flag("snapshot"),
            reverse: flag("reverse"),
        };
        let (begin_op, end_op) = (op.nested(2), op.nested(3));
        let (begin, end) = (begin_op.bytes(0), end_op.bytes(0));
        let begin = KeySelector { key: &begin, or_equal: begin_op.flag(1), offset: begin_op.int(2) };
        let end = KeySelector { key: &end, or_equal: end_op.flag(1), offset: end_op.int(2) };
        Ok(json!({ "rows": self.rows(transaction, begin, end, options)? }))
    }

    /// All rows of a range: goes on after the last one until there is no more or the limit is reached.
    fn rows(
        &self,
        transaction: &Transaction,
        begin: KeySelector<'_>,
        end: KeySelector<'_>,
        mut options: RangeOptions,
    ) -> Answer {
        let mut rows = vec![];
        let mut last: Option<Vec<u8>> = None;
        loop {
            let begin = match &last {
                Some(last) if !options.reverse => KeySelector::first_greater_than(last),
                _ => begin,
            };
            let end = match &last {
                Some(last) if options.reverse => KeySelector::first_greater_or_equal(last),
                _ => end,
            };
            let part = wait(&transaction.get_range(begin, end, options))?;
            rows.extend(part.iter().map(|(key, value)| json!([self.mask(key), self.mask(value)])));
            let read = i32::try_from(part.len()).unwrap();
            if !part.more() || read == 0 || (options.limit != 0 && options.limit == read) {
                return Ok(json!(rows));
            }
            if options.limit != 0 {
                options.limit -= read;
            }
            options.iteration += 1;
            last = part.last().map(|(key, _)| key.to_vec());
        }
    }

    /// Hex, with the first stamp that occurs written as `<VSn>`; a long run of one byte is written short.
    fn mask(&self, data: &[u8]) -> Value {
        let found = self.stamps.iter().enumerate().find(|(_, stamp)| data.windows(10).any(|part| part == *stamp));
        if let Some((number, stamp)) = found {
            let mut masked = String::new();
            let mut rest = data;
            while let Some(at) = rest.windows(10).position(|part| part == stamp) {
                masked += &format!("{}<VS{number}>", hex(&rest[..at]));
                rest = &rest[at + 10..];
            }
            return json!(masked + &hex(rest));
        }
        match data {
            [first, rest @ ..] if data.len() > 64 && rest.iter().all(|byte| byte == first) => {
                json!(format!("{first:02x}*{}", data.len()))
            }
            _ => json!(hex(data)),
        }
    }
}

/// An operation of a trace, or a selector in one.
struct Operation<'a>(&'a [Value]);

impl Operation<'_> {
    fn text(&self, index: usize) -> &str {
        self.0[index].as_str().unwrap()
    }

    fn number(&self, index: usize) -> u64 {
        self.0[index].as_u64().unwrap()
    }

    fn int(&self, index: usize) -> i32 {
        i32::try_from(self.0[index].as_i64().unwrap()).unwrap()
    }

    fn flag(&self, index: usize) -> bool {
        self.int(index) != 0
    }

    fn bytes(&self, index: usize) -> Vec<u8> {
        let text = self.text(index);
        let (unit, times) = text.split_once('*').unwrap_or((text, "1"));
        let byte = |at: usize| u8::from_str_radix(&unit[at..at + 2], 16).unwrap();
        let unit: Vec<u8> = (0..unit.len()).step_by(2).map(byte).collect();
        unit.repeat(times.parse().unwrap())
    }

    fn nested(&self, index: usize) -> Operation<'_> {
        Operation(self.0[index].as_array().unwrap())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn wait<T: Clone>(future: &Future<T>) -> Result<T, Failure> {
    wait_for(future, HANGS_AFTER)
}

fn wait_for<T: Clone>(future: &Future<T>, within: Duration) -> Result<T, Failure> {
    if !future.is_ready() {
        let (sender, receiver) = mpsc::channel();
        future.on_ready(move || {
            // Nobody listens any more if it comes too late.
            let _ = sender.send(());
        });
        let _ = receiver.recv_timeout(within);
    }
    match future.peek() {
        Some(result) => Ok(result.clone()?),
        None => Err(Failure::Hangs),
    }
}

//! Blocks of bindings: one crossing for each, whatever its number of rows.
//!
//! ```text
//!   +------+------+--------------------------------------------------+
//!   | rows | next | the items of all rows, packed, one after another |
//!   +------+------+--------------------------------------------------+
//! ```
//!
//! `rows` and `next` are 32-bit little-endian numbers; `next` is what to ask for the next block with, 0 after the last.

use crate::call::Call;
use crate::failure::{Failure, Result};
use crate::js::{Js, Value};
use crate::promise::Reply;
use crate::transaction::Slot;
use found::stores::nstore::{Block, Pattern, Query, Term};
use found::stores::vnstore::Diff;
use found::tuple::{Element, unpack};

/// A block on its way to JavaScript.
struct Bindings {
    block: Block,
    next: usize,
}

const HEAD: usize = 8;

impl Bindings {
    fn write(&self, room: &mut [u8]) {
        let (head, bytes) = room.split_at_mut(HEAD);
        head[..4].copy_from_slice(&(self.block.len() as u32).to_le_bytes());
        head[4..].copy_from_slice(&(self.next as u32).to_le_bytes());
        bytes.copy_from_slice(self.block.bytes());
    }

    fn size(&self) -> usize {
        HEAD + self.block.bytes().len()
    }
}

impl Reply for Bindings {
    fn now<'call>(self, call: &Call<'call>) -> Result<Value<'call>> {
        let size = self.size();
        if call.environment().scratch.write(size, |room| self.write(room)) {
            return call.js().integer(size as i32);
        }
        self.later(call.js())
    }

    fn later<'call>(self, js: Js) -> Result<Value<'call>> {
        js.buffer_with(self.size(), |room| self.write(room))
    }
}

/// What gives blocks.
pub enum Blocks {
    /// A query, of a store of tuples or of one with a history.
    Query(Query),
    /// The difference of two states.
    Diff(Box<Diff>),
}

impl Blocks {
    async fn next(&mut self) -> found::Result<Option<Block>> {
        match self {
            Blocks::Query(query) => query.next_block().await,
            Blocks::Diff(diff) => diff.next_block().await,
        }
    }
}

/// Reads the next block. Until it has come the query is in nobody's reach, so that two blocks of one query cannot be
/// asked for at a time.
pub fn read<'call>(call: &Call<'call>, blocks: Blocks) -> Result<Value<'call>> {
    begin(call, async { Ok(blocks) })
}

/// Reads the first block of what has to be waited for itself.
pub fn begin<'call>(
    call: &Call<'call>,
    blocks: impl Future<Output = found::Result<Blocks>> + 'static,
) -> Result<Value<'call>> {
    let slot = Slot::argument(call)?;
    let reading = Box::pin(async move {
        let mut blocks = blocks.await?;
        blocks.next().await.map(|block| (block, blocks))
    });
    call.environment().executor.run_mapped(call, reading, move |(block, blocks)| match block {
        Some(block) => Bindings { block, next: slot.keep(&slot.queries, blocks) },
        None => Bindings { block: Block::default(), next: 0 },
    })
}

/// `nextBlock(tx, next)`: the block that an earlier one has announced.
pub fn next_block<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let number = call.integer(1, "next", 1, u32::MAX.into())? as usize;
    let query = Slot::argument(call)?.queries.take(number);
    read(call, query.ok_or_else(|| Failure::Range("next: no query of that number is being read".to_owned()))?)
}

/// `endQuery(tx, next)`: no more blocks are wanted.
pub fn end_query<'call>(call: &Call<'call>) -> Result<Value<'call>> {
    let number = call.integer(1, "next", 1, u32::MAX.into())? as usize;
    drop(Slot::argument(call)?.queries.take(number));
    call.js().undefined()
}

/// Patterns from a packed tuple of nested tuples, one for each: a variable is its name, a value a tuple of it alone.
pub fn patterns(packed: &[u8]) -> Result<Vec<Pattern>> {
    let wrong = || Failure::Type("patterns: not packed as patterns are".to_owned());
    let term = |term: Element| match term {
        Element::String(name) => Ok(Term::Var(name)),
        Element::Tuple(mut items) => items.pop().map(Term::Value).ok_or_else(wrong),
        _ => Err(wrong()),
    };
    let pattern = |pattern: Element| match pattern {
        Element::Tuple(terms) => terms.into_iter().map(term).collect(),
        _ => Err(wrong()),
    };
    unpack(packed).map_err(found::Error::from)?.into_iter().map(pattern).collect()
}

/// Names from a packed tuple.
pub fn names(packed: &[u8]) -> Result<Vec<String>> {
    let name = |element| match element {
        Element::String(name) => Ok(name),
        _ => Err(Failure::Type("names: not packed as names are".to_owned())),
    };
    unpack(packed).map_err(found::Error::from)?.into_iter().map(name).collect()
}

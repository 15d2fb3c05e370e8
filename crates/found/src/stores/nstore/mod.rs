//! nstore: a set of tuples of a fixed number of columns, found by any pattern of known and unknown columns.
//!
//! - Each tuple is a row in every one of the store's indices, so that whatever columns of a pattern are known, one
//!   index has them first. The bytes are the reference's:
//!
//!   ```text
//!   key    prefix... | index number | the items in the index's order
//!   value  what was given to add, the same in every index
//!   ```
//! - A pattern finds what is equal, bit by bit: the scan of `pack(t)` goes from `pack(t) 00` to `pack(t) ff`, where no
//!   longer text, bytes or nested tuple lies.
//! - A variable stands for one value, wherever it occurs: in other patterns, and again in the same one.
//! - Results come in the order of the first pattern's scan and, within each of its rows, of the next one's.
//! - A query holds at most [`READS_IN_FLIGHT`] reads and what their first pages bring (about 4 kB each), one page and
//!   one block per pattern: its memory does not grow with the data.
//! - Reads and writes are the caller's transaction's, conflicts included.
//!
//! ```no_run
//! # async fn example(tx: &found::client::Transaction) -> Result<(), found::Error> {
//! use found::stores::nstore::{self, NStore, QueryOptions, Term};
//!
//! let blog = NStore::make("blog", &["blog".into()], 3)?;
//! nstore::add(tx, &blog, &["P4X".into(), "title".into(), "hyper.dev".into()], b"")?;
//! let pattern = vec![Term::var("post"), Term::value("title"), Term::var("title")];
//! let mut query = nstore::query(tx, &blog, &[pattern], QueryOptions::default())?;
//! while let Some(block) = query.next_block().await? {
//!     for row in block.rows() {
//!         println!("{:?}", row.elements()?);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod block;
mod indices;
mod items;
mod level;
mod pattern;
mod plan;
mod query;
mod store;
mod write;

pub use block::{Block, Row};
pub use pattern::{Pattern, Term};
pub use plan::{Explained, ExplainedStep, explain, reorder};
pub use query::{Query, QueryOptions, READS_IN_FLIGHT, count, query, query_from, query_reordered};
pub use store::{COLUMNS_MAX, NStore};
pub use write::{add, add_packed, get, get_packed, remove, remove_packed};

pub(crate) use items::{Items, item_end};
pub(crate) use level::{Judge, equal_to};
pub(crate) use query::Stage;
pub(crate) use store::Labels;

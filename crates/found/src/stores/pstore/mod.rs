//! The inverted index: documents found by the words in them.
//!
//! ```text
//!   K = (*prefix, 01)   T(*K, 0, word, token) and T(*K, 1, token, word)   an nstore of 2 columns; no value
//!   P = (*prefix, 02)   T(P, token, docuid) = T(count), a posting
//!   C = (*prefix, 03)   T(C, docuid)        = zstd of T((token, count), ...), the document's counter
//!   S = (*prefix, 04)   statistics, which asyncio-foundationdb does not look at: see `statistics`
//! ```
//!
//! - A token is a UUID that stands for a word. It is there as long as a document has the word.
//! - For every pair in a counter there is the posting, and no other: a document that is indexed again loses the words
//!   it has no more.
//! - asyncio-foundationdb writes postings without a value. Then the counter tells the count, and that the document has
//!   the word at all: what it leaves behind when it indexes a document again is no hit here.
//! - A document is known by its counter, so removing it needs only its uid.

mod counter;
mod index;
mod ranking;
mod search;
mod statistics;
mod store;

pub use ranking::Ranking;
pub use search::Hit;
pub use store::PStore;

const LIMIT: &str = "FOUND_PSTORE_LIMIT";
const DAMAGED: &str = "FOUND_PSTORE_DAMAGED";
const STATISTICS: &str = "FOUND_PSTORE_STATISTICS";

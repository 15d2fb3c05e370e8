//! vnstore: tuples with a history, changed in named changes that are prepared apart and applied as a whole.
//!
//! - A change is created, collects additions and removals, over as many transactions as it takes, and is applied once.
//!   Until then nobody sees it who does not ask for it.
//! - Applying gives a change its *significance*: a UUID of version 7 greater than every earlier one. A tuple is alive
//!   if, of the applied changes that touch it, the most significant one added it.
//! - **Significance grows in the order of commits**, whatever the clocks say: an apply reads the greatest one there is
//!   and writes a greater one, so applies conflict with each other and are run one after the other. Reads of tuples
//!   conflict with applies that touch them. So transactions with applies in them are strictly serializable.
//! - The past does not change: what is read as of an applied change is the same for ever. An applied change takes no
//!   more additions.
//! - The layout is the reference's: two nstores under the prefix.
//!
//!   ```text
//!   "changes"   (change, "type", "change"), (change, "significance", null or UUID), (change, "message", null or text)
//!   "tuples"    (items..., change, whether the change added it or removed it)
//!   "bases"     change -> the greatest significance when it was created; only while it is pending, and only here
//!   ```
//! - Each tuple is given once, however many changes have touched it.

mod apply;
mod change;
mod diff;
mod history;
mod select;
mod significance;
mod store;
mod tuples;
mod view;

pub use apply::{ApplyOptions, OnConflict};
pub use change::Change;
pub use diff::{Diff, Point};
pub use history::Event;
pub use store::{ITEMS_MAX, VnStore};
pub use view::{AsOf, ReadOptions};

//! Where the uids of new items come from.

use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

/// Makes uids: random ones (version 4), unless a test wants to know them.
#[derive(Clone)]
pub(crate) struct Uids(Arc<dyn Fn() -> Uuid + Send + Sync>);

impl Uids {
    pub(crate) fn from_fn(make: impl Fn() -> Uuid + Send + Sync + 'static) -> Uids {
        Uids(Arc::new(make))
    }

    pub(crate) fn next(&self) -> Uuid {
        (self.0)()
    }
}

impl Default for Uids {
    fn default() -> Uids {
        Uids::from_fn(Uuid::new_v4)
    }
}

impl fmt::Debug for Uids {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Uids")
    }
}

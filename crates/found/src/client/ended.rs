//! What is left of a transaction that was cancelled, or that could not go on after an error.
//!
//! FoundationDB still takes calls on such a transaction, the crate `foundationdb` does not, so they are answered here as
//! FoundationDB answers them: an error that an earlier call has left to be shown comes first, then 1025.

use foundationdb as fdb;
use futures_util::FutureExt;

pub(super) const CANCELLED: i32 = 1025;
const TIMED_OUT: i32 = 1031;
const READ_VERSION_ALREADY_SET: i32 = 2010;
const VERSION_INVALID: i32 = 2011;

/// Whether a transaction that has failed so fails so in all it does, until it is reset.
pub(super) fn is_lasting(code: i32) -> bool {
    matches!(code, CANCELLED | TIMED_OUT)
}

/// What an ended transaction answers, until it is reset.
pub(super) struct Ended {
    code: i32,
    size: Option<i64>,
    /// Whether it has a read version, or has asked for one.
    has_read_version: bool,
}

impl Ended {
    /// Cancels a transaction, having asked it for what cannot be asked for afterwards. On a cluster the answers may not
    /// be there at once, and are then taken for the usual ones.
    pub(super) fn cancel(transaction: fdb::Transaction) -> Ended {
        let size = transaction.get_approximate_size().now_or_never();
        // It is of no use to the transaction any more, but shows whether it had a read version.
        transaction.set_read_version(1);
        let probe = transaction.get_approximate_size().now_or_never();
        transaction.cancel();
        match size {
            Some(Ok(size)) => {
                let has_read_version = matches!(probe, Some(Err(error)) if error.code() == READ_VERSION_ALREADY_SET);
                Ended { code: CANCELLED, size: Some(size), has_read_version }
            }
            Some(Err(error)) => Ended { code: error.code(), ..Ended::after(CANCELLED) },
            None => Ended::after(CANCELLED),
        }
    }

    /// What is left after an error that another attempt could not help.
    pub(super) fn after(code: i32) -> Ended {
        Ended { code: if is_lasting(code) { code } else { CANCELLED }, size: None, has_read_version: false }
    }

    /// The error of everything that is waited for.
    pub(super) fn code(&self) -> i32 {
        self.code
    }

    /// The size it had, if that can still be asked for.
    pub(super) fn size(&self) -> Option<i64> {
        self.size.filter(|_| is_lasting(self.code))
    }

    /// Leaves the error that FoundationDB leaves where the version is not valid or comes too late.
    pub(super) fn set_read_version(&mut self, version: i64) {
        if !is_lasting(self.code) {
            return;
        }
        if self.has_read_version {
            self.code = READ_VERSION_ALREADY_SET;
        } else if version <= 0 {
            self.code = VERSION_INVALID;
        } else {
            self.has_read_version = true;
        }
    }
}

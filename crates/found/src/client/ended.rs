//! What is left of a transaction that was cancelled, or that could not go on after an error.
//!
//! FoundationDB still takes calls on such a transaction: it fails what is waited for, and looks at the rest as ever. The
//! crate `foundationdb` does not, so another transaction stands in for it, which nothing is ever waited for of and which
//! never commits. What is wrong with a call shows there, and comes before the error that the transaction ended with.

use foundationdb as fdb;
use futures_util::FutureExt;

pub(super) const CANCELLED: i32 = 1025;
const TIMED_OUT: i32 = 1031;
const READ_VERSION_ALREADY_SET: i32 = 2010;

/// Any version that is valid.
const SOME_VERSION: i64 = 1;

/// Whether a transaction that has failed so fails so in all it does, until it is reset.
pub(super) fn is_lasting(code: i32) -> bool {
    matches!(code, CANCELLED | TIMED_OUT)
}

/// An ended transaction, until it is reset.
pub(super) struct Ended {
    /// The error it ended with: 1025, or 1031.
    code: i32,
    /// What was wrong with a call before it ended.
    earlier: Option<i32>,
    size: Option<i64>,
    /// Whether it had a read version, or had asked for one.
    has_read_version: bool,
    stand_in: Option<fdb::Transaction>,
}

impl Ended {
    /// Cancels a transaction, having asked it for what cannot be asked for afterwards. On a cluster the answers may not
    /// be there at once, and are then taken for the usual ones.
    pub(super) fn cancel(transaction: fdb::Transaction) -> Ended {
        let size = transaction.get_approximate_size().now_or_never();
        // It is of no use to the transaction any more, but shows whether it had a read version.
        transaction.set_read_version(SOME_VERSION);
        let probe = transaction.get_approximate_size().now_or_never();
        transaction.cancel();
        let ended = Ended::after(CANCELLED);
        match size {
            Some(Ok(size)) => {
                let has_read_version = matches!(probe, Some(Err(error)) if error.code() == READ_VERSION_ALREADY_SET);
                Ended { size: Some(size), has_read_version, ..ended }
            }
            Some(Err(error)) => Ended { earlier: Some(error.code()), ..ended },
            None => ended,
        }
    }

    /// What is left after an error that another attempt could not help.
    pub(super) fn after(code: i32) -> Ended {
        let code = if is_lasting(code) { code } else { CANCELLED };
        Ended { code, earlier: None, size: None, has_read_version: false, stand_in: None }
    }

    /// The error it ended with, which another attempt gets.
    pub(super) fn code(&self) -> i32 {
        self.code
    }

    /// The error of what is waited for: the first thing that was wrong with a call, if something was.
    pub(super) fn shown(&self) -> i32 {
        self.wrong().unwrap_or(self.code)
    }

    /// The size it had, if that can still be asked for.
    pub(super) fn size(&self) -> Option<i64> {
        self.size.filter(|_| self.wrong().is_none())
    }

    fn wrong(&self) -> Option<i32> {
        let probe = || self.stand_in.as_ref()?.get_approximate_size().now_or_never()?.err();
        self.earlier.or_else(|| Some(probe()?.code()))
    }

    /// The transaction that takes its calls, made by `create` if this is the first one.
    pub(super) fn stand_in<E>(
        &mut self,
        create: impl FnOnce() -> Result<fdb::Transaction, E>,
    ) -> Result<&fdb::Transaction, E> {
        let stand_in = match self.stand_in.take() {
            Some(stand_in) => stand_in,
            None => {
                let made = create()?;
                if self.has_read_version {
                    made.set_read_version(SOME_VERSION);
                }
                made
            }
        };
        Ok(self.stand_in.insert(stand_in))
    }
}

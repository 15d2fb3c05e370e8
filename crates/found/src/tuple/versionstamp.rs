//! Versionstamps as items of a tuple.

/// The stamp of a commit and a number to tell several of one transaction apart.
///
/// Ten 0xff bytes stand for the stamp of the commit to come: [`incomplete`](Self::incomplete).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Versionstamp {
    /// The commit's version (8 bytes, big-endian) and the transaction's place in its batch (2 bytes).
    pub transaction: [u8; 10],
    /// Chosen by the program.
    pub user_version: u16,
}

impl Versionstamp {
    /// A stamp that is known.
    pub fn new(transaction: [u8; 10], user_version: u16) -> Self {
        Versionstamp { transaction, user_version }
    }

    /// The stamp of the commit to come.
    pub fn incomplete(user_version: u16) -> Self {
        Versionstamp { transaction: [0xff; 10], user_version }
    }

    /// Whether the stamp is known.
    pub fn is_complete(&self) -> bool {
        self.transaction != [0xff; 10]
    }
}

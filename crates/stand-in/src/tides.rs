//! Holding answers back, for tests that count round trips.
//!
//! A network of the slowest kind: whatever is asked stays unanswered until the asker has nothing left to do but wait,
//! and then all answers come at once. How often that happens is the number of round trips, and how many answers come
//! is the number of reads that were in flight. Neither depends on how fast anything runs.

use libloading::{Error, Library, Symbol};
use std::path::{Path, PathBuf};

/// What becomes of answers, in a stand-in that this process loads as its libfdb_c.
pub struct Tides(Library);

type Turn = unsafe extern "C" fn(and_hold: bool) -> usize;

impl Tides {
    /// Where the library is, next to the programs that are built with it.
    pub fn library() -> Option<PathBuf> {
        let name = format!("{}fdb_stand_in{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX);
        Some(std::env::current_exe().ok()?.parent()?.join(name))
    }

    /// Of the library at that path.
    pub fn of(library: &Path) -> Result<Tides, Error> {
        // SAFETY: loading it runs nothing.
        Ok(Tides(unsafe { Library::new(library)? }))
    }

    /// Holds answers back from now on.
    pub fn hold(&self) -> Result<(), Error> {
        // SAFETY: it is exported below, with this type.
        let hold: Symbol<'_, unsafe extern "C" fn()> = unsafe { self.0.get("fdb_stand_in_hold")? };
        // SAFETY: nothing is asked of its caller.
        unsafe { hold() };
        Ok(())
    }

    /// Lets all go that are held back, and says how many they were: the reads in flight. Those to come are held again.
    pub fn turn(&self) -> Result<usize, Error> {
        self.let_go(true)
    }

    /// Lets all go and holds nothing any more.
    pub fn end(&self) -> Result<usize, Error> {
        self.let_go(false)
    }

    fn let_go(&self, and_hold: bool) -> Result<usize, Error> {
        // SAFETY: it is exported below, with this type.
        let let_go: Symbol<'_, Turn> = unsafe { self.0.get("fdb_stand_in_let_go")? };
        // SAFETY: nothing is asked of its caller.
        Ok(unsafe { let_go(and_hold) })
    }
}

/// See [`Tides::hold`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_stand_in_hold() {
    crate::network::hold();
}

/// See [`Tides::turn`] and [`Tides::end`].
#[unsafe(no_mangle)]
pub unsafe extern "C" fn fdb_stand_in_let_go(and_hold: bool) -> usize {
    crate::network::let_go(and_hold)
}

//! Which databases the process has open: handles on one name or one file share one database.
//!
//! - A database is registered from before it is opened until it is closed: who opens it meanwhile gets the same one, or
//!   waits for the end of the closing.
//! - Entries are weak: the registry keeps no database open.

use crate::core::Core;
use crate::database::{OpenError, OpenOptions};
use crate::error::Error;
use crate::storage::{MemoryStore, RedbStore, Storage, StorageError};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError, Weak};

/// Where a database lies that several handles may share.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    Memory(String),
    /// The real path, so that `./a.db` and a link to it are the same.
    File(PathBuf),
}

/// A database stays here until it is closed: what can no longer be shared but is not closed yet holds its file.
static OPEN: Mutex<Option<HashMap<Place, Weak<Core>>>> = Mutex::new(None);
static CLOSED: Condvar = Condvar::new();

/// Notes that the database of a place has let it go.
pub(crate) fn closed(place: &Place) {
    if let Some(open) = &mut *OPEN.lock().unwrap_or_else(PoisonError::into_inner) {
        open.remove(place);
    }
    CLOSED.notify_all();
}

/// Opens what `target` names, or finds it open.
pub(crate) fn open(target: &str, options: &OpenOptions) -> Result<Arc<Core>, OpenError> {
    if target == "memory:" {
        return Ok(Arc::new(make(Box::new(MemoryStore::new()), options, target)?));
    }
    if let Some(name) = target.strip_prefix("memory:") {
        return shared(Place::Memory(name.into()), || make(Box::new(MemoryStore::new()), options, target));
    }
    let Some(path) = target.strip_prefix("file:") else {
        return Err(OpenError {
            error: Error::CONNECTION_STRING_INVALID,
            message: format!("not an embedded database: {target:?}; use \"memory:\", \"memory:NAME\" or \"file:PATH\""),
        });
    };
    if path.is_empty() {
        return Err(OpenError {
            error: Error::FILE_NOT_FOUND,
            message: "file: needs a path, as in \"file:./app.db\"".into(),
        });
    }
    let path = Path::new(path);
    shared(Place::File(real_path(path)), || open_file(path, RedbStore::file(path, true)?, options, target))
}

/// A new file is written to at once, which can fail like any write; whoever opens it is told of which file.
pub(crate) fn open_file(
    path: &Path,
    storage: RedbStore,
    options: &OpenOptions,
    target: &str,
) -> Result<Core, StorageError> {
    make(Box::new(storage), options, target).map_err(|error| error.of(path))
}

fn make(storage: Box<dyn Storage>, options: &OpenOptions, target: &str) -> Result<Core, StorageError> {
    Core::new(storage, options.clock.clone(), target.into())
}

fn shared(place: Place, make: impl FnOnce() -> Result<Core, StorageError>) -> Result<Arc<Core>, OpenError> {
    // Held while a file opens: two threads that open one file must not both try.
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    while let Some(core) = open.get_or_insert_default().get(&place) {
        if let Some(core) = core.upgrade() {
            return Ok(core);
        }
        // The last handle is gone on another thread, which is closing the file.
        open = CLOSED.wait(open).unwrap_or_else(PoisonError::into_inner);
    }
    let core = Arc::new(make()?.at(place.clone()));
    open.get_or_insert_default().insert(place, Arc::downgrade(&core));
    Ok(core)
}

/// The path with links resolved; that of the folder and the name where the file is not there yet.
fn real_path(path: &Path) -> PathBuf {
    if let Ok(real) = path.canonicalize() {
        return real;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => {
            let parent = if parent.as_os_str().is_empty() { Path::new(".") } else { parent };
            parent.canonicalize().unwrap_or_else(|_| parent.to_path_buf()).join(name)
        }
        _ => path.to_path_buf(),
    }
}

impl From<StorageError> for OpenError {
    fn from(failure: StorageError) -> Self {
        OpenError { error: failure.error, message: failure.message }
    }
}

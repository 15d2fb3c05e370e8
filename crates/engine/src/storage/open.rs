//! Opening a file: every way it can fail has its own message, and a file that is not ours is not touched.
//!
//! A found-db file is a redb database with a table [`META`], in [blocks with checksums](super::block_file) and with a
//! [log](super::log), unless it was made before there were any. Before redb may write to a file that exists, it is
//! opened for reading and must have that table. The one exception is a database that was not closed and needs recovery,
//! which only redb's own recovery, the same for everybody's files, makes readable.

use super::block_file::{BlockFile, Blocks, Layout};
use super::file::DatabaseFile;
use super::log::{Found, LOG_BYTES, Log};
use super::storage_error::{StorageError, is_full, panic_text};
use crate::Error;
use redb::{
    Builder, Database, DatabaseError, ReadTransaction, ReadableDatabase, StorageBackend, TableDefinition, TableError,
};
use std::fs;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The pairs.
pub(super) const PAIRS: TableDefinition<&[u8], &[u8]> = TableDefinition::new("pairs");
/// What there is to know about the database itself.
pub(super) const META: TableDefinition<&str, &[u8]> = TableDefinition::new("found-db");

/// In [`META`]: the version of the format, an i64.
const FORMAT: &str = "format";
/// In [`META`]: version of the last batch, an i64, and its wall time, nanoseconds since 1970 in a u64.
pub(super) const LAST: &str = "last";

const FORMAT_VERSION: i64 = 1;
/// How a redb file starts.
const REDB_MAGIC: &[u8; 9] = b"redb\x1A\x0A\xA9\x0D\x0A";

const CACHE: usize = 256 << 20;

/// Files up to this length are read through when they are opened, and damage anywhere in them is found then. In longer
/// ones, which would take over 0.1 s, it is found where it is read.
const READ_THROUGH_UP_TO: u64 = 64 << 20;

/// The version of the last batch and its wall time.
pub(super) type Last = (i64, Duration);

type OpenBackend = dyn Fn(&Path) -> Result<Box<dyn StorageBackend>, DatabaseError> + Send + Sync;

/// How files are opened.
pub(super) struct Opener {
    /// Opens the file at a path, or makes it.
    pub(super) open: Box<OpenBackend>,
    /// See [`READ_THROUGH_UP_TO`].
    pub(super) read_through_up_to: u64,
    /// The layout of a new file.
    pub(super) new_layout: Layout,
    /// How much of the log is used.
    pub(super) log_bytes: u64,
}

/// A file that was opened.
pub(super) struct Opened {
    pub(super) database: Database,
    /// The last batch that the database has.
    pub(super) last: Last,
    /// The log, if the file has one.
    pub(super) log: Option<Log>,
    /// What the log has that the database has not.
    pub(super) found: Vec<Found>,
}

impl Default for Opener {
    fn default() -> Opener {
        Opener {
            open: Box::new(|path| Ok(Box::new(DatabaseFile::open(path)?))),
            read_through_up_to: READ_THROUGH_UP_TO,
            new_layout: Layout::NEW,
            log_bytes: LOG_BYTES,
        }
    }
}

impl Opener {
    /// Opens the file, or makes it.
    pub(super) fn open_file(&self, path: &Path) -> Result<Opened, StorageError> {
        let layout = if is_new(path)? { self.new_layout } else { layout_of(path)? };
        if !is_new(path)? {
            check_tables(path, layout)?;
        }
        let read_through = Arc::new(AtomicBool::new(false));
        let told = read_through.clone();
        let mut builder = Builder::new();
        builder.set_cache_size(CACHE);
        builder.set_check_integrity_on_open(fs::metadata(path).is_ok_and(|file| file.len() <= self.read_through_up_to));
        builder.set_repair_callback(move |_| told.store(true, Ordering::Relaxed));
        let (database, blocks) = explained(path, || {
            let blocks = Blocks::new((self.open)(path)?, layout);
            Ok::<_, DatabaseError>((builder.create_with_backend(BlockFile(blocks.clone()))?, blocks))
        })?;
        blocks.opened(read_through.load(Ordering::Relaxed)).map_err(|error| io_failure(path, &error))?;
        let last = explained(path, || prepare(&database))?;
        let last = last.map_err(|problem| problem.explained(path))?;
        let (log, found) = if blocks.has_log() {
            let opened = Log::open(blocks, last.0, self.log_bytes);
            opened.map(|(log, found)| (Some(log), found)).map_err(|error| io_failure(path, &error))?
        } else {
            (None, Vec::new())
        };
        Ok(Opened { database, last, log, found })
    }
}

/// A redb database that cannot be used, although it can be opened.
pub(super) enum Problem {
    Foreign,
    Newer(i64),
    Damaged(&'static str),
}

impl Problem {
    fn explained(self, path: &Path) -> StorageError {
        let path = path.display();
        match self {
            Problem::Foreign => StorageError::new(
                Error::FILE_CORRUPT,
                format!("{path} is a redb database of another program: name another file (this one was not changed)"),
            ),
            Problem::Newer(format) => StorageError::new(
                Error::FILE_NOT_READABLE,
                format!(
                    "{path} was written by a newer found-db (format {format}): open it with that version or a newer one"
                ),
            ),
            Problem::Damaged(detail) => StorageError::new(
                Error::FILE_CORRUPT,
                format!("{path} is damaged: put a backup copy in its place ({detail})"),
            ),
        }
    }
}

/// Whether the file is still to be made. An empty file counts as none.
fn is_new(path: &Path) -> Result<bool, StorageError> {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => Err(StorageError::new(
            Error::FILE_NOT_READABLE,
            format!("{} is a directory: name a file in it", path.display()),
        )),
        Ok(found) => Ok(found.len() == 0),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            match directory {
                Some(directory) if !directory.is_dir() => Err(StorageError::new(
                    Error::FILE_NOT_FOUND,
                    format!("{} cannot be made: make the directory {} first", path.display(), directory.display()),
                )),
                _ => Ok(true),
            }
        }
        Err(error) => Err(io_failure(path, &error)),
    }
}

/// What the file consists of; fails if it is none of ours.
fn layout_of(path: &Path) -> Result<Layout, StorageError> {
    let start = |offset: u64, most: usize| {
        let mut start = Vec::with_capacity(most);
        let mut file = fs::File::open(path)?;
        file.seek(SeekFrom::Start(offset))?;
        file.take(most as u64).read_to_end(&mut start).map(|_| start)
    };
    let read = |offset, most| start(offset, most).map_err(|error| io_failure(path, &error));
    let layout = Layout::of(&read(0, REDB_MAGIC.len())?);
    let has_sums = layout.has_sums();
    let begin = read(layout.header(), REDB_MAGIC.len())?;
    // A file whose head was overwritten by redb's header, which went astray, looks like redb's own, and would be empty.
    let has_other_header =
        |other: Layout| read(other.header(), REDB_MAGIC.len()).is_ok_and(|begin| begin == REDB_MAGIC);
    if !has_sums && Layout::OURS.into_iter().any(has_other_header) {
        return Err(StorageError::new(
            Error::FILE_CORRUPT,
            format!("{} is damaged: put a backup copy in its place (it has two headers)", path.display()),
        ));
    }
    if begin == REDB_MAGIC {
        return Ok(layout);
    }
    let path = path.display();
    let message = if begin == [0; REDB_MAGIC.len()] {
        let begins = if has_sums { "has zeros for a header" } else { "begins with zeros" };
        format!("{path} {begins}: if it is what a crash left of a database just made, delete it; it was not changed")
    } else if has_sums {
        format!("{path} is damaged: put a backup copy in its place (it has no header)")
    } else {
        format!("{path} is not a found-db file: name another file (this one was not changed)")
    };
    Err(StorageError::new(Error::FILE_CORRUPT, message))
}

fn check_tables(path: &Path, layout: Layout) -> Result<(), StorageError> {
    let mut builder = Builder::new();
    // It is only for a look.
    builder.set_cache_size(1 << 20);
    let looked = explained(path, || {
        let blocks = Blocks::new(Box::new(DatabaseFile::open_to_read(path)?), layout);
        match builder.open_read_only_with_backend(BlockFile(blocks.clone())) {
            // Not closed the last time: it is readable after recovery only.
            Err(DatabaseError::RepairAborted) => Ok(None),
            opened => {
                let examined = examine(&opened?.begin_read()?)?;
                blocks.check()?;
                Ok::<_, redb::Error>(Some(examined))
            }
        }
    })?;
    match looked {
        Some(Err(problem)) => Err(problem.explained(path)),
        _ => Ok(()),
    }
}

/// What the table [`META`] says; nothing in a database that has no tables at all, which is one just made.
fn examine(transaction: &ReadTransaction) -> Result<Result<Option<Last>, Problem>, redb::Error> {
    let meta = match transaction.open_table(META) {
        Ok(meta) => meta,
        Err(TableError::TableDoesNotExist(_)) => {
            let empty = transaction.list_tables()?.next().is_none();
            let empty = empty && transaction.list_multimap_tables()?.next().is_none();
            return Ok(if empty { Ok(None) } else { Err(Problem::Foreign) });
        }
        Err(TableError::Storage(error)) => return Err(error.into()),
        Err(_) => return Ok(Err(Problem::Foreign)),
    };
    let Some(format) = meta.get(FORMAT)?.and_then(|entry| entry.value().try_into().ok().map(i64::from_le_bytes)) else {
        return Ok(Err(Problem::Damaged("its format is not noted in it")));
    };
    if format > FORMAT_VERSION {
        return Ok(Err(Problem::Newer(format)));
    }
    let last = match meta.get(LAST)? {
        None => (0, Duration::ZERO),
        Some(entry) => match decode_last(entry.value()) {
            Some(last) => last,
            None => return Ok(Err(Problem::Damaged("its last version cannot be read"))),
        },
    };
    Ok(Ok(Some(last)))
}

/// Makes the tables of a new database, and reads what an old one knows of itself.
pub(super) fn prepare(database: &Database) -> Result<Result<Last, Problem>, redb::Error> {
    match examine(&database.begin_read()?)? {
        Err(problem) => return Ok(Err(problem)),
        Ok(Some(last)) => return Ok(Ok(last)),
        Ok(None) => {}
    }
    let transaction = database.begin_write()?;
    transaction.open_table(PAIRS)?;
    transaction.open_table(META)?.insert(FORMAT, &FORMAT_VERSION.to_le_bytes()[..])?;
    transaction.commit()?;
    Ok(Ok((0, Duration::ZERO)))
}

/// The value of [`LAST`].
pub(super) fn encode_last((version, wall): Last) -> [u8; 16] {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&version.to_le_bytes());
    // Enough until the year 2554.
    bytes[8..].copy_from_slice(&u64::try_from(wall.as_nanos()).unwrap_or(u64::MAX).to_le_bytes());
    bytes
}

pub(super) fn decode_last(bytes: &[u8]) -> Option<Last> {
    let (version, wall) = bytes.split_first_chunk::<8>()?;
    let wall = wall.try_into().ok().map(u64::from_le_bytes)?;
    Some((i64::from_le_bytes(*version), Duration::from_nanos(wall)))
}

/// Runs a part of opening; its errors are told in terms of the file. A panic of redb, which trusts a file that was
/// closed, is one of them.
fn explained<T, E: Into<redb::Error>>(path: &Path, part: impl FnOnce() -> Result<T, E>) -> Result<T, StorageError> {
    match catch_unwind(AssertUnwindSafe(part)) {
        Ok(result) => result.map_err(|error| failure(path, error.into())),
        Err(panic) => Err(failure(path, redb::Error::Corrupted(panic_text(&*panic)))),
    }
}

fn failure(path: &Path, error: redb::Error) -> StorageError {
    let name = path.display();
    match error {
        redb::Error::Io(error) => io_failure(path, &error),
        redb::Error::DatabaseAlreadyOpen | redb::Error::LockProtocolMismatch => StorageError::new(
            Error::LOCK_FILE_FAILURE,
            format!(
                "{name} is open in another process: one process at a time can use it, close it there (the lock goes \
                 with the process; there is no file to delete)"
            ),
        ),
        redb::Error::UpgradeRequired(format) => StorageError::new(
            Error::FILE_NOT_READABLE,
            format!("{name} has the old redb format {format}, which no found-db has written: name another file"),
        ),
        redb::Error::Corrupted(detail) if detail.contains("file format version") => StorageError::new(
            Error::FILE_NOT_READABLE,
            format!("{name} was written by a newer found-db, or is damaged: open it with that version ({detail})"),
        ),
        redb::Error::Corrupted(detail) => StorageError::new(
            Error::FILE_CORRUPT,
            format!("{name} is damaged: put a backup copy in its place ({detail})"),
        ),
        other => StorageError::new(Error::IO_ERROR, format!("{name} cannot be opened ({other})")),
    }
}

fn io_failure(path: &Path, error: &io::Error) -> StorageError {
    let name = path.display();
    if is_full(error) {
        return StorageError::new(Error::IO_ERROR, format!("{name}: the disk is full: make room ({error})"));
    }
    match error.kind() {
        io::ErrorKind::PermissionDenied if fs::File::open(path).is_ok() => StorageError::new(
            Error::FILE_NOT_WRITABLE,
            format!("{name} may be read but not written: a database needs both, change its permissions"),
        ),
        io::ErrorKind::PermissionDenied => StorageError::new(
            Error::FILE_NOT_READABLE,
            format!("{name} may not be opened: change the permissions of the file or its directory"),
        ),
        io::ErrorKind::ReadOnlyFilesystem => StorageError::new(
            Error::FILE_NOT_WRITABLE,
            format!("{name} is on a read-only file system: copy it to where it can be written"),
        ),
        // What redb says of a file without its first bytes, and of one shorter than its header promises.
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidInput => StorageError::new(
            Error::FILE_CORRUPT,
            format!("{name} is cut off or damaged: put a backup copy in its place ({error})"),
        ),
        _ => StorageError::new(Error::IO_ERROR, format!("{name} cannot be opened ({error})")),
    }
}

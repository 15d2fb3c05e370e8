//! `fdb_create_database`: what a target string means.
//!
//! `memory:`, `memory:NAME` and `file:PATH` are embedded databases; anything else is the path of a cluster file. Where no
//! target is given it comes from the environment variable `FDB_CLUSTER_FILE`; else it is `./fdb.cluster` or the system's
//! cluster file, as libfdb_c has it.
//!
//! As in libfdb_c a database is made even if it cannot be opened, and its operations give the error. Such a database is
//! an embedded one here, which also has a message that says what to do, under the special key
//! `\xff\xff/found/open_error`.

use crate::api_version;
use crate::cluster;
use crate::error::{self, Failure};
use crate::future::returned;
use crate::handle::{self, EmbeddedDatabase};
use crate::library::Library;
use crate::network;
use crate::types::*;
use engine::{Database, OpenOptions};
use std::ffi::{CStr, OsString, c_char};
use std::path::{Path, PathBuf};

/// Why a database could not be opened: the error of its operations, and what there is to say about it.
#[derive(Clone, Debug)]
pub(crate) struct OpenFailure(Failure, String);

impl OpenFailure {
    pub(crate) fn new(failure: Failure, message: String) -> Self {
        OpenFailure(failure, message)
    }

    /// The same, told of `what`.
    pub(crate) fn of(self, what: impl std::fmt::Display) -> Self {
        OpenFailure(self.0, format!("{what}: {}", self.1))
    }
}

impl From<Failure> for OpenFailure {
    fn from(failure: Failure) -> Self {
        OpenFailure(failure, engine::error_text(failure.0).to_string())
    }
}

#[cfg(any(target_os = "macos", target_os = "freebsd"))]
const SYSTEM_CLUSTER_FILE: &str = "/usr/local/etc/foundationdb/fdb.cluster";
#[cfg(windows)]
const SYSTEM_CLUSTER_FILE: &str = "C:\\ProgramData\\foundationdb\\fdb.cluster";
#[cfg(not(any(target_os = "macos", target_os = "freebsd", windows)))]
const SYSTEM_CLUSTER_FILE: &str = "/etc/foundationdb/fdb.cluster";

const CLUSTER_FILE_VARIABLE: &str = "FDB_CLUSTER_FILE";
const HOW_TO_EMBED: &str = "to use an embedded database, open memory:, memory:NAME or file:PATH";

/// What a target string means.
#[derive(Debug, PartialEq, Eq)]
enum Target {
    /// An embedded database, as the engine names it.
    Embedded(String),
    /// The cluster of this file, and where the path is from.
    Cluster(PathBuf, Origin),
}

/// Where the path of a cluster file is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Origin {
    Argument,
    Environment,
    Default,
}

impl Target {
    /// `given` is what the caller passed, `variable` the value of `FDB_CLUSTER_FILE`.
    fn of(given: OsString, variable: Option<OsString>) -> Target {
        if !given.is_empty() {
            return Target::named(given, Origin::Argument);
        }
        match variable {
            Some(path) => Target::named(path, Origin::Environment),
            None if Path::new("fdb.cluster").exists() => Target::Cluster("fdb.cluster".into(), Origin::Default),
            None => Target::Cluster(SYSTEM_CLUSTER_FILE.into(), Origin::Default),
        }
    }

    fn named(name: OsString, origin: Origin) -> Target {
        match name.to_str() {
            Some(text) if is_embedded(text) => Target::Embedded(text.to_string()),
            _ => Target::Cluster(name.into(), origin),
        }
    }
}

fn is_embedded(target: &str) -> bool {
    target.starts_with("memory:") || target.starts_with("file:")
}

/// Makes a database of a target: see the module. Error 2008 before the network is set up; every other error shows in
/// what the database does.
pub unsafe extern "C" fn fdb_create_database(path: *const c_char, out: *mut *mut FDBDatabase) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        network::check_set_up()?;
        let opened = match Target::of(text(path), std::env::var_os(CLUSTER_FILE_VARIABLE)) {
            Target::Embedded(target) => embedded(&target),
            Target::Cluster(file, origin) => check_cluster_file(&file, origin).and_then(|()| {
                // libfdb_c gets what the caller gave and comes to the same file.
                cluster(|library, made| Ok(library.fdb_create_database()?(path, made)))
            }),
        };
        *out = opened.unwrap_or_else(failed);
        Ok(())
    })
}

/// Makes a database of a connection string (`description:id@address,...`) or of an embedded target. Errors as
/// [`fdb_create_database`].
pub unsafe extern "C" fn fdb_create_database_from_connection_string(
    connection_string: *const c_char,
    out: *mut *mut FDBDatabase,
) -> fdb_error_t {
    // SAFETY: the contract of the C API, which the caller keeps (see the crate).
    error::code(|| unsafe {
        network::check_set_up()?;
        let opened = match text(connection_string).to_str() {
            Some(target) if is_embedded(target) => embedded(target),
            _ => cluster(|library, made| {
                Ok(library.fdb_create_database_from_connection_string()?(connection_string, made))
            }),
        };
        *out = opened.unwrap_or_else(failed);
        Ok(())
    })
}

fn embedded(target: &str) -> Result<*mut FDBDatabase, OpenFailure> {
    let options = OpenOptions { api_version: api_version::selected()?, ..OpenOptions::default() };
    match Database::open(target, options) {
        Ok(database) => Ok(handle::give(EmbeddedDatabase(database))),
        Err(refused) => Err(OpenFailure(refused.error.into(), refused.message)),
    }
}

/// A database that gives its error in everything it does.
fn failed(OpenFailure(failure, message): OpenFailure) -> *mut FDBDatabase {
    handle::give(EmbeddedDatabase(Database::failed(engine::Error::from_code(failure.0), message)))
}

/// A database that libfdb_c makes with `create`.
fn cluster(
    create: impl FnOnce(&Library, *mut *mut FDBDatabase) -> Result<fdb_error_t, Failure>,
) -> Result<*mut FDBDatabase, OpenFailure> {
    let library = cluster::start(network::settings)?;
    let mut made = std::ptr::null_mut();
    returned(create(library, &mut made)?)?;
    if handle::is_embedded(made) {
        return Err(Failure::INTERNAL_ERROR.into()); // No pointer that can be told from ours.
    }
    Ok(made)
}

/// Error 1515 where there is no such file. What is in it, libfdb_c checks.
fn check_cluster_file(file: &Path, origin: Origin) -> Result<(), OpenFailure> {
    if file.exists() {
        return Ok(());
    }
    let shown = file.display();
    let what = match origin {
        Origin::Argument => format!("the cluster file {shown} does not exist"),
        Origin::Environment => format!("the cluster file {shown}, named by {CLUSTER_FILE_VARIABLE}, does not exist"),
        Origin::Default => {
            format!("no cluster file: {CLUSTER_FILE_VARIABLE} is not set, ./fdb.cluster and {shown} do not exist")
        }
    };
    Err(OpenFailure(Failure::NO_CLUSTER_FILE_FOUND, format!("{what}; {HOW_TO_EMBED}")))
}

/// The text of a C string; empty if the pointer is null.
///
/// # Safety
/// Unless null, `string` ends with a zero byte.
unsafe fn text(string: *const c_char) -> OsString {
    if string.is_null() {
        return OsString::new();
    }
    // SAFETY: the caller's promise.
    let bytes = unsafe { CStr::from_ptr(string) }.to_bytes();
    #[cfg(unix)]
    return <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(bytes).to_os_string();
    #[cfg(not(unix))]
    return String::from_utf8_lossy(bytes).into_owned().into();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_comes_from_the_argument_then_the_environment_then_the_default() {
        let of = |given: &str, variable: Option<&str>| Target::of(given.into(), variable.map(Into::into));
        let cluster = |path: &str, origin| Target::Cluster(path.into(), origin);
        assert_eq!(of("memory:", None), Target::Embedded("memory:".to_string()));
        assert_eq!(of("/a/cluster", Some("memory:x")), cluster("/a/cluster", Origin::Argument));
        assert_eq!(of("", Some("file:/a/b")), Target::Embedded("file:/a/b".to_string()));
        assert_eq!(of("", Some("/a/cluster")), cluster("/a/cluster", Origin::Environment));
        assert_eq!(of("", Some("")), cluster("", Origin::Environment));
        assert_eq!(of("", None), cluster(SYSTEM_CLUSTER_FILE, Origin::Default));
    }
}

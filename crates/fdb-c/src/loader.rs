//! Finds and loads libfdb_c, once, when the first cluster is opened.
//!
//! Where it is looked for, first match wins and nothing else is tried then:
//! 1. the path given with the network option `external_client_library` before a cluster was opened;
//! 2. the path in the environment variable `FDB_CLIENT_LIB`;
//! 3. the system's search path, then where FoundationDB's packages put it.
//!
//! Invariants: the library's names stay its own (it is opened for local use), so they cannot be taken for ours where
//! `libfdb-c` exports the same ones; once loaded, it stays for the life of the process, as its network thread cannot be
//! ended safely.

use crate::api_version::CLIENT_VERSION_STEM;
use crate::error::{Failure, fdb_get_error};
use crate::library::Library;
use crate::open::OpenFailure;
use std::ffi::{CStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

static LOADED: OnceLock<Library> = OnceLock::new();

/// The loaded library. It is there before the first pointer of its making is.
pub(crate) fn loaded() -> Option<&'static Library> {
    LOADED.get()
}

/// Makes a library the loaded one, when its network is set up.
pub(crate) fn keep(library: Library) -> &'static Library {
    LOADED.get_or_init(|| library)
}

#[cfg(target_os = "linux")]
const SYSTEM_PATHS: [&str; 1] = ["libfdb_c.so"];
#[cfg(target_os = "macos")]
const SYSTEM_PATHS: [&str; 3] = ["libfdb_c.dylib", "/usr/local/lib/libfdb_c.dylib", "/opt/homebrew/lib/libfdb_c.dylib"];
#[cfg(windows)]
const SYSTEM_PATHS: [&str; 2] = ["fdb_c.dll", "C:\\Program Files\\foundationdb\\bin\\fdb_c.dll"];
#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
const SYSTEM_PATHS: [&str; 2] = ["libfdb_c.so", "/usr/local/lib/libfdb_c.so"];

/// Ends every message about a library.
pub(crate) const HOW_TO_GIVE_ONE: &str = "install FoundationDB's client library where the system finds it, or give its path in \
     the environment variable FDB_CLIENT_LIB or with the network option external_client_library";

/// Where to look, given the path of the network option and the value of the environment variable.
fn candidates(option: Option<&Path>, environment: Option<OsString>) -> Vec<PathBuf> {
    match (option, environment.filter(|path| !path.is_empty())) {
        (Some(path), _) => vec![path.to_path_buf()],
        (None, Some(path)) => vec![path.into()],
        (None, None) => SYSTEM_PATHS.iter().map(PathBuf::from).collect(),
    }
}

/// Loads a libfdb_c that has `api_version`, and gives it with the path it was found at. Nothing of it has run yet but
/// what tells its version.
pub(crate) fn load(option: Option<&Path>, api_version: i32) -> Result<(Library, PathBuf), OpenFailure> {
    let mut tried = String::new();
    for path in candidates(option, std::env::var_os("FDB_CLIENT_LIB")) {
        match open(&path) {
            Ok(library) => return check(library, &path, api_version).map(|table| (table, path)),
            Err(reason) => tried += &format!(" ({}: {})", path.display(), why(&path, &reason)),
        }
    }
    let message = format!("a cluster needs FoundationDB's client library, and none could be loaded: {HOW_TO_GIVE_ONE}");
    Err(OpenFailure::new(Failure::NO_EXTERNAL_CLIENT_PROVIDED, message + &tried))
}

/// What the system says, which the error of the library keeps as its cause.
fn why(path: &Path, error: &dyn std::error::Error) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    let said = last.to_string();
    // Linux passes over a library of another machine and says then that there is none.
    if said.starts_with(&*path.to_string_lossy()) && said.contains("No such file") && path.is_file() {
        return format!("it is there, but not for this kind of machine ({})", std::env::consts::ARCH);
    }
    said
}

fn open(path: &Path) -> Result<&'static libloading::Library, libloading::Error> {
    #[cfg(unix)]
    let library: libloading::Library = {
        use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
        // SAFETY: a library of this name is FoundationDB's, or one that the user chose to have loaded.
        unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) }?.into()
    };
    #[cfg(not(unix))]
    // SAFETY: as above.
    let library = unsafe { libloading::Library::new(path) }?;
    // Never unloaded: see the module.
    Ok(Box::leak(Box::new(library)))
}

fn check(library: &'static libloading::Library, path: &Path, api_version: i32) -> Result<Library, OpenFailure> {
    // SAFETY: the library is taken for libfdb_c, as its name or the user says.
    let table = unsafe { Library::look_up(library) };
    // SAFETY: as above; these functions can be called at any time.
    let newest = unsafe { library.get::<unsafe extern "C" fn() -> i32>("fdb_get_max_api_version") };
    // SAFETY: as above.
    let newest = newest.map_or(0, |function| unsafe { function() });
    let path = path.display();
    let table = table.map_err(|missing| {
        let message =
            format!("{path} lacks the function {missing}; its newest API version is {newest}: {HOW_TO_GIVE_ONE}");
        OpenFailure::new(Failure::API_FUNCTION_MISSING, message)
    })?;
    if is_ours(&table)? {
        let message = format!("{path} is found-db's own libfdb_c, not FoundationDB's: {HOW_TO_GIVE_ONE}");
        return Err(OpenFailure::new(Failure::NO_EXTERNAL_CLIENT_PROVIDED, message));
    }
    if newest < api_version {
        let message = format!("{path} has API version {newest} at most, not {api_version}: {HOW_TO_GIVE_ONE}");
        return Err(OpenFailure::new(Failure::API_VERSION_NOT_SUPPORTED, message));
    }
    Ok(table)
}

/// Whether the library found is this very library, which would hand every call on to itself.
fn is_ours(table: &Library) -> Result<bool, Failure> {
    // SAFETY: fdb_get_error can be called at any time; the same text at the same address is the same library.
    Ok(unsafe { table.fdb_get_error()?(Failure::INTERNAL_ERROR.0) == fdb_get_error(Failure::INTERNAL_ERROR.0) })
}

/// Whether the library, whose API version is selected, is another copy of this one.
pub(crate) fn is_a_copy(table: &Library) -> Result<bool, Failure> {
    // SAFETY: with a version selected the function gives a static string.
    let version = unsafe { CStr::from_ptr(table.fdb_get_client_version()?()) };
    Ok(version.to_bytes().starts_with(CLIENT_VERSION_STEM.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_was_given_is_the_only_one_tried() {
        let (option, variable) = (Path::new("/option.so"), OsString::from("/variable.so"));
        assert_eq!(candidates(Some(option), Some(variable.clone())), [option]);
        assert_eq!(candidates(None, Some(variable)), [Path::new("/variable.so")]);
        assert_eq!(candidates(None, Some(OsString::new())).len(), SYSTEM_PATHS.len());
    }
}

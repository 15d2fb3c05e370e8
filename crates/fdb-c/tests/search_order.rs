//! Where libfdb_c is looked for: the network option, else the environment variable, else the system's search path; what
//! was named is the only place. Each case is a process of its own, as a library is loaded once.
#![cfg(target_os = "linux")]

mod support;

use foundationdb_sys::*;
use std::path::{Path, PathBuf};
use std::process::Command;
use support::*;

const OPTION: &str = "FOUND_TEST_OPTION";
const CLUSTER: &str = "FOUND_TEST_CLUSTER";

/// Run by the test below in processes of their own: opens a cluster and tells who has answered.
#[test]
fn tell_who_answers() {
    let Ok(cluster) = std::env::var(CLUSTER) else { return };
    // SAFETY: no pointers are passed.
    assert_eq!(unsafe { fdb_select_api_version_impl(730, 730) }, 0);
    if let Ok(path) = std::env::var(OPTION) {
        // SAFETY: a slice that can be read.
        assert_eq!(unsafe { fdb_network_set_option(62, path.as_ptr(), length(path.as_bytes())) }, 0);
    }
    // SAFETY: no pointers are passed.
    assert_eq!(unsafe { fdb_setup_network() }, 0);
    let database = Database::create(&cluster).unwrap();
    match database.transaction().get(b"key").value() {
        Ok(value) => println!("answered by {}", String::from_utf8_lossy(&value.unwrap())),
        Err(code) => println!("failed with {code}"),
    }
}

#[test]
fn what_is_named_first_is_loaded_and_nothing_else_is_tried() {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("search-{}", std::process::id()));
    let library = |name: &str| {
        let place = directory.join(name);
        std::fs::create_dir_all(&place).unwrap();
        let path = place.join("libfdb_c.so");
        std::fs::rename(build_fake_library(name, &[&format!("VALUE=\"{name}\"")]), &path).unwrap();
        path
    };
    let (option, variable, system) = (library("option"), library("variable"), library("system"));
    let cluster = directory.join("fdb.cluster");
    std::fs::write(&cluster, "fake:fake@127.0.0.1:4500").unwrap();
    let missing = PathBuf::from("/no/such/libfdb_c.so");

    let answer = |option: Option<&Path>, variable: Option<&Path>, system: Option<&Path>| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child.args(["--exact", "tell_who_answers", "--nocapture"]).env(CLUSTER, &cluster);
        let search = system.map_or("/no/such/folder".into(), |path| path.parent().unwrap().to_owned());
        child.env_remove(OPTION).env_remove("FDB_CLIENT_LIB").env("LD_LIBRARY_PATH", search);
        child.envs(option.map(|path| (OPTION, path))).envs(variable.map(|path| ("FDB_CLIENT_LIB", path)));
        let output = child.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let told =
            text.lines().find_map(|line| line.find("answered by ").or(line.find("failed with ")).map(|at| &line[at..]));
        told.unwrap_or_else(|| panic!("{text}{}", String::from_utf8_lossy(&output.stderr))).to_owned()
    };
    let all = (Some(&*option), Some(&*variable), Some(&*system));
    assert_eq!(answer(all.0, all.1, all.2), "answered by option");
    assert_eq!(answer(None, all.1, all.2), "answered by variable");
    assert_eq!(answer(None, None, all.2), "answered by system");
    // An empty variable names nothing; one that names what is not there hides what else there is.
    assert_eq!(answer(None, Some(Path::new("")), all.2), "answered by system");
    assert_eq!(answer(None, Some(&missing), all.2), "failed with 2123");
    assert_eq!(answer(all.0, Some(&missing), all.2), "answered by option");
    std::fs::remove_dir_all(directory).unwrap();
}

//! The library exports what FoundationDB's libfdb_c 7.3.63 exports, nothing less and nothing more.
#![cfg(target_os = "linux")]

use std::process::Command;

#[test]
fn the_exported_symbols_are_those_of_foundationdb() {
    // The library is built with this test, beside it.
    let library = std::env::current_exe().unwrap().with_file_name("libfdb_c.so");
    let listed = Command::new("nm").args(["-D", "--defined-only"]).arg(library).output().unwrap();
    assert!(listed.status.success(), "nm: {}", String::from_utf8_lossy(&listed.stderr));
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut exported: Vec<_> = listed.lines().filter_map(|line| line.split_whitespace().nth(2)).collect();
    exported.sort_unstable();
    let wanted: Vec<_> = include_str!("symbols.txt").lines().collect();
    assert_eq!(exported, wanted);
}

//! Runs a fuzz target on what is kept of its corpus, as a test of the crate that the target is about.

use std::path::Path;

/// Runs `target` on every file of `fuzz/corpus/NAME`. A file that makes it panic is named.
pub fn replay(name: &str, target: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus").join(name);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "nothing is in {}", folder.display());
    for file in files {
        let data = std::fs::read(&file).unwrap();
        if std::panic::catch_unwind(|| target(&data)).is_err() {
            panic!("the target {name} fails on {}", file.display());
        }
    }
}

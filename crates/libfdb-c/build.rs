//! Gives the library the name by which programs linked against FoundationDB's own ask for it.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux") {
        println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,libfdb_c.so");
    }
}

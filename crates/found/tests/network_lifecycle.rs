//! The network's life, which a process has one of: a single test.

#![allow(clippy::expect_used)]

mod support;

use found::Error;
use found::client::{Database, OptionValue, network};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use support::*;

#[tokio::test]
async fn the_network_takes_options_first_and_ends_once_and_embedded_databases_need_none_of_it() {
    let directory = Directory::new("network");
    let log: Arc<Mutex<Vec<&str>>> = Arc::default();
    let note = |what| {
        let log = log.clone();
        move || log.lock().expect("log").push(what)
    };
    network::set_option("trace_log_group", &OptionValue::Text("tests".into())).expect("in time");
    network::set_option_by_code(31, Some(&1_000_000i64.to_le_bytes())).expect("in time");
    network::on_end(note("never started")).expect("in time");
    assert!(network::stop(Duration::from_secs(60)), "nothing to wait for");
    assert_eq!(*log.lock().expect("log"), ["never started"]);

    let file = Database::open(Some(&directory.target("db"))).await.expect("opens");
    write(&file, &[(b"a", b"1")]).await;
    assert_eq!(code(network::set_option("trace_log_group", &OptionValue::Text("late".into()))), Some(2009));

    // A cluster starts the network, even one whose file is not there.
    let missing = directory.path("no.cluster");
    let open_cluster = async || Database::open(Some(&missing.to_string_lossy())).await.err().expect("no such file");
    assert_eq!(open_cluster().await.errno(), Some(1515));
    network::on_end(note("first")).expect("in time");
    network::on_end(note("second")).expect("in time");
    assert!(network::stop(Duration::from_secs(60)), "the thread ends");
    assert_eq!(*log.lock().expect("log"), ["never started", "first", "second"]);
    assert!(network::stop(Duration::ZERO), "it has ended");
    assert_eq!(open_cluster().await, Error::fdb(2025));
    assert_eq!(network::on_end(|| ()), Err(Error::fdb(2025)));

    assert_eq!(read(&file, b"a").await.as_deref(), Some(&b"1"[..]));
    write(&file, &[(b"b", b"2")]).await;
    assert_eq!(read(&memory().await, b"a").await, None);
}

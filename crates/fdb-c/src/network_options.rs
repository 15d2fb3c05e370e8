//! Which network options exist and what values they take, as libfdb_c checks them.
//!
//! An embedded database heeds only those that make failures by chance (client buggify): tracing, TLS and client threads
//! are of a network it does not have. All are checked, so that a program sees the same errors, and kept for libfdb_c
//! (`network`).

use crate::constants::FDBNetworkOption;
use crate::error::Failure;
use std::ffi::OsString;
use std::path::Path;

/// What a value must be like; anything else is error 2006 if nothing else is said.
#[derive(Clone, Copy)]
enum Rule {
    /// Anything, or nothing.
    Free,
    /// Nothing, or an empty value.
    None,
    /// Anything, but there.
    Present,
    /// Not empty.
    Filled,
    /// Not empty, and a file that exists (1511).
    File,
    /// An integer of 8 bytes, little-endian, between the two.
    Int(i64, i64),
    /// `name=value`.
    Knob,
    /// Up to 50 letters, digits and underscores.
    Identifier,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// Number, name in the environment after `FDB_NETWORK_OPTION_` (none for hidden ones), rule, and whether the option must
/// come before the network is set up (2007).
type Entry = (FDBNetworkOption, &'static str, Rule, bool);

const OPTIONS: [Entry; 49] = [
    (10, "LOCAL_ADDRESS", Rule::Free, false),
    (20, "CLUSTER_FILE", Rule::Free, false),
    (30, "TRACE_ENABLE", Rule::Free, false),
    (31, "TRACE_ROLL_SIZE", Rule::Int(0, i64::MAX), false),
    (32, "TRACE_MAX_LOGS_SIZE", Rule::Int(0, i64::MAX), false),
    (33, "TRACE_LOG_GROUP", Rule::Free, false),
    (34, "TRACE_FORMAT", Rule::OneOf(&["xml", "json"]), false),
    (35, "TRACE_CLOCK_SOURCE", Rule::OneOf(&["now", "realtime"]), false),
    (36, "TRACE_FILE_IDENTIFIER", Rule::Identifier, false),
    (37, "TRACE_SHARE_AMONG_CLIENT_THREADS", Rule::None, false),
    (38, "TRACE_INITIALIZE_ON_SETUP", Rule::Free, false),
    (39, "TRACE_PARTIAL_FILE_SUFFIX", Rule::Present, false),
    (40, "KNOB", Rule::Knob, false),
    (41, "TLS_PLUGIN", Rule::Present, false),
    (42, "TLS_CERT_BYTES", Rule::Present, false),
    (43, "TLS_CERT_PATH", Rule::Present, false),
    (45, "TLS_KEY_BYTES", Rule::Present, false),
    (46, "TLS_KEY_PATH", Rule::Present, false),
    (47, "TLS_VERIFY_PEERS", Rule::Present, false),
    (48, "BUGGIFY_ENABLE", Rule::Free, false),
    (49, "BUGGIFY_DISABLE", Rule::Free, false),
    (50, "BUGGIFY_SECTION_ACTIVATED_PROBABILITY", Rule::Free, false),
    (51, "BUGGIFY_SECTION_FIRED_PROBABILITY", Rule::Free, false),
    (52, "TLS_CA_BYTES", Rule::Present, false),
    (53, "TLS_CA_PATH", Rule::Present, false),
    (54, "TLS_PASSWORD", Rule::Present, false),
    (60, "DISABLE_MULTI_VERSION_CLIENT_API", Rule::None, true),
    (61, "CALLBACKS_ON_EXTERNAL_THREADS", Rule::None, true),
    (62, "EXTERNAL_CLIENT_LIBRARY", Rule::File, true),
    (63, "EXTERNAL_CLIENT_DIRECTORY", Rule::Filled, true),
    (64, "DISABLE_LOCAL_CLIENT", Rule::None, true),
    (65, "CLIENT_THREADS_PER_VERSION", Rule::Int(1, 1024), true),
    (66, "FUTURE_VERSION_CLIENT_LIBRARY", Rule::File, true),
    (67, "RETAIN_CLIENT_LIBRARY_COPIES", Rule::None, false),
    (68, "IGNORE_EXTERNAL_CLIENT_FAILURES", Rule::None, false),
    (69, "FAIL_INCOMPATIBLE_CLIENT", Rule::None, false),
    (70, "DISABLE_CLIENT_STATISTICS_LOGGING", Rule::None, false),
    (71, "ENABLE_RUN_LOOP_PROFILING", Rule::None, false),
    (71, "ENABLE_SLOW_TASK_PROFILING", Rule::None, false),
    (72, "DISABLE_CLIENT_BYPASS", Rule::Free, true),
    (80, "CLIENT_BUGGIFY_ENABLE", Rule::Free, false),
    (81, "CLIENT_BUGGIFY_DISABLE", Rule::Free, false),
    (82, "CLIENT_BUGGIFY_SECTION_ACTIVATED_PROBABILITY", Rule::Int(0, 100), false),
    (83, "CLIENT_BUGGIFY_SECTION_FIRED_PROBABILITY", Rule::Int(0, 100), false),
    (90, "DISTRIBUTED_CLIENT_TRACER", Rule::OneOf(&TRACERS), false),
    (91, "CLIENT_TMP_DIR", Rule::Filled, false),
    (1000, "", Rule::Present, false),
    (1001, "", Rule::Free, true),
    (1002, "", Rule::Free, false),
];

const TRACERS: [&str; 6] = ["none", "disabled", "logfile", "file", "log_file", "network_lossy"];

/// Checks an option that is given now; `set_up` is whether the network has been set up.
pub(crate) fn check(option: FDBNetworkOption, value: Option<&[u8]>, set_up: bool) -> Result<(), Failure> {
    let Some((_, _, rule, early)) = OPTIONS.iter().find(|entry| entry.0 == option) else {
        return Err(Failure::INVALID_OPTION);
    };
    let valid = match (rule, value) {
        (Rule::Free, _) | (Rule::None, None) => true,
        (Rule::None, Some(value)) => value.is_empty(),
        (_, None) => false,
        (Rule::Present, Some(_)) => true,
        (Rule::Filled | Rule::File, Some(value)) => !value.is_empty(),
        (Rule::Int(least, most), Some(value)) => {
            value.try_into().is_ok_and(|bytes| (*least..=*most).contains(&i64::from_le_bytes(bytes)))
        }
        (Rule::Knob, Some(value)) => value.contains(&b'='),
        (Rule::Identifier, Some(value)) => {
            value.len() <= 50 && value.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        }
        (Rule::OneOf(names), Some(value)) => names.iter().any(|name| name.as_bytes() == value),
    };
    if !valid {
        return Err(Failure::INVALID_OPTION_VALUE);
    }
    if let (Rule::File, Some(value)) = (rule, value)
        && !Path::new(&*String::from_utf8_lossy(value)).is_file()
    {
        return Err(Failure::FILE_NOT_FOUND);
    }
    if *early && set_up { Err(Failure::INVALID_OPTION) } else { Ok(()) }
}

/// Does what an option that was checked asks of embedded databases.
pub(crate) fn heed(option: FDBNetworkOption, value: Option<&[u8]>) {
    let percent = value.and_then(|bytes| bytes.first().copied()).unwrap_or_default();
    match option {
        80 => engine::set_client_buggify(true),
        81 => engine::set_client_buggify(false),
        82 => engine::set_client_buggify_activated(percent),
        83 => engine::set_client_buggify_fired(percent),
        _ => {}
    }
}

/// Checks and heeds the options that are given as environment variables `FDB_NETWORK_OPTION_NAME`, each with one value or
/// several.
pub(crate) fn heed_environment(variables: impl Iterator<Item = (OsString, OsString)>) -> Result<(), Failure> {
    for (variable, values) in variables {
        let name = variable.to_str().and_then(|name| name.strip_prefix("FDB_NETWORK_OPTION_"));
        let Some(entry) = name.and_then(|name| OPTIONS.iter().find(|entry| !entry.1.is_empty() && entry.1 == name))
        else {
            continue;
        };
        for value in split(&values.to_string_lossy())? {
            let bytes = if matches!(entry.2, Rule::Int(..)) {
                value.parse::<i64>().map_err(|_| Failure::INVALID_OPTION_VALUE)?.to_le_bytes().to_vec()
            } else {
                value.into_bytes()
            };
            check(entry.0, Some(&bytes), false)?;
            heed(entry.0, Some(&bytes));
        }
    }
    Ok(())
}

/// The values in a variable: separated as paths are, a backslash before a separator or backslash that belongs to one.
fn split(values: &str) -> Result<Vec<String>, Failure> {
    const SEPARATOR: char = if cfg!(windows) { ';' } else { ':' };
    let mut found = vec![String::new()];
    let mut characters = values.chars();
    while let Some(character) = characters.next() {
        let literal = match character {
            SEPARATOR => {
                found.push(String::new());
                continue;
            }
            '\\' => match characters.next() {
                Some(escaped) if escaped == '\\' || escaped == SEPARATOR => escaped,
                _ => return Err(Failure::INVALID_OPTION_VALUE),
            },
            other => other,
        };
        if let Some(value) = found.last_mut() {
            value.push(literal);
        }
    }
    Ok(found)
}

//! Error texts and predicates are those of FoundationDB 7.3.
#![allow(clippy::unwrap_used)]

use engine::{Error, error_text};
use serde_json::Value;

#[test]
fn every_code_has_the_text_and_the_predicates_of_foundationdb() {
    let recorded: Value = serde_json::from_str(include_str!("data/errors.json")).unwrap();
    let recorded = recorded.as_object().unwrap();
    assert!(recorded.len() > 300);
    for (code, wanted) in recorded {
        let code: i32 = code.parse().unwrap();
        assert_eq!(Some(error_text(code)), wanted[0].as_str(), "text of {code}");
        if code == 0 {
            continue;
        }
        let error = Error::from_code(code);
        let predicates = [error.is_retryable(), error.is_maybe_committed(), error.is_retryable_not_committed()];
        let wanted: Vec<bool> = (1..4).map(|index| wanted[index].as_bool().unwrap()).collect();
        assert_eq!(predicates[..], wanted, "predicates of {code}");
        assert_eq!(error.code(), code);
    }
}

#[test]
fn codes_that_do_not_exist_are_unknown() {
    let recorded: Value = serde_json::from_str(include_str!("data/errors.json")).unwrap();
    for code in (1..=30_000).filter(|code| recorded.get(code.to_string()).is_none()) {
        assert_eq!(error_text(code), "UNKNOWN_ERROR", "{code}");
        assert!(!Error::from_code(code).is_retryable(), "{code}");
    }
    for code in [-1, i32::MIN, 30_001, i32::MAX] {
        assert_eq!(error_text(code), error_text(4000), "{code}");
    }
}

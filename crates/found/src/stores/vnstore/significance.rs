//! Significances: UUIDs of version 7, with the time first.
//!
//! There are two forms, and which one it is shows in the first byte:
//!
//! ```text
//! RFC 9562        48 bits of milliseconds           version  12 random bits    variant  62 random bits    ours
//! an early draft  36 bits of seconds, 12 of         version  12 bits of        variant  62 bits           the reference's
//!                 the fraction of a second                   the fraction
//! ```
//!
//! The draft's, since 2021, are greater than all of the RFC's before 2179. So where the reference has applied a change,
//! the draft's form is taken from then on: a state of the past is then a range of significances, whoever applied.

use uuid::Uuid;

/// The first 48 bits of the draft's form are this or more: from 2021-01-14 on, before there was a reference.
const DRAFT_FROM: u64 = 0x0600_0000_0000;
const RANDOM: u128 = (1 << 62) - 1;
const MIDDLE: u128 = 0xfff;

/// A significance for a time in milliseconds since 1970, of the form of the last one, greater than it, and random
/// within the time. Nothing if there is no greater one.
pub(super) fn after(last: Option<Uuid>, time: u64) -> Option<Uuid> {
    let random = Uuid::new_v4().as_u128();
    let fresh = match last {
        Some(last) if is_draft(last) => {
            let ticks = ticks_before(time);
            assemble(ticks >> 12, ticks & MIDDLE, random)
        }
        _ => assemble(u128::from(time), random >> 80 & MIDDLE, random),
    };
    match last {
        Some(last) if fresh <= last => successor(last),
        _ => Some(fresh),
    }
}

/// The greatest significance of a millisecond, in the RFC's form.
pub(super) fn last_of(time: u64) -> Uuid {
    Uuid::from_u128(u128::from(time) << 80 | ((1 << 80) - 1))
}

/// The draft's significances up to the end of a millisecond, the first and the last.
pub(super) fn drafts_until(time: u64) -> (Uuid, Uuid) {
    let ticks = ticks_before(time.saturating_add(1)).saturating_sub(1);
    let last = assemble(ticks >> 12, ticks & MIDDLE, RANDOM).as_u128() | u128::from(u64::MAX);
    (Uuid::from_u128(u128::from(DRAFT_FROM) << 80), Uuid::from_u128(last))
}

/// The next UUID of version 7: one more in its random bits, and with all of them used up, in its time.
pub(super) fn successor(last: Uuid) -> Option<Uuid> {
    let bits = last.as_u128();
    if last.get_version_num() != 7 {
        return bits.checked_add(1).map(Uuid::from_u128);
    }
    // Time, 12 bits and 62 bits in one number, without the version and the variant between them.
    let number = (bits >> 80) << 74 | (bits >> 64 & MIDDLE) << 62 | bits & RANDOM;
    let next = number + 1;
    let time = next >> 74;
    (time < 1 << 48).then(|| {
        Uuid::from_u128(time << 80 | 7 << 76 | (next >> 62 & MIDDLE) << 64 | (bits >> 62 & 3) << 62 | next & RANDOM)
    })
}

fn is_draft(significance: Uuid) -> bool {
    significance.as_u128() >> 80 >= u128::from(DRAFT_FROM)
}

/// How many of the draft's units, of which a second has 2^24, begin before a time.
fn ticks_before(time: u64) -> u128 {
    (u128::from(time) << 24).div_ceil(1000)
}

/// Of 48, 12 and 62 bits; what is beyond them is left out.
fn assemble(first: u128, middle: u128, random: u128) -> Uuid {
    Uuid::from_u128(first << 80 | 7 << 76 | middle << 64 | 2 << 62 | random & RANDOM)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Variant;

    fn uuid(text: &str) -> Uuid {
        Uuid::parse_str(text).unwrap()
    }

    #[test]
    fn a_successor_is_greater_and_of_version_7() {
        for (last, next) in [
            ("018f0000-0000-7000-8000-000000000001", "018f0000-0000-7000-8000-000000000002"),
            ("018f0000-0000-7000-bfff-ffffffffffff", "018f0000-0000-7001-8000-000000000000"),
            ("018f0000-0000-7fff-bfff-ffffffffffff", "018f0000-0001-7000-8000-000000000000"),
        ] {
            let got = successor(uuid(last)).unwrap();
            assert_eq!(got, uuid(next), "after {last}");
            assert!(got > uuid(last) && got.get_version_num() == 7);
        }
        assert_eq!(successor(uuid("ffffffff-ffff-7fff-bfff-ffffffffffff")), None);
    }

    /// As the Python package `uuid7` 0.1.0 makes them, from times in nanoseconds: within a millisecond of each other.
    #[test]
    fn the_form_of_the_reference_has_the_times_of_the_reference() {
        for (time, first, last) in [
            (1_690_000_000_000, "064bb5a8-0000-7000-8000-5f88a6cd6b80", "064bb5a8-0004-7189-8000-081d29554df2"),
            (1_700_000_000_123, "06553f10-01f7-7cee-8000-ceaaf95ec7d3", "06553f10-01fb-7e76-8000-4e65d85cbd09"),
            (1_764_062_399_999, "0692574b-fffb-7e77-8000-c8489fa9ac95", "0692574b-ffff-7fff-8000-e1ba931d52a4"),
        ] {
            let (first, last) = (uuid(first), uuid(last));
            assert!(is_draft(first) && is_draft(last));
            assert!(drafts_until(time - 1).1 < first, "the first of {time}");
            assert!(drafts_until(time).1 >= last, "the last of {time}");
            let fresh = after(Some(drafts_until(time - 1).1), time).unwrap();
            assert!(fresh > drafts_until(time - 1).1 && fresh <= drafts_until(time).1, "one for {time}");
            assert_eq!((fresh.get_version_num(), fresh.get_variant()), (7, Variant::RFC4122));
        }
    }

    #[test]
    fn the_form_of_the_last_one_is_kept() {
        let time = 1_700_000_000_123;
        assert_eq!(after(None, time).unwrap().as_u128() >> 80, u128::from(time));
        let late = last_of(time + 5);
        assert_eq!(after(Some(late), time), successor(late));
        let draft = drafts_until(time + 5).1;
        assert_eq!(after(Some(draft), time), successor(draft));
        assert!(after(Some(draft), time + 6).unwrap() <= drafts_until(time + 6).1);
    }
}

//! Properties over contents and ledgers made at random.

#![allow(
    clippy::as_conversions,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use xinyi_core::{Amount, Content, Data, Hash, Kind, Period, Rate, Size, Unit, replay_bytes, share_of};
use xinyi_testkit::{Community, Seal};

/// Text that the format takes, from scripts that a compound uses.
fn text() -> impl Strategy<Value = String> {
    "[a-zA-Z0-9一-龥（）、，/\"\\\\]{1,40}".prop_filter("no blanks at the ends", |text| text.trim() == text)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn the_writer_s_form_is_rfc_8785(note in text(), category in "[a-z][a-z0-9-]{0,20}", whole in 0_u64..1_000_000_000, cents in 0_u32..100) {
        let data = json!({"account": "bank", "amount": format!("{whole}.{cents:02}"), "category": category, "fund": "f", "note": note});
        let data = Data::from_json(Kind::Income, &data.to_string()).unwrap();
        let content = Content::new(Some(Hash::digest(b"")), "2026-03-01".parse().unwrap(), "r".parse().unwrap(), data).unwrap();
        let value: serde_json::Value = serde_json::from_slice(content.bytes()).unwrap();
        let canonical = serde_json_canonicalizer::to_vec(&value).unwrap();
        prop_assert_eq!(content.bytes(), canonical.as_slice());
        prop_assert_eq!(Content::decode(content.bytes()).unwrap(), content);
    }

    #[test]
    fn what_is_accepted_as_an_amount_prints_as_it_was_written(spelling in "[-+]?[0-9_]{0,6}[.]?[0-9e]{0,4}") {
        if let Ok(amount) = spelling.parse::<Amount>() {
            prop_assert_eq!(amount.to_string(), spelling);
        }
    }

    #[test]
    fn a_share_is_within_half_a_cent_of_the_exact_one(cents in 0_i64..10_000_000_000, num in 0_u32..=1000) {
        let unit = Unit::new("cny".parse().unwrap(), 2).unwrap();
        let base = rust_decimal::Decimal::new(cents, 2);
        let share = share_of(&[(Rate::new(num, 1000).unwrap(), base)], &unit).unwrap();
        let exact = base * rust_decimal::Decimal::from(num) / rust_decimal::Decimal::from(1000);
        prop_assert!((share - exact).abs() <= rust_decimal::Decimal::new(5, 3));
    }

    #[test]
    fn bytes_never_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = replay_bytes(&bytes, None);
        let _ = Content::decode(&bytes);
    }
}

/// One act of a random ledger.
#[derive(Clone, Debug)]
enum Act {
    /// An income of one of the open months.
    Enter { months_ahead: u8 },
    /// The next close is drafted at the present size, to be recorded later.
    Draft,
    /// The draft that waits is recorded, if it still can be.
    Record,
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => (0_u8..3).prop_map(|months_ahead| Act::Enter { months_ahead }),
        1 => Just(Act::Draft),
        1 => Just(Act::Record),
    ];
    proptest::collection::vec(act, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// However late closes are approved, every entry is in exactly one period, and what a close covered stays.
    #[test]
    fn every_entry_is_in_exactly_one_period(acts in acts()) {
        let mut community = Community::property_trust("2026-01");
        community.clock("2027-12-31T04:00:00Z");
        let mut waiting: Option<(Period, Size)> = None;
        let mut covered: BTreeMap<Period, (Size, Hash)> = BTreeMap::new();
        for act in acts {
            let due = community.replay.months().unwrap().due();
            match act {
                Act::Enter { months_ahead } => {
                    let month = (0..months_ahead).fold(due, |month, _| month.next());
                    let data = json!({"account": "bank", "amount": "1.00", "category": "property-fee", "fund": "shared"});
                    community.record(&month.first_day().to_string(), Kind::Income, Seal::Trustee, data);
                }
                Act::Draft => waiting = Some((due, community.replay.size())),
                Act::Record => {
                    let Some((period, size)) = waiting.take() else { continue };
                    let close = community.close_at(period, size, Hash::digest(period.to_string().as_bytes()));
                    let root = close.root;
                    let data = serde_json::to_value(close).unwrap();
                    // Dated after every month in play, so that the close itself is nobody's late entry.
                    if community.try_record("2027-12-31", Kind::Close, Seal::Both, data).is_ok() {
                        covered.insert(period, (size, root));
                    }
                }
            }
        }
        let replayed = replay_bytes(&community.file(), None);
        prop_assert!(replayed.stopped.is_none());
        for (period, (size, root)) in &covered {
            let of_period = replayed.entries.iter().filter(|entry| entry.content().date().period() == *period);
            prop_assert!(of_period.clone().all(|entry| size.covers(entry.index())), "an entry of {period} lies beyond its close");
            let prefix: Vec<_> = community.lines.iter().take(usize::try_from(size.get()).unwrap()).collect();
            let mut frontier = xinyi_core::Frontier::new();
            prefix.iter().for_each(|line| frontier.push(Hash::leaf(line)));
            prop_assert_eq!(frontier.root(), *root);
        }
        let closed = replayed.replay.months().unwrap().closed().map(|closed| closed.period);
        prop_assert_eq!(closed, covered.keys().next_back().copied());
    }
}

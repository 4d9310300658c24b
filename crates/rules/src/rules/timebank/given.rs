//! When members gave and received: no one is at two places at once, and no day has too many hours.

use std::collections::BTreeMap;

use xinyi_core::{Date, Index, Label, Service};

/// Whose time it is: a giver's or a receiver's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    Giver,
    Receiver,
}

/// The services that stand, by member and side, each by its beginning.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    seconds: BTreeMap<(Label, Date), i64>,
    spans: BTreeMap<(Label, Side), BTreeMap<(i64, Index), i64>>,
}

impl Given {
    /// A service that stands, of which no other of its member and side has a part.
    pub(super) fn overlap(&self, member: &Label, side: Side, service: &Service) -> Option<Index> {
        let (begin, end) = (service.begin.unix(), service.end.unix());
        let spans = self.spans.get(&(member.clone(), side))?;
        // The day's cap is found first where a service lasts longer than a day, so looking a day back is enough.
        let near = spans.range((begin.saturating_sub(DAY), Index::default())..(end, Index::default()));
        near.rev().find(|(_, until)| **until > begin).map(|((_, index), _)| *index)
    }

    /// Seconds that a member gave on a day.
    pub(super) fn seconds(&self, giver: &Label, day: Date) -> i64 {
        self.seconds.get(&(giver.clone(), day)).copied().unwrap_or_default()
    }

    /// Takes a service in.
    pub(super) fn add(&mut self, index: Index, service: &Service, day: Date) {
        for (member, side) in sides(service) {
            let spans = self.spans.entry((member.clone(), side)).or_default();
            spans.insert((service.begin.unix(), index), service.end.unix());
        }
        *self.seconds.entry((service.giver.clone(), day)).or_default() += duration(service);
    }

    /// Takes a service out that was reversed.
    pub(super) fn remove(&mut self, index: Index, service: &Service, day: Date) {
        for (member, side) in sides(service) {
            if let Some(spans) = self.spans.get_mut(&(member.clone(), side)) {
                spans.remove(&(service.begin.unix(), index));
            }
        }
        *self.seconds.entry((service.giver.clone(), day)).or_default() -= duration(service);
    }
}

const DAY: i64 = 86_400;

const fn sides(service: &Service) -> [(&Label, Side); 2] {
    [(&service.giver, Side::Giver), (&service.receiver, Side::Receiver)]
}

/// Seconds from beginning to end.
pub(super) const fn duration(service: &Service) -> i64 {
    service.end.unix().saturating_sub(service.begin.unix())
}

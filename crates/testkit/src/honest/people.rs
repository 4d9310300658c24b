//! Keys lost, changed and handed over (spec: A-5).

use serde_json::{Value, json};
use xinyi_core::{Kind, PublicKey, Sign as _};

use super::compound::Compound;
use super::genesis::{grant, sorted};
use super::shifts::{Change, change_of, committee, found_again, shift_at, term_end, version};
use super::{Act, at};
use crate::key::TestKey;

fn key_id(name: &str) -> String {
    let key: PublicKey = TestKey::named(name).public_key();
    key.id().to_string()
}

impl Compound {
    /// What changes the keys this month.
    pub(super) fn plan_people(&mut self) {
        match change_of(self.after) {
            Some(Change::Committee(term)) => self.plan_committee(term),
            Some(Change::Loss(term)) => self.plan_loss(term),
            Some(Change::Rotation(number)) => self.plan_rotation(number),
            None => {}
        }
    }

    /// A change of keys, at a minute past four in the afternoon of its day, before the next shift begins.
    fn keys(&mut self, minute: i64, name: &str, data: &Value, by: &[String]) {
        let change = change_of(self.after).expect("a month with a change");
        let day = self.period().first_day().plus_days(change.day() - 1);
        let mut act = Act::new(day, Kind::Keys, data.clone()).named(name).recorded(at(day, 16, minute));
        act.by = by.to_vec();
        self.put(act);
    }

    fn member(&self, key: &str, holder: &str, term: u32) -> Value {
        let (from, to) = (self.period().first_day().to_string(), term_end(&self.scale, term).to_string());
        grant(key, holder, "committee", (&from, Some(to)), &["approve", "cosign"])
    }

    fn plan_loss(&mut self, term: u32) {
        let (lost, new) = (version("treasurer", term), found_again(term));
        let data = json!({
            "add": [self.member(&new, &lost, term)], "party": "committee", "register": "#register", "retire": [],
            "revoke": [{"key": key_id(&lost), "reason": "U盾遗失"}], "vouchers": [self.voucher("act")],
        });
        let [chair, secretary, _] = committee(term);
        self.keys(0, &format!("loss of {lost}"), &data, &[chair, secretary, new]);
    }

    fn plan_rotation(&mut self, number: u32) {
        let (old, new) = (version("manager", number - 1), version("manager", number));
        let from = self.period().first_day().to_string();
        let added = grant(&new, "manager", "trustee", (&from, None), &["approve", "log", "record"]);
        let data = json!({"add": [added], "party": "trustee", "register": "#register", "retire": [key_id(&old)], "revoke": []});
        let [chair, secretary, _] = shift_at(&self.shifts, at(self.day(12), 16, 0)).committee.clone();
        self.keys(0, &format!("rotation to {new}"), &data, &[chair, secretary, new]);
    }

    /// A new committee is admitted by the old one, takes over, and retires the old one's keys.
    fn plan_committee(&mut self, term: u32) {
        let new = committee(term);
        let [chair, secretary, _] = committee(term - 1);
        let old = [chair.clone(), secretary.clone(), found_again(term - 1)];
        let added = new.iter().map(|name| self.member(name, name, term)).collect();
        let data = json!({"add": sorted(added), "party": "committee", "register": "#register", "retire": [], "revoke": [],
            "vouchers": [self.voucher("act")]});
        let by: Vec<String> = [&chair, &secretary].into_iter().chain(&new).cloned().collect();
        self.keys(0, &format!("committee {term} admitted"), &data, &by);
        self.plan_handover(&[&chair, &secretary, &new[0], &new[1]]);
        let mut retired: Vec<String> = old.iter().map(|name| key_id(name)).collect();
        retired.sort();
        let data = json!({"add": [], "party": "committee", "register": "#register", "retire": retired, "revoke": []});
        self.keys(30, &format!("committee {} retired", term - 1), &data, &new[..2]);
    }

    fn plan_handover(&mut self, by: &[&String]) {
        let day = self.day(20);
        let data = json!({"from": "committee", "holdings": [], "to": "committee", "vouchers": [self.voucher("list"), self.voucher("act")]});
        let mut act = Act::new(day, Kind::Handover, data).recorded(at(day, 16, 15));
        act.by = by.iter().map(|name| (*name).clone()).collect();
        self.put(act);
    }
}

//! A whole plan in hand, to be told as it is or with a change in it.

use serde_json::Value;
use xinyi_core::{Date, Timestamp};

use super::Scale;
use super::act::{Act, COMMITTEE, at};
use super::compound::Compound;
use super::holdings::Holdings;
use super::shifts::{Shift, shift_at};
use super::tell::{Keeper, Teller};

/// The whole plan of an honest ledger.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Every act in the order of its recording.
    pub acts: Vec<Act>,
    /// What each household owns, in hundredths of a square metre.
    pub areas: Vec<i64>,
    /// The genesis before them.
    pub genesis: Value,
    shifts: Vec<Shift>,
}

impl Plan {
    /// The plan of this size.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        let compound = Compound::new(scale);
        let (areas, genesis, shifts) = (compound.areas(), compound.genesis(), compound.shifts.clone());
        Self { acts: compound.flatten().collect(), areas, genesis, shifts }
    }

    /// Who may approve for the committee at a time; two of them do.
    #[must_use]
    pub fn committee(&self, time: Timestamp) -> Vec<String> {
        shift_at(&self.shifts, time).committee[..2].to_vec()
    }

    /// Moves an act to another day and hour: whoever signs then signs it.
    pub fn move_to(&mut self, name: &str, day: Date, hour: i64) {
        let recorded = at(day, hour, 0);
        let shift = shift_at(&self.shifts, recorded).clone();
        let place = self.place(name);
        let act = &mut self.acts[place];
        (act.date, act.recorded, act.recorder) = (day, recorded, shift.manager);
        if act.by.len() == 2 {
            act.by = shift.committee[..2].to_vec();
        }
        self.acts.sort_by_key(|act| act.recorded);
    }

    /// Lets the bank and those who hand over state what the plan's money now comes to.
    pub fn settle(&mut self) {
        let mut holdings = Holdings::default();
        for act in &mut self.acts {
            holdings.state(act);
            holdings.take(act);
        }
    }

    /// Puts a further act in its place by its time, after what is recorded at the same time.
    pub fn insert(&mut self, mut act: Act) {
        if act.recorder.is_empty() {
            act.recorder.clone_from(&shift_at(&self.shifts, act.recorded).manager);
        }
        if act.by == [COMMITTEE] {
            act.by = self.committee(act.recorded);
        }
        let place = self.acts.partition_point(|known| known.recorded <= act.recorded);
        self.acts.insert(place, act);
    }

    /// Where the acts are that fit, in order.
    pub fn places(&self, fits: impl Fn(&Act) -> bool) -> Vec<usize> {
        (0..self.acts.len()).filter(|place| fits(&self.acts[*place])).collect()
    }

    /// Where the act of this name is.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn place(&self, name: &str) -> usize {
        self.acts.iter().position(|act| act.name == name).unwrap_or_else(|| panic!("no act {name}"))
    }

    /// Tells the plan from its genesis on.
    pub fn tell<K: Keeper>(&self, keeper: K) -> Teller<K> {
        let mut teller = Teller::new(self.genesis.clone(), keeper);
        teller.tell(&self.acts);
        teller
    }
}

//! What moved in an account, line by line, on the day it really moved: what banks' lists are compared with when the file
//! ends. Without such a list the books may have forgotten lines; the sums are in `turnover.rs`.

use rust_decimal::Decimal;
use xinyi_core::{Date, Index, Kind, Label};

use super::{Books, Effect, Remembered};

/// Money that came into an account or went out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Movement {
    /// Above zero in, below out.
    pub(crate) amount: Decimal,
    /// The day it moved; what undoes or replaces a line has that line's day.
    pub(crate) day: Date,
    /// The line.
    pub(crate) index: Index,
    /// Whether it was reversed: then no money had moved.
    pub(crate) undone: bool,
    /// Whether it is a reversal, which moves none either.
    pub(crate) undoes: bool,
}

impl Books {
    /// The movements of an account in the lines that are here, by day; not its opening balance.
    pub(crate) fn movements(&self, account: &Label) -> Vec<Movement> {
        let moved = self.lines_here().filter_map(|(index, line)| {
            let amount = line.moved_in(account);
            let day = self.day_of(line);
            let (undoes, undone) = (line.kind == Kind::Reversal, line.reversed);
            (!amount.is_zero()).then_some(Movement { amount, day, index, undone, undoes })
        });
        let mut moved: Vec<Movement> = moved.collect();
        moved.sort_by_key(|movement| (movement.day, movement.index));
        moved
    }

    fn lines_here(&self) -> impl Iterator<Item = (Index, &Remembered)> {
        self.lines.iter().map(|(index, line)| (*index, line)).filter(|(_, line)| !line.older)
    }

    pub(super) fn day_of(&self, line: &Remembered) -> Date {
        let undone = line.target.filter(|_| line.kind == Kind::Reversal);
        undone.and_then(|target| self.lines.get(&target)).map_or(line.occurred, |target| target.occurred)
    }
}

impl Remembered {
    /// By how much the line changes what lies in an account.
    fn moved_in(&self, account: &Label) -> Decimal {
        let of_account = |effect: &Effect| match effect {
            Effect::Held { account: place, .. } | Effect::Own { account: place, .. } => place == account,
            _ => false,
        };
        self.effects.iter().filter(|(effect, _)| of_account(effect)).map(|(_, amount)| amount).sum()
    }

    /// The fund whose money the line moves first, where it moves any.
    pub(crate) fn fund(&self) -> Option<&Label> {
        self.effects.iter().find_map(|(effect, _)| match effect {
            Effect::Held { fund, .. } | Effect::Own { fund, .. } => Some(fund),
            _ => None,
        })
    }
}

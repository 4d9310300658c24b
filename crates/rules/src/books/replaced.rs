//! What a line stands for that replaces a reversed one, and how far (spec: M-7).

use rust_decimal::Decimal;
use xinyi_core::{Data, Date, Entry, Index, Kind};

use super::facts::{occurred_of, replaced_by};
use super::{Books, Remembered};

impl Books {
    /// The line that a replacement stands for, found through the reversal that it names.
    pub(crate) fn original(&self, replaced: Option<Index>) -> Option<&Remembered> {
        self.lines.get(&self.original_at(replaced)?)
    }

    /// Where that line lies.
    fn original_at(&self, replaced: Option<Index>) -> Option<Index> {
        let named = self.lines.get(&replaced?)?;
        let undone = named.target.filter(|_| named.kind == Kind::Reversal);
        undone.filter(|index| self.lines.contains_key(index)).or(replaced)
    }

    /// When it happened: what replaces a line happened when that one did, unless it says otherwise.
    pub(crate) fn occurred(&self, data: &Data) -> Option<Date> {
        let original = || self.original(replaced_by(data)).map(|line| line.occurred);
        occurred_of(data).or_else(original)
    }

    /// The day from which an account's balance shows what a line moves. A reversal moves no money, nor does what replaces
    /// the line it undid: both show from that one's day on, or from the month's first where that lies before.
    pub(super) fn balance_day(&self, entry: &Entry) -> Date {
        let date = entry.content().date();
        let day = self.shows_from(entry.content().data(), date);
        day.clamp(date.period().first_day(), date.period().last_day())
    }

    /// The same day before it is brought into the line's month: that of the first line in a row of corrections.
    pub(super) fn shows_from(&self, data: &Data, date: Date) -> Date {
        let corrected = match data {
            Data::Reversal(reversal) => Some(reversal.target.index),
            _ => self.original_at(replaced_by(data)),
        };
        corrected.and_then(|index| self.lines.get(&index)).map_or(date, |line| line.shows_from)
    }

    /// How much of a reversed line of the same kind no line has replaced before this one; nothing for other lines.
    pub(crate) fn left_to_replace(&self, data: &Data) -> Decimal {
        let original = self.original(replaced_by(data)).filter(|line| line.kind == data.kind());
        original.map_or(Decimal::ZERO, |line| line.amount - line.replaced)
    }

    /// Whether a line only enters again what was reversed.
    pub(crate) fn only_replaces(&self, data: &Data, amount: Decimal) -> bool {
        replaced_by(data).is_some() && amount <= self.left_to_replace(data)
    }

    /// Whether a reversed line may have been replaced before in a line that a month's file does not have.
    pub(crate) fn is_replaced_unsure(&self, data: &Data) -> bool {
        replaced_by(data).and_then(|named| self.lines.get(&named)).is_some_and(|named| named.older)
    }

    /// Notes that a line replaces another, or no longer does.
    pub(super) fn note_replaced(&mut self, replaces: Option<Index>, amount: Decimal) {
        let original = self.original_at(replaces).and_then(|index| self.lines.get_mut(&index));
        if let Some(original) = original {
            original.replaced += amount;
        }
    }
}

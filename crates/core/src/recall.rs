//! Older entries once more, as the facts they were when they were taken in (spec: R-10).
//!
//! No signature is verified again: a line's leaf hash covers its signatures, and the line had it when they were
//! verified. Whose they are, the register says by index, for it keeps every key it ever had.

use std::sync::Arc;

use crate::at_hand::{AtHand, Lines};
use crate::entry::Entry;
use crate::kind::Data;
use crate::line::Line;
use crate::number::{Index, Size};
use crate::places::Places;
use crate::register::Register;
use crate::replay::Replay;
use crate::verified::Verified;

impl Replay {
    /// Gives access to the lines that the replay takes in, so that it need not remember what it can read again:
    /// of lines more than 4,352 back it then keeps half a byte each. Verdicts stay the same as long as the lines do;
    /// a line that is no longer there, or is another, is one that no link matches.
    #[must_use]
    pub fn with_lines(mut self, lines: Arc<dyn Lines + Send + Sync>) -> Self {
        self.chain.read_again(AtHand(lines));
        self
    }

    /// An entry that was taken in, exactly as [`Replay::push`] gave it.
    ///
    /// `None` if there is none at `index`, if the replay has no access to lines, or if what now stands in its place
    /// is not the line that was taken in.
    #[must_use]
    pub fn recall(&self, index: Index) -> Option<Verified<Entry>> {
        let register = self.register()?;
        let line = self.chain.at_hand()?.0.line(index)?;
        let line = Line::decode(line.as_bytes()).ok()?;
        let leaf = line.leaf();
        if self.chain.leaf(index) != Some(leaf) {
            return None;
        }
        let signatures = register.signers_then(&line)?;
        Some(Verified::assert(Entry::of(line, leaf, signatures)))
    }

    /// The lines of authority below `size`, each with the register after it; `None` if one cannot be recalled.
    #[must_use]
    pub fn recall_authority(&self, places: &Places, size: Size) -> Option<Vec<(Verified<Entry>, Register)>> {
        let mut register: Option<Register> = None;
        let mut authority = Vec::new();
        for index in places.authority(size) {
            let entry = self.recall(index)?;
            register = match (register, entry.content().data()) {
                (None, Data::Genesis(genesis)) => Some(Register::from_genesis(genesis).ok()?),
                (Some(before), data) => Some(before.after(data, index).ok()?.unwrap_or(before)),
                (None, _) => return None,
            };
            authority.push((entry, register.clone()?));
        }
        Some(authority)
    }
}

//! The books of a desk: they begin with the state document of the last close, where that and what is kept suffice, else
//! with the first line. Either way its lines are recalled from the writer's replay, so no signature is verified twice.

use std::collections::BTreeSet;

use xinyi_core::{
    Content, Entry, Hash, Index, Label, Need, Period, Register, Size, StateDocument, Verified, named_by,
};
use xinyi_rules::{Books, Checker, Entitlement, Report, needs};
use xinyi_store::Writer;

use crate::lang::fl;
use crate::output::say;
use crate::recalled::{Recalled, SinceClose};

/// Which lines the books know.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Known {
    /// Those from `from` on, and these older ones.
    Since {
        from: Size,
        older: BTreeSet<Index>,
    },
    Whole,
}

/// The books of a ledger as far as its writer has it.
pub(crate) struct DeskBooks {
    checker: Checker,
    known: Known,
}

impl DeskBooks {
    /// Books up to the writer's last line; `None` if a line is no longer what the writer verified.
    pub(crate) fn of(writer: &Writer<'_>) -> Option<Self> {
        match Self::since_close(writer, Vec::new()) {
            Some(books) => Some(books),
            None => Self::whole(writer),
        }
    }

    /// Books of every line.
    fn whole(writer: &Writer<'_>) -> Option<Self> {
        if writer.replay().months().is_some_and(|months| months.closed().is_some()) {
            say(&fl!("desk-whole"));
        }
        Some(Self { checker: recalled(writer).whole()?, known: Known::Whole })
    }

    /// Books that begin with the last close, and know what its later lines and `named` name.
    fn since_close(writer: &Writer<'_>, named: Vec<Index>) -> Option<Self> {
        let SinceClose { checker, from, older } =
            recalled(writer).since_close(writer.replay().size(), named)?;
        Some(Self { checker, known: Known::Since { from, older } })
    }

    /// The figures as far as the books know the lines.
    pub(crate) const fn books(&self) -> &Books {
        self.checker.books()
    }

    /// Takes in an entry that was recorded since; `register` is the one after it.
    pub(crate) fn take(&mut self, entry: &Verified<Entry>, register: &Register) {
        self.checker.take(entry, register);
    }

    /// The check of the lines that the books know, with the ledger's figures at the end of `period`.
    pub(crate) fn report(&mut self, writer: &Writer<'_>, period: Period) -> Option<Report> {
        self.rest_on_whole(writer, |books| books.is_unsure(period))?;
        Some(self.checker.clone().finish())
    }

    /// What a taker may have taken by the end of a period (spec: M-9).
    pub(crate) fn entitlement(
        &mut self,
        writer: &Writer<'_>,
        taker: &Label,
        upto: Period,
    ) -> Option<Entitlement> {
        // A document says of fees only how much was taken, not for which months.
        let ahead = writer.places().fees_ahead().is_some_and(|ahead| ahead > upto);
        self.rest_on_whole(writer, |books| {
            ahead || books.is_unsure(upto) || books.from().is_some_and(|from| upto < from.previous())
        })?;
        Some(self.books().entitlement(taker, upto))
    }

    /// The document that a close of `period` at the present size would name (spec: B-8).
    pub(crate) fn draft_state(
        &mut self,
        writer: &Writer<'_>,
        period: Period,
        next: Size,
        previous: Option<Hash>,
    ) -> Option<StateDocument> {
        self.rest_on_whole(writer, |books| books.is_unsure(period))?;
        self.books().draft_state(period, writer.replay().size(), next, previous)
    }

    /// The approvals that a content asks for (spec: D-1, D-2).
    pub(crate) fn needs(&mut self, writer: &Writer<'_>, content: &Content) -> Option<Vec<Need>> {
        if let Some(named) = self.unknown(content) {
            match Self::since_close(writer, named) {
                Some(books) => *self = books,
                None => self.rest_on_whole(writer, |_| true)?,
            }
        }
        self.rest_on_whole(writer, |books| books.needs_rest_on_whole(content))?;
        Some(needs(self.books(), content).into_owned())
    }

    /// Works the books out from the first line if those at hand cannot answer.
    fn rest_on_whole(
        &mut self,
        writer: &Writer<'_>,
        cannot_answer: impl FnOnce(&Books) -> bool,
    ) -> Option<()> {
        if self.known != Known::Whole && cannot_answer(self.books()) {
            *self = Self::whole(writer)?;
        }
        Some(())
    }

    /// Older lines that a content names and the books do not know, with those that they were given before.
    fn unknown(&self, content: &Content) -> Option<Vec<Index>> {
        let Known::Since { from, older } = &self.known else { return None };
        let is_unknown = |index: &Index| from.covers(*index) && !older.contains(index);
        let mut named: Vec<Index> = named_by(content.data()).into_iter().filter(is_unknown).collect();
        if named.is_empty() {
            return None;
        }
        named.extend(older);
        Some(named)
    }
}

#[cfg(test)]
mod tests;

fn recalled<'w>(writer: &'w Writer<'_>) -> Recalled<'w> {
    Recalled {
        dir: writer.dir(),
        lines: writer.lines().as_ref(),
        places: writer.places(),
        replay: writer.replay(),
    }
}

//! Entries by the names that their writers gave them, `PERIOD/REFERENCE`: a month's own lines are read, and no others.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use xinyi_core::{
    Content, ExcerptError, Index, Line, Lines as _, Link, Period, Places, Reference, Sealed, Size,
};
use xinyi_store::{LineIndex, RefLink};

use crate::failure::Failure;

/// What is known of a named entry. Lines are claims here: whoever links to one has its leaf hash compared.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) link: Link,
    /// What it holds under seal: a repeat of it must not be sealed anew.
    pub(crate) sealed: Vec<(&'static str, Sealed)>,
}

/// The names of a ledger's entries, by the months that were asked for.
#[derive(Debug)]
pub(crate) struct Names {
    lines: Arc<LineIndex>,
    months: RefCell<BTreeMap<Period, HashMap<Reference, Named>>>,
}

impl Names {
    pub(crate) fn new(lines: Arc<LineIndex>) -> Self {
        Self { lines, months: RefCell::default() }
    }

    /// The entry of this name among the first `size` lines.
    pub(crate) fn find(&self, name: &RefLink, places: &Places, size: Size) -> Result<Option<Named>, Failure> {
        if !self.months.borrow().contains_key(&name.period) {
            let month = self.month(name.period, places, size)?;
            self.months.borrow_mut().insert(name.period, month);
        }
        let months = self.months.borrow();
        Ok(months.get(&name.period).and_then(|month| month.get(&name.reference)).cloned())
    }

    /// Takes in an entry that was recorded since.
    pub(crate) fn note(&self, content: &Content, link: Link) {
        if let Some(month) = self.months.borrow_mut().get_mut(&content.date().period()) {
            month.insert(content.reference().clone(), Named { link, sealed: content.sealed() });
        }
    }

    /// Every entry of a month lies from the `next` of the close before it on, and below the size that its own close
    /// covers (spec: B-4, B-5).
    fn month(
        &self,
        period: Period,
        places: &Places,
        size: Size,
    ) -> Result<HashMap<Reference, Named>, Failure> {
        let to = places.closed(period).map_or(size, |closed| closed.size);
        let mut month = HashMap::new();
        for number in places.first_of(period).get()..to.get() {
            let Some(index) = Index::new(number) else { break };
            let missing = || Failure::told("line-missing", ExcerptError::LineMissing);
            let text = self.lines.line(index).ok_or_else(missing)?;
            let line = Line::decode(text.as_bytes())?;
            let content = line.content_claimed();
            if content.date().period() == period {
                let link = Link { index, leaf: line.leaf() };
                let named = Named { link, sealed: content.sealed() };
                month.insert(content.reference().clone(), named);
            }
        }
        Ok(month)
    }
}

/// A name as people write it.
pub(crate) fn parse(name: &str) -> Option<RefLink> {
    let (period, reference) = name.split_once('/')?;
    Some(RefLink { period: period.parse().ok()?, reference: reference.parse().ok()? })
}

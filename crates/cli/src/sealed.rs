//! Sealed values before a person's eyes: opened with the disclosures kept beside the ledger or brought by a file
//! (spec: X-5), and what a `forget` names (spec: X-6).

use std::collections::{HashMap, HashSet};

use xinyi_core::{Content, Data, Disclosure, Entry, Index, Sealed, Text};
use xinyi_store::{Draft, LedgerDir};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::lang::fl;
use crate::output::answer;

/// Where disclosures may be found.
#[derive(Clone, Copy, Default)]
pub(crate) struct Disclosures<'d> {
    /// Those that a file brought.
    pub(crate) brought: &'d [Disclosure],
    /// The ledger whose private values lie on this machine.
    pub(crate) dir: Option<&'d LedgerDir>,
}

impl Disclosures<'_> {
    /// The value of a sealed field; `None` if nothing at hand opens it. One that does not fit is a failure.
    pub(crate) fn open(&self, field: &str, sealed: Sealed) -> Result<Option<Text>, Failure> {
        let brought = self.brought.iter().find(|known| known.commitment() == sealed).cloned();
        let found = match (brought, self.dir) {
            (Some(disclosure), _) => Some(disclosure),
            (None, Some(dir)) => dir.disclosure(sealed)?,
            (None, None) => None,
        };
        let Some(disclosure) = found else { return Ok(None) };
        let value = disclosure.open(field, sealed);
        let value = value
            .map_err(|error| Failure::told(error.code(), format!("{field}: {error}")).with(Exit::Usage))?;
        Ok(Some(value.clone()))
    }

    /// Those that open the sealed fields of a content, as far as they are at hand.
    pub(crate) fn of(&self, content: &Content) -> Result<Vec<Disclosure>, Failure> {
        let Some(dir) = self.dir else { return Ok(Vec::new()) };
        let fields = content.sealed().into_iter();
        let found = fields.filter_map(|(_, sealed)| dir.disclosure(sealed).transpose());
        Ok(found.collect::<Result<_, _>>()?)
    }
}

/// Which field of which entry holds the commitments that drafts want forgotten.
#[derive(Default)]
pub(crate) struct Places {
    found: HashMap<Sealed, (Index, &'static str)>,
    wanted: HashSet<Sealed>,
}

impl Places {
    /// Looks for what these drafts want forgotten.
    pub(crate) fn wanted_by(drafts: &[Draft]) -> Self {
        let named = drafts.iter().flat_map(|draft| forgotten(&draft.content));
        Self { found: HashMap::new(), wanted: named.copied().collect() }
    }

    /// Notes a fact.
    pub(crate) fn see(&mut self, entry: &Entry) {
        if self.wanted.is_empty() {
            return;
        }
        for (field, sealed) in entry.content().sealed() {
            if self.wanted.contains(&sealed) {
                self.found.insert(sealed, (entry.index(), field));
            }
        }
    }
}

fn forgotten(content: &Content) -> &[Sealed] {
    match content.data() {
        Data::Forget(forget) => &forget.commitments,
        _ => &[],
    }
}

/// Shows an approver what a draft holds under seal; fails if some of it cannot be seen, unless that was decided.
pub(crate) fn show(
    draft: &Draft,
    disclosures: Disclosures<'_>,
    places: &Places,
    unopened: bool,
) -> Result<(), Failure> {
    let reference = draft.content.reference().to_string();
    let mut closed = Vec::new();
    for (field, sealed) in draft.content.sealed() {
        if let Some(value) = disclosures.open(field, sealed)? {
            let value = value.to_string();
            answer(&fl!("sealed-opened", reference = reference.clone(), field = field, value = value));
        } else {
            answer(&fl!("sealed-closed", reference = reference.clone(), field = field));
            closed.push(field.to_owned());
        }
    }
    for sealed in forgotten(&draft.content) {
        if let Some((index, field)) = places.found.get(sealed) {
            let index = index.to_string();
            answer(&fl!(
                "sealed-forgets",
                reference = reference.clone(),
                field = (*field).to_owned(),
                index = index
            ));
        } else {
            answer(&fl!("sealed-nowhere", reference = reference.clone(), sealed = sealed.to_string()));
            closed.push(sealed.to_string());
        }
    }
    let seen = closed.is_empty() || unopened;
    if seen { Ok(()) } else { Err(Failure::usage("sealed-unopened", closed.join(", "))) }
}

/// The refusal of a field that an entry does not seal: it names those that it does.
pub(crate) fn not_sealed(field: &str, index: Index, sealed: &[(&str, Sealed)]) -> Failure {
    let (field, index) = (field.to_owned(), index.to_string());
    let names: Vec<_> = sealed.iter().map(|(name, _)| *name).collect();
    Failure::usage(
        "field-not-sealed",
        if names.is_empty() {
            fl!("seals-nothing", field = field, index = index)
        } else {
            fl!("seals-others", field = field, index = index, names = names.join(", "))
        },
    )
}

//! What a party says it approved, compared with what the file holds (`--filed`).

use std::collections::HashSet;

use xinyi_core::{Approval, Entry, Hash, Register};
use xinyi_rules::Checker;
use xinyi_store::{Draft, Package};

use crate::args::CheckArguments;
use crate::failure::Failure;

/// The contents that a file holds, by digest, where a party's own list is compared with them.
#[derive(Default)]
pub(super) struct Held(HashSet<Hash>);

impl Held {
    pub(super) fn see(&mut self, entry: &Entry, arguments: &CheckArguments) {
        if arguments.filed.is_some() {
            self.0.insert(entry.content().digest());
        }
    }

    /// What a party approved by its own list and the file does not hold is a finding.
    pub(super) fn compare(
        &self,
        arguments: &CheckArguments,
        checker: &mut Checker,
        register: Option<&Register>,
    ) -> Result<(), Failure> {
        let Some(file) = &arguments.filed else { return Ok(()) };
        let package = Package::read(file)?;
        let approved = package.drafts.iter().filter(|draft| is_approved(draft, register));
        checker.compare_filed(approved.map(|draft| &draft.content), |content| {
            self.0.contains(&content.digest())
        });
        Ok(())
    }
}

/// Whether a draft carries an approval by a key that the ledger has ever admitted.
fn is_approved(draft: &Draft, register: Option<&Register>) -> bool {
    let Some(register) = register else { return false };
    let message = draft.content.approval_message();
    let verifies = |approval: &Approval| {
        register.key(approval.key).is_some_and(|(_, public)| public.verifies(&message, &approval.sig))
    };
    draft.approvals.iter().any(verifies)
}

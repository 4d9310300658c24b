//! The one type that proves a check was made (spec: R-1).

use std::ops::Deref;

/// A fact: a `T` that this crate has verified.
///
/// | `T` | what is proven |
/// |---|---|
/// | [`crate::Entry`] | canonical, linked to its predecessor or proven to lie in a tree, every signature by a key active before it |
/// | [`crate::OpenNote`] | at least one of the keys asked for has signed the text, and none wrongly |
/// | [`crate::OpenCheckpoint`] | a log key asked for has signed the size and root under their origin |
/// | [`crate::Received`] | the entry lies in the tree of a signed checkpoint; every signature by a key that the authority path gives |
/// | [`crate::Stated`] | the statement's lines are the month's, in their places, complete, and approved by both parties |
/// | [`crate::Submission`] | a key trusted for the checkpoint's origin has signed it, no signature of such a key is wrong |
/// | [`crate::Successor`] | a submission that goes on from the latest checkpoint it was compared with |
///
/// Nobody outside this crate can make one:
///
/// ```compile_fail
/// fn forge(entry: xinyi_core::Entry) -> xinyi_core::Verified<xinyi_core::Entry> {
///     xinyi_core::Verified::assert(entry)
/// }
/// ```
/// ```compile_fail
/// fn forge(entry: xinyi_core::Entry) -> xinyi_core::Verified<xinyi_core::Entry> {
///     xinyi_core::Verified(entry)
/// }
/// ```
/// while reading one is open to all, so the two above fail for the right reason:
///
/// ```
/// fn read(entry: xinyi_core::Verified<xinyi_core::Entry>) -> xinyi_core::Entry {
///     entry.into_inner()
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified<T>(T);

impl<T> Verified<T> {
    /// Every caller states here that it has checked what the table above says.
    pub(crate) const fn assert(fact: T) -> Self {
        Self(fact)
    }

    /// The value, no longer marked as verified.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Verified<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

//! The known name that a misspelled one was probably meant to be.

/// The known name with the fewest letters changed, if that is few enough to be a slip.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let slips = |known: &&str| strsim::osa_distance(name, known);
    let allowed = (name.chars().count() / 3).clamp(1, 4);
    known.into_iter().filter(|known| slips(known) <= allowed).min_by_key(slips)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_has_a_nearest_name_and_another_word_has_none() {
        let known = ["outside-base", "near-limit"];
        assert_eq!(nearest("outsid-base", known), Some("outside-base"));
        assert_eq!(nearest("near-limits", known), Some("near-limit"));
        assert_eq!(nearest("colour", known), None);
    }
}

//! Tables as they stand in documents.

/// Rows under headings, all figures to the right.
#[derive(Clone, Debug)]
pub(super) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new(headings: &[&str]) -> Self {
        Self { rows: vec![headings.iter().map(|heading| (*heading).to_owned()).collect()] }
    }

    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// Prints it under a title.
    pub(super) fn print(&self, title: &str) {
        print!("\n### {title}\n\n{self}");
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let columns = self.rows.first().map_or(0, Vec::len);
        for (number, row) in self.rows.iter().enumerate() {
            writeln!(f, "| {} |", row.join(" | "))?;
            if number == 0 {
                writeln!(f, "|---|{}", "---:|".repeat(columns.saturating_sub(1)))?;
            }
        }
        Ok(())
    }
}

/// A figure with so many digits after the point, thousands apart.
pub(super) fn figure(value: f64, digits: usize) -> String {
    let plain = format!("{value:.digits$}");
    let (whole, rest) =
        plain.split_once('.').map_or((plain.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let groups: Vec<&str> = {
        let first = whole.len() % 3;
        let (head, tail) = whole.split_at(first);
        let tail = (0..tail.len() / 3).map(|group| &tail[3 * group..3 * group + 3]);
        std::iter::once(head).filter(|head| !head.is_empty()).chain(tail).collect()
    };
    let whole = groups.join(",");
    rest.map_or_else(|| whole.clone(), |rest| format!("{whole}.{rest}"))
}

/// The middle of some figures, the lower of two.
pub(super) fn median(figures: impl IntoIterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.into_iter().collect();
    figures.sort_by(f64::total_cmp);
    figures[(figures.len() - 1) / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let found = [1.0, 12.0, 123.0, 1_234.0, 1_234_567.0].map(|value| figure(value, 0));
        assert_eq!(found, ["1", "12", "123", "1,234", "1,234,567"]);
        assert_eq!(figure(12_345.678, 2), "12,345.68");
    }

    #[test]
    fn the_median_of_two_is_the_lower() {
        assert!(median([3.0, 1.0, 2.0]) == 2.0 && median([2.0, 1.0]) == 1.0);
    }
}

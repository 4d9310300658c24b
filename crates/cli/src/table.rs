//! Tables whose columns line up, Chinese or not: widths are those a terminal uses.

use unicode_width::UnicodeWidthStr as _;

use crate::output::{answer, safe_line};

/// Rows of cells; amounts go to the right.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these headings.
    pub(crate) fn new(headings: &[String]) -> Self {
        Self { rows: vec![headings.to_vec()] }
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, cells: Vec<String>) {
        self.rows.push(cells.iter().map(|cell| safe_line(cell)).collect());
    }

    /// Prints it; nothing if it has only headings.
    pub(crate) fn print(&self) {
        if self.rows.len() > 1 {
            self.lines().iter().for_each(|line| answer(line));
        }
    }

    fn lines(&self) -> Vec<String> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        let width =
            |column: usize| self.rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.width()).max();
        let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
        let mut lines: Vec<String> = self.rows.iter().map(|row| line(row, &widths)).collect();
        let total = widths.iter().sum::<usize>() + 2 * columns.saturating_sub(1);
        lines.insert(1.min(lines.len()), format!("  {}", "-".repeat(total)));
        lines
    }
}

fn line(row: &[String], widths: &[usize]) -> String {
    let cell = |(cell, width): (&String, &usize)| {
        let blank = " ".repeat(width.saturating_sub(cell.width()));
        if is_figure(cell) { format!("{blank}{cell}") } else { format!("{cell}{blank}") }
    };
    let cells: Vec<String> = row.iter().zip(widths).map(cell).collect();
    format!("  {}", cells.join("  ")).trim_end().to_owned()
}

fn is_figure(cell: &str) -> bool {
    !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || matches!(c, ',' | '.' | '-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_columns_line_up() {
        let mut table = Table::new(&["账户".into(), "余额".into()]);
        table.row(vec!["微信".into(), "994.00".into()]);
        table.row(vec!["bank".into(), "82,700.00".into()]);
        let widths: Vec<usize> = table.lines().iter().skip(2).map(|line| line.width()).collect();
        assert!(widths.iter().all(|width| *width == widths[0]), "{:?}", table.lines());
    }
}

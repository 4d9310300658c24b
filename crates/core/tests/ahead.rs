//! However far lines are judged ahead, and by whatever outlook, verdicts and the first error are those of `push`.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod common;

use common::changing::{acts, changing};
use proptest::prelude::*;
use xinyi_core::{Entry, Hash, Outlook, Replay, ReplayError, Verified, read_statement};

/// What is done to a ledger's lines before they are read.
#[derive(Clone, Debug)]
enum Spoil {
    Nothing,
    /// A byte changes.
    Byte {
        line: usize,
        byte: usize,
        flip: u8,
    },
    /// Two lines change places.
    Swap {
        one: usize,
        other: usize,
    },
    /// A line is left out.
    Drop {
        line: usize,
    },
    /// The last digit of a signature changes: still canonical.
    Signature {
        line: usize,
        which: usize,
    },
}

fn spoil() -> impl Strategy<Value = Spoil> {
    prop_oneof![
        2 => Just(Spoil::Nothing),
        1 => any::<(usize, usize, u8)>().prop_map(|(line, byte, flip)| Spoil::Byte { line, byte, flip }),
        1 => any::<(usize, usize)>().prop_map(|(one, other)| Spoil::Swap { one, other }),
        1 => any::<usize>().prop_map(|line| Spoil::Drop { line }),
        3 => any::<(usize, usize)>().prop_map(|(line, which)| Spoil::Signature { line, which }),
    ]
}

fn spoiled(mut lines: Vec<Vec<u8>>, spoil: &Spoil) -> Vec<Vec<u8>> {
    let count = lines.len();
    match *spoil {
        Spoil::Nothing => {}
        Spoil::Byte { line, byte, flip } => {
            let line = &mut lines[line % count];
            let byte = byte % line.len();
            line[byte] ^= flip;
        }
        Spoil::Swap { one, other } => lines.swap(one % count, other % count),
        Spoil::Drop { line } => drop(lines.remove(line % count)),
        Spoil::Signature { line, which } => {
            let line = &mut lines[line % count];
            let starts = line.windows(7).enumerate().filter(|(_, part)| part == br#""sig":""#);
            let starts: Vec<usize> = starts.map(|(start, _)| start + 7).collect();
            let digit = &mut line[starts[which % starts.len()] + which % 128];
            *digit = if *digit == b'0' { b'1' } else { b'0' };
        }
    }
    lines
}

/// What came of some lines: the facts, the first error and the root.
type Said = (Vec<Verified<Entry>>, Option<ReplayError>, Hash);

fn pushed(lines: &[Vec<u8>]) -> Said {
    let (mut replay, mut entries) = (Replay::new(), Vec::new());
    for line in lines {
        match replay.push(line) {
            Ok(entry) => entries.push(entry),
            Err(error) => return (entries, Some(error), replay.root()),
        }
    }
    (entries, None, replay.root())
}

/// The same by blocks of these lengths in turn, each judged by an outlook that is some blocks old.
fn by_blocks(lines: &[Vec<u8>], lengths: &[usize], age: usize) -> Said {
    let (mut replay, mut entries, mut rest) = (Replay::new(), Vec::new(), lines);
    let mut outlooks: Vec<Outlook> = Vec::new();
    for length in lengths.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (block, later) = rest.split_at(rest.len().min(*length));
        rest = later;
        outlooks.push(replay.outlook());
        let outlook = &outlooks[outlooks.len().saturating_sub(age + 1)];
        for ahead in outlook.decode(block.iter().map(Vec::as_slice)) {
            match replay.push_ahead(ahead) {
                Ok(entry) => entries.push(entry),
                Err(error) => return (entries, Some(error), replay.root()),
            }
        }
    }
    (entries, None, replay.root())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn blocks_come_to_what_single_lines_come_to(
        acts in acts(40),
        spoil in spoil(),
        lengths in proptest::collection::vec(1_usize..12, 1..5),
        age in 0_usize..4,
    ) {
        let lines = spoiled(changing(&acts).lines, &spoil);
        prop_assert_eq!(by_blocks(&lines, &lengths, age), pushed(&lines));
    }
}

#[test]
fn a_statement_read_by_blocks_is_the_statement() {
    let mut community = common::story();
    community.close_month("2026-04", "2026-05-02");
    let file = community.statement("2026-04");
    let read = read_statement(&file, None, &[]).unwrap();
    let mut lines = file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let header = xinyi_core::StatementHeader::decode(lines.next().unwrap()).unwrap();
    let mut reader = xinyi_core::StatementReader::open(header, None, &[]).unwrap();
    let block = reader.outlook().decode(lines);
    let entries: Vec<_> = block.into_iter().map(|ahead| reader.push_ahead(ahead).unwrap()).collect();
    assert_eq!((entries, reader.finish().unwrap()), (read.entries, read.stated));
}

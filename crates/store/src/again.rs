//! Lines of a ledger file read again while the file is being read, so that nobody has to remember them: where every
//! 64th begins is noted, or sooner where lines are long: 16 bytes for 64 lines or 128 KiB (spec: R-10).

use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use xinyi_core::{Index, Lines};

use crate::disk::DiskError;
use crate::reader::READ_LIMIT;

/// Most lines of a run: of each the first one's place is noted, and runs are read whole.
const RUN: u64 = 64;

/// A run ends once its lines have so many bytes: reading one of them again must not cost many long ones.
const RUN_BYTES: u64 = 128 << 10;

/// The lines of a file that have passed, by index. They are claims, read once more from a file that may have changed.
#[derive(Debug)]
pub struct LinesAgain {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Where the next line begins.
    end: u64,
    file: BufReader<File>,
    /// The run read last, for those that are asked for line by line: its number and lines.
    last: Option<(usize, Vec<String>)>,
    passed: u64,
    runs: Vec<Run>,
}

/// Where a run begins.
#[derive(Clone, Copy, Debug)]
struct Run {
    byte: u64,
    index: u64,
}

impl LinesAgain {
    /// The lines of a file of which none has passed yet.
    ///
    /// # Errors
    /// [`DiskError`] if it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        let file = File::open(path).map_err(|source| DiskError::reading(path, source))?;
        let file = BufReader::with_capacity(1 << 16, file);
        Ok(Self { state: Mutex::new(State { end: 0, file, last: None, passed: 0, runs: Vec::new() }) })
    }

    /// Notes that the next line has passed and ends, with its line feed, at this byte.
    pub fn pass(&self, end: u64) {
        let mut state = self.state();
        let next = Run { byte: state.end, index: state.passed };
        let is_full = |run: &Run| {
            next.index.saturating_sub(run.index) >= RUN || next.byte.saturating_sub(run.byte) >= RUN_BYTES
        };
        if state.runs.last().is_none_or(is_full) {
            state.runs.push(next);
        }
        state.passed = state.passed.saturating_add(1);
        state.end = end;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lines for LinesAgain {
    fn line(&self, index: Index) -> Option<String> {
        let mut state = self.state();
        if index.get() >= state.passed {
            return None;
        }
        let number = state.runs.partition_point(|run| run.index <= index.get()).checked_sub(1)?;
        let place = index.get().checked_sub(state.runs.get(number)?.index)?;
        let place = usize::try_from(place).ok()?;
        // A run that was not whole when it was read may have grown since.
        let known = state.last.as_ref().is_some_and(|(last, lines)| *last == number && place < lines.len());
        if !known {
            let lines = state.read(number)?;
            state.last = Some((number, lines));
        }
        state.last.as_ref()?.1.get(place).cloned()
    }
}

impl State {
    /// The lines of a run that have passed.
    fn read(&mut self, number: usize) -> Option<Vec<String>> {
        let run = *self.runs.get(number)?;
        let next = self.runs.get(number.checked_add(1)?).map_or(self.passed, |next| next.index);
        self.file.seek(SeekFrom::Start(run.byte)).ok()?;
        (run.index..next).map(|_| self.read_line()).collect()
    }

    fn read_line(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        std::io::Read::take(&mut self.file, READ_LIMIT).read_until(b'\n', &mut bytes).ok()?;
        bytes.pop_if(|byte| *byte == b'\n')?;
        String::from_utf8(bytes).ok()
    }
}

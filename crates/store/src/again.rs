//! Lines of a ledger file read again while the file is being read, so that nobody has to remember them: where every
//! 64th begins is noted, 8 bytes for 64 lines (spec: R-10).

use std::fs::File;
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use xinyi_core::{Index, Lines};

use crate::disk::DiskError;
use crate::reader::READ_LIMIT;

/// Lines of a run: of each the first one's place is noted, and runs are read whole.
const RUN: u64 = 64;

/// The lines of a file that have passed, by index. They are claims, read once more from a file that may have changed.
#[derive(Debug)]
pub struct LinesAgain {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Where each run begins.
    begins: Vec<u64>,
    /// Where the next line begins.
    end: u64,
    file: BufReader<File>,
    /// The run read last, for those that are asked for line by line.
    last: Option<(u64, Vec<String>)>,
    passed: u64,
}

impl LinesAgain {
    /// The lines of a file of which none has passed yet.
    ///
    /// # Errors
    /// [`DiskError`] if it cannot be opened.
    pub fn open(path: &Path) -> Result<Self, DiskError> {
        let file = File::open(path).map_err(|source| DiskError::reading(path, source))?;
        let file = BufReader::with_capacity(1 << 16, file);
        Ok(Self { state: Mutex::new(State { begins: Vec::new(), end: 0, file, last: None, passed: 0 }) })
    }

    /// Notes that the next line has passed and ends, with its line feed, at this byte.
    pub fn pass(&self, end: u64) {
        let mut state = self.state();
        if state.passed.is_multiple_of(RUN) {
            let begin = state.end;
            state.begins.push(begin);
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
        let (run, place) = (index.get() / RUN, usize::try_from(index.get() % RUN).ok()?);
        // A run that was not whole when it was read may have grown since.
        let known = state.last.as_ref().is_some_and(|(last, lines)| *last == run && place < lines.len());
        if !known {
            let lines = state.read(run)?;
            state.last = Some((run, lines));
        }
        state.last.as_ref()?.1.get(place).cloned()
    }
}

impl State {
    /// The lines of a run that have passed.
    fn read(&mut self, run: u64) -> Option<Vec<String>> {
        self.file.seek(SeekFrom::Start(*self.begins.get(usize::try_from(run).ok()?)?)).ok()?;
        let passed = self.passed.saturating_sub(run.saturating_mul(RUN)).min(RUN);
        (0..passed).map(|_| self.read_line()).collect()
    }

    fn read_line(&mut self) -> Option<String> {
        let mut bytes = Vec::new();
        std::io::Read::take(&mut self.file, READ_LIMIT).read_until(b'\n', &mut bytes).ok()?;
        bytes.pop_if(|byte| *byte == b'\n')?;
        String::from_utf8(bytes).ok()
    }
}

//! Lines taken in, in order, while threads decode those that follow and verify their signatures (spec: ).
//!
//! What is worked out ahead decides nothing: the taker takes the lines one after the other, so verdict and first error
//! are the same for any number of threads. Blocks and their number are bounded, so memory does not grow with the file.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::thread;

use xinyi_core::{
    Ahead, Entry, Index, Outlook, Replay, ReplayError, StatementError, StatementReader, Verified, Verifier,
};

use crate::reader::RawLine;

/// Lines in a block: enough for one inversion to serve many signatures, few enough to lie in a processor's cache.
const BLOCK: usize = 128;

/// A block ends once its lines have so many bytes, so that the longest lines of the format make it little larger.
const BLOCK_BYTES: usize = 256 << 10;

/// More threads than the one that takes lines in can keep busy.
const MOST_THREADS: usize = 64;

/// Whoever makes facts of lines, one after the other.
pub trait Taker {
    /// Why a line is refused.
    type Error;

    /// The index that the next line must have.
    fn due(&self) -> Index;

    /// What lines to come can be judged by ahead of their turn.
    fn outlook(&self) -> Outlook;

    /// Takes the next line in.
    ///
    /// # Errors
    /// Why it is not the next. A refused line changes nothing.
    fn take(&mut self, line: Ahead) -> Result<Verified<Entry>, Self::Error>;
}

impl Taker for Replay {
    type Error = ReplayError;

    fn due(&self) -> Index {
        self.size().next_index()
    }

    fn outlook(&self) -> Outlook {
        self.outlook()
    }

    fn take(&mut self, line: Ahead) -> Result<Verified<Entry>, ReplayError> {
        self.push_ahead(line)
    }
}

impl Taker for StatementReader {
    type Error = StatementError;

    fn due(&self) -> Index {
        self.due()
    }

    fn outlook(&self) -> Outlook {
        self.outlook()
    }

    fn take(&mut self, line: Ahead) -> Result<Verified<Entry>, StatementError> {
        self.push_ahead(line)
    }
}

/// The first line that was not taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Halt<E> {
    /// Where it begins.
    pub byte: u64,
    /// Why; `None` if the file ends inside it (spec: R-8).
    pub cause: Option<E>,
    /// The index that was due.
    pub index: Index,
}

/// A block for whichever thread is free.
struct Job {
    lines: Vec<RawLine>,
    outlook: Outlook,
    to: SyncSender<Vec<(RawLine, Ahead)>>,
}

impl Job {
    fn work(self) {
        let ahead = self.outlook.decode(self.lines.iter().map(|line| line.bytes.as_slice()));
        let done = self.lines.into_iter().zip(ahead).collect();
        // A fold that has stopped waits for nothing.
        drop(self.to.send(done));
    }
}

/// Jobs that nobody has begun.
type Jobs = Mutex<Receiver<Job>>;

/// Gives lines to a taker until they end or one is refused, on this thread and as many others as make up `threads`.
/// `each` sees every line with the fact it is and its taker after it.
///
/// # Errors
/// That of the source, once every line before it was taken in.
pub fn take_lines<T: Taker, E>(
    lines: impl Iterator<Item = Result<RawLine, E>>,
    taker: &mut T,
    threads: NonZeroUsize,
    each: &mut dyn FnMut(&RawLine, &Verified<Entry>, &T),
) -> Result<Option<Halt<T::Error>>, E> {
    let (give, jobs) = mpsc::channel();
    let jobs = Mutex::new(jobs);
    thread::scope(|scope| {
        let help = || {
            while let Some(job) = next(&jobs) {
                job.work();
            }
        };
        // Where the system gives no more threads, those that there are do the work.
        let wanted = threads.get().min(MOST_THREADS);
        let helpers =
            (1..wanted).map_while(|_| thread::Builder::new().spawn_scoped(scope, help).ok()).count();
        let most = helpers.saturating_mul(2).saturating_add(3);
        // The sender ends with the fold, and the threads with the sender.
        Fold { blocks: Blocks { failed: None, lines: lines.fuse() }, give, jobs: &jobs, most, taker }
            .run(each)
    })
}

fn next(jobs: &Jobs) -> Option<Job> {
    jobs.lock().ok()?.recv().ok()
}

/// The thread that reads blocks, hands them out and has their lines taken in, in order.
struct Fold<'a, I, E, T> {
    blocks: Blocks<I, E>,
    give: Sender<Job>,
    jobs: &'a Jobs,
    /// Blocks handed out at once.
    most: usize,
    taker: &'a mut T,
}

impl<E, T: Taker, I: Iterator<Item = Result<RawLine, E>>> Fold<'_, I, E, T> {
    fn run(
        mut self,
        each: &mut dyn FnMut(&RawLine, &Verified<Entry>, &T),
    ) -> Result<Option<Halt<T::Error>>, E> {
        let mut waiting = VecDeque::new();
        // The first block is small, and alone: once it was taken in, keys that sign often have their tables.
        let (mut most, mut length) = (1, usize::try_from(Verifier::TABLE_AFTER).unwrap_or(BLOCK));
        loop {
            while waiting.len() < most
                && let Some(lines) = self.blocks.next(length)
            {
                waiting.push_back(self.hand_out(lines));
            }
            let Some(first) = waiting.pop_front() else {
                return self.blocks.failed.map_or(Ok(None), Err);
            };
            for (line, ahead) in self.await_block(&first) {
                match self.take(&line, ahead) {
                    Ok(entry) => each(&line, &entry, self.taker),
                    Err(halt) => return Ok(Some(halt)),
                }
            }
            (most, length) = (self.most, BLOCK);
        }
    }

    fn hand_out(&self, lines: Vec<RawLine>) -> Receiver<Vec<(RawLine, Ahead)>> {
        let (to, done) = mpsc::sync_channel(1);
        // It cannot fail: the other end lives as long as this fold.
        drop(self.give.send(Job { lines, outlook: self.taker.outlook(), to }));
        done
    }

    /// The next block to take in. Until it is done this thread does what nobody else has begun.
    fn await_block(&self, block: &Receiver<Vec<(RawLine, Ahead)>>) -> Vec<(RawLine, Ahead)> {
        loop {
            if let Ok(done) = block.try_recv() {
                return done;
            }
            let job = self.jobs.try_lock().ok().and_then(|jobs| jobs.try_recv().ok());
            match job {
                Some(job) => job.work(),
                // Another thread has it. If that one panicked, the scope does so too.
                None => return block.recv().unwrap_or_default(),
            }
        }
    }

    fn take(&mut self, line: &RawLine, ahead: Ahead) -> Result<Verified<Entry>, Halt<T::Error>> {
        let index = self.taker.due();
        let halt = |cause| Halt { byte: line.byte, cause, index };
        if line.is_cut() {
            return Err(halt(None));
        }
        self.taker.take(ahead).map_err(|cause| halt(Some(cause)))
    }
}

/// Lines in bounded blocks.
struct Blocks<I, E> {
    /// Why the source ended before its end.
    failed: Option<E>,
    lines: I,
}

impl<E, I: Iterator<Item = Result<RawLine, E>>> Blocks<I, E> {
    fn next(&mut self, length: usize) -> Option<Vec<RawLine>> {
        let (mut block, mut bytes) = (Vec::with_capacity(length), 0);
        while self.failed.is_none() && block.len() < length && bytes < BLOCK_BYTES {
            match self.lines.next() {
                Some(Ok(line)) => {
                    bytes = line.bytes.len().saturating_add(bytes);
                    block.push(line);
                }
                Some(Err(error)) => self.failed = Some(error),
                None => break,
            }
        }
        (!block.is_empty()).then_some(block)
    }
}

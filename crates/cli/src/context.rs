//! What every command is told besides its own arguments.

use std::num::NonZeroUsize;

use jiff::Timestamp as Clock;
use xinyi_core::Timestamp;

use crate::args::Arguments;
use crate::failure::Failure;

/// The form of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One JSON object.
    Json,
    /// For people.
    Text,
}

/// What every command is told.
#[derive(Debug)]
pub(crate) struct Context {
    /// A given clock, for sample ledgers only.
    clock: Option<Timestamp>,
    pub(crate) format: Format,
    pub(crate) quiet: bool,
    /// Threads to verify with.
    pub(crate) threads: NonZeroUsize,
}

impl Context {
    pub(crate) fn new(arguments: &Arguments) -> Self {
        // A system that does not tell its cores has one at least.
        let cores = || std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        Self {
            clock: arguments.clock,
            format: arguments.format,
            quiet: arguments.quiet,
            threads: arguments.threads.unwrap_or_else(cores),
        }
    }

    /// For the parts of a demonstration: the same, with another clock.
    pub(crate) const fn at(&self, clock: Timestamp) -> Self {
        Self { clock: Some(clock), format: self.format, quiet: true, threads: self.threads }
    }

    /// The time to record: this computer's clock, or the one given if the ledger says it is a sample.
    pub(crate) fn now(&self, sample: bool) -> Result<Timestamp, Failure> {
        match self.clock {
            Some(clock) if sample => Ok(clock),
            Some(_) => Err(Failure::usage("clock-given", "")),
            None => {
                Timestamp::from_unix(Clock::now().as_second()).ok_or_else(|| Failure::new("clock-given", ""))
            }
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }
}

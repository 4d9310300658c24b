//! What a whole process costs: time passed, CPU time and most memory.
//!
//! The system counts those per process and tells them to the parent, but a child's peak memory is never less than that
//! of the parent when it started it. So this program starts itself once more, small, to start and measure the child.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use serde_json::{Value, json};

/// What one run of a process cost.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Cost {
    /// User and system time of all its threads, in seconds.
    pub(super) cpu: f64,
    /// Most memory resident, in bytes.
    pub(super) peak: f64,
    /// Time passed, in seconds.
    pub(super) wall: f64,
}

/// A program with its arguments.
#[derive(Clone, Debug)]
pub(super) struct Program {
    pub(super) arguments: Vec<String>,
    pub(super) path: PathBuf,
}

impl Program {
    pub(super) fn new<A: ToString>(path: impl Into<PathBuf>, arguments: &[A]) -> Self {
        let arguments = arguments.iter().map(ToString::to_string).collect();
        Self { arguments, path: path.into() }
    }

    /// Runs it once.
    ///
    /// # Panics
    /// If it cannot be started or ends badly.
    pub(super) fn run(&self) -> Cost {
        let own = std::env::current_exe().expect("this program");
        let mut measuring = Command::new(own);
        measuring.arg("measured").arg(&self.path).args(&self.arguments);
        let output = measuring.stderr(Stdio::inherit()).output().expect("this program once more");
        let told: Value = serde_json::from_slice(&output.stdout).expect("what it measured");
        let number = |name: &str| told[name].as_f64().expect("a number");
        let status = told["status"].as_i64().expect("a status");
        assert!(status == 0, "{self:?} ended with {status}");
        Cost { cpu: number("cpu"), peak: number("peak"), wall: number("wall") }
    }
}

/// Starts the program that the arguments name, waits for it and prints what it cost.
#[must_use]
pub fn measured(arguments: &[String]) -> ExitCode {
    let (program, arguments) = arguments.split_first().expect("a program");
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::null()).stdout(Stdio::null());
    let start = Instant::now();
    let status = child.status().unwrap_or_else(|error| panic!("{program}: {error}"));
    let wall = start.elapsed().as_secs_f64();
    let used = getrusage(UsageWho::RUSAGE_CHILDREN).expect("what the child used");
    let cpu = seconds(used.user_time()) + seconds(used.system_time());
    // Linux counts in kibibytes.
    let peak = used.max_rss() * 1024;
    println!("{}", json!({"cpu": cpu, "peak": peak, "status": status.code().unwrap_or(-1), "wall": wall}));
    ExitCode::SUCCESS
}

fn seconds(time: TimeVal) -> f64 {
    std::time::Duration::new(
        u64::try_from(time.tv_sec()).expect("a time"),
        u32::try_from(time.tv_usec() * 1_000).expect("a time"),
    )
    .as_secs_f64()
}

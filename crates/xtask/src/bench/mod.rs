//! `cargo xtask bench` measures whole processes on ledgers made for it, against what their parts cost in the same minutes.
//!
//! Everything runs several times in turn, so that a machine whose speed drifts drifts for all of it, and the middle figure
//! counts. CPU time is user and system time of all threads; MB are 10^6 bytes.

mod append;
mod arguments;
mod child;
mod claims;
mod key_file;
mod keys;
mod ledger;
mod month;
mod peers;
mod stages;
mod table;
mod verify;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use self::arguments::Asked;
use self::child::Program;

pub use self::child::measured;

/// What is common to all that is measured.
#[derive(Debug)]
struct Bench {
    asked: Asked,
    /// Where ledgers are kept.
    place: PathBuf,
    /// Whether the program can be told how many threads to use.
    threads: bool,
    /// The program.
    xinyi: PathBuf,
}

/// Measures what the words ask for.
#[must_use]
pub fn bench(words: &[String]) -> ExitCode {
    let asked = match Asked::read(words) {
        Ok(asked) => asked,
        Err(fault) => {
            eprintln!("{fault}");
            return ExitCode::from(2);
        }
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    // What is measured in this process must be as fast as in the program.
    if cfg!(debug_assertions) {
        return cargo(&root, &["run", "--release", "--quiet", "--package", "xtask", "--", "bench"], words);
    }
    if cargo(&root, &["build", "--release", "--quiet", "--package", "xinyi-cli"], &[]) != ExitCode::SUCCESS {
        return ExitCode::FAILURE;
    }
    let folder = std::env::current_exe().expect("this program").parent().expect("a folder").to_owned();
    let place = asked.keep.clone().unwrap_or_else(|| folder.join("../bench"));
    let place = std::path::absolute(place).expect("a directory to make ledgers in");
    std::fs::create_dir_all(&place).expect("a directory to make ledgers in");
    let xinyi = folder.join("xinyi");
    let help = Command::new(&xinyi).args(["check", "--help"]).output().expect("the program's help");
    let threads = String::from_utf8_lossy(&help.stdout).contains("--threads");
    let bench = Bench { asked, place, threads, xinyi };
    println!("{}", machine());
    for what in &bench.asked.what {
        match what.as_str() {
            "append" => append::run(&bench),
            "keys" => keys::run(&bench),
            "month" => month::run(&bench),
            "peers" => peers::run(&bench),
            _ => verify::run(&bench),
        }
    }
    ExitCode::SUCCESS
}

impl Bench {
    /// The program with these arguments, and with a number of threads if it takes one.
    fn xinyi<A: ToString>(&self, arguments: &[A], threads: Option<u32>) -> Program {
        let mut program = Program::new(&self.xinyi, arguments);
        program.arguments.push("--quiet".to_owned());
        if let (true, Some(threads)) = (self.threads, threads) {
            program.arguments.extend(["--threads".to_owned(), threads.to_string()]);
        }
        program
    }

    /// The numbers of threads to compare.
    const fn threads(&self) -> &'static [u32] {
        if self.threads { &[1, 2] } else { &[1] }
    }
}

fn cargo(root: &Path, arguments: &[&str], more: &[String]) -> ExitCode {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).current_dir(root).args(arguments).args(more).status();
    let code = status.ok().and_then(|status| u8::try_from(status.code()?).ok());
    code.map_or(ExitCode::FAILURE, ExitCode::from)
}

/// One line about the machine.
fn machine() -> String {
    let about = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = about.lines().find_map(|line| line.strip_prefix("model name"));
    let model = model.map_or("a processor", |model| model.trim_start_matches([' ', '\t', ':']));
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{model}, {cores} cores, {} {}", std::env::consts::OS, std::env::consts::ARCH)
}

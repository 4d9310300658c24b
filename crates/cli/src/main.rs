//! The command line of xinyi: parse, call, render. No ledger logic lives here.

mod args;
mod command;
mod context;
mod desk;
mod exit;
mod failure;
mod keys;
mod lang;
mod output;
mod progress;
mod reading;
mod sample;
mod sealed;
mod table;
mod trust;

use std::process::ExitCode;

fn main() -> ExitCode {
    lang::choose_from_environment();
    let arguments = match args::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    let context = context::Context::new(&arguments);
    match command::run(&arguments.command, &context) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.print(&context).into(),
    }
}

//! The command line of xinyi: parse, call, render. No ledger logic lives here.

mod args;
mod checked;
mod command;
mod context;
mod deed_words;
mod desk;
mod desk_books;
mod excerpts;
mod exit;
mod failure;
mod going_on;
mod input;
mod keys;
mod lang;
mod maps;
mod names;
mod note;
mod output;
mod outside;
mod own_copy;
mod progress;
mod reading;
mod recalled;
mod report;
mod roots;
mod sample;
mod sealed;
mod serve;
mod statement_reading;
mod submit;
mod table;
mod trust;
mod verdict;
mod when;

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

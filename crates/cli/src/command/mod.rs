//! One file a command.

mod add;
mod anchor;
mod approve;
mod check;
mod close;
mod compare;
mod cosign;
mod deed;
mod deed_change;
mod demo;
mod demo_bank;
mod demo_files;
mod drafts;
mod explain;
mod export;
mod fee;
mod forget;
mod guard;
mod import;
mod init;
mod key;
mod key_change;
mod pack;
mod receipt;
mod record;
mod recover;
mod refuse;
pub(crate) mod show;
mod statement;
mod verify;
mod witness;

use crate::args::Command;
use crate::context::Context;
use crate::exit::Exit;
use crate::failure::Failure;

/// Runs the command asked for.
pub(crate) fn run(command: &Command, context: &Context) -> Result<Exit, Failure> {
    match command {
        Command::Add(arguments) => add::run(arguments, context),
        Command::Anchor(arguments) => anchor::run(arguments, context),
        Command::Approve(arguments) => approve::run(arguments, context),
        Command::Check(arguments) => check::run(arguments, context),
        Command::Close(arguments) => close::run(arguments, context),
        Command::Compare(arguments) => compare::run(arguments, context),
        Command::Cosign(arguments) => cosign::run(arguments, context),
        Command::Deed(command) => deed::run(command, context),
        Command::Demo(arguments) => demo::run(arguments, context),
        Command::Drafts(command) => drafts::run(command, context),
        Command::Explain(arguments) => explain::run(arguments, context),
        Command::Export(arguments) => export::run(arguments, context),
        Command::Fee(arguments) => fee::run(arguments, context),
        Command::Forget(arguments) => forget::run(arguments, context),
        Command::Guard(arguments) => guard::run(arguments, context),
        Command::Import(arguments) => import::run(arguments, context),
        Command::Init(arguments) => init::run(arguments, context),
        Command::Key(command) => key::run(command, context),
        Command::Pack(command) => pack::run(command, context),
        Command::Receipt(arguments) => receipt::run(arguments, context),
        Command::Record(arguments) => record::run(arguments, context),
        Command::Recover(arguments) => recover::run(arguments, context),
        Command::Refuse(arguments) => refuse::run(arguments, context),
        Command::Show(arguments) => show::run(arguments, context),
        Command::Statement(arguments) => statement::run(arguments, context),
        Command::Verify(arguments) => verify::run(arguments, context),
        Command::Witness(arguments) => witness::run(arguments, context),
    }
}

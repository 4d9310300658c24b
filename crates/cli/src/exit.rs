//! Exit status, the same in every format. Worst wins: 3, 4, 1.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: nothing to report.
    Clean,
    /// 1: findings.
    Findings,
    /// 2: the command line is wrong, or asks for what may not be.
    Usage,
    /// 3: not an authentic ledger.
    NotAuthentic,
    /// 4: cannot tell: unreadable, unsupported, no outside trust.
    CannotTell,
}

impl Exit {
    const fn weight(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::CannotTell => 3,
            Self::NotAuthentic => 4,
        }
    }

    /// The worse of two.
    pub(crate) const fn worst(self, other: Self) -> Self {
        if self.weight() >= other.weight() { self } else { other }
    }

    /// The number given to the shell.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Usage => 2,
            Self::NotAuthentic => 3,
            Self::CannotTell => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn not_authentic_outweighs_cannot_tell_and_that_findings() {
        assert_eq!(Exit::Findings.worst(Exit::CannotTell), Exit::CannotTell);
        assert_eq!(Exit::CannotTell.worst(Exit::NotAuthentic), Exit::NotAuthentic);
        assert_eq!(Exit::Clean.worst(Exit::Findings).code(), 1);
    }
}

//! Times as people read them.

use xinyi_core::Timestamp;

/// A time in seconds since 1970, as lines write it.
pub(crate) fn moment(seconds: u64) -> String {
    let time = i64::try_from(seconds).ok().and_then(Timestamp::from_unix);
    time.map_or_else(|| seconds.to_string(), |time| time.to_string())
}

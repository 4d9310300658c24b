//! Whatever stops a replay, the good prefix is as long as it says.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let replayed = xinyi_core::replay_bytes(bytes, None);
    assert_eq!(replayed.entries.len() as u64, replayed.replay.size().get());
});

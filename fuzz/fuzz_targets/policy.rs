//! Files of the kind `policy` from anywhere.
#![no_main]
libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    let _ = xinyi_core::Policy::parse(file);
});

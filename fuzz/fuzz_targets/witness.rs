//! Requests to a witness from anywhere.
#![no_main]
libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    if let Ok(request) = xinyi_core::AddCheckpoint::parse(body) {
        assert_eq!(request.to_string().as_bytes(), body);
    }
});

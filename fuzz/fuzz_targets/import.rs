//! Tables from anywhere, by every shipped map.
#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for (_, map) in xinyi_import::MAPS {
        let map = xinyi_import::ImportMap::parse(map).expect("a shipped map");
        let _ = xinyi_import::read(&map, bytes, 2, 480);
    }
});

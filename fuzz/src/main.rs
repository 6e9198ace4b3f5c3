//! Gives what libFuzzer makes up to the target that `CROSSFOOT_FUZZ` names.
#![no_main]

mod targets;

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    static TARGET: OnceLock<targets::Target> = OnceLock::new();
    let run = TARGET.get_or_init(|| {
        let name = std::env::var("CROSSFOOT_FUZZ").unwrap_or_default();
        let found = targets::TARGETS.iter().find(|(target, _)| *target == name);
        found.unwrap_or_else(|| panic!("CROSSFOOT_FUZZ names no target: {name:?}")).1
    });
    run(data);
});

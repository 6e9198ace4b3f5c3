//! Test counts, read out of what each runner prints or writes.

use serde_json::Value;
use std::ops::AddAssign;

/// How many tests passed, failed and were skipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) skipped: u64,
    /// Skipped because a folder of real files is not set; never a failure.
    pub(crate) excused: u64,
}

impl Counts {
    /// One check that either holds or not.
    pub(crate) fn one(holds: bool) -> Self {
        Self { passed: u64::from(holds), failed: u64::from(!holds), ..Self::default() }
    }

    /// The sum of all lines `test result: ok. 3 passed; 0 failed; 1 ignored; …` of a Rust runner.
    pub(crate) fn of_rust(text: &str) -> Self {
        let mut sum = Self::default();
        for line in text.lines() {
            let Some(result) = line.trim_start().strip_prefix("test result: ") else { continue };
            for part in result.split(['.', ';']) {
                let mut words = part.split_whitespace();
                let number = words.next().and_then(|word| word.parse::<u64>().ok());
                match (number, words.next()) {
                    (Some(n), Some("passed")) => sum.passed += n,
                    (Some(n), Some("failed")) => sum.failed += n,
                    (Some(n), Some("ignored")) => sum.skipped += n,
                    _ => {}
                }
            }
        }
        sum
    }

    /// The counts of Vitest's JSON report.
    pub(crate) fn of_vitest(report: &Value) -> Self {
        let number = |key: &str| report.get(key).and_then(Value::as_u64).unwrap_or(0);
        // A file that cannot even be loaded fails as a suite without any test.
        let broken_files = report
            .get("testResults")
            .and_then(Value::as_array)
            .map_or(0, |files| files.iter().filter(|file| is_broken(file)).count() as u64);
        Self {
            passed: number("numPassedTests"),
            failed: number("numFailedTests") + broken_files,
            skipped: number("numPendingTests") + number("numTodoTests"),
            excused: 0,
        }
    }

    /// The counts of Playwright's JSON report; a flaky test is a failed one.
    pub(crate) fn of_playwright(report: &Value) -> Self {
        let stats = report.get("stats");
        let number =
            |key: &str| stats.and_then(|s| s.get(key)).and_then(Value::as_u64).unwrap_or(0);
        let broken_files =
            report.get("errors").and_then(Value::as_array).map_or(0, Vec::len) as u64;
        Self {
            passed: number("expected"),
            failed: number("unexpected") + number("flaky") + broken_files,
            skipped: number("skipped"),
            excused: 0,
        }
    }

    /// A runner that ended badly without a failed test (it did not compile, it crashed) failed once.
    pub(crate) fn with_success(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

fn is_broken(file: &Value) -> bool {
    let failed = file.get("status").and_then(Value::as_str) == Some("failed");
    let tests = file.get("assertionResults").and_then(Value::as_array).map_or(0, Vec::len);
    failed && tests == 0
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
        self.excused += other.excused;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts { passed, failed, skipped, excused: 0 }
    }

    #[test]
    fn rust_results_are_summed_over_binaries() {
        let text = "running 3 tests\n\
            test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s\n\
            test a ... FAILED\n\
            test result: FAILED. 10 passed; 2 failed; 1 ignored; 0 measured; 4 filtered out\n";
        assert_eq!(Counts::of_rust(text), counts(13, 2, 1));
        assert_eq!(Counts::of_rust("test result of the month: 5 passed"), counts(0, 0, 0));
    }

    #[test]
    fn javascript_reports_count_broken_files_as_failures() {
        let vitest = serde_json::json!({
            "numPassedTests": 4, "numFailedTests": 1, "numPendingTests": 2, "numTodoTests": 1,
            "testResults": [
                {"status": "failed", "assertionResults": []},
                {"status": "failed", "assertionResults": [{"status": "failed"}]},
                {"status": "passed", "assertionResults": [{"status": "passed"}]},
            ],
        });
        assert_eq!(Counts::of_vitest(&vitest), counts(4, 2, 3));
        let playwright = serde_json::json!({
            "stats": {"expected": 7, "unexpected": 1, "flaky": 1, "skipped": 2},
            "errors": [{"message": "cannot load"}],
        });
        assert_eq!(Counts::of_playwright(&playwright), counts(7, 3, 2));
    }

    #[test]
    fn a_runner_that_dies_silently_is_a_failure() {
        assert_eq!(counts(5, 0, 0).with_success(false), counts(5, 1, 0));
        assert_eq!(counts(5, 2, 0).with_success(false), counts(5, 2, 0));
        assert_eq!(counts(5, 0, 0).with_success(true), counts(5, 0, 0));
    }
}

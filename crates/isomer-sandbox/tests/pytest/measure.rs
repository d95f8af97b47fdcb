//! What a call and a file cost; printed, not judged.
#![expect(clippy::print_stderr, reason = "a measurement is read by a person")]

use std::time::Instant;

use isomer_record::{Trust, Verdict};

use super::{judge, reference, sandbox};

const SOLUTION: &str = "def add(a, b): return a + b\ndef order(l): l.sort(); return l\nclass A:\n    def m(self, x): return x\n";

#[tokio::test]
#[ignore = "a measurement, not a test"]
async fn calls_and_files() {
    let sandbox = sandbox().await;
    let file = "from solution import add\ndef test_a(): assert add(1, 2) == 3\ndef test_b(): assert add(2, 2) == 4\ndef test_c(): assert add('a', 'b') == 'ab'\n";
    let mut expected = reference(&sandbox, SOLUTION, file).await;
    for trust in [Trust::TwoProcess, Trust::InProcess] {
        expected.trust = trust;
        let mut times = Vec::new();
        for _ in 0..100 {
            let started = Instant::now();
            let report = judge(&sandbox, SOLUTION, file, Some(&expected)).await;
            assert_eq!(report.verdict, Verdict::Accepted);
            times.push(started.elapsed().as_micros());
        }
        times.sort_unstable();
        eprintln!("file of three tests, {trust:?}: median {} us, least {} us", times[50], times[0]);
    }
    let calls = "import time\nfrom solution import A, add, order\ndef test_calls():\n    times = []\n    object = A()\n    large = list(range(100000))\n\
                 \x20   for name, count, call in (('function', 5000, lambda: add(1, 2)), ('list', 2000, lambda: order([3, 1, 2])), ('method', 2000, lambda: object.m(1)), ('list of 100000', 20, lambda: order(large))):\n\
                 \x20       for _ in range(count // 10): call()\n        start = time.perf_counter()\n        for _ in range(count): call()\n\
                 \x20       times.append('%s %.1f us' % (name, (time.perf_counter() - start) / count * 1e6))\n    assert 0, ', '.join(times)\n";
    let report = judge(&sandbox, SOLUTION, calls, Some(&expected_two(expected))).await;
    eprintln!("{}", report.outcomes[0].message);
}

fn expected_two(expected: isomer_record::ExpectedTests) -> isomer_record::ExpectedTests {
    isomer_record::ExpectedTests { trust: Trust::TwoProcess, ..expected }
}

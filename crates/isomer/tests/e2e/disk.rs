//! A full disk stops the run with a clear word, and room lets it go on.

use std::process::Command;

use crate::support::{Place, finish, quick};

/// A small disk in a mount namespace of its own: the run fills it, then it grows and the run goes
/// on. Everything has to happen inside one namespace, because the disk is gone with it.
const SCRIPT: &str = "
mount -t tmpfs -o size=600k tmpfs small || exit 1
\"$@\" 2>first.txt
echo $? >first.code
mount -o remount,size=200m small
\"$@\" 2>second.txt
echo $? >second.code
cp small/tasks.jsonl .
";

#[test]
fn a_full_disk_is_named_and_the_run_can_go_on() {
    let place = Place::new(8);
    std::fs::create_dir(place.path("small")).unwrap();
    let mock = quick();
    let run = place.run("small", &mock, &[]);
    let mut command = Command::new("unshare");
    command.args(["-m", "sh", "-c", SCRIPT, "sh"]).arg(run.get_program()).args(run.get_args());
    command.current_dir(place.path("")).env("OPENAI_API_KEY", "any").env("NO_COLOR", "1");
    let measured = finish(&mut command);
    if !place.path("first.code").exists() {
        // Only root may mount a small disk. A namespace of an ordinary user's own would do for
        // that, but takes away what the sandbox needs to mount its /proc.
        assert!(!measured.status.success());
        return;
    }
    let read = |name: &str| std::fs::read_to_string(place.path(name)).unwrap();
    assert_eq!(read("first.code").trim(), "1", "{}", read("first.txt"));
    assert!(read("first.txt").contains("full"), "{}", read("first.txt"));
    assert_eq!(read("second.code").trim(), "0", "{}", read("second.txt"));
    assert!(!read("tasks.jsonl").is_empty());
}

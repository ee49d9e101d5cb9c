//! Runs a test of this program under callgrind and reads what it counted.

use std::{collections::BTreeMap, env, fs, process::Command};

/// Every function whose name begins so is counted, with all that it calls.
const MARK: &str = "measured_";

/// Instructions of each measured function that this test calls, by its name without the mark. `None` without valgrind.
pub(super) fn count(test: &str) -> Option<BTreeMap<String, u64>> {
    let file = env::temp_dir().join(format!("allot-work-{}.callgrind", std::process::id()));
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--compress-strings=no", "--compress-pos=no"])
        .arg(format!("--callgrind-out-file={}", file.display()))
        .arg(env::current_exe().unwrap())
        .args(["--exact", test, "--test-threads=1"])
        .env_remove("RUST_LOG")
        .output();
    let output = match run {
        Ok(output) => output,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
        Err(error) => panic!("valgrind: {error}"),
    };
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{}{said}", String::from_utf8_lossy(&output.stdout));
    let profile = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}\n{said}", file.display()));
    let _ = fs::remove_file(&file);
    let counts = read(&profile);
    assert!(!counts.is_empty(), "nothing was measured: {said}");
    Some(counts)
}

/// Adds up the inclusive costs of calls: a line `cfn=` with the name, one with the number of calls, and one with the
/// place and the cost. Source: Valgrind documentation, "Callgrind Format Specification".
fn read(profile: &str) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    let mut called = None;
    let mut lines = profile.lines();
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("cfn=") {
            called = measured(name);
        } else if line.starts_with("calls=") {
            let cost = lines.next().and_then(|line| line.split(' ').next_back()?.parse::<u64>().ok());
            if let (Some(name), Some(cost)) = (called.take(), cost) {
                *counts.entry(name).or_default() += cost;
            }
        }
    }
    counts
}

/// However the compiler decorates names, ours is in them as it is written.
fn measured(name: &str) -> Option<String> {
    let (_, rest) = name.split_once(MARK)?;
    let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '_').unwrap_or(rest.len());
    Some(rest[..end].to_owned())
}

#[test]
fn a_profile_is_read() {
    let profile = "fn=service::work::works::all\n12 5\ncfn=service::work::works::measured_moves_of_ten::h0123\n\
                   calls=1 30\n12 700\n13 2\ncfn=_ZN5works19measured_moves_of_ten17h01E\ncalls=2 30\n14 10\n\
                   cfn=other\ncalls=1 1\n15 99\n";
    assert_eq!(read(profile), BTreeMap::from([("moves_of_ten".to_owned(), 710)]));
}

//! What the numbers were measured on.

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use std::{fs, path::Path, process::Command};

/// As much as a reader needs to judge absolute numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Machine {
    pub(crate) processor: String,
    pub(crate) cores: usize,
    pub(crate) memory_gib: u64,
    pub(crate) kernel: String,
    /// Of the data folders.
    pub(crate) filesystem: String,
    /// Of the sources, with a `+` if files differed; empty outside a checkout.
    pub(crate) commit: String,
}

impl Machine {
    /// # Errors
    /// No `/proc`, or `scratch` is nowhere.
    pub(crate) fn look(scratch: &Path) -> Result<Self> {
        let processors = fs::read_to_string("/proc/cpuinfo")?;
        let memory = fs::read_to_string("/proc/meminfo")?;
        let kibibytes: u64 = field(&memory, "MemTotal").trim_end_matches(" kB").parse().context("MemTotal")?;
        Ok(Self {
            processor: field(&processors, "model name").to_owned(),
            cores: std::thread::available_parallelism()?.get(),
            memory_gib: kibibytes.div_ceil(1024 * 1024),
            // The version alone: the rest names somebody's build.
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")?
                .split(['-', '+'])
                .next()
                .unwrap_or("")
                .trim()
                .into(),
            filesystem: filesystem(&fs::read_to_string("/proc/self/mounts")?, scratch),
            commit: commit(),
        })
    }

    /// What else wants the processors now: processes that run or wait for one, averaged over a minute.
    ///
    /// # Errors
    /// No `/proc`.
    pub(crate) fn load() -> Result<f64> {
        let text = fs::read_to_string("/proc/loadavg")?;
        text.split(' ').next().and_then(|load| load.parse().ok()).context("loadavg")
    }

    /// Whether writes to the data folders can reach a disk at all.
    pub(crate) fn has_durable_files(&self) -> bool {
        !matches!(self.filesystem.as_str(), "tmpfs" | "ramfs")
    }
}

fn field<'a>(text: &'a str, name: &str) -> &'a str {
    let value = text.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    value.trim_start_matches([' ', '\t', ':']).trim()
}

/// The type of the file system that holds `path`: the longest mount point above it, the last one if mounted over.
fn filesystem(mounts: &str, path: &Path) -> String {
    let rows = mounts.lines().map(|line| line.split(' ').collect::<Vec<_>>());
    let above = rows.filter(|row| row.len() > 2 && path.starts_with(row[1]));
    above.max_by_key(|row| row[1].len()).map(|row| row[2].to_owned()).unwrap_or_default()
}

fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git").args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let commit = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_default();
    // The results themselves are no difference.
    match git(&["status", "--porcelain", "--untracked-files=no", "--", ":/", ":!/bench/results"]) {
        Some(changes) if !changes.is_empty() => commit + "+",
        _ => commit,
    }
}

#[cfg(test)]
mod tests {
    use super::filesystem;
    use std::path::Path;

    #[test]
    fn the_nearest_mount_decides() {
        let mounts = "/dev/a / ext4 rw 0 0\ntmpfs /tmp tmpfs rw 0 0\n/dev/b /tmp/disk xfs rw 0 0\n";
        assert_eq!(filesystem(mounts, Path::new("/home/x")), "ext4");
        assert_eq!(filesystem(mounts, Path::new("/tmp/x")), "tmpfs");
        assert_eq!(filesystem(mounts, Path::new("/tmp/disk/x")), "xfs");
        assert_eq!(filesystem(mounts, Path::new("/tmpfs")), "ext4");
    }
}

//! What the process uses, as Linux tells it. Elsewhere nothing is told.

use prometheus_client::{
    metrics::{counter::Counter, gauge::Gauge},
    registry::Registry,
};
use std::{
    fs,
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

/// Ticks a second in `/proc`, whatever the kernel's own clock does: proc_pid_stat(5), `USER_HZ`.
const TICKS: f64 = 100.0;

/// Filled when asked for: reading `/proc` takes some ten microseconds.
#[derive(Default)]
pub(super) struct ProcessMetrics {
    memory: Gauge,
    cpu: Counter<f64, AtomicU64>,
}

impl ProcessMetrics {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let all = Self::default();
        registry.register("process_resident_memory_bytes", "Memory that the process uses", all.memory.clone());
        registry.register("process_cpu_seconds", "Processor time that the process used", all.cpu.clone());
        let cpus = Gauge::<i64>::default();
        cpus.set(thread::available_parallelism().map_or(1, |cpus| i64::try_from(cpus.get()).unwrap_or(i64::MAX)));
        registry.register("process_cpus", "Processors that it may use", cpus);
        // Without a limit there is nothing to compare with, and nothing is told.
        if let Some(most) = memory_limit() {
            let limit = Gauge::<i64>::default();
            limit.set(most);
            registry.register("process_memory_limit_bytes", "Memory that it may use", limit);
        }
        all
    }

    pub(super) fn fill(&self) {
        if let Some(bytes) = fs::read_to_string("/proc/self/status").ok().as_deref().and_then(resident) {
            self.memory.set(bytes);
        }
        if let Some(seconds) = fs::read_to_string("/proc/self/stat").ok().as_deref().and_then(used) {
            self.cpu.inner().store(seconds.to_bits(), Ordering::Relaxed);
        }
    }
}

/// Bytes of `VmRSS`.
fn resident(status: &str) -> Option<i64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix("kB")?.trim().parse::<i64>().ok()? * 1024)
}

/// Seconds of `utime` and `stime`, the 14th and 15th field. The second, the program's name, may hold anything.
fn used(stat: &str) -> Option<f64> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_whitespace().skip(11);
    let ticks = fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?;
    Some(ticks as f64 / TICKS)
}

/// The limit of the control group (version 2) that the process is in: of a container, or of a unit of systemd.
fn memory_limit() -> Option<i64> {
    let groups = fs::read_to_string("/proc/self/cgroup").ok()?;
    let group = groups.lines().find_map(|line| line.strip_prefix("0::"))?;
    fs::read_to_string(format!("/sys/fs/cgroup{group}/memory.max")).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_whatever_the_program_is_called() {
        assert_eq!(resident("Name:\tallot\nVmRSS:\t  71680 kB\nThreads:\t4\n"), Some(73_400_320));
        assert_eq!(resident("Name:\tallot\n"), None);
        let stat = "12 (a) b) S 1 12 12 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 4 0 100 1 2 3";
        assert_eq!(used(stat), Some(2.0));
        assert_eq!(used("12 (allot) S 1"), None);
    }
}

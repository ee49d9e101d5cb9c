//! How much of its memory Redis uses: asked seldom, for the metrics.

use crate::Shared;

/// What `INFO memory` says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Bytes in use.
    pub used: u64,
    /// Bytes that it may use; 0 = as many as the machine has.
    pub most: u64,
}

impl Shared {
    /// Asks for it; `None` when Redis is away, slow or does not tell us. That opens no breaker: nothing depends on it,
    /// and a user without the right to ask is none the worse.
    pub async fn memory(&self) -> Option<Memory> {
        let answer = self.link.peek(|mut connection| async move {
            redis::cmd("INFO").arg("memory").query_async::<String>(&mut connection).await
        });
        parse(&answer.await?)
    }
}

fn parse(info: &str) -> Option<Memory> {
    let number =
        |name: &str| info.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.trim().parse().ok());
    Some(Memory { used: number("used_memory")?, most: number("maxmemory")? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_are_read_and_nothing_else() {
        let info =
            "# Memory\r\nused_memory:1032\r\nused_memory_human:1.01K\r\nmaxmemory:67108864\r\nmaxmemory_policy:x\r\n";
        assert_eq!(parse(info), Some(Memory { used: 1032, most: 67_108_864 }));
        assert_eq!(parse("used_memory:many\r\nmaxmemory:0"), None);
        assert_eq!(parse(""), None);
    }
}

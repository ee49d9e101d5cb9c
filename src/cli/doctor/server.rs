//! The running server, if there is one.

use crate::{cli::running::Running, config::Config};
use service::port::Finding;

pub(super) async fn checks(config: &Config) -> Vec<Finding> {
    let Ok(servers) = Running::chosen(config, &[]) else { return Vec::new() };
    let mut found = Vec::new();
    for server in servers {
        let at = &server.address;
        found.push(match server.get("/health/ready").await {
            Ok(answer) if answer.is_success() => {
                let is_degraded = answer.text().contains("\"degraded\"");
                if is_degraded {
                    Finding::warn(
                        format!("the server at {at} is ready, but does without a part"),
                        "`allot health` says which: Redis, or the replica",
                    )
                } else {
                    Finding::ok(format!("the server at {at} is ready"))
                }
            }
            Ok(answer) => Finding::fail(
                format!("the server at {at} can't take submissions (status {})", answer.status),
                "see database above, and the server's log",
            ),
            Err(error) => Finding::warn(
                format!("no server answers at {at}: {error}"),
                "start it with `allot serve`, or say in ALLOT_ADDR where it listens",
            ),
        });
    }
    found
}

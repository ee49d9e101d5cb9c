//! A Redis whose master Sentinel names.

use crate::{CALL, PATIENCE, answers, port, process, server::RedisServer, until, until_true};
use service::port::{BudgetId, Head, SnapshotCache, Version};
use shared_redis::{Address, Condition, Shared};
use std::fs;
use tokio::time::timeout;

const BUDGET: BudgetId = BudgetId(1);
const MASTER: &str = "allot-main";

/// A master and its replica, watched by a Sentinel that decides alone and soon.
struct Watched {
    master: Option<RedisServer>,
    replica: RedisServer,
    sentinel: RedisServer,
}

impl Watched {
    async fn start() -> Self {
        let master = RedisServer::start();
        let of_master = ["--replicaof", "127.0.0.1", &port(&master)].map(str::to_owned);
        let replica = RedisServer::start_with(|_| of_master.to_vec());
        // A Sentinel that looks before the replica is there looks again ten seconds later.
        until_true(|| master.ask(&["INFO", "replication"]).contains("state=online")).await;
        let sentinel = RedisServer::start_with(|folder| {
            let file = folder.join("sentinel.conf");
            let text = format!(
                "sentinel monitor {MASTER} 127.0.0.1 {} 1\n\
                 sentinel down-after-milliseconds {MASTER} 500\n\
                 sentinel failover-timeout {MASTER} 2000\n",
                port(&master)
            );
            fs::write(&file, text).unwrap();
            vec![file.to_str().unwrap().to_owned(), "--sentinel".to_owned()]
        });
        until_true(|| sentinel.ask(&["INFO", "sentinel"]).contains("status=ok") && sentinel.sees_a_replica()).await;
        Self { master: Some(master), replica, sentinel }
    }

    /// The first Sentinel of the address is not there.
    fn url(&self) -> String {
        format!("redis+sentinel://127.0.0.1:1,{}/{MASTER}", self.sentinel.place())
    }
}

impl RedisServer {
    fn sees_a_replica(&self) -> bool {
        self.ask(&["INFO", "sentinel"]).contains("slaves=1")
    }
}

#[tokio::test]
async fn the_master_that_sentinel_names_is_used_and_so_is_its_successor() {
    let mut redis = Watched::start().await;
    let (one, two) = (process(&redis.url(), "one", CALL).await, process(&redis.url(), "one", CALL).await);
    assert_eq!(one.put_if_newer(BUDGET, Version(9), b"nine").await, Ok(true));
    timeout(PATIENCE, two.news()).await.unwrap();
    until_true(|| redis.replica.ask(&["EXISTS", "allot:{one}:snapshot:1:1"]) == "1").await;
    drop(redis.master.take());
    for shared in [&one, &two] {
        until_true(|| shared.breaker() != Condition::Closed).await;
        assert!(!answers(shared).await, "nobody waits for a master that is gone");
    }
    // Sentinel finds it gone and makes the replica the master; both find it there, with what the first one had.
    for shared in [&one, &two] {
        until(shared, Condition::Closed).await;
    }
    assert!(redis.replica.ask(&["INFO", "replication"]).contains("role:master"));
    assert_eq!(two.get(BUDGET).await, Ok(Some((Version(9), b"nine".to_vec()))));
    assert_eq!(one.put_if_newer(BUDGET, Version(8), b"eight").await, Ok(false), "what is older stays so");
    assert_eq!(one.put_if_newer(BUDGET, Version(10), b"ten").await, Ok(true));
    assert_eq!(timeout(PATIENCE, two.news()).await.unwrap(), [Head { budget: BUDGET, version: Version(10) }]);
}

#[tokio::test]
async fn a_name_that_sentinel_does_not_know_is_doing_without() {
    let redis = Watched::start().await;
    let url = redis.url().replace(MASTER, "another");
    let shared = Shared::start(&Address::parse(&url).unwrap(), "one", CALL).await.unwrap();
    until(&shared, Condition::Open).await;
    assert!(!answers(&shared).await);
    // A plain server is no Sentinel.
    let url = format!("redis+sentinel://{}/{MASTER}", redis.replica.place());
    let shared = Shared::start(&Address::parse(&url).unwrap(), "one", CALL).await.unwrap();
    until(&shared, Condition::Open).await;
    assert!(!answers(&shared).await);
}

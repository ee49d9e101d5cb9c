//! A Redis cluster: all our keys are in one slot, and the connection follows its master.

use crate::{
    CALL, PATIENCE, answers, port, process,
    server::{RedisServer, free_port},
    until, until_true,
};
use service::port::{BudgetId, Head, SnapshotCache, Version};
use shared_redis::{Address, Condition, Shared};
use std::time::{Duration, Instant};
use tokio::time::timeout;

const BUDGET: BudgetId = BudgetId(1);
const SLOTS: [(&str, &str); 3] = [("0", "5460"), ("5461", "10922"), ("10923", "16383")];

/// Three masters, and a replica of the one that has our slot.
struct Cluster {
    /// Of our slot.
    master: Node,
    replica: Node,
    others: Vec<Node>,
}

/// A node, and the port at which other nodes reach it.
struct Node {
    server: RedisServer,
    bus: u16,
}

impl std::ops::Deref for Node {
    type Target = RedisServer;

    fn deref(&self) -> &RedisServer {
        &self.server
    }
}

impl Node {
    fn start() -> Self {
        // The usual one, ten thousand higher, may be beyond the last.
        let bus = std::cell::Cell::new(0);
        let server = RedisServer::start_with(|_| {
            bus.set(free_port());
            ["--cluster-enabled", "yes", "--cluster-node-timeout", "1500", "--cluster-port", &bus.get().to_string()]
                .map(str::to_owned)
                .to_vec()
        });
        Self { server, bus: bus.get() }
    }

    fn meet(&self, other: &Self) {
        self.ask(&["CLUSTER", "MEET", "127.0.0.1", &port(other), &other.bus.to_string()]);
    }

    fn cluster_says(&self, what: &str) -> bool {
        self.ask(&["CLUSTER", "INFO"]).contains(what)
    }

    fn replication_says(&self, what: &str) -> bool {
        self.ask(&["INFO", "replication"]).contains(what)
    }
}

impl Cluster {
    async fn start() -> Self {
        let mut masters: Vec<_> = SLOTS.iter().map(|_| Node::start()).collect();
        for (master, (from, to)) in masters.iter().zip(SLOTS) {
            master.ask(&["CLUSTER", "ADDSLOTSRANGE", from, to]);
        }
        let replica = Node::start();
        for other in masters[1..].iter().chain([&replica]) {
            masters[0].meet(other);
        }
        for node in masters.iter().chain([&replica]) {
            until_true(|| node.cluster_says("cluster_state:ok") && node.cluster_says("cluster_known_nodes:4")).await;
        }
        let slot: u32 = masters[0].ask(&["CLUSTER", "KEYSLOT", "allot:{one}:probe"]).parse().unwrap();
        let ours = SLOTS.iter().position(|(_, to)| slot <= to.parse().unwrap()).unwrap();
        let master = masters.remove(ours);
        replica.ask(&["CLUSTER", "REPLICATE", &master.ask(&["CLUSTER", "MYID"])]);
        until_true(|| replica.replication_says("master_link_status:up")).await;
        Self { master, replica, others: masters }
    }

    /// Our slot goes to the replica. Redis gives a hand-over up after five seconds, which a busy machine may take.
    async fn hand_over(&self) {
        for _ in 0..4 {
            self.replica.ask(&["CLUSTER", "FAILOVER"]);
            let given_up = Instant::now() + Duration::from_secs(6);
            while Instant::now() < given_up {
                if self.replica.replication_says("role:master") && self.master.replication_says("role:slave") {
                    return;
                }
                tokio::task::yield_now().await;
            }
        }
        panic!("the slot was not handed over");
    }

    /// None of the nodes that it names has our slot.
    fn url(&self) -> String {
        format!("redis+cluster://127.0.0.1:1,{},{}", self.others[0].place(), self.others[1].place())
    }
}

#[tokio::test]
async fn the_node_with_our_slot_is_found_and_followed() {
    let mut redis = Cluster::start().await;
    let (one, two) = (process(&redis.url(), "one", CALL).await, process(&redis.url(), "one", CALL).await);
    assert_eq!(one.put_if_newer(BUDGET, Version(9), b"nine").await, Ok(true));
    assert_eq!(timeout(PATIENCE, two.news()).await.unwrap(), [Head { budget: BUDGET, version: Version(9) }]);
    // Limits of two keys are charged in one script.
    crate::limits::charge_both(&one).await;

    // An operator moves the slot to the replica; the first call to the former master says so.
    redis.hand_over().await;
    for shared in [&one, &two] {
        assert!(!answers(shared).await);
        assert_ne!(shared.breaker(), Condition::Closed, "one answer is enough to know");
        until(shared, Condition::Closed).await;
    }
    assert_eq!(two.get(BUDGET).await, Ok(Some((Version(9), b"nine".to_vec()))));
    assert_eq!(one.put_if_newer(BUDGET, Version(10), b"ten").await, Ok(true));
    assert_eq!(timeout(PATIENCE, two.news()).await.unwrap(), [Head { budget: BUDGET, version: Version(10) }]);

    // The new master dies, and the former one takes over.
    until_true(|| redis.master.replication_says("master_link_status:up")).await;
    redis.replica.server.kill();
    for shared in [&one, &two] {
        until_true(|| shared.breaker() != Condition::Closed).await;
        assert!(!answers(shared).await);
    }
    for shared in [&one, &two] {
        until(shared, Condition::Closed).await;
    }
    assert!(redis.master.replication_says("role:master"));
    assert_eq!(one.put_if_newer(BUDGET, Version(8), b"eight").await, Ok(false), "what is older stays so");
    assert_eq!(one.put_if_newer(BUDGET, Version(11), b"eleven").await, Ok(true));
    assert_eq!(timeout(PATIENCE, two.news()).await.unwrap(), [Head { budget: BUDGET, version: Version(11) }]);
}

#[tokio::test]
async fn a_cluster_that_does_not_serve_our_slot_is_doing_without() {
    let lonely = Node::start();
    let url = format!("redis+cluster://{}", lonely.place());
    let shared = Shared::start(&Address::parse(&url).unwrap(), "one", CALL).await.unwrap();
    until(&shared, Condition::Open).await;
    assert!(!answers(&shared).await);
    lonely.ask(&["CLUSTER", "ADDSLOTSRANGE", "0", "16383"]);
    until(&shared, Condition::Closed).await;
    assert!(answers(&shared).await);
}

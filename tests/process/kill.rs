//! An acknowledged submission survives `kill -9` at any moment, and a replayed one counts once.

use crate::program::{Connection, Serving, err, out, run};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    net::SocketAddr,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

const KILLS: u64 = 20;
const CLIENTS: u64 = 6;
/// The first moment at which a kill may come, and the step between possible moments.
const EARLIEST: Duration = Duration::from_millis(20);
const STEP: Duration = Duration::from_millis(3);
const SUBMIT: &str = "/api/v1/budgets/us-fy2024/submissions";
const SLUGS: [&str; 8] = [
    "social-security",
    "medicare",
    "medicaid",
    "defense",
    "income-security-veterans",
    "net-interest",
    "foreign-aid",
    "other",
];

/// What a client sent, and whether it was told that it is stored.
struct Sent {
    id: String,
    body: String,
    answer: Option<String>,
}

/// SplitMix64: the same run every time, as far as threads allow.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

fn submission(random: &mut Random) -> Sent {
    let millis = now();
    let (a, b) = (random.next(), random.next());
    let id = format!(
        "{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}",
        millis >> 16,
        millis & 0xffff,
        a & 0xfff,
        a >> 12 & 0xfff,
        b >> 16
    );
    let first = random.next() % 10_001;
    let points: HashMap<_, _> = SLUGS
        .iter()
        .map(|slug| {
            (
                *slug,
                match *slug {
                    "medicare" => first,
                    "other" => 10_000 - first,
                    _ => 0,
                },
            )
        })
        .collect();
    let body = json!({ "id": id, "points": points }).to_string();
    Sent { id, body, answer: None }
}

#[expect(clippy::disallowed_methods, reason = "a client has no other clock")]
fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as u64
}

/// Submits until the server is gone; replays what got no answer before, and some of what did.
fn submit(
    address: SocketAddr,
    mut random: Random,
    mut pending: Vec<Sent>,
    stop: &AtomicBool,
    first: &mpsc::Sender<()>,
) -> Vec<Sent> {
    let mut done: Vec<Sent> = Vec::new();
    let Ok(mut connection) = Connection::open(address) else { return pending };
    while !stop.load(Ordering::Relaxed) {
        let replay = random.next().is_multiple_of(4) && !done.is_empty();
        let mut sent = if replay {
            let at = random.next() as usize % done.len();
            done.swap_remove(at)
        } else {
            pending.pop().unwrap_or_else(|| submission(&mut random))
        };
        match connection.send("POST", SUBMIT, "content-type: application/json\r\n", &sent.body) {
            Ok((status @ (200 | 201), body)) => {
                if let Some(before) = &sent.answer {
                    assert_eq!((status, before), (200, &body), "a replay is answered to the letter");
                }
                sent.answer = Some(body);
                let _ = first.send(());
                done.push(sent);
            }
            Ok((503, _)) => pending.push(sent),
            Ok((status, body)) => panic!("{status}: {body}"),
            Err(_) => {
                pending.push(sent);
                break;
            }
        }
    }
    done.append(&mut pending);
    done
}

#[test]
fn acknowledged_submissions_survive_twenty_kills_and_count_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(7);
    let mut acknowledged: Vec<Sent> = Vec::new();
    let mut unanswered: Vec<Sent> = Vec::new();
    for _ in 0..KILLS {
        let mut server = Serving::start(folder.path());
        let stop = Arc::new(AtomicBool::new(false));
        let (first, answered) = mpsc::channel();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (address, stop, first) = (server.address, Arc::clone(&stop), first.clone());
                let random = Random(random.next());
                let share = unanswered.len() / CLIENTS as usize + 1;
                let pending = unanswered.split_off(unanswered.len().saturating_sub(share));
                thread::spawn(move || submit(address, random, pending, &stop, &first))
            })
            .collect();
        answered.recv_timeout(Duration::from_secs(20)).expect("the restarted server takes submissions");
        let moment = Instant::now() + EARLIEST + STEP * (random.next() % 64) as u32;
        thread::sleep(moment.saturating_duration_since(Instant::now()));
        server.kill();
        stop.store(true, Ordering::Relaxed);
        for client in clients {
            let (done, rest): (Vec<_>, Vec<_>) =
                client.join().unwrap().into_iter().partition(|sent| sent.answer.is_some());
            acknowledged.extend(done);
            unanswered.extend(rest);
        }
    }
    assert!(acknowledged.len() > 200, "only {} submissions: the test proves little", acknowledged.len());
    let sums = check_each(folder.path(), &acknowledged, &unanswered);
    check_totals(folder.path(), sums);
}

/// Every acknowledged one is there with its points. What got no answer may be there: sending it again settles
/// it. Answers how many there are and their points for the second category.
fn check_each(folder: &Path, acknowledged: &[Sent], unanswered: &[Sent]) -> (u64, u64) {
    let mut server = Serving::start(folder);
    let mut connection = Connection::open(server.address).unwrap();
    for sent in unanswered {
        let (status, body) = connection.send("POST", SUBMIT, "content-type: application/json\r\n", &sent.body).unwrap();
        assert!(matches!(status, 200 | 201), "{status}: {body}");
    }
    let mut points = 0;
    for sent in acknowledged.iter().chain(unanswered) {
        let (status, body) = connection.send("GET", &format!("/api/v1/submissions/{}", sent.id), "", "").unwrap();
        assert_eq!(status, 200, "{} is lost: {:?}", sent.id, sent.answer);
        let (stored, sent): (Value, Value) =
            (serde_json::from_str(&body).unwrap(), serde_json::from_str(&sent.body).unwrap());
        assert_eq!((&stored["points"], &stored["counted"]), (&sent["points"], &json!(true)));
        points += sent["points"]["medicare"].as_u64().unwrap();
    }
    assert!(server.terminate(), "a server without requests stops in order");
    ((acknowledged.len() + unanswered.len()) as u64, points)
}

fn check_totals(folder: &Path, (people, points): (u64, u64)) {
    let verified = run(folder, &["aggregates", "verify"], &[]);
    assert!(verified.status.success(), "{}{}", out(&verified), err(&verified));
    let server = Serving::start(folder);
    let mut connection = Connection::open(server.address).unwrap();
    let (_, aggregate) = connection.send("GET", "/api/v1/budgets/us-fy2024/aggregate", "", "").unwrap();
    let aggregate: Value = serde_json::from_str(&aggregate).unwrap();
    assert_eq!(
        (&aggregate["submissions"], &aggregate["categories"][1]["sum_points"]),
        (&json!(people), &json!(points))
    );
}

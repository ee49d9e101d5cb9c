//! An acknowledged submission survives `kill -9` at any moment, and a replayed one counts once.

use crate::{
    program::{Connection, Serving, err, out, run},
    traffic::{JSON, Random, SUBMIT, Sent, submission},
};
use serde_json::{Value, json};
use std::{
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
        match connection.send("POST", SUBMIT, JSON, &sent.body) {
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
        let (status, body) = connection.send("POST", SUBMIT, JSON, &sent.body).unwrap();
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

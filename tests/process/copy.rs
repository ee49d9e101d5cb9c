//! `allot db copy` between real databases, in both directions.

use crate::{
    databases::PgDatabase,
    everything::{self, Everything, open, runtime, sqlite},
    program::{Connection, Serving, allot, err, out, run},
    traffic::{JSON, Random, SUBMIT, Sent, submission},
};
use domain::{Allocation, Budget, Category, Segment, SegmentValue, SubmissionId, Timestamp};
use service::port::{BudgetId, Clock, NewSubmission, Participant, Store, SystemClock, Transfer};
use std::{
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

const SECRET: (&str, &str) = ("ALLOT_SECRET", "the same secret before and after the move");

/// Three categories, one segment of two answers.
fn budget(slug: &str) -> Budget {
    let category = |slug: &str| Category {
        slug: slug.into(),
        name: slug.to_uppercase(),
        description: String::new(),
        color: "#112233".into(),
        actual_points: None,
    };
    let values = ["younger", "older"].map(|slug| SegmentValue { slug: slug.into(), name: slug.into() });
    Budget {
        slug: slug.into(),
        title: slug.into(),
        currency: "EUR".into(),
        categories: ["schools", "roads", "parks"].map(category).into(),
        actual: None,
        segments: vec![Segment { slug: "age".into(), name: "Age".into(), values: values.into() }],
        translations: Default::default(),
    }
}

fn someone(budget: BudgetId, random: &mut Random) -> NewSubmission {
    let back = (random.next() % 5_000_000) as i64;
    let at = Timestamp::from_millis(SystemClock.now().as_millis() - back);
    let mut bits = [0; 10];
    bits[..8].copy_from_slice(&random.next().to_be_bytes());
    let first = (random.next() % 10_001) as u16;
    let participant = random.next().is_multiple_of(2).then(|| Participant(random.next() % 40));
    let answer = (random.next() % 3) as u8;
    NewSubmission {
        id: SubmissionId::from_parts(at, bits),
        budget,
        participant,
        allocation: Allocation::from_points(&[first, 10_000 - first, 0], 3).unwrap(),
        segments: if answer == 0 { Box::default() } else { [answer].into() },
    }
}

/// Participants who come back, answers, deletions, a closed budget and one without submissions.
pub(crate) async fn fill(store: &dyn Store) {
    let mut random = Random(5);
    for slug in ["city", "town", "village"] {
        store.import_budget(&budget(slug), SystemClock.now()).await.unwrap();
    }
    let budgets = store.budgets().await.unwrap();
    for record in &budgets[..2] {
        let batch: Vec<_> = (0..200).map(|_| someone(record.id, &mut random)).collect();
        for part in batch.chunks(23) {
            store.commit(part, SystemClock.now()).await.unwrap();
        }
        for gone in batch.iter().step_by(17) {
            store.delete(gone.id, SystemClock.now()).await.unwrap();
        }
        store.fold(record.id, 3).await.unwrap();
    }
    store.set_closed(budgets[1].id, true, SystemClock.now()).await.unwrap();
}

fn serving(folder: &Path, environment: &[(&str, &str)]) -> Serving {
    let environment: Vec<_> = environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Serving::start_at(folder, "127.0.0.1:0", &environment)
}

fn copy(folder: &Path, from: &str, to: &str) -> String {
    let copied = run(folder, &["db", "copy", "--from", from, "--to", to], &[]);
    assert!(copied.status.success(), "{}{}", out(&copied), err(&copied));
    out(&copied)
}

#[test]
fn everything_goes_to_postgresql_and_back_and_is_the_same() {
    let (folder, database) = (tempfile::tempdir().unwrap(), PgDatabase::new());
    let (first, last) = (sqlite(&folder.path().join("a.sqlite")), sqlite(&folder.path().join("b/b.sqlite")));
    let all = |url: &str| {
        let url = url.to_owned();
        runtime().block_on(async move { everything::of(&open(&url).await).await })
    };
    runtime().block_on(async { fill(&*open(&first).await).await });
    let before = all(&first);
    let (counted, other): (Vec<_>, Vec<_>) = before.submissions.iter().partition(|row| row.stored.counted);
    assert!(counted.len() > 100 && other.len() > 100 && before.tombstones.len() == 24, "{}", before.tombstones.len());
    assert!(other.iter().any(|row| row.first_counted), "some were superseded later");
    let said = copy(folder.path(), &first, &database.url);
    assert!(said.contains("3 budgets, 376 submissions, of which 376 are new, 0 deleted"), "{said}");
    assert!(said.contains("city: exact") && said.contains("village: exact, 0 counted"), "{said}");
    assert_eq!(all(&database.url), before);
    copy(folder.path(), &database.url, &last);
    assert_eq!(all(&last), before);
    let again = copy(folder.path(), &first, &database.url);
    assert!(again.contains("376 submissions, of which 0 are new, 0 deleted, 0 counted otherwise"), "{again}");
}

#[test]
fn who_repeats_a_submission_after_the_move_gets_the_same_answer_to_the_letter() {
    let (folder, database) = (tempfile::tempdir().unwrap(), PgDatabase::new());
    let send = |server: &Serving, sent: &Sent| {
        let mut connection = Connection::open(server.address).unwrap();
        connection.send("POST", SUBMIT, JSON, &sent.body).unwrap()
    };
    let mut random = Random(9);
    let said: Vec<Sent> = (0..5).map(|_| submission(&mut random)).collect();
    let mut server = serving(folder.path(), &[SECRET]);
    let answers: Vec<_> = said.iter().map(|sent| send(&server, sent)).collect();
    assert!(answers.iter().all(|(status, _)| *status == 201));
    assert!(server.terminate());
    copy(folder.path(), &sqlite(&folder.path().join("data/allot.sqlite")), &database.url);
    let server = serving(folder.path(), &[SECRET, ("DATABASE_URL", &database.url)]);
    for (sent, (_, first)) in said.iter().zip(&answers) {
        assert_eq!(send(&server, sent), (200, first.clone()));
    }
    assert_eq!(send(&server, &submission(&mut random)).0, 201);
    // What came in there is not overwritten by one more copy.
    let from = sqlite(&folder.path().join("data/allot.sqlite"));
    let refused = run(folder.path(), &["db", "copy", "--from", &from, "--to", &database.url], &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(err(&refused).contains("has been used since it was copied to: us-fy2024"), "{}", err(&refused));
}

/// Kills the copy a few times somewhere in the middle, then lets it come to its end.
fn killed_and_resumed(folder: &Path, from: &str, to: &str) {
    let arguments = ["db", "copy", "--from", from, "--to", to];
    let (runtime, mut random, mut middle) = (runtime(), Random(3), 0);
    let target = runtime.block_on(open(to));
    let there = || runtime.block_on(rows(&target));
    let all = runtime.block_on(async { rows(&open(from).await).await });
    for _ in 0..5 {
        let before = there();
        let mut child = allot(folder, &arguments).stdout(Stdio::null()).spawn().unwrap();
        while there() == before && child.try_wait().unwrap().is_none() {}
        thread::sleep(Duration::from_millis(random.next() % 60));
        child.kill().unwrap();
        child.wait().unwrap();
        middle += usize::from((1..all).contains(&there()));
    }
    assert!(middle > 0, "no kill came in the middle of {all} rows");
    copy(folder, from, to);
    let (before, after): (Everything, Everything) =
        runtime.block_on(async { (everything::of(&open(from).await).await, everything::of(&target).await) });
    assert_eq!(after, before);
}

/// Submissions in the database.
async fn rows(store: &Arc<dyn Transfer>) -> u64 {
    let (send, mut parts) = tokio::sync::mpsc::channel(1);
    let export = Arc::clone(store);
    let export = tokio::spawn(async move { export.export(send).await });
    let Some(service::port::Part::Overview(overview)) = parts.recv().await else { panic!("no overview") };
    drop(parts);
    export.await.unwrap().unwrap();
    overview.submissions
}

#[test]
fn a_copy_that_is_killed_again_and_again_goes_on_and_doubles_nothing() {
    let (folder, database) = (tempfile::tempdir().unwrap(), PgDatabase::new());
    let simulate = ["simulate", "--submissions", "40000", "--budget", "us-fy2024"];
    assert!(run(folder.path(), &simulate, &[]).status.success());
    let from = sqlite(&folder.path().join("data/allot.sqlite"));
    killed_and_resumed(folder.path(), &from, &database.url);
    killed_and_resumed(folder.path(), &database.url, &sqlite(&folder.path().join("back.sqlite")));
}

#[test]
fn a_second_run_brings_what_came_in_during_the_first_one() {
    let (folder, database) = (tempfile::tempdir().unwrap(), PgDatabase::new());
    let from = sqlite(&folder.path().join("a.sqlite"));
    let runtime = runtime();
    let source = runtime.block_on(open(&from));
    runtime.block_on(fill(&*source));
    let stop = Arc::new(AtomicBool::new(false));
    let busy = {
        let (source, stop) = (Arc::clone(&source), Arc::clone(&stop));
        runtime.spawn(async move {
            let (city, mut random) = (source.budgets().await.unwrap()[0].id, Random(77));
            let mut last = None;
            while !stop.load(Ordering::Relaxed) {
                let new = someone(city, &mut random);
                source.commit(std::slice::from_ref(&new), SystemClock.now()).await.unwrap();
                if let Some(gone) = last.replace(new.id).filter(|_| random.next().is_multiple_of(3)) {
                    source.delete(gone, SystemClock.now()).await.unwrap();
                }
            }
        })
    };
    let said = copy(folder.path(), &from, &database.url);
    assert!(said.contains("run the same command once more for the rest"), "{said}");
    stop.store(true, Ordering::Relaxed);
    runtime.block_on(busy).unwrap();
    let said = copy(folder.path(), &from, &database.url);
    assert!(!said.contains("once more"), "{said}");
    let (before, after) =
        runtime.block_on(async { (everything::of(&source).await, everything::of(&open(&database.url).await).await) });
    assert_eq!(after, before);
}

#[test]
fn what_cannot_be_copied_is_said_with_a_hint_and_without_a_password() {
    let folder = tempfile::tempdir().unwrap();
    let in_folder = |name: &str| sqlite(&folder.path().join(name));
    for name in ["a.sqlite", "b.sqlite"] {
        runtime().block_on(async { fill(&*open(&in_folder(name)).await).await });
    }
    let secret = "postgres://me:hunter2@127.0.0.1:1/x";
    for (from, to, said) in [
        (in_folder("none.sqlite"), in_folder("c.sqlite"), "there is no database"),
        (in_folder("a.sqlite"), in_folder("a.sqlite"), "are the same database"),
        (in_folder("a.sqlite"), in_folder("b.sqlite"), "holds budgets or submissions of its own"),
        ("mysql://me:hunter2@db/x".into(), in_folder("c.sqlite"), "is no database; allowed: "),
        (secret.into(), in_folder("c.sqlite"), "postgres://me:***@127.0.0.1:1/x: "),
        (in_folder("a.sqlite"), secret.into(), "postgres://me:***@127.0.0.1:1/x: "),
    ] {
        let failed = run(folder.path(), &["db", "copy", "--from", &from, "--to", &to], &[]);
        let text = err(&failed);
        assert_eq!(failed.status.code(), Some(1), "{text}");
        assert!(text.contains(said) && text.contains("\nhint: ") && text.lines().count() == 2, "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
    assert!(!folder.path().join("none.sqlite").exists());
    assert_eq!(run(folder.path(), &["db", "copy", "--from", "sqlite:a"], &[]).status.code(), Some(2));
}

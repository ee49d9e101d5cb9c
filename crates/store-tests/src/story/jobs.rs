//! Background jobs: what commits leave behind, and the queue as operators see it.

use crate::{
    Database,
    sample::{self, id, submission},
    world::{World, at},
};
use domain::{Timestamp, summary::Summary};
use service::{
    jobs::{Job, Kind},
    port::{Correction, Enqueued, JobFilter, JobQueue, JobRecord, JobState, Store},
};
use std::sync::Arc;

const MANY: u32 = 1000;

/// A world whose own jobs are in the queue already, and cancelled.
async fn world<D: Database>() -> (World<D>, Arc<dyn JobQueue>) {
    let world = World::<D>::new().await;
    let queue = world.database.queue();
    queue.relay(MANY, at(0)).await.unwrap();
    for job in all(&queue).await {
        queue.cancel(&job.id, at(0)).await.unwrap();
    }
    (world, queue)
}

async fn all(queue: &Arc<dyn JobQueue>) -> Vec<JobRecord> {
    queue.list(JobFilter { limit: MANY, ..JobFilter::default() }).await.unwrap()
}

async fn waiting(queue: &Arc<dyn JobQueue>) -> Vec<String> {
    let filter = JobFilter { state: Some(JobState::Waiting), limit: MANY, ..JobFilter::default() };
    let mut jobs: Vec<_> = queue.list(filter).await.unwrap().into_iter().map(|job| job.job).collect();
    jobs.sort();
    jobs
}

pub(crate) async fn what_belongs_to_a_commit_is_left_with_it_and_becomes_one_job<D: Database>() {
    let (world, queue) = world::<D>().await;
    world.another_budget("village").await;
    world.store.set_closed(world.budget, true, at(1)).await.unwrap();
    world.store.set_closed(world.budget, false, at(2)).await.unwrap();
    assert_eq!(queue.stats(at(3)).await.unwrap().outbox, 3);
    assert_eq!(waiting(&queue).await, [""; 0], "nothing is in the queue before it is moved there");
    // In steps, as two workers at once would.
    assert_eq!(queue.relay(2, at(3)).await.unwrap(), 2);
    assert_eq!(queue.relay(2, at(3)).await.unwrap(), 1);
    assert_eq!(queue.relay(2, at(3)).await.unwrap(), 0);
    let expected = [Job::warm("city").to_json(), Job::warm("village").to_json()];
    assert_eq!(waiting(&queue).await, expected, "one job warms for both changes");
    assert_eq!(queue.stats(at(3)).await.unwrap().outbox, 0);
}

pub(crate) async fn a_change_that_was_not_made_leaves_no_job<D: Database>() {
    let (world, queue) = world::<D>().await;
    world.store.import_budget(&sample::budget("city"), at(1)).await.unwrap();
    world.store.set_closed(world.budget, false, at(1)).await.unwrap();
    let version = world.store.heads().await.unwrap()[0].version;
    let nothing = world.store.correct(world.budget, &Summary::default(), version, at(1)).await.unwrap();
    assert!(matches!(nothing, Correction::Applied { .. }));
    // The way of submissions leaves none either: it must stay as quick as it is.
    world.submit(&submission(world.budget, id(at(0), 0))).await;
    assert_eq!(queue.relay(MANY, at(2)).await.unwrap(), 0);
}

pub(crate) async fn a_job_with_a_key_is_there_once<D: Database>() {
    let (_world, queue) = world::<D>().await;
    let job = Job::Verify { budget: None };
    let Enqueued::Added(first) = queue.enqueue(&job, Some("verify@1"), at(0)).await.unwrap() else { panic!() };
    assert_eq!(queue.enqueue(&job, Some("verify@1"), at(0)).await.unwrap(), Enqueued::Known);
    queue.cancel(&first, at(1)).await.unwrap();
    assert_eq!(queue.enqueue(&job, Some("verify@1"), at(2)).await.unwrap(), Enqueued::Known, "also after it ended");
    assert!(matches!(queue.enqueue(&job, Some("verify@2"), at(2)).await.unwrap(), Enqueued::Added(_)));
}

pub(crate) async fn a_job_that_waits_is_not_added_again<D: Database>() {
    let (_world, queue) = world::<D>().await;
    let Enqueued::Added(first) = queue.enqueue(&Job::warm("city"), None, at(0)).await.unwrap() else { panic!() };
    assert_eq!(queue.enqueue(&Job::warm("city"), None, at(1)).await.unwrap(), Enqueued::Known);
    assert!(matches!(queue.enqueue(&Job::warm("village"), None, at(1)).await.unwrap(), Enqueued::Added(_)));
    queue.cancel(&first, at(1)).await.unwrap();
    assert!(matches!(queue.enqueue(&Job::warm("city"), None, at(2)).await.unwrap(), Enqueued::Added(_)));
}

pub(crate) async fn a_waiting_job_can_be_cancelled_and_tried_again<D: Database>() {
    let (_world, queue) = world::<D>().await;
    let Enqueued::Added(id) = queue.enqueue(&Job::Upkeep, None, at(0)).await.unwrap() else { panic!() };
    let job = queue.find(&id).await.unwrap().unwrap();
    assert_eq!((job.state, job.kind().as_str(), job.attempts), (JobState::Waiting, "upkeep", 0));
    assert_eq!(job.max_attempts, Kind::Upkeep.policy().attempts);
    let second = |at: Timestamp| at.as_millis() / 1000;
    assert_eq!(second(job.run_at), second(at(0)));
    queue.hand_back(&id, "somebody", at(5000)).await.unwrap();
    assert_eq!(queue.find(&id).await.unwrap(), Some(job), "nobody has it");
    let stats = queue.stats(at(5000)).await.unwrap();
    assert!(stats.counts.contains(&("upkeep".into(), JobState::Waiting, 1)), "{stats:?}");
    assert_eq!(stats.oldest_waiting.map(second), Some(second(at(0))));
    assert_eq!(queue.cancel(&id, at(1)).await.unwrap(), Some(JobState::Waiting));
    assert_eq!(queue.cancel(&id, at(1)).await.unwrap(), Some(JobState::Cancelled));
    let job = queue.find(&id).await.unwrap().unwrap();
    assert_eq!((job.state, job.finished.map(second)), (JobState::Cancelled, Some(second(at(1)))));
    assert!(queue.note(&id, None).await.unwrap(), "a worker that has it would stop");
    assert_eq!(queue.retry(&id, at(2)).await.unwrap(), Some(JobState::Cancelled));
    assert_eq!(queue.find(&id).await.unwrap().unwrap().state, JobState::Waiting);
    assert!(!queue.note(&id, Some("half")).await.unwrap());
    assert_eq!(queue.find(&id).await.unwrap().unwrap().progress.as_deref(), Some("half"));
    for unknown in ["", "01KAJ6R3M8Z7Q4F2T9X5C1B0DE"] {
        assert_eq!(queue.find(unknown).await.unwrap(), None);
        assert_eq!(queue.cancel(unknown, at(3)).await.unwrap(), None);
        assert_eq!(queue.retry(unknown, at(3)).await.unwrap(), None);
    }
}

pub(crate) async fn only_what_ended_well_is_forgotten<D: Database>() {
    let (_world, queue) = world::<D>().await;
    let before = all(&queue).await.len() as u64;
    assert!(before > 0, "the world's own jobs were cancelled");
    let Enqueued::Added(waits) = queue.enqueue(&Job::Backup, None, at(0)).await.unwrap() else { panic!() };
    assert_eq!(queue.forget(at(-5000)).await.unwrap(), 0, "too young");
    assert_eq!(queue.forget(at(5000)).await.unwrap(), before);
    assert_eq!(all(&queue).await.into_iter().map(|job| job.id).collect::<Vec<_>>(), [waits]);
}

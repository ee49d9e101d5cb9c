//! Audit and correction: a rebuild without stopping anybody.

use crate::{
    Database,
    sample::{Reword, id, submission},
    world::{World, at, version},
};
use domain::summary::{Entry, Summary};
use service::port::{Correction, Store, Version};

fn applied(correction: Correction) -> Version {
    match correction {
        Correction::Applied { version } => version,
        Correction::Stale => panic!("nobody else has corrected"),
    }
}

/// Two people, and a summary that has one too many.
async fn spoiled<D: Database>() -> World<D> {
    let world = World::<D>::new().await;
    for n in 0..2 {
        world.submit(&submission(world.budget, id(at(0), n)).by(n).answers([1, 0])).await;
    }
    let mut difference = Summary::default();
    difference.count(&Entry { day: at(0).day(), segments: [2, 3].into(), points: [1, 2, 9997].into() }, 1);
    let before = world.store.heads().await.unwrap()[0].version;
    let after = applied(world.store.correct(world.budget, &difference, before, at(1)).await.unwrap());
    assert!(after > before);
    assert_eq!(world.store.heads().await.unwrap()[0].version, after);
    assert_eq!(world.people().await, 3);
    world
}

pub(crate) async fn a_correction_mends_what_the_audit_finds<D: Database>() {
    let world = spoiled::<D>().await;
    let audit = world.store.audit(world.budget, &|_| {}).await.unwrap().unwrap();
    let difference = audit.raw.difference(&audit.summary);
    assert_eq!(difference.cells().count(), 4, "total, day and two segments");
    applied(world.store.correct(world.budget, &difference, audit.version, at(2)).await.unwrap());
    assert_eq!(world.people().await, 2);
    world.assert_exact().await;
}

pub(crate) async fn a_correction_commutes_with_commits_in_between<D: Database>() {
    let world = spoiled::<D>().await;
    let audit = world.store.audit(world.budget, &|_| {}).await.unwrap().unwrap();
    world.submit_at(&submission(world.budget, id(at(5), 0)).by(0).points([0, 0, 10_000]), at(5)).await;
    world.store.fold(world.budget, 2).await.unwrap();
    world.store.delete(id(at(0), 1), at(6)).await.unwrap();
    let newest = version(world.submit_at(&submission(world.budget, id(at(7), 0)), at(7)).await);
    let difference = audit.raw.difference(&audit.summary);
    assert!(applied(world.store.correct(world.budget, &difference, audit.version, at(7)).await.unwrap()) > newest);
    assert_eq!(world.sums().await, [5000, 3000, 12_000]);
    world.assert_exact().await;
}

pub(crate) async fn a_correction_is_folded_like_every_delta<D: Database>() {
    let world = spoiled::<D>().await;
    world.store.fold(world.budget, 100).await.unwrap();
    assert_eq!(world.people().await, 3);
    let audit = world.store.audit(world.budget, &|_| {}).await.unwrap().unwrap();
    let difference = audit.raw.difference(&audit.summary);
    applied(world.store.correct(world.budget, &difference, audit.version, at(2)).await.unwrap());
    assert_eq!(world.store.fold(world.budget, 100).await.unwrap(), 1);
    world.assert_exact().await;
}

pub(crate) async fn a_repeated_correction_corrects_once<D: Database>() {
    let world = spoiled::<D>().await;
    let other = world.database.open().await;
    // Two rebuilds at once have found the same.
    let audit = world.store.audit(world.budget, &|_| {}).await.unwrap().unwrap();
    let difference = audit.raw.difference(&audit.summary);
    applied(world.store.correct(world.budget, &difference, audit.version, at(2)).await.unwrap());
    let heads = world.store.heads().await.unwrap();
    for store in [&world.store, &other] {
        let again = store.correct(world.budget, &difference, audit.version, at(3)).await.unwrap();
        assert_eq!(again, Correction::Stale);
    }
    assert_eq!(world.store.heads().await.unwrap(), heads);
    world.assert_exact().await;
}

pub(crate) async fn nothing_to_correct_leaves_the_version<D: Database>() {
    let world = spoiled::<D>().await;
    let head = world.store.heads().await.unwrap()[0].version;
    let unfolded = world.store.unfolded().await.unwrap();
    let nothing = world.store.correct(world.budget, &Summary::default(), Version(0), at(500)).await.unwrap();
    assert_eq!(nothing, Correction::Applied { version: head });
    assert_eq!(world.store.heads().await.unwrap()[0].version, head);
    assert_eq!(world.store.unfolded().await.unwrap(), unfolded);
}

pub(crate) async fn the_audit_reports_its_progress<D: Database>() {
    let world = spoiled::<D>().await;
    let rows = std::sync::atomic::AtomicU64::new(0);
    let report = |read| rows.store(read, std::sync::atomic::Ordering::Relaxed);
    world.store.audit(world.budget, &report).await.unwrap();
    assert_eq!(rows.into_inner(), 2);
}

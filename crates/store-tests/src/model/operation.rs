//! What may happen to a store, as proptest draws it. Indices are taken modulo what there is.

use crate::Fault;
use proptest::prelude::*;

/// Where the id of a submission comes from.
#[derive(Clone, Debug)]
pub(super) enum Id {
    /// A new one, this many milliseconds from now.
    New { offset: i64 },
    /// One that was used before, with the same content.
    Again(usize),
    /// One that was used before, with this content.
    Taken(usize),
}

#[derive(Clone, Debug)]
pub(super) struct Said {
    pub(super) id: Id,
    /// 0 and 1 are there, 2 is not.
    pub(super) budget: usize,
    pub(super) participant: Option<u64>,
    pub(super) points: usize,
    pub(super) segments: [u8; 2],
}

#[derive(Clone, Debug)]
pub(super) enum Operation {
    Commit {
        batch: Vec<Said>,
        faults: Vec<Fault>,
    },
    Bulk {
        budget: usize,
        batch: Vec<Said>,
    },
    Delete {
        n: usize,
        faults: Vec<Fault>,
    },
    Forget {
        days: i64,
    },
    Close {
        budget: usize,
        closed: bool,
        faults: Vec<Fault>,
    },
    Retitle {
        budget: usize,
        faults: Vec<Fault>,
    },
    Fold {
        budget: usize,
        limit: u32,
    },
    /// Spoils the summary; only a rebuild mends it.
    Spoil {
        budget: usize,
        points: usize,
        sign: bool,
        faults: Vec<Fault>,
    },
    Rebuild {
        budget: usize,
        faults: Vec<Fault>,
    },
    /// Everything before the month so many months before this one's.
    Archive {
        budget: usize,
        months: i64,
        limit: u32,
        faults: Vec<Fault>,
    },
    /// The clock moves by milliseconds, sometimes backwards.
    Clock(i64),
}

/// An operation and the handle that does it.
pub(super) type Step = (usize, Operation);

const DAY: i64 = 86_400_000;

fn id() -> impl Strategy<Value = Id> {
    let offset = prop_oneof![
        4 => -20i64..=20,
        2 => -3 * DAY..=DAY,
        1 => prop_oneof![Just(-90 * DAY), Just(-90 * DAY - 1), Just(DAY), Just(DAY + 1), -100 * DAY..=3 * DAY],
    ];
    prop_oneof![
        6 => offset.prop_map(|offset| Id::New { offset }),
        2 => any::<usize>().prop_map(Id::Again),
        1 => any::<usize>().prop_map(Id::Taken),
    ]
}

fn said() -> impl Strategy<Value = Said> {
    let budget = prop_oneof![12 => 0usize..=0, 5 => 1usize..=1, 1 => 2usize..=2];
    let participant = prop_oneof![1 => Just(None), 3 => (0u64..3).prop_map(Some)];
    let segments = prop_oneof![Just([0, 0]), [0u8..=2, 0u8..=3]];
    (id(), budget, participant, 0usize..6, segments).prop_map(|(id, budget, participant, points, segments)| Said {
        id,
        budget,
        participant,
        points,
        segments,
    })
}

/// Faults of the attempts before the one that is answered.
fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![Just(Fault::Before), Just(Fault::After)];
    prop_oneof![3 => Just(Vec::new()), 1 => prop::collection::vec(fault, 1..3)]
}

fn operation() -> impl Strategy<Value = Operation> {
    let batch = prop::collection::vec(said(), 1..8);
    let clock = prop_oneof![3 => 0i64..2000, 1 => 0..3 * DAY, 1 => -2000i64..0, 1 => -2 * DAY..0];
    prop_oneof![
        12 => (batch, faults()).prop_map(|(batch, faults)| Operation::Commit { batch, faults }),
        2 => (0usize..2, prop::collection::vec(said(), 1..12))
            .prop_map(|(budget, batch)| Operation::Bulk { budget, batch }),
        4 => (any::<usize>(), faults()).prop_map(|(n, faults)| Operation::Delete { n, faults }),
        1 => (-1i64..4).prop_map(|days| Operation::Forget { days }),
        1 => (0usize..2, any::<bool>(), faults())
            .prop_map(|(budget, closed, faults)| Operation::Close { budget, closed, faults }),
        1 => (0usize..2, faults()).prop_map(|(budget, faults)| Operation::Retitle { budget, faults }),
        3 => (0usize..2, 1u32..5).prop_map(|(budget, limit)| Operation::Fold { budget, limit }),
        1 => (0usize..2, 0usize..6, any::<bool>(), faults())
            .prop_map(|(budget, points, sign, faults)| Operation::Spoil { budget, points, sign, faults }),
        1 => (0usize..2, faults()).prop_map(|(budget, faults)| Operation::Rebuild { budget, faults }),
        1 => (0usize..2, 0i64..4, 1u32..20, faults())
            .prop_map(|(budget, months, limit, faults)| Operation::Archive { budget, months, limit, faults }),
        3 => clock.prop_map(Operation::Clock),
    ]
}

pub(super) fn history() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0usize..2, operation()), 1..40)
}

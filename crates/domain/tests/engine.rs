//! Laws of the allocation engine, over random sequences of everything that a person can do.

use domain::engine::{Ballot, Draft, Stop};
use domain::{Allocation, WHOLE, largest_remainder};
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Op {
    Set(usize, u16),
    Step(usize, i32),
    Lock(usize),
    Auto(bool),
    Even,
    Actual(Vec<u64>),
    Clear,
    Restore(Vec<u64>, u16),
    Begin,
    End,
    Undo,
    Redo,
}

fn ops(categories: usize) -> impl Strategy<Value = Vec<Op>> {
    let index = 0..categories;
    let wanted = prop_oneof![8 => 0..=WHOLE, 2 => 0..=300u16, 1 => Just(WHOLE), 1 => Just(0), 1 => any::<u16>()];
    let weights = || prop::collection::vec(prop_oneof![3 => 0..1000u64, 1 => Just(0)], categories);
    let op = prop_oneof![
        12 => (index.clone(), wanted.clone()).prop_map(|(i, w)| Op::Set(i, w)),
        // Moves of the same few sliders, as in drags.
        8 => (0..categories.min(2), wanted).prop_map(|(i, w)| Op::Set(i, w)),
        4 => (index.clone(), prop_oneof![Just(100), Just(-100), any::<i32>()]).prop_map(|(i, by)| Op::Step(i, by)),
        3 => index.prop_map(Op::Lock),
        3 => prop::bool::weighted(0.8).prop_map(Op::Auto),
        2 => Just(Op::Even),
        1 => weights().prop_map(Op::Actual),
        1 => Just(Op::Clear),
        1 => (weights(), 0..=WHOLE).prop_map(|(w, total)| Op::Restore(w, total)),
        3 => Just(Op::Begin),
        3 => Just(Op::End),
        4 => Just(Op::Undo),
        3 => Just(Op::Redo),
    ];
    prop::collection::vec(op, 1..80)
}

fn sessions() -> impl Strategy<Value = (usize, Vec<Op>)> {
    prop_oneof![4 => 2..6usize, 2 => Just(10usize), 1 => 2..=40usize]
        .prop_flat_map(|categories| (Just(categories), ops(categories)))
}

/// All that a person sees of a ballot.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen {
    points: Vec<u16>,
    locked: Vec<bool>,
    auto: bool,
}

fn seen(ballot: &Ballot) -> Seen {
    let points = ballot.points().to_vec();
    Seen { locked: (0..points.len()).map(|i| ballot.is_locked(i)).collect(), auto: ballot.auto_balance(), points }
}

fn apply(ballot: &mut Ballot, op: &Op) {
    match op {
        Op::Set(i, wanted) => _ = ballot.set(*i, *wanted),
        Op::Step(i, by) => _ = ballot.step(*i, *by),
        Op::Lock(i) => _ = ballot.toggle_lock(*i),
        Op::Auto(on) => _ = ballot.set_auto_balance(*on),
        Op::Even => _ = ballot.even_split(),
        Op::Actual(weights) => _ = ballot.actual(&largest_remainder(weights, WHOLE)),
        Op::Clear => _ = ballot.clear(),
        Op::Restore(weights, total) => _ = ballot.restore(&largest_remainder(weights, *total)),
        Op::Begin => ballot.begin_gesture(),
        Op::End => ballot.end_gesture(),
        Op::Undo => _ = ballot.undo(),
        Op::Redo => _ = ballot.redo(),
    }
}

/// What undo and redo should lead to, written down beside the engine.
#[derive(Default)]
struct Expected {
    before: Vec<Seen>,
    after: Vec<Seen>,
    in_gesture: bool,
    dragged: Option<usize>,
}

impl Expected {
    fn settle(&mut self, now: &Seen) {
        if self.dragged.take().is_some() && self.before.last() == Some(now) {
            self.before.pop();
        }
    }

    fn change(&mut self, old: &Seen, new: &Seen) {
        if old != new {
            self.before.push(old.clone());
            self.after.clear();
        }
    }

    fn follow(&mut self, op: &Op, old: &Seen, new: &Seen) -> Option<Seen> {
        match op {
            Op::Set(i, _) | Op::Step(i, _) => {
                let is_drag_of_it = self.in_gesture && self.dragged == Some(*i);
                if !old.locked[*i] && !is_drag_of_it {
                    self.settle(old);
                }
                if old != new && !is_drag_of_it {
                    self.dragged = self.in_gesture.then_some(*i);
                    self.change(old, new);
                }
            }
            Op::Undo => {
                self.settle(old);
                let expected = self.before.pop()?;
                self.after.push(old.clone());
                return Some(expected);
            }
            Op::Redo => {
                self.settle(old);
                let expected = self.after.pop()?;
                self.before.push(old.clone());
                return Some(expected);
            }
            Op::Begin | Op::End => {
                self.settle(old);
                self.in_gesture = matches!(op, Op::Begin);
            }
            _ => {
                self.settle(old);
                self.change(old, new);
            }
        }
        None
    }
}

fn total(seen: &Seen) -> u32 {
    seen.points.iter().map(|&p| u32::from(p)).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn the_total_never_exceeds_the_whole((categories, ops) in sessions()) {
        let mut ballot = Ballot::new(categories);
        for op in &ops {
            apply(&mut ballot, op);
            let sum = total(&seen(&ballot));
            prop_assert!(sum <= 10_000, "{sum} after {op:?}");
            prop_assert_eq!(u32::from(ballot.total()), sum);
            prop_assert_eq!(u32::from(ballot.left()), 10_000 - sum);
            prop_assert_eq!(ballot.is_complete(), sum == 10_000);
            prop_assert_eq!(ballot.allocation().is_some(), sum == 10_000);
        }
    }

    #[test]
    fn a_locked_category_never_moves((categories, ops) in sessions()) {
        let mut ballot = Ballot::new(categories);
        for op in &ops {
            let old = seen(&ballot);
            apply(&mut ballot, op);
            let new = seen(&ballot);
            for i in 0..categories {
                let held = old.locked[i] && new.locked[i];
                prop_assert!(!held || old.points[i] == new.points[i], "{i} moved by {op:?}");
            }
            if matches!(op, Op::Lock(_) | Op::Auto(_) | Op::Begin | Op::End) {
                prop_assert_eq!(old.points, new.points);
            }
        }
    }

    #[test]
    fn auto_balance_keeps_the_total_once_it_is_whole((categories, ops) in sessions()) {
        let mut ballot = Ballot::new(categories);
        for op in &ops {
            let old = seen(&ballot);
            apply(&mut ballot, op);
            let moves = matches!(op, Op::Set(..) | Op::Step(..) | Op::Even | Op::Actual(_) | Op::Lock(_) | Op::Auto(_));
            if moves && old.auto && total(&old) == 10_000 {
                prop_assert_eq!(ballot.total(), WHOLE, "after {:?}", op);
            }
        }
    }

    #[test]
    fn without_auto_balance_a_move_moves_only_its_slider((categories, ops) in sessions()) {
        let mut ballot = Ballot::new(categories);
        for op in &ops {
            let old = seen(&ballot);
            apply(&mut ballot, op);
            if let (Op::Set(i, _) | Op::Step(i, _), false) = (op, old.auto) {
                for j in (0..categories).filter(|j| j != i) {
                    prop_assert_eq!(old.points[j], ballot.points()[j]);
                }
            }
        }
    }

    #[test]
    fn a_change_says_what_was_applied_and_what_stopped_it((categories, ops) in sessions()) {
        let mut ballot = Ballot::new(categories);
        for op in &ops {
            let old = seen(&ballot);
            let Op::Set(i, wanted) = *op else {
                apply(&mut ballot, op);
                continue;
            };
            let change = ballot.set(i, wanted);
            prop_assert_eq!(change.applied, ballot.points()[i]);
            prop_assert_eq!(change.changed, old.points != ballot.points());
            prop_assert_eq!(change.stopped.is_none(), change.applied == wanted);
            match change.stopped {
                Some(Stop::Locked) => prop_assert!(old.locked[i]),
                Some(Stop::NothingLeft) => {
                    prop_assert!(ballot.is_complete() && change.applied < wanted);
                    // With auto-balance, something is left to take as long as another one has points.
                    prop_assert!(!old.auto || change.applied == WHOLE);
                }
                Some(Stop::OthersLocked) => {
                    prop_assert!(old.auto && ballot.is_complete());
                    let free = (0..categories).filter(|&j| j != i && !old.locked[j]);
                    // All that could give has given, or nobody is there to take.
                    prop_assert!(free.clone().count() == 0 || free.map(|j| ballot.points()[j]).sum::<u16>() == 0);
                }
                Some(Stop::NoSuchCategory) => prop_assert!(false),
                None => {}
            }
        }
    }

    #[test]
    fn undo_and_redo_restore_exactly((categories, ops) in sessions()) {
        let mut ballot = Ballot::new(categories);
        let mut expected = Expected::default();
        for op in &ops {
            let old = seen(&ballot);
            apply(&mut ballot, op);
            let new = seen(&ballot);
            match expected.follow(op, &old, &new) {
                Some(state) => prop_assert_eq!(&new, &state, "after {:?}", op),
                None if matches!(op, Op::Undo | Op::Redo) => prop_assert_eq!(&new, &old),
                None => {}
            }
            prop_assert_eq!(ballot.can_redo(), !expected.after.is_empty());
        }
        ballot.end_gesture();
        let end = seen(&ballot);
        let mut steps = 0;
        while ballot.undo() {
            steps += 1;
        }
        prop_assert_eq!(seen(&ballot), seen(&Ballot::new(categories)), "all undone");
        while ballot.redo() {
            steps -= 1;
        }
        // Whatever was undone before the end is done again as well.
        if expected.after.is_empty() {
            prop_assert_eq!(seen(&ballot), end);
            prop_assert_eq!(steps, 0);
        }
    }

    #[test]
    fn the_same_input_gives_the_same_output((categories, ops) in sessions()) {
        let (mut one, mut other) = (Ballot::new(categories), Ballot::new(categories));
        ops.iter().for_each(|op| apply(&mut one, op));
        ops.iter().for_each(|op| apply(&mut other, op));
        prop_assert_eq!(one, other);
    }

    #[test]
    fn with_auto_balance_where_a_slider_stands_decides_where_the_others_do(
        weights in prop::collection::vec(0..1000u64, 2..12),
        locks in any::<u16>(),
        way in prop::collection::vec(0..=WHOLE, 1..20),
    ) {
        let start = largest_remainder(&weights, WHOLE);
        let mut ballot = Ballot::new(start.len());
        ballot.restore(&start);
        (1..start.len()).filter(|i| locks >> i & 1 == 1).for_each(|i| _ = ballot.toggle_lock(i));
        ballot.set_auto_balance(true);
        let mut straight = ballot.clone();
        for &wanted in &way {
            ballot.begin_gesture();
            ballot.set(0, wanted);
            ballot.end_gesture();
        }
        straight.set(0, *way.last().unwrap());
        prop_assert_eq!(ballot.points(), straight.points());
        ballot.set(0, start[0]);
        prop_assert_eq!(ballot.points(), &start[..]);
    }

    #[test]
    fn with_auto_balance_sliders_at_zero_grow_when_another_shrinks(categories in 2..40usize, taken in 100..=WHOLE) {
        let mut ballot = Ballot::new(categories);
        ballot.set(0, WHOLE);
        ballot.set_auto_balance(true);
        ballot.set(0, WHOLE - taken);
        prop_assert!(ballot.points()[1..].iter().all(|&p| p > 0));
    }

    #[test]
    fn a_draft_is_the_ballot_without_its_history((categories, ops) in sessions()) {
        let slugs: Vec<String> = (0..categories).map(|i| format!("category-{i}")).collect();
        let slugs = || slugs.iter().map(String::as_str);
        let mut ballot = Ballot::new(categories);
        ops.iter().for_each(|op| apply(&mut ballot, op));
        let json = serde_json::to_string(&ballot.draft(slugs())).unwrap();
        let restored = serde_json::from_str::<Draft>(&json).unwrap().restore(slugs()).unwrap();
        prop_assert!(!restored.categories_changed);
        prop_assert_eq!(seen(&restored.ballot), seen(&ballot));
        // Of another budget, it is still a ballot that can be filled in.
        let other = serde_json::from_str::<Draft>(&json).unwrap().restore(slugs().rev().skip(1)).unwrap();
        prop_assert!(other.categories_changed && other.ballot.total() <= ballot.total());
    }

    #[test]
    fn a_complete_ballot_is_what_is_submitted(weights in prop::collection::vec(0..1000u64, 2..40)) {
        let points = largest_remainder(&weights, WHOLE);
        let mut ballot = Ballot::new(points.len());
        ballot.restore(&points);
        prop_assert_eq!(ballot.allocation(), Allocation::from_points(&points, points.len()).ok());
    }
}

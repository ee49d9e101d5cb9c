//! Stored bytes, and the engine behind the sliders.

use domain::{
    WHOLE,
    engine::Ballot,
    summary::{Cell, Entry, Summary},
};
use service::{Keys, aggregates::opens_as_sealed};

/// What can be decoded is encoded and decoded to the same.
pub(super) fn codec(bytes: &[u8]) {
    let Some((kind, bytes)) = bytes.split_first() else { return };
    match kind % 3 {
        0 => {
            let Ok(cell) = Cell::decode(bytes) else { return };
            assert_eq!(Cell::decode(&cell.encode()).as_ref(), Ok(&cell));
        }
        1 => {
            let Ok(entries) = Entry::decode_all(bytes) else { return };
            assert_eq!(Entry::decode_all(&Entry::encode_all(entries.iter())).as_ref(), Ok(&entries));
        }
        _ => {
            let Ok(summary) = Summary::decode(bytes) else { return };
            assert_eq!(Summary::decode(&summary.encode()).as_ref(), Ok(&summary));
        }
    }
}

/// Nothing opens but what was sealed with the same secret.
pub(super) fn snapshot(bytes: &[u8]) {
    assert!(!opens_as_sealed(&Keys::new(b"a secret that nobody has"), bytes));
}

/// The points never exceed the whole, locked ones never move with a slider, and with auto-balance a complete ballot stays
/// complete. The first byte is the number of categories; then four bytes are an operation.
pub(super) fn engine(bytes: &[u8]) {
    let Some((&categories, mut bytes)) = bytes.split_first() else { return };
    let mut ballot = Ballot::new(usize::from(categories));
    let places = ballot.points().len();
    while let [operation, index, high, low, rest @ ..] = bytes {
        bytes = rest;
        let (index, value) = (usize::from(*index), u16::from_be_bytes([*high, *low]));
        let before = ballot.clone();
        let is_move = act(&mut ballot, operation % 16, index, value);
        let total: u32 = ballot.points().iter().map(|&points| u32::from(points)).sum();
        assert!(total <= u32::from(WHOLE));
        assert_eq!(total, u32::from(ballot.total()));
        assert_eq!(ballot.is_complete(), total == u32::from(WHOLE));
        if is_move {
            let stays = |place: usize| !before.is_locked(place) || before.points()[place] == ballot.points()[place];
            assert!((0..places).all(stays), "a locked category moved");
            assert!(!before.auto_balance() || !before.is_complete() || ballot.is_complete(), "points were lost");
        }
    }
    // Everything can be undone, and done again.
    let last = ballot.points().to_vec();
    ballot.end_gesture();
    let mut undone = 0;
    while ballot.undo() {
        undone += 1;
    }
    for _ in 0..undone {
        assert!(ballot.redo());
    }
    assert_eq!(ballot.points(), last);
}

/// Whether it was a move of a slider.
fn act(ballot: &mut Ballot, operation: u8, index: usize, value: u16) -> bool {
    match operation {
        0..=3 => _ = ballot.set(index, value),
        4 => _ = ballot.step(index, i32::from(value.cast_signed())),
        other => {
            match other {
                5 | 6 => _ = ballot.toggle_lock(index),
                7 => _ = ballot.set_auto_balance(true),
                8 => _ = ballot.set_auto_balance(value % 2 == 1),
                9 => _ = ballot.even_split(),
                10 => _ = ballot.clear(),
                11 => ballot.begin_gesture(),
                12 => ballot.end_gesture(),
                13 | 14 => _ = ballot.undo(),
                _ => _ = ballot.redo(),
            }
            return false;
        }
    }
    true
}

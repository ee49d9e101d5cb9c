//! The fuzz targets over their corpus and over damaged copies of it, the same ones every time. `scripts/fuzz` searches on.

use allot::fuzzing::TARGETS;
use std::{
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

/// Damaged inputs of each target.
const ROUNDS: usize = 4000;
/// Bytes of a damaged input.
const LONGEST: usize = 600;

fn folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target)
}

fn corpus(target: &str) -> Vec<Vec<u8>> {
    let mut files: Vec<_> = fs::read_dir(folder(target)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// One or several changes: a bit, a byte, a piece taken out, doubled or put in from another input.
fn damaged(corpus: &[Vec<u8>], random: &mut Random) -> Vec<u8> {
    let mut bytes = corpus[random.below(corpus.len())].clone();
    for _ in 0..=random.below(6) {
        let place = random.below(bytes.len());
        let end = (place + 1 + random.below(24)).min(bytes.len());
        match random.below(8) {
            0 if !bytes.is_empty() => bytes[place] ^= 1 << random.below(8),
            1 if !bytes.is_empty() => bytes[place] = random.next() as u8,
            2 => bytes.insert(place, b"\0\x01\x7f\x80\xff\"{}[]:,/\\;=%*.-09"[random.below(22)]),
            3 => drop(bytes.drain(place.min(end)..end)),
            4 => {
                let piece = bytes[place.min(end)..end].to_vec();
                bytes.splice(place..place, piece);
            }
            5 => bytes.truncate(place),
            _ => {
                let other = &corpus[random.below(corpus.len())];
                let from = random.below(other.len());
                let piece = other[from..(from + 1 + random.below(48)).min(other.len())].to_vec();
                bytes.splice(place..end.max(place), piece);
            }
        }
    }
    bytes.truncate(LONGEST);
    bytes
}

fn run(name: &str, target: fn(&[u8]), input: &[u8]) {
    if catch_unwind(|| target(input)).is_err() {
        let text = input.escape_ascii();
        panic!("the target {name} breaks on b\"{text}\"; mend it and keep the input in {}", folder(name).display());
    }
}

#[test]
fn no_input_of_the_corpus_and_none_like_it_breaks_a_rule() {
    std::thread::scope(|threads| {
        for (seed, (name, target)) in TARGETS.into_iter().enumerate() {
            threads.spawn(move || {
                let (corpus, mut random) = (corpus(name), Random(seed as u64));
                assert!(!corpus.is_empty(), "{name} has no corpus");
                corpus.iter().for_each(|input| run(name, target, input));
                (0..ROUNDS).for_each(|_| run(name, target, &damaged(&corpus, &mut random)));
            });
        }
    });
}

#[test]
fn every_corpus_belongs_to_a_target() {
    for entry in fs::read_dir(folder("")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(TARGETS.iter().any(|(target, _)| *target == name), "{name}");
    }
}

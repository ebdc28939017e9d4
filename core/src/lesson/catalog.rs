//! The lessons that come with the page: one file and one row each.

use alloc::vec::Vec;

use super::{Lesson, parse};

/// The lessons' sources, in order.
const LESSONS: &[&str] = &[
    include_str!("../../data/lessons/first-pod.yaml"),
    include_str!("../../data/lessons/scale.yaml"),
    include_str!("../../data/lessons/drain.yaml"),
];

/// Every lesson, in order.
pub fn all() -> Vec<Lesson> {
    LESSONS.iter().filter_map(|text| parse::lesson(text).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_reads() {
        for text in LESSONS {
            if let Err(why) = parse::lesson(text) {
                panic!("{why}\n{text}");
            }
        }
        assert_eq!(all().len(), LESSONS.len());
    }
}

//! Signs of keys: eight bytes of a text as a number, in whose order the texts are, so that a search in a leaf need not look
//! at texts that lie all over memory. Knows nothing of maps.

use alloc::rc::Rc;
use alloc::string::String;
use core::cmp::Reverse;
use core::ops::Range;

/// A key of a sorted map.
pub trait Sorted: Ord {
    /// The key as two texts in whose order keys are: by the first (which has no zero byte), then by the second. `None`
    /// where keys are not texts.
    fn parts(&self) -> Option<Parts<'_>> {
        None
    }
}

/// Two texts, which stand for the first, a zero byte, and the second.
pub type Parts<'a> = [&'a [u8]; 2];

impl Sorted for str {
    fn parts(&self) -> Option<Parts<'_>> {
        Some([b"", self.as_bytes()])
    }
}

impl Sorted for Rc<str> {
    fn parts(&self) -> Option<Parts<'_>> {
        (**self).parts()
    }
}

impl Sorted for String {
    fn parts(&self) -> Option<Parts<'_>> {
        self.as_str().parts()
    }
}

impl Sorted for u64 {}
impl Sorted for (Reverse<i64>, u64, Rc<str>) {}

/// How many bytes two texts begin with alike.
fn alike_bytes(a: &[u8], b: &[u8]) -> usize {
    a.iter().zip(b).take_while(|(a, b)| a == b).count()
}

/// How many bytes two keys begin with alike.
pub fn common([a, a_more]: Parts<'_>, [b, b_more]: Parts<'_>) -> usize {
    if a == b { a.len() + 1 + alike_bytes(a_more, b_more) } else { alike_bytes(a, b) }
}

/// Whether two keys begin with the same `skip` bytes, of which the first has so many.
pub fn share([a, a_more]: Parts<'_>, [b, b_more]: Parts<'_>, skip: usize) -> bool {
    match skip.checked_sub(a.len() + 1) {
        Some(more) => a == b && a_more.get(..more) == b_more.get(..more),
        None => a.get(..skip) == b.get(..skip),
    }
}

/// The eight bytes of a key after the first `skip`, as a number; what is not there counts as zero.
pub fn sign([head, tail]: Parts<'_>, skip: usize) -> u64 {
    match skip.checked_sub(head.len() + 1) {
        Some(at) => number(tail.get(at..).unwrap_or_default()),
        None => {
            let all = head.iter().chain(&[0]).chain(tail).skip(skip).take(8);
            let (sum, count) = all.fold((0_u64, 0), |(sum, count), byte| (sum << 8 | u64::from(*byte), count + 1));
            if count == 0 { 0 } else { sum << (8 * (8 - count)) }
        }
    }
}

fn number(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(eight) => u64::from_be_bytes(*eight),
        None => {
            let mut eight = [0; 8];
            eight.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
            u64::from_be_bytes(eight)
        }
    }
}

/// The places that have a sign, or (empty) the one where it would be.
pub fn alike(signs: &[u64], sign: u64) -> Range<usize> {
    let begin = signs.partition_point(|s| *s < sign);
    let count = signs.get(begin..).unwrap_or_default().iter().take_while(|s| **s == sign).count();
    begin..begin + count
}

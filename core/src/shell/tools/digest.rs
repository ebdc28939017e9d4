//! Checksums: MD5, SHA-1 and SHA-256.

use alloc::vec::Vec;

/// The kinds of checksum.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Digest {
    Md5,
    Sha1,
    Sha256,
}

impl Digest {
    /// The checksum of some bytes.
    pub(super) fn of(self, bytes: &[u8]) -> Vec<u8> {
        let mut message = bytes.to_vec();
        message.push(0x80);
        while message.len() % 64 != 56 {
            message.push(0);
        }
        let bits = (bytes.len() as u64).wrapping_mul(8);
        if self == Digest::Md5 {
            message.extend(bits.to_le_bytes());
        } else {
            message.extend(bits.to_be_bytes());
        }
        let mut state: Vec<u32> = match self {
            Digest::Md5 => alloc::vec![0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476],
            Digest::Sha1 => alloc::vec![0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0],
            Digest::Sha256 => roots(8, false),
        };
        let constants = if self == Digest::Sha256 { roots(64, true) } else { Vec::new() };
        for block in message.chunks(64) {
            let words: Vec<u32> = block
                .chunks(4)
                .map(|word| {
                    let word: [u8; 4] = word.try_into().unwrap_or_default();
                    if self == Digest::Md5 { u32::from_le_bytes(word) } else { u32::from_be_bytes(word) }
                })
                .collect();
            match self {
                Digest::Md5 => md5_block(&mut state, &words),
                Digest::Sha1 => sha1_block(&mut state, words),
                Digest::Sha256 => sha256_block(&mut state, words, &constants),
            }
        }
        state.iter().flat_map(|word| if self == Digest::Md5 { word.to_le_bytes() } else { word.to_be_bytes() }).collect()
    }
}

/// The fractional parts of the square (or cube) roots of the first primes, in 32 bits: SHA-256's constants.
fn roots(count: usize, cube: bool) -> Vec<u32> {
    let mut out = Vec::new();
    let mut candidate = 2u128;
    while out.len() < count {
        if (2..candidate).all(|by| !candidate.is_multiple_of(by)) {
            // The root of candidate · 2^(32·power), by halving an interval.
            let power = if cube { 3 } else { 2 };
            let target = candidate << (32 * power);
            let (mut low, mut high) = (0u128, 1u128 << 37);
            while high - low > 1 {
                let middle = (low + high) / 2;
                if middle.pow(power) <= target { low = middle } else { high = middle }
            }
            out.push(low as u32);
        }
        candidate += 1;
    }
    out
}

fn add(state: &mut [u32], values: &[u32]) {
    for (slot, value) in state.iter_mut().zip(values) {
        *slot = slot.wrapping_add(*value);
    }
}

fn sha256_block(state: &mut [u32], mut words: Vec<u32>, constants: &[u32]) {
    let at = |words: &[u32], index: usize| words.get(index).copied().unwrap_or(0);
    for index in 16..64 {
        let (a, b) = (at(&words, index - 15), at(&words, index - 2));
        let s0 = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
        let s1 = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
        words.push(at(&words, index - 16).wrapping_add(s0).wrapping_add(at(&words, index - 7)).wrapping_add(s1));
    }
    let start: [u32; 8] = (&*state).try_into().unwrap_or_default();
    let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = start;
    for (word, constant) in words.iter().zip(constants) {
        let s1 = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
        let choice = (e & f) ^ (!e & g);
        let one = h.wrapping_add(s1).wrapping_add(choice).wrapping_add(*constant).wrapping_add(*word);
        let s0 = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
        let two = s0.wrapping_add((a & b) ^ (a & c) ^ (b & c));
        (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(one), c, b, a, one.wrapping_add(two));
    }
    add(state, &[a, b, c, d, e, f, g, h]);
}

fn sha1_block(state: &mut [u32], mut words: Vec<u32>) {
    let at = |words: &[u32], index: usize| words.get(index).copied().unwrap_or(0);
    for index in 16..80 {
        let word = at(&words, index - 3) ^ at(&words, index - 8) ^ at(&words, index - 14) ^ at(&words, index - 16);
        words.push(word.rotate_left(1));
    }
    let start: [u32; 5] = (&*state).try_into().unwrap_or_default();
    let [mut a, mut b, mut c, mut d, mut e] = start;
    for (index, word) in words.iter().enumerate() {
        let (mix, constant) = match index / 20 {
            0 => ((b & c) | (!b & d), 0x5a82_7999),
            1 => (b ^ c ^ d, 0x6ed9_eba1),
            2 => ((b & c) | (b & d) | (c & d), 0x8f1b_bcdc),
            _ => (b ^ c ^ d, 0xca62_c1d6_u32),
        };
        let next = a.rotate_left(5).wrapping_add(mix).wrapping_add(e).wrapping_add(constant).wrapping_add(*word);
        (e, d, c, b, a) = (d, c, b.rotate_left(30), a, next);
    }
    add(state, &[a, b, c, d, e]);
}

/// |sin(1)|, |sin(2)| … in 32 bits: MD5's constants, written out since sines differ by platform.
const SINES: [u32; 64] = [
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8, 0x8b44f7af, 0xffff5bb1,
    0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453,
    0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942,
    0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05,
    0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d,
    0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
];

fn md5_block(state: &mut [u32], words: &[u32]) {
    const SHIFTS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
    let start: [u32; 4] = (&*state).try_into().unwrap_or_default();
    let [mut a, mut b, mut c, mut d] = start;
    for (index, sine) in SINES.iter().enumerate() {
        let (mix, place) = match index / 16 {
            0 => ((b & c) | (!b & d), index),
            1 => ((d & b) | (!d & c), 5 * index + 1),
            2 => (b ^ c ^ d, 3 * index + 5),
            _ => (c ^ (b | !d), 7 * index),
        };
        let word = words.get(place % 16).copied().unwrap_or(0);
        let shift = SHIFTS.get(index / 16).and_then(|row| row.get(index % 4)).copied().unwrap_or(0);
        let sum = a.wrapping_add(mix).wrapping_add(*sine).wrapping_add(word);
        (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(shift)));
    }
    add(state, &[a, b, c, d]);
}

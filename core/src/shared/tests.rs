//! Tests of the sorted maps against trees.

use super::*;
use crate::object::Key;
use alloc::collections::BTreeMap;
use alloc::format;
use alloc::string::{String, ToString};

/// Does the same to a map and to a tree, at random, with keys that `key` makes of numbers.
fn compare<K: Sorted + Clone + core::fmt::Debug>(key: impl Fn(u64) -> K) {
    let (mut map, mut tree) = (SharedMap::new(), BTreeMap::new());
    let mut n = 7_u64;
    let mut kept = Vec::new();
    for i in 0..8000_u64 {
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let number = (n >> 40) % 900;
        // It grows, and then shrinks.
        if n.is_multiple_of(3) || i > 6000 && n.is_multiple_of(5) {
            assert_eq!(map.remove(&key(number)), tree.remove(&key(number)));
        } else {
            assert_eq!(map.insert(key(number), i), tree.insert(key(number), i));
        }
        if i % 1000 == 0 {
            kept.push((map.clone(), tree.clone()));
        }
        if i % 7 == 0 {
            assert_eq!(map.pop_first(), tree.pop_first());
        }
        for near in [number / 2, number, number + 1, number / 2, 2000] {
            assert_eq!(map.get(&key(near)), tree.get(&key(near)));
        }
    }
    assert!(map.is_ordered());
    for (map, tree) in kept {
        assert!(map.iter().eq(tree.iter()));
        assert!(map.from(&key(450)).eq(tree.range(key(450)..)));
    }
}

#[test]
fn does_what_a_tree_does_and_clones_do_not_see_each_other() {
    compare(|n| n);
}

#[test]
fn the_same_with_texts_that_begin_alike_and_that_do_not() {
    compare(|n| format!("web-5d8f7c-{:x}", n * 7919));
    compare(|n| "ab".repeat((n % 40) as usize) + &n.to_string());
    compare(|n| String::from_utf8([n as u8 % 3, n as u8 % 2, n as u8 / 2, (n / 128) as u8, 0, n as u8 % 5].into()).unwrap_or_default());
    compare(|n| match n % 4 {
        0 => Key::new("", &n.to_string()),
        1 => Key::new("default", &format!("web-{n:03}.18a3f")),
        2 => Key::new("default-2", &format!("web-{n:03}")),
        _ => Key::new("kube-system", &"x".repeat((n % 30) as usize)),
    });
}

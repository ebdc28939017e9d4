//! Going about the map by keys: what lies nearest in a direction. Pure arithmetic.

/// A direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Left.
    Left,
    /// Right.
    Right,
    /// Up.
    Up,
    /// Down.
    Down,
}

impl Way {
    /// That of a key by its name.
    pub fn of(key: &str) -> Option<Way> {
        Some(match key {
            "ArrowLeft" => Way::Left,
            "ArrowRight" => Way::Right,
            "ArrowUp" => Way::Up,
            "ArrowDown" => Way::Down,
            _ => return None,
        })
    }
}

/// What lies aside counts so much more than what lies ahead.
const ASIDE: f64 = 2.4;

/// Of the places the index of the one that is nearest to `from` in a direction.
pub fn nearest(from: (f64, f64), way: Way, places: impl Iterator<Item = (f64, f64)>) -> Option<usize> {
    let distance = |(x, y): (f64, f64)| {
        let (dx, dy) = (x - from.0, y - from.1);
        let (ahead, aside) = match way {
            Way::Left => (-dx, dy),
            Way::Right => (dx, dy),
            Way::Up => (-dy, dx),
            Way::Down => (dy, dx),
        };
        (ahead > 0.5).then_some(ahead + aside.abs() * ASIDE)
    };
    let far = places.enumerate().filter_map(|(i, place)| Some((i, distance(place)?)));
    far.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrows_go_by_position() {
        let places = [(0.0, 0.0), (50.0, 0.0), (100.0, 4.0), (52.0, 60.0), (-40.0, 80.0)];
        let go = |way| nearest((50.0, 0.0), way, places.into_iter());
        assert_eq!(go(Way::Left), Some(0));
        assert_eq!(go(Way::Right), Some(2));
        assert_eq!(go(Way::Down), Some(3));
        assert_eq!(go(Way::Up), None);
    }
}

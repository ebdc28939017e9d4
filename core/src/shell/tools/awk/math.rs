//! Functions of numbers that `core` does not offer, the same on every machine.

/// The ratio of a circle to its diameter.
pub(super) const PI: f64 = core::f64::consts::PI;

/// Without what is behind the point.
pub(super) fn trunc(value: f64) -> f64 {
    if value.abs() < 9e15 { value as i64 as f64 } else { value }
}

/// The square root by Newton's method.
pub(super) fn root(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return if value == 0.0 { 0.0 } else { f64::NAN };
    }
    let mut guess = if value > 1.0 { value } else { 1.0 };
    for _ in 0..1_100 {
        let next = (guess + value / guess) / 2.0;
        if next >= guess {
            break;
        }
        guess = next;
    }
    guess
}

/// Whole powers by multiplying, others by the logarithm.
pub(super) fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 0.5 {
        return root(base);
    }
    if trunc(exponent) != exponent {
        return if base > 0.0 { exp(exponent * log(base)) } else { f64::NAN };
    }
    let (mut result, mut square, mut left) = (1.0, base, exponent.abs().min(1e9) as u32);
    while left > 0 {
        if left % 2 == 1 {
            result *= square;
        }
        square *= square;
        left /= 2;
    }
    if exponent < 0.0 { 1.0 / result } else { result }
}

/// The series at a small argument, squared as often as it was halved.
pub(super) fn exp(value: f64) -> f64 {
    if !(-745.0..=710.0).contains(&value) {
        return if value < 0.0 { 0.0 } else { f64::INFINITY };
    }
    let small = value / 1024.0;
    let (mut sum, mut term) = (1.0, 1.0);
    for at in 1..18 {
        term *= small / f64::from(at);
        sum += term;
    }
    (0..10).fold(sum, |sum, _| sum * sum)
}

/// By the series of the inverse hyperbolic tangent, near 1.
pub(super) fn log(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return if value == 0.0 {
            f64::NEG_INFINITY
        } else if value > 0.0 {
            value
        } else {
            f64::NAN
        };
    }
    let (mut near, mut twos) = (value, 0.0);
    while near > 1.5 {
        near /= 2.0;
        twos += 1.0;
    }
    while near < 0.75 {
        near *= 2.0;
        twos -= 1.0;
    }
    let part = (near - 1.0) / (near + 1.0);
    let (mut sum, mut term) = (0.0, part);
    for at in 0..30 {
        sum += term / f64::from(2 * at + 1);
        term *= part * part;
    }
    2.0 * sum + twos * core::f64::consts::LN_2
}

/// The series, after whole turns.
pub(super) fn sin(value: f64) -> f64 {
    let turn = value % (2.0 * PI);
    let near = if turn > PI {
        turn - 2.0 * PI
    } else if turn < -PI {
        turn + 2.0 * PI
    } else {
        turn
    };
    let (mut sum, mut term) = (0.0, near);
    for at in 1..16 {
        sum += term;
        term *= -near * near / f64::from(2 * at * (2 * at + 1));
    }
    if sum.abs() < 1e-15 { 0.0 } else { sum }
}

/// The angle of a point.
pub(super) fn atan2(y: f64, x: f64) -> f64 {
    if x == 0.0 {
        return if y == 0.0 { 0.0 } else { y.signum() * PI / 2.0 };
    }
    let angle = atan(y / x);
    match (x > 0.0, y >= 0.0) {
        (true, _) => angle,
        (false, true) => angle + PI,
        (false, false) => angle - PI,
    }
}

fn atan(value: f64) -> f64 {
    if value.abs() > 1.0 {
        return value.signum() * PI / 2.0 - atan(1.0 / value);
    }
    // Halving the angle three times brings the series near 0.
    let small = (0..3).fold(value, |value, _| value / (1.0 + root(1.0 + value * value)));
    let (mut sum, mut term) = (0.0, small);
    for at in 0..20 {
        sum += term / f64::from(2 * at + 1);
        term *= -small * small;
    }
    8.0 * sum
}

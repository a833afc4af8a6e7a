//! Numbers as bytes of one width, so that they are read many at once; and instants.

use super::bytes::{Input, Output};
use crate::facts::times::Times;

/// In microseconds.
pub(super) const SECOND: i64 = 1_000_000;

/// Numbers: one for all of them; or how far each is above the least, in the fewest bytes that hold all, without a factor that all have in
/// common.
pub(super) fn pack_numbers(numbers: impl Iterator<Item = i64> + Clone, factor: i64, output: &mut Output) {
    let first = numbers.clone().next().unwrap_or(0);
    if numbers.clone().all(|number| number == first) {
        output.byte(0);
        return output.signed(first);
    }
    let is_divisible = factor > 1 && numbers.clone().all(|number| number % factor == 0);
    let factor = if is_divisible { factor } else { 1 };
    let parts = numbers.map(|number| number / factor);
    let least = parts.clone().min().unwrap_or(0);
    let above = parts.map(|part| part.wrapping_sub(least).cast_unsigned());
    let width = width_of(above.clone().max().unwrap_or(0));
    output.byte(width);
    output.signed(factor);
    output.signed(least);
    for number in above {
        output
            .bytes
            .extend_from_slice(&number.to_le_bytes()[..usize::from(width)]);
    }
}

pub(super) fn unpack_numbers(input: &mut Input<'_>, length: usize) -> Option<Vec<i64>> {
    match input.byte()? {
        0 => Some(vec![input.signed()?; length]),
        width => {
            let (factor, least) = (input.signed()?, input.signed()?);
            above(input, width, length, |above| {
                least.wrapping_add(above.cast_signed()).wrapping_mul(factor)
            })
        }
    }
}

/// As [`unpack_numbers`], for numbers that are small ones.
pub(super) fn unpack_small<T>(
    input: &mut Input<'_>,
    length: usize,
    convert: impl Fn(i64) -> Option<T>,
) -> Option<Vec<T>>
where
    T: Clone,
{
    match input.byte()? {
        0 => Some(vec![convert(input.signed()?)?; length]),
        width => {
            let (factor, least) = (input.signed()?, input.signed()?);
            let number = |above: u64| convert(least.wrapping_add(above.cast_signed()).wrapping_mul(factor));
            above(input, width, length, number)?.into_iter().collect()
        }
    }
}

/// Symbols, of which there are fewer than four billion.
pub(super) fn unpack_symbols(input: &mut Input<'_>, length: usize) -> Option<Vec<u32>> {
    match input.byte()? {
        0 => Some(vec![u32::try_from(input.signed()?).ok()?; length]),
        width @ (1 | 2) => {
            let (1, least) = (input.signed()?, input.signed()?) else {
                return None;
            };
            // The greatest that follows is below 65,536.
            let least = u32::try_from(least).ok().filter(|least| *least < u32::MAX - 0xFFFF)?;
            above(input, width, length, |above| least + u32::try_from(above).unwrap_or(0))
        }
        width => {
            let (1, least) = (input.signed()?, input.signed()?) else {
                return None;
            };
            let symbol = |above: u64| u32::try_from(least.checked_add_unsigned(above)?).ok();
            above(input, width, length, symbol)?.into_iter().collect()
        }
    }
}

/// Instants, in seconds where all are whole ones. The lines of an order are of one instant: where many follow each other, each is kept once,
/// with how often it comes.
pub(super) fn pack_instants(instants: impl Iterator<Item = i64> + Clone, output: &mut Output) {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    let mut all = 0;
    for instant in instants.clone() {
        all += 1;
        match runs.last_mut() {
            Some((of, length)) if *of == instant => *length += 1,
            _ => runs.push((instant, 1)),
        }
    }
    if runs.len() * 4 > all * 3 || runs.len() < 2 {
        output.byte(0);
        return pack_numbers(instants, SECOND, output);
    }
    output.byte(1);
    output.length(runs.len());
    pack_numbers(runs.iter().map(|(instant, _)| *instant), SECOND, output);
    pack_numbers(runs.iter().map(|(_, length)| *length), 1, output);
}

pub(super) fn unpack_instants(input: &mut Input<'_>, length: usize) -> Option<Times> {
    if input.byte()? == 0 {
        return unpack_numbers(input, length).map(Times::from);
    }
    let runs = usize::try_from(input.number()?).ok().filter(|runs| *runs <= length)?;
    let instants = unpack_numbers(input, runs)?;
    let times = unpack_small(input, runs, |times| u32::try_from(times).ok())?;
    let all: usize = times.iter().map(|times| *times as usize).sum();
    (all == length).then(|| Times::of_runs(instants.into_iter().zip(times).collect()))
}

/// The fewest bytes that hold a number: 1, 2, 4 or 8.
fn width_of(greatest: u64) -> u8 {
    if u8::try_from(greatest).is_ok() {
        1
    } else if u16::try_from(greatest).is_ok() {
        2
    } else if u32::try_from(greatest).is_ok() {
        4
    } else {
        8
    }
}

/// The numbers of a width, each converted.
fn above<T>(input: &mut Input<'_>, width: u8, length: usize, convert: impl Fn(u64) -> T) -> Option<Vec<T>> {
    let bytes = input.take(length.checked_mul(usize::from(width))?)?;
    Some(match width {
        1 => bytes.iter().map(|byte| convert(u64::from(*byte))).collect(),
        2 => each(bytes, |two| convert(u64::from(u16::from_le_bytes(two)))),
        4 => each(bytes, |four| convert(u64::from(u32::from_le_bytes(four)))),
        8 => each(bytes, |eight| convert(u64::from_le_bytes(eight))),
        _ => return None,
    })
}

fn each<const N: usize, T>(bytes: &[u8], convert: impl Fn([u8; N]) -> T) -> Vec<T> {
    bytes.as_chunks::<N>().0.iter().map(|chunk| convert(*chunk)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_and_instant_comes_back() {
        let lists: [&[i64]; 8] = [
            &[],
            &[7],
            &[0, 255],
            &[-1, 300],
            &[i64::MIN, i64::MAX],
            &[1_000_000, 5_000_000, 5_000_000, 5_000_000],
            &[1, 2, 70_000],
            &[-3_000_000, -2_000_000, 4_000_000_000_000_000],
        ];
        for list in lists {
            let mut output = Output::default();
            pack_numbers(list.iter().copied(), 1_000_000, &mut output);
            pack_instants(list.iter().copied(), &mut output);
            let mut input = Input::new(&output.bytes);
            assert_eq!(unpack_numbers(&mut input, list.len()).unwrap(), list);
            assert_eq!(*unpack_instants(&mut input, list.len()).unwrap(), *list);
            assert_eq!(input.byte(), None);
        }
    }
}

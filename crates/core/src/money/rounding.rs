use rust_decimal::RoundingStrategy;

/// What to do with what does not fit. It is always named, because shops, tax offices and banks round differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Rounding {
    /// Towards plus infinity.
    Ceiling,
    /// Towards zero.
    Down,
    /// Towards minus infinity.
    Floor,
    /// To the nearest, half to the even neighbour (banker's rounding): 2.345 becomes 2.34.
    HalfEven,
    /// To the nearest, half away from zero (commercial rounding): 2.345 becomes 2.35.
    HalfUp,
    /// Away from zero.
    Up,
}

impl Rounding {
    pub(super) fn strategy(self) -> RoundingStrategy {
        match self {
            Self::Ceiling => RoundingStrategy::ToPositiveInfinity,
            Self::Down => RoundingStrategy::ToZero,
            Self::Floor => RoundingStrategy::ToNegativeInfinity,
            Self::HalfEven => RoundingStrategy::MidpointNearestEven,
            Self::HalfUp => RoundingStrategy::MidpointAwayFromZero,
            Self::Up => RoundingStrategy::AwayFromZero,
        }
    }
}

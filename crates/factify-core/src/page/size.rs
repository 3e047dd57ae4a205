use std::fmt;
use std::num::NonZeroU8;

/// How many items a page holds at most: 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageSize(NonZeroU8);

impl PageSize {
    /// The largest page, 100 items.
    pub const MAX: Self = match NonZeroU8::new(100) {
        Some(size) => Self(size),
        None => Self(NonZeroU8::MIN),
    };

    /// A page of so many items.
    ///
    /// # Errors
    /// When the number is not from 1 to 100.
    pub fn new(size: u32) -> Result<Self, InvalidPageSize> {
        u8::try_from(size)
            .ok()
            .and_then(NonZeroU8::new)
            .map(Self)
            .filter(|size| *size <= Self::MAX)
            .ok_or(InvalidPageSize { size })
    }

    /// The number of items.
    pub const fn get(self) -> u8 {
        self.0.get()
    }
}

impl fmt::Display for PageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A page size outside of 1 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InvalidPageSize {
    size: u32,
}

impl fmt::Display for InvalidPageSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page_size: {}, not from 1 to 100", self.size)
    }
}

impl std::error::Error for InvalidPageSize {}

//! Flags of a book change, with the values Nautilus gives them (`RecordFlag`).

/// The last change of an event.
pub const F_LAST: u8 = 1 << 7;
/// Part of a whole book.
pub const F_SNAPSHOT: u8 = 1 << 5;

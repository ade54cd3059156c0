//! Recorded frames.

/// Recorded frames.
#[derive(Debug, Clone)]
pub struct Tape {}

//! Rules that hold for the whole tree, checked here since no compiler does: lengths of files, clocks, `unsafe`,
//! dependencies, leftovers.

mod dependencies;
mod source;
mod tree;

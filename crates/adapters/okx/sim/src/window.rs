//! Counting events over a sliding window.

use std::collections::VecDeque;

/// At most `limit` events within any `span_ns`.
#[derive(Debug, Clone)]
pub struct Window {
    limit: usize,
    span_ns: u64,
    times: VecDeque<u64>,
}

impl Window {
    /// An empty window.
    #[must_use]
    pub const fn new(limit: usize, span_ns: u64) -> Self {
        Self { limit, span_ns, times: VecDeque::new() }
    }

    /// Counts `cost` events now if they fit; counts nothing and returns false if they do not.
    pub fn take(&mut self, cost: usize, mono_ns: u64) -> bool {
        self.forget(mono_ns);
        if self.times.len() + cost > self.limit {
            return false;
        }
        self.times.extend(std::iter::repeat_n(mono_ns, cost));
        true
    }

    /// Events counted within the window that ends now.
    pub fn used(&mut self, mono_ns: u64) -> usize {
        self.forget(mono_ns);
        self.times.len()
    }

    fn forget(&mut self, mono_ns: u64) {
        while self.times.front().is_some_and(|t| t.saturating_add(self.span_ns) <= mono_ns) {
            self.times.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slides() {
        let mut window = Window::new(2, 10);
        assert!(window.take(1, 0) && window.take(1, 5));
        assert!(!window.take(1, 9));
        assert!(window.take(1, 10), "the first one left the window");
        assert_eq!(window.used(14), 2);
        assert!(!window.take(3, 100));
    }
}

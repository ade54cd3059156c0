//! The same frames through both decoders, to the same numbers: what `benches/decode.rs` times, and what makes it a fair race.

pub mod frames;
pub mod ours;
pub mod peer;

/// One change of a book as both sides must see it: action, side, price and size in Nautilus' fixed precision.
pub type Row = (u8, u8, i128, i128);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_read_the_same_numbers_from_a_book() {
        let frames = frames::book_updates(50);
        let (mut ours, peer) = (ours::Books::new(), peer::Books::new());
        ours.take(frames::snapshot().as_bytes());
        for frame in &frames {
            ours.take(frame.as_bytes());
            assert_eq!(ours.rows(), peer.rows(frame));
            assert_eq!(ours.rows().len(), frames::LEVELS_OF_UPDATE);
        }
    }

    #[test]
    fn both_read_the_same_numbers_from_trades() {
        let mut ours = ours::Trades::new();
        let peer = peer::Trades::new();
        for frame in frames::trades(50) {
            let (px, sz) = ours.take(frame.as_bytes());
            assert_eq!(vec![(px, sz)], peer.numbers(&frame));
        }
    }

    #[test]
    fn both_read_the_same_fills_from_orders() {
        const COUNT: usize = 20;
        let (mut ours, peer) = (ours::Orders::new(COUNT), peer::Orders::new());
        for (n, frame) in frames::orders(COUNT).iter().enumerate() {
            let (events, fill) = ours.take(frame.as_bytes());
            assert_eq!((events, fill), (1, peer.fill(frame)));
            assert_eq!(fill.is_some(), n % 2 == 1);
        }
    }
}

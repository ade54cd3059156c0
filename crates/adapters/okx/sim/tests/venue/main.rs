//! The market behind the simulated exchange, through its public interface.

mod books;
mod candles;
mod help;
mod history;
mod moves;
mod rare;
mod repeat;
mod shapes;
mod tape;

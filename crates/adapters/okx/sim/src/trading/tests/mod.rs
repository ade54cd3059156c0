//! Trading against a board of prices that stands still until a test moves it.

mod algos;
mod amending;
mod board;
mod derivatives;
mod desk;
mod errors;
mod expiry;
mod funding;
mod lists;
mod margins;
mod orders;
mod pushes;
mod random;
mod reducing;
mod scripts;
mod settings;
mod shapes;
mod spreads;

//! Recorded frames, played in a loop: books with their real changes, trades and 24-hour figures of the instruments they cover.
//!
//! A tape is one JSON object a line, `{"recv_us": …, "frame": {…}}`: the time a frame was received, microseconds since 1970, and
//! the frame as OKX sent it. Played back, times are those of the clock, `seqId` and `prevSeqId` are a whole chain, and the first
//! change of every round leads from the last recorded state back to the recorded snapshot. Levels are as recorded, so the recorded
//! checksums hold for every state and are sent; today's OKX sends 0 in their place.

mod track;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{BufRead, BufReader, Read},
    path::Path,
};

use flate2::read::GzDecoder;
use serde_json::Value;

pub(super) use track::{Track, Trade};

use super::{VenueError, catalogue::Listing, num::Dec};

const BUILTIN: &[u8] = include_bytes!("../../../data/tape.jsonl.gz");
/// After the last frame of a round the first one of the next comes this much later.
const PAUSE_US: u64 = 100_000;
/// Data frames of a tape at most: an hour of two busy instruments has some 200 000.
const MOST_FRAMES: usize = 5_000_000;

/// What was recorded of one instrument; times are microseconds since the beginning of the tape.
#[derive(Debug, Clone, Default)]
struct Raw {
    books: Vec<(u64, Value)>,
    trades: Vec<(u64, Value)>,
    tickers: Vec<(u64, Value)>,
}

/// Recorded frames. See the [module](self).
#[derive(Debug, Clone)]
pub struct Tape {
    instruments: BTreeMap<String, Raw>,
    len_us: u64,
}

impl Tape {
    /// Eleven seconds of BTC-USDT and UNI-USD-SWAP of 2022-05-13, compiled in.
    ///
    /// # Errors
    ///
    /// Never, unless the crate was built from damaged data.
    pub fn builtin() -> Result<Self, VenueError> {
        let mut frames = Vec::new();
        read_frames(BufReader::new(GzDecoder::new(BUILTIN)), &mut frames).map_err(VenueError::Tape)?;
        Self::assemble(frames)
    }

    /// Reads a tape; a name that ends in `.gz` is unpacked.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, a line is no recorded frame, or nothing in it is a book.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, VenueError> {
        Self::open_all(&[path])
    }

    /// Reads a tape that was recorded into several files, in their order.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open), or if a file begins before the one before it ends.
    pub fn open_all(paths: &[impl AsRef<Path>]) -> Result<Self, VenueError> {
        let mut frames = Vec::new();
        for path in paths {
            let path = path.as_ref();
            let failed = |what: String| VenueError::Tape(format!("{}: {what}", path.display()));
            let file = File::open(path).map_err(|e| failed(e.to_string()))?;
            let packed = path.extension().is_some_and(|ending| ending == "gz");
            let reader: Box<dyn Read> = if packed { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
            read_frames(BufReader::new(reader), &mut frames).map_err(failed)?;
        }
        Self::assemble(frames)
    }

    /// Ids of the instruments whose book is on the tape.
    pub fn instruments(&self) -> impl Iterator<Item = &str> {
        self.instruments.keys().map(String::as_str)
    }

    fn assemble(frames: Vec<(u64, Value)>) -> Result<Self, VenueError> {
        let mut instruments: BTreeMap<String, Raw> = BTreeMap::new();
        let last_us = frames.last().map_or(0, |(at, _)| *at);
        let is_snapshot = |(_, frame): &&(u64, Value)| frame.get("action").is_some_and(|a| a == "snapshot");
        let start_us = frames.iter().find(is_snapshot).map(|(at, _)| *at);
        let start_us = start_us.ok_or_else(|| VenueError::Tape("no snapshot of a book on it".to_owned()))?;
        for (at_us, frame) in frames {
            let text = |key: &str| frame.pointer(key).and_then(Value::as_str).unwrap_or_default().to_owned();
            let raw = instruments.entry(text("/arg/instId")).or_default();
            // What was received before the first book came from a cache: it stands at the beginning.
            let at_us = at_us.saturating_sub(start_us);
            match text("/arg/channel").as_str() {
                "books" => raw.books.push((at_us, frame)),
                "trades" => raw.trades.push((at_us, frame)),
                "tickers" => raw.tickers.push((at_us, frame)),
                _ => {}
            }
        }
        instruments.retain(|_, raw| {
            raw.books.first().is_some_and(|(_, f)| f.get("action").is_some_and(|a| a == "snapshot"))
        });
        Ok(Self { instruments, len_us: last_us - start_us + PAUSE_US })
    }

    /// The tracks of listed instruments at this speed.
    pub(super) fn tracks<'l>(
        &self,
        speed: f64,
        wanted: impl Fn(&str) -> bool,
        find: impl Fn(&str) -> Option<&'l Listing>,
    ) -> Result<BTreeMap<String, Track>, VenueError> {
        let mut tracks = BTreeMap::new();
        for (id, raw) in self.instruments.iter().filter(|(id, _)| wanted(id)) {
            let listing = find(id).ok_or_else(|| VenueError::Tape(format!("{id} is not listed")))?;
            let grid = listing.grid.ok_or_else(|| VenueError::Tape(format!("{id} has no tick and lot")))?;
            let track = Track::new(raw, grid, self.len_us, speed)
                .map_err(|e| VenueError::Tape(format!("{id}: {e}")))?;
            tracks.insert(id.clone(), track);
        }
        Ok(tracks)
    }
}

/// Adds the data frames of a file to those of the files before it.
fn read_frames(reader: impl BufRead, frames: &mut Vec<(u64, Value)>) -> Result<(), String> {
    let mut last_us = frames.last().map_or(0, |(at, _)| *at);
    for (no, line) in reader.lines().enumerate() {
        let wrong = |what: &str| format!("line {}: {what}", no + 1);
        let line = line.map_err(|e| wrong(&e.to_string()))?;
        if frames.len() >= MOST_FRAMES {
            return Err(wrong("a tape this long does not fit"));
        }
        let mut row: Value = serde_json::from_str(&line).map_err(|e| wrong(&e.to_string()))?;
        let at_us = row.get("recv_us").and_then(Value::as_u64).ok_or_else(|| wrong("no recv_us"))?;
        if at_us < last_us {
            return Err(wrong("recv_us goes back"));
        }
        last_us = at_us;
        let frame = row
            .get_mut("frame")
            .map(Value::take)
            .filter(Value::is_object)
            .ok_or_else(|| wrong("no frame"))?;
        if frame.get("data").is_some() {
            frames.push((at_us, frame));
        }
    }
    Ok(())
}

/// A decimal out of a frame.
fn decimal(value: Option<&Value>) -> Result<Dec, String> {
    let text = value.and_then(Value::as_str).ok_or("a number is missing")?;
    Dec::parse(text).ok_or_else(|| format!("{text} is no number"))
}

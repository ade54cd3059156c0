//! Client order ids: Nautilus' on one side, OKX's `clOrdId` and `algoClOrdId` on the other.
//!
//! OKX takes 1 to 32 letters and digits. Such an id goes as it is. Others, the default form `O-20261125-145318-001-000-1`
//! among them, are packed into 32 letters and digits from which they can be read back, also by another process after a restart.
//! Only ids too long for that are replaced by a hash; then a table is needed, which [`ClientIds::remember`] builds anew.

mod number;
mod packed;

#[cfg(test)]
mod tests;

use okx_common::{ids::ClOrdId, order::is_legal_id};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use number::Number;

/// What ids of ours start with that are not as Nautilus gave them. A legal id that happens to start so is packed too.
const MARKER: &str = "0N";
/// Follows the marker of a hash.
const HASHED: char = '0';
/// How much of the hash is kept: 168 bits are 29 letters and digits, and two ids that share them will not be met.
const HASH_BYTES: usize = 21;

/// Why an id cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientIdError {
    /// There is no text.
    #[error("the client order id is empty")]
    Empty,
    /// Another id has the same hash.
    #[error("the client order id {new:?} would go to OKX as that of {known:?}: give it another id")]
    Taken {
        /// The id.
        new: String,
        /// The other one.
        known: String,
    },
}

/// The ids of an account, both ways.
///
/// ```
/// use okx_core::orders::client_id::ClientIds;
/// let mut ids = ClientIds::default();
/// assert_eq!(ids.to_okx("abc123")?.as_str(), "abc123");
/// let packed = ids.to_okx("O-20261125-145318-001-000-1")?;
/// assert!(packed.len() <= 32 && packed.bytes().all(|b| b.is_ascii_alphanumeric()));
/// assert_eq!(ClientIds::default().to_nautilus(&packed).as_deref(), Some("O-20261125-145318-001-000-1"));
/// # Ok::<(), okx_core::orders::client_id::ClientIdError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct ClientIds {
    /// Ids that went out as a hash.
    hashed: FxHashMap<ClOrdId, Box<str>>,
}

impl ClientIds {
    /// The id as OKX takes it; the same for the same text, in every process.
    ///
    /// # Errors
    /// If the text is empty, or its hash is that of another id.
    pub fn to_okx(&mut self, client_order_id: &str) -> Result<ClOrdId, ClientIdError> {
        if client_order_id.is_empty() {
            return Err(ClientIdError::Empty);
        }
        if is_legal_id(client_order_id) && !client_order_id.starts_with(MARKER) {
            return Ok(ClOrdId::new(client_order_id));
        }
        if let Some(packed) = packed::pack(client_order_id) {
            return Ok(ClOrdId::from(format!("{MARKER}{packed}")));
        }
        let id = ClOrdId::from(format!("{MARKER}{HASHED}{}", hash(client_order_id)));
        match self.hashed.get(&id) {
            Some(known) if **known != *client_order_id => {
                Err(ClientIdError::Taken { new: client_order_id.to_owned(), known: known.to_string() })
            }
            Some(_) => Ok(id),
            None => {
                self.hashed.insert(id.clone(), client_order_id.into());
                Ok(id)
            }
        }
    }

    /// The id as Nautilus knows it. `None` for the hash of an id that is not known here: an order of somebody else.
    #[must_use]
    pub fn to_nautilus(&self, cl_ord_id: &str) -> Option<String> {
        let Some(rest) = cl_ord_id.strip_prefix(MARKER) else { return Some(cl_ord_id.to_owned()) };
        match self.hashed.get(cl_ord_id) {
            Some(known) => Some(known.to_string()),
            // What is no packing of ours was chosen by somebody else who likes our marker; a hash may be ours.
            None if rest.starts_with(HASHED) => None,
            None => Some(packed::unpack(rest).unwrap_or_else(|| cl_ord_id.to_owned())),
        }
    }

    /// Tells the ids that exist already (those of the cache, after a restart), so that their hashes can be read back.
    ///
    /// # Errors
    /// If two of them share a hash.
    pub fn remember<'a>(
        &mut self,
        client_order_ids: impl IntoIterator<Item = &'a str>,
    ) -> Result<(), ClientIdError> {
        for id in client_order_ids {
            self.to_okx(id)?;
        }
        Ok(())
    }

    /// The order is closed and nothing more will come of it: its hash need not be known any longer.
    pub fn forget(&mut self, cl_ord_id: &str) {
        self.hashed.remove(cl_ord_id);
    }

    /// Whether only the table can read the id back.
    #[must_use]
    pub fn is_hashed(&self, cl_ord_id: &str) -> bool {
        self.hashed.contains_key(cl_ord_id)
    }

    /// How many ids the table holds.
    #[must_use]
    pub fn hashed(&self) -> usize {
        self.hashed.len()
    }
}

fn hash(text: &str) -> String {
    Number::from_bytes(&Sha256::digest(text.as_bytes())[..HASH_BYTES]).to_base62()
}

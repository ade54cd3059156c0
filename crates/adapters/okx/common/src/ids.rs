//! Identifiers: texts that must not be mixed up with each other.

use std::{borrow::Borrow, fmt, ops::Deref, str::FromStr, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::de::Text;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Cheap to clone. A native number is accepted where OKX normally sends text; `""` is no id.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Wraps the text as it is.
            #[must_use]
            pub fn new(text: impl AsRef<str>) -> Self {
                Self(Arc::from(text.as_ref()))
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(Arc::from(text))
            }
        }

        impl FromStr for $name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::new(text))
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl $crate::de::Lenient for $name {
            fn lenient<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Deserialize::deserialize(deserializer)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match Text::deserialize(deserializer)?.0 {
                    text if text.is_empty() => Err(serde::de::Error::custom("missing")),
                    text => Ok(Self::from(text)),
                }
            }
        }
    };
}

id!(
    /// `instId`: `BTC-USDT`, `BTC-USDT-SWAP`, `BTC-USD-221230-4000-C`. SPOT and MARGIN share the same text.
    InstId
);
id!(
    /// `instFamily`: `BTC-USD`, `BTC-USD_UM`; one settlement currency each.
    InstFamily
);
id!(
    /// `uly`, the index: `BTC-USD`.
    Underlying
);
id!(
    /// A currency: `BTC`. The settlement currency of USD-margined contracts is the non-ASCII `USDⓈ`.
    Ccy
);
id!(
    /// `ordId`, given by OKX.
    OrdId
);
id!(
    /// `clOrdId`, given by the client: 1 to 32 letters and digits.
    ClOrdId
);
id!(
    /// `tradeId`, unique within an instrument.
    TradeId
);
id!(
    /// `algoId` of a strategy order.
    AlgoId
);
id!(
    /// `algoClOrdId` of a strategy order, given by the client.
    AlgoClOrdId
);
id!(
    /// `billId` of an account entry.
    BillId
);
id!(
    /// `posId` of a position.
    PosId
);
id!(
    /// `sprdId`: `BTC-USDT_BTC-USDT-SWAP`.
    SprdId
);
id!(
    /// `connId` of a WebSocket connection: `a4d3ae55`. Quote it to OKX's support.
    ConnId
);
id!(
    /// `seriesId` of an event-contract series: `BTC-ABOVE-DAILY`.
    SeriesId
);
id!(
    /// `eventId` of an event-contract event: `BTC-ABOVE-DAILY-260224-1600`.
    EventId
);

//! Whole numbers of any length, as far as packing needs them.

/// The letters and digits that OKX takes.
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A number, its lowest 32 bits first, without zeros at the end.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Number(Vec<u32>);

impl Number {
    /// The number with these bytes, the highest first.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        bytes.iter().fold(Self::default(), |number, byte| number.times_plus(256, u32::from(*byte)))
    }

    pub fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// `self * factor + term`.
    pub fn times_plus(mut self, factor: u32, term: u32) -> Self {
        let mut carry = u64::from(term);
        for limb in &mut self.0 {
            let sum = u64::from(*limb) * u64::from(factor) + carry;
            *limb = sum as u32;
            carry = sum >> 32;
        }
        if carry > 0 {
            self.0.push(carry as u32);
        }
        self
    }

    /// Divides by `divisor` (not 0) and answers the rest.
    pub fn divide(&mut self, divisor: u32) -> u32 {
        let mut rest = 0;
        for limb in self.0.iter_mut().rev() {
            let value = rest << 32 | u64::from(*limb);
            *limb = (value / u64::from(divisor)) as u32;
            rest = value % u64::from(divisor);
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
        rest as u32
    }

    /// Takes 1 away; not from 0.
    pub fn decrement(&mut self) {
        for limb in &mut self.0 {
            let (less, borrowed) = limb.overflowing_sub(1);
            *limb = less;
            if !borrowed {
                break;
            }
        }
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }

    /// In letters and digits, the highest first; nothing for 0.
    pub fn to_base62(&self) -> String {
        let mut number = self.clone();
        let mut text = Vec::new();
        while !number.is_zero() {
            text.push(char::from(BASE62[number.divide(62) as usize]));
        }
        text.iter().rev().collect()
    }

    /// Reads what [`Self::to_base62`] wrote.
    pub fn from_base62(text: &str) -> Option<Self> {
        text.bytes().try_fold(Self::default(), |number, byte| {
            let digit = BASE62.iter().position(|b| *b == byte)?;
            Some(number.times_plus(62, u32::try_from(digit).ok()?))
        })
    }
}

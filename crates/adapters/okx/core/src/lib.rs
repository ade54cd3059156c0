//! Adapter logic without I/O: book synchronisation, subscriptions, instruments.

//! A simulated OKX exchange: state machine, server, faults, tape replay.

//! OKX vocabulary without I/O: decimals, identifiers, enumerations, instruments, errors, credentials, hosts, limits, clock.

//! OKX REST: endpoints as typed values and a reqwest/tokio client.

//! OKX WebSocket: channels, frame decoder, sans-I/O session, tokio driver.

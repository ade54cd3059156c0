//! Encryption.

use std::sync::Arc;

use rustls::{
    ClientConfig, RootCertStore,
    client::UnbufferedClientConnection,
    crypto::ring,
    unbuffered::{ConnectionState, EncodeError, EncryptError, InsufficientSizeError, UnbufferedStatus},
};
use rustls_pki_types::{CertificateDer, ServerName, pem::PemObject};

use super::{
    PipeError,
    buffer::{Inbox, Outbox},
};

/// A certificate that should be trusted cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the extra CA certificate cannot be used: {0}; expected PEM, -----BEGIN CERTIFICATE-----")]
pub struct CaError(String);

/// What to trust: the public authorities, and those of `extra_ca_pem` (a proxy's, a simulated exchange's). Share it between
/// connections, so that reconnects resume their TLS sessions.
///
/// # Errors
/// If `extra_ca_pem` holds no certificate, or one that cannot be read.
pub fn tls_config(extra_ca_pem: Option<&[u8]>) -> Result<Arc<ClientConfig>, CaError> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = extra_ca_pem {
        let before = roots.len();
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|e| CaError(e.to_string()))?;
            roots.add(certificate).map_err(|e| CaError(e.to_string()))?;
        }
        if roots.len() == before {
            return Err(CaError("it holds no certificate".to_owned()));
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| CaError(e.to_string()))?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

/// One TLS connection without a socket. The unbuffered interface, because the buffered one reads 4 KB at a time and copies
/// each record once more.
pub(super) struct Tls {
    connection: UnbufferedClientConnection,
    /// Records that are not decrypted yet.
    pub wire: Inbox,
    /// Records to send.
    pub out: Outbox,
    /// The peer will send no more.
    pub has_ended: bool,
}

impl Tls {
    pub fn new(config: &Arc<ClientConfig>, host: &str) -> Result<Self, PipeError> {
        let name = ServerName::try_from(host.to_owned()).map_err(|_| PipeError::HostName(host.to_owned()))?;
        let connection = UnbufferedClientConnection::new(Arc::clone(config), name)?;
        Ok(Self { connection, wire: Inbox::default(), out: Outbox::default(), has_ended: false })
    }

    /// Decrypts the next record that holds data into `inbox`; says whether there was one.
    pub fn open(&mut self, inbox: &mut Inbox, unsealed: &mut Outbox) -> Result<bool, PipeError> {
        loop {
            match self.step(inbox, unsealed)? {
                Step::Read => return Ok(true),
                Step::Went => {}
                Step::Idle => return Ok(false),
            }
        }
    }

    /// Encrypts what is unsealed, as soon as the handshake allows. What is read on the way goes to `inbox`.
    pub fn seal(&mut self, inbox: &mut Inbox, unsealed: &mut Outbox) -> Result<(), PipeError> {
        while !matches!(self.step(inbox, unsealed)?, Step::Idle) {}
        Ok(())
    }

    fn step(&mut self, inbox: &mut Inbox, unsealed: &mut Outbox) -> Result<Step, PipeError> {
        let UnbufferedStatus { mut discard, state, .. } =
            self.connection.process_tls_records(self.wire.filled_mut());
        let step = match state? {
            ConnectionState::ReadTraffic(mut traffic) => {
                while let Some(record) = traffic.next_record() {
                    let record = record?;
                    discard += record.discard;
                    inbox.extend(record.payload);
                }
                Step::Read
            }
            ConnectionState::EncodeTlsData(mut data) => {
                self.out.append_with(|space| data.encode(space).map_err(encode_failed))?;
                Step::Went
            }
            ConnectionState::TransmitTlsData(data) => {
                // It waits in `out`, before everything that is encoded from now on.
                data.done();
                Step::Went
            }
            ConnectionState::WriteTraffic(mut traffic) => {
                if !unsealed.unsent().is_empty() {
                    self.out.append_with(|space| {
                        traffic.encrypt(unsealed.unsent(), space).map_err(encrypt_failed)
                    })?;
                    unsealed.consumed(usize::MAX);
                }
                Step::Idle
            }
            ConnectionState::PeerClosed | ConnectionState::Closed => {
                self.has_ended = true;
                Step::Idle
            }
            _ => Step::Idle,
        };
        self.wire.take(discard);
        Ok(step)
    }
}

enum Step {
    /// Data were decrypted.
    Read,
    /// Something else was done; there may be more.
    Went,
    /// More bytes are needed.
    Idle,
}

fn encode_failed(error: EncodeError) -> Result<usize, PipeError> {
    match error {
        EncodeError::InsufficientSize(InsufficientSizeError { required_size }) => Ok(required_size),
        _ => Err(PipeError::Protocol("nothing, TLS data were encoded twice")),
    }
}

fn encrypt_failed(error: EncryptError) -> Result<usize, PipeError> {
    match error {
        EncryptError::InsufficientSize(InsufficientSizeError { required_size }) => Ok(required_size),
        EncryptError::EncryptExhausted => Err(rustls::Error::EncryptError.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_authority_is_refused() {
        assert!(tls_config(None).is_ok());
        for bad in [&b""[..], b"nonsense", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
        {
            assert!(tls_config(Some(bad)).is_err());
        }
    }
}

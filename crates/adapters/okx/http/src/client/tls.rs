//! Whom to trust: the authorities of the system and of Mozilla, and those the user adds.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_pki_types::{CertificateDer, pem::PemObject};

use crate::error::{ErrorKind, HttpError};

/// The TLS settings, with ring as provider whatever else the process has installed.
///
/// # Errors
/// If the extra certificates are no PEM certificates.
pub(super) fn config(ca_pem: Option<&[u8]>) -> Result<ClientConfig, HttpError> {
    let wrong = |error: String| HttpError::local(ErrorKind::Config, format_args!("ca_pem: {error}"));
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    // Containers may have no store; Mozilla's list is there in any case.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(pem) = ca_pem {
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            roots.add(certificate.map_err(|e| wrong(e.to_string()))?).map_err(|e| wrong(e.to_string()))?;
            count += 1;
        }
        if count == 0 {
            return Err(wrong("no certificate in it".to_owned()));
        }
    }
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|e| HttpError::local(ErrorKind::Config, e))?;
    let mut config = builder.with_root_certificates(roots).with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

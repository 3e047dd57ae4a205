//! Certificate authorities. ureq would ignore unusable ones, and read the system's store only for the
//! first connection.

use std::sync::Arc;

use factify_core::{BuildError, Roots};
use rustls::RootCertStore;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::CertificateDer;
use rustls_platform_verifier::Verifier;
use ureq::tls::{Certificate, RootCerts};

/// Checks the authorities and converts them.
pub(crate) fn checked(
    roots: &Roots,
    provider: &Arc<CryptoProvider>,
) -> Result<RootCerts, BuildError> {
    Ok(match roots {
        Roots::Platform => {
            Verifier::new(Arc::clone(provider)).map_err(BuildError::platform_roots)?;
            RootCerts::PlatformVerifier
        }
        Roots::Custom(certificates) if certificates.is_empty() => {
            return Err(BuildError::no_certificate());
        }
        Roots::Custom(certificates) => {
            let mut store = RootCertStore::empty();
            for der in certificates {
                store
                    .add(CertificateDer::from_slice(der))
                    .map_err(BuildError::certificate)?;
            }
            let certificates: Vec<_> = certificates
                .iter()
                .map(|der| Certificate::from_der(der).to_owned())
                .collect();
            RootCerts::new_with_certs(&certificates)
        }
        _ => RootCerts::WebPki,
    })
}

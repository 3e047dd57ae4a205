//! A certificate authority.

use std::fmt;
use std::net::SocketAddr;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, SupportedProtocolVersion};

use super::servers::{certificate, serve, server};

/// A private certificate authority, and servers with its certificates.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Vec<u8>,
}

impl Authority {
    /// Makes a new authority, which no client trusts yet.
    #[allow(clippy::new_without_default)] // Each one is different.
    pub fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap().der().to_vec();
        let issuer = Issuer::new(params, key);
        Self {
            issuer,
            certificate,
        }
    }

    /// The authority's certificate in DER.
    pub fn certificate(&self) -> Vec<u8> {
        self.certificate.clone()
    }

    /// The settings of a server with a certificate for `host` that expires on the first day of `year`.
    pub fn config(&self, host: &str, year: i32) -> ServerConfig {
        self.config_of(rustls::ALL_VERSIONS, host, year)
    }

    /// The same with only these versions of TLS.
    pub(super) fn config_of(
        &self,
        versions: &[&'static SupportedProtocolVersion],
        host: &str,
        year: i32,
    ) -> ServerConfig {
        let (params, key) = certificate(host, year);
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        server(certificate.der(), &key, versions)
    }

    /// Serves one connection with such a certificate.
    pub fn serve(&self, host: &str, year: i32) -> SocketAddr {
        serve(self.config(host, year))
    }
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").finish_non_exhaustive()
    }
}

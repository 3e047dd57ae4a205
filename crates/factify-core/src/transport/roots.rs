/// The certificate authorities that a transport trusts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roots {
    /// Mozilla's list, compiled in.
    #[default]
    WebPki,
    /// The authorities that the operating system trusts. If there are none, the transport cannot be
    /// built.
    Platform,
    /// Only these certificates, each in DER. If there are none, or one of them is not usable, the
    /// transport cannot be built.
    Custom(Vec<Vec<u8>>),
}

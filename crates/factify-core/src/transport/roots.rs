/// The certificate authorities that a transport trusts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roots {
    /// Mozilla's list, compiled in.
    #[default]
    WebPki,
    /// The authorities that the operating system trusts.
    Platform,
    /// Only these certificates, each in DER.
    Custom(Vec<Vec<u8>>),
}

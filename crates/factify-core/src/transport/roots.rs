/// Which certificate authorities a transport trusts: an argument, never a Cargo feature.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Roots {
    /// Mozilla's list, as compiled in.
    #[default]
    WebPki,
    /// What the operating system trusts.
    Platform,
    /// These certificates alone, each in DER.
    Custom(Vec<Vec<u8>>),
}

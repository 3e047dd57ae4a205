//! Enumerations whose values have names for metrics and logs.

/// Declares an enumeration with a stable name for each value.
macro_rules! labelled {
    (
        $(#[$meta:meta])*
        pub enum $Name:ident { $($(#[$doc:meta])* $Value:ident = $label:literal,)+ }
    ) => {
        $(#[$meta])*
        pub enum $Name {
            $(
                $(#[$doc])*
                #[doc = ""]
                #[doc = concat!("Label: `", $label, "`.")]
                $Value,
            )+
        }

        impl $Name {
            /// All values, for example to create the series of a metric before the first call.
            pub const ALL: &'static [Self] = &[$(Self::$Value),+];

            /// The label for metrics and logs. It is stable: no later version changes it.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$Value => $label,)+
                }
            }
        }
    };
}

pub(crate) use labelled;

#[cfg(test)]
mod tests {
    use crate::error::{ErrorKind, Outcome};
    use crate::operations::{api_keys, invites, members};
    use crate::transport::{Delivery, TransportErrorKind};

    /// Dashboards and alarms depend on the labels: add new ones here, but change none.
    #[test]
    fn labels_never_change() {
        let kinds = "invalid connect certificate timeout interrupted too_large malformed request_body \
            redirect api decode mismatch refused paging unverified processing write cancelled transport";
        let outcomes = "not_applied applied unknown";
        let of_transports = "lookup connect tls certificate insecure_url timeout interrupted \
            too_large malformed request_body other";
        let deliveries = "not_sent unprocessed sent";
        let ensured = "revoked already_revoked already_accepted expired";
        let ensured_keys = "revoked already_revoked expired";
        let ensured_members = "removed not_member";
        macro_rules! labels {
            ($Labelled:ty) => {
                <$Labelled>::ALL.iter().map(|it| it.as_str())
            };
        }
        assert!(labels!(ErrorKind).eq(kinds.split_whitespace()));
        assert!(labels!(Outcome).eq(outcomes.split_whitespace()));
        assert!(labels!(TransportErrorKind).eq(of_transports.split_whitespace()));
        assert!(labels!(Delivery).eq(deliveries.split_whitespace()));
        assert!(labels!(invites::EnsuredState).eq(ensured.split_whitespace()));
        assert!(labels!(api_keys::EnsuredState).eq(ensured_keys.split_whitespace()));
        assert!(labels!(members::EnsuredState).eq(ensured_members.split_whitespace()));
    }
}

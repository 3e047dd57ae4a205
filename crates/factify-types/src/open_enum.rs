use alloc::boxed::Box;
use core::fmt;

/// A value that this version does not know. It is kept, and sent back as it was.
///
/// Only reading makes one, so a known value never hides in it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnknownValue(pub(crate) Box<str>);

impl UnknownValue {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for UnknownValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An enumeration that the server may extend: known values, and any other one kept as it came.
macro_rules! open_enum {
    (
        $(#[$doc:meta])*
        $Name:ident { $($(#[$value_doc:meta])* $Value:ident = $text:literal,)+ }
    ) => {
        $(#[$doc])*
        ///
        /// Open: a value that this version does not know is kept as `Unknown`.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $Name {
            $($(#[$value_doc])* $Value,)+
            /// A value that this version does not know.
            Unknown($crate::UnknownValue),
        }

        impl $Name {
            /// The values that the v1beta document lists.
            pub const KNOWN: &'static [Self] = &[$(Self::$Value),+];

            /// The text that the API uses.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$Value => $text,)+
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for $Name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$Value,)+
                    _ => Self::Unknown($crate::UnknownValue(text.into())),
                }
            }
        }

        impl core::fmt::Display for $Name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl serde::de::Visitor<'_> for Text {
                    type Value = $Name;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str("a string")
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$Name, E> {
                        Ok(text.into())
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }
    };
}

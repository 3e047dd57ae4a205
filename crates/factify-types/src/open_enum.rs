use alloc::boxed::Box;
use core::fmt;

/// A value that this version does not know. It is kept and sent back unchanged.
///
/// Only parsing creates one, so it never contains a known value.
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

/// An enumeration that the server may extend: known values, and any other value unchanged.
///
/// A request with a value that this version does not know is refused before it is sent. With `any` before its name,
/// it is sent. After `|` stands another text that is read as the same value: the API has changed names before.
macro_rules! open_enum {
    ($(#[$doc:meta])* any $Name:ident { $($values:tt)+ }) => {
        open_enum! { @common $(#[$doc])* $Name { $($values)+ } }

        impl crate::parameter::Parameter for $Name {
            fn check(&self) -> Result<(), alloc::string::String> {
                if self.as_str().is_empty() {
                    return Err("it is empty; leave it out instead".into());
                }
                Ok(())
            }
        }
    };
    ($(#[$doc:meta])* $Name:ident { $($values:tt)+ }) => {
        open_enum! { @common $(#[$doc])* $Name { $($values)+ } }

        impl crate::parameter::Parameter for $Name {
            const REASON: crate::ErrorReason = crate::ErrorReason::InvalidEnumValue;

            fn check(&self) -> Result<(), alloc::string::String> {
                if self.is_known() {
                    return Ok(());
                }
                let known = Self::KNOWN.iter().map(Self::as_str);
                Err(crate::parameter::none_of(self.as_str(), known))
            }
        }
    };
    (
        @common
        $(#[$doc:meta])*
        $Name:ident { $($(#[$value_doc:meta])* $Value:ident = $text:literal $(| $alias:literal)*,)+ }
    ) => {
        $(#[$doc])*
        ///
        /// This enumeration is open: a value that this version does not know is kept as `Unknown`.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $Name {
            $($(#[$value_doc])* $Value,)+
            /// A value that this version does not know.
            Unknown($crate::UnknownValue),
        }

        impl $Name {
            /// The values that this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$Value),+];

            /// Whether this version knows it.
            pub fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }

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
                    $($text $(| $alias)* => Self::$Value,)+
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

        impl crate::parameter::QueryParameter for $Name {
            fn to_text(&self) -> alloc::borrow::Cow<'_, str> {
                self.as_str().into()
            }

            fn from_text(text: &str) -> Result<Self, alloc::string::String> {
                Ok(text.into())
            }
        }

        /// Usually a known value, sometimes an unknown one.
        #[cfg(feature = "arbitrary1")]
        impl<'a> arbitrary::Arbitrary<'a> for $Name {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                if u.ratio(1, 8)? {
                    return crate::generate::text(u).map(|text| text.as_str().into());
                }
                u.choose(Self::KNOWN).cloned()
            }
        }

        generate_by_proptest!($Name);
    };
}

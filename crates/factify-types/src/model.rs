/// Implements `proptest::arbitrary::Arbitrary` with `arbitrary::Arbitrary`.
macro_rules! generate_by_proptest {
    ($Type:ty) => {
        #[cfg(feature = "proptest1")]
        impl proptest::arbitrary::Arbitrary for $Type {
            type Parameters = ();
            type Strategy = proptest::strategy::BoxedStrategy<Self>;

            fn arbitrary_with((): ()) -> Self::Strategy {
                crate::generate::strategy()
            }
        }
    };
}

/// Declares a model: a struct that is read leniently and written as the API documents. For tests, `new`
/// takes the required fields.
///
/// The type of a field decides how it is read and written in a format for people, such as JSON:
///
/// | type | absent or `null` | written |
/// |---|---|---|
/// | `Option<T>` | `None` | unless `None` |
/// | `Vec<T>` | empty | always |
/// | `bool` | false | always |
/// | `i32` | 0 | always |
/// | any other, and a `#[required] bool` | an error | always |
///
/// A binary format, which may have no names, has every field.
macro_rules! model {
    ($(#[$meta:meta])* pub struct $Name:ident { $($fields:tt)* }) => {
        model! { @fields [$(#[$meta])* $Name] [] [] [] [] $($fields)* }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: Option<String>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default)]
                #[cfg_attr(feature = "arbitrary1", arbitrary(with = crate::generate::optional_text))]
                pub $name: Option<String>,
            ]
            $new [$($init)* $name: None,] [$($written)* optional $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: Option<$Type:ty>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default)]
                pub $name: Option<$Type>,
            ]
            $new [$($init)* $name: None,] [$($written)* optional $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: String, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[cfg_attr(feature = "arbitrary1", arbitrary(with = crate::generate::text))]
                pub $name: String,
            ]
            [$($new)* $name: impl Into<String>,] [$($init)* $name: $name.into(),]
            [$($written)* always $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: IdRef<$Id:ty>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [$($field)* $(#[$meta])* pub $name: IdRef<$Id>,]
            [$($new)* $name: impl Into<IdRef<$Id>>,] [$($init)* $name: $name.into(),]
            [$($written)* always $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] [$($written:tt)*]
        $(#[doc = $doc:literal])* #[required] pub $name:ident: bool, $($rest:tt)*
    ) => {
        model! { @fields $head
            [$($field)* $(#[doc = $doc])* pub $name: bool,]
            [$($new)* $name: bool,] [$($init)* $name,] [$($written)* always $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: bool, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, deserialize_with = "crate::model::null_is_default")]
                pub $name: bool,
            ]
            $new [$($init)* $name: false,] [$($written)* always $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: i32, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, deserialize_with = "crate::model::null_is_default")]
                pub $name: i32,
            ]
            $new [$($init)* $name: 0,] [$($written)* always $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: Vec<$Item:ty>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, deserialize_with = "crate::model::null_is_default")]
                pub $name: Vec<$Item>,
            ]
            $new [$($init)* $name: Vec::new(),] [$($written)* always $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] [$($new:tt)*] [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: $Type:ty, $($rest:tt)*
    ) => {
        model! { @fields $head
            [$($field)* $(#[$meta])* pub $name: $Type,]
            [$($new)* $name: $Type,] [$($init)* $name,]
            [$($written)* always $name,] $($rest)*
        }
    };
    (@default $Name:ident) => {
        impl Default for $Name {
            fn default() -> Self {
                Self::new()
            }
        }
    };
    // It has required fields.
    (@default $Name:ident $($new:tt)+) => {};
    (@fields
        [$(#[$meta:meta])* $Name:ident] [$($field:tt)*] [$($new:tt)*] [$($init:tt)*]
        [$($written:tt)*]
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
        #[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        pub struct $Name { $($field)* }

        impl $Name {
            /// A value with the required fields. Set the other fields afterwards.
            pub fn new($($new)*) -> Self {
                Self { $($init)* }
            }
        }

        model! { @default $Name $($new)* }

        written! { $Name { $($written)* } }

        impl crate::parameter::Parameter for $Name {}

        generate_by_proptest!($Name);
    };
}

/// Implements `Serialize` for a struct. An `optional` field is left out if it is `None`, except in a binary
/// format: without names, a reader counts the fields.
macro_rules! written {
    ($Name:ident { $($kind:ident $name:ident,)* }) => {
        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;

                let is_binary = !serializer.is_human_readable();
                let length = [$(is_binary || written!(@has $kind self.$name)),*];
                let length = length.into_iter().filter(|is_written| *is_written).count();
                let mut fields = serializer.serialize_struct(stringify!($Name), length)?;
                $(if is_binary || written!(@has $kind self.$name) {
                    fields.serialize_field(stringify!($name), &self.$name)?;
                } else {
                    fields.skip_field(stringify!($name))?;
                })*
                fields.end()
            }
        }
    };
    (@has optional $self:ident.$name:ident) => { $self.$name.is_some() };
    (@has always $self:ident.$name:ident) => { true };
}

/// Reads `null` as the default value. Public for pages, which `factify-core` has.
///
/// # Errors
/// If the value cannot be read.
pub fn null_is_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: serde::Deserialize<'de> + Default,
    D: serde::Deserializer<'de>,
{
    // A binary format has no `null` in place of another value.
    if !deserializer.is_human_readable() {
        return T::deserialize(deserializer);
    }
    <Option<T> as serde::Deserialize>::deserialize(deserializer).map(Option::unwrap_or_default)
}

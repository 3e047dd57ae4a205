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
/// `#[wire = "…"]` is the API's name of a field, if it differs. Without it, both are the same.
///
/// The content of a record has more types, and is not `Eq`: see `records`.
///
/// A binary format, which may have no names, has every field.
macro_rules! model {
    ($(#[$meta:meta])* pub struct $Name:ident { $($fields:tt)* }) => {
        model! { @fields [#[derive(Eq)] $(#[$meta])* $Name] [] [] [] [] $($fields)* }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[doc = $doc:literal])* #[wire = $wire:literal] pub $name:ident: Option<$Type:ty>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[doc = $doc])*
                #[serde(default, rename = $wire)]
                pub $name: Option<$Type>,
            ]
            $new [$($init)* $name: None,] [$($written)* optional $name = $wire,] $($rest)*
        }
    };
    // The types of records.
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[doc = $doc:literal])* #[nested] pub $name:ident: $Type:ty, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[doc = $doc])*
                #[serde(default, deserialize_with = "crate::records::depth::nested")]
                #[cfg_attr(feature = "arbitrary1", arbitrary(with = crate::records::depth::generate))]
                pub $name: $Type,
            ]
            $new [$($init)* $name: Default::default(),] [$($written)* nested $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: Option<f64>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, deserialize_with = "crate::records::number::optional")]
                #[cfg_attr(feature = "arbitrary1", arbitrary(with = crate::records::number::generate_optional))]
                pub $name: Option<f64>,
            ]
            $new [$($init)* $name: None,] [$($written)* number $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: List<f64>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, deserialize_with = "crate::records::number::list")]
                #[cfg_attr(feature = "arbitrary1", arbitrary(with = crate::records::number::generate_list))]
                pub $name: List<f64>,
            ]
            $new [$($init)* $name: List::default(),] [$($written)* numbers $name,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*] [$($written:tt)*]
        $(#[$meta:meta])* pub $name:ident: List<$Item:ty>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default)]
                pub $name: List<$Item>,
            ]
            $new [$($init)* $name: List::default(),] [$($written)* list $name,] $($rest)*
        }
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
        $(#[doc = $doc:literal])* #[wire = $wire:literal] pub $name:ident: $Type:ty, $($rest:tt)*
    ) => {
        model! { @fields $head
            [$($field)* $(#[doc = $doc])* #[serde(rename = $wire)] pub $name: $Type,]
            [$($new)* $name: $Type,] [$($init)* $name,]
            [$($written)* always $name = $wire,] $($rest)*
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
        #[derive(Debug, Clone, PartialEq, serde::Deserialize)]
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
    ($Name:ident {}) => {
        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serde::ser::SerializeStruct::end(serializer.serialize_struct(stringify!($Name), 0)?)
            }
        }
    };
    ($Name:ident { $($kind:ident $name:ident $(= $wire:literal)?,)+ }) => {
        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeStruct;

                let is_binary = !serializer.is_human_readable();
                let length = [$(is_binary || written!(@has $kind self.$name)),+];
                let length = length.into_iter().filter(|is_written| *is_written).count();
                let mut fields = serializer.serialize_struct(stringify!($Name), length)?;
                $(if is_binary || written!(@has $kind self.$name) {
                    fields.serialize_field(
                        written!(@name $name $($wire)?),
                        written!(@value $kind self.$name),
                    )?;
                } else {
                    fields.skip_field(written!(@name $name $($wire)?))?;
                })+
                fields.end()
            }
        }
    };
    (@name $name:ident) => { stringify!($name) };
    (@name $name:ident $wire:literal) => { $wire };
    (@has optional $self:ident.$name:ident) => { $self.$name.is_some() };
    (@has number $self:ident.$name:ident) => { $self.$name.is_some() };
    (@has always $self:ident.$name:ident) => { true };
    (@has $kind:ident $self:ident.$name:ident) => {
        crate::records::Presence::is_present(&$self.$name)
    };
    (@value number $self:ident.$name:ident) => { &$self.$name.map(crate::records::number::Number) };
    (@value numbers $self:ident.$name:ident) => { &crate::records::number::Numbers(&$self.$name) };
    (@value nested $self:ident.$name:ident) => { &crate::records::depth::Nested(&$self.$name) };
    (@value $kind:ident $self:ident.$name:ident) => { &$self.$name };
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

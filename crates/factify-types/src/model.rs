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
/// The type of a field decides how it is read:
///
/// | type | absent or `null` | written |
/// |---|---|---|
/// | `Option<T>` | `None` | unless `None` |
/// | `Vec<T>` | empty | always |
/// | `bool` | false | always |
/// | any other | an error | always |
macro_rules! model {
    ($(#[$meta:meta])* pub struct $Name:ident { $($fields:tt)* }) => {
        model! { @fields [$(#[$meta])* $Name] [] [] [] $($fields)* }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*]
        $(#[$meta:meta])* pub $name:ident: Option<String>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                #[cfg_attr(feature = "arbitrary1", arbitrary(with = crate::generate::optional_text))]
                pub $name: Option<String>,
            ]
            $new [$($init)* $name: None,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*]
        $(#[$meta:meta])* pub $name:ident: Option<$Type:ty>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $name: Option<$Type>,
            ]
            $new [$($init)* $name: None,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] [$($new:tt)*] [$($init:tt)*]
        $(#[$meta:meta])* pub $name:ident: String, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[cfg_attr(feature = "arbitrary1", arbitrary(with = crate::generate::text))]
                pub $name: String,
            ]
            [$($new)* $name: impl Into<String>,] [$($init)* $name: $name.into(),] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] [$($new:tt)*] [$($init:tt)*]
        $(#[$meta:meta])* pub $name:ident: IdRef<$Id:ty>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [$($field)* $(#[$meta])* pub $name: IdRef<$Id>,]
            [$($new)* $name: impl Into<IdRef<$Id>>,] [$($init)* $name: $name.into(),] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*]
        $(#[$meta:meta])* pub $name:ident: bool, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, deserialize_with = "crate::model::null_is_default")]
                pub $name: bool,
            ]
            $new [$($init)* $name: false,] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] $new:tt [$($init:tt)*]
        $(#[$meta:meta])* pub $name:ident: Vec<$Item:ty>, $($rest:tt)*
    ) => {
        model! { @fields $head
            [
                $($field)* $(#[$meta])*
                #[serde(default, deserialize_with = "crate::model::null_is_default")]
                pub $name: Vec<$Item>,
            ]
            $new [$($init)* $name: Vec::new(),] $($rest)*
        }
    };
    (@fields $head:tt [$($field:tt)*] [$($new:tt)*] [$($init:tt)*]
        $(#[$meta:meta])* pub $name:ident: $Type:ty, $($rest:tt)*
    ) => {
        model! { @fields $head
            [$($field)* $(#[$meta])* pub $name: $Type,]
            [$($new)* $name: $Type,] [$($init)* $name,] $($rest)*
        }
    };
    (@fields [$(#[$meta:meta])* $Name:ident] [$($field:tt)*] [$($new:tt)*] [$($init:tt)*]) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        pub struct $Name { $($field)* }

        impl $Name {
            /// A value with the required fields. Set the other fields afterwards.
            pub fn new($($new)*) -> Self {
                Self { $($init)* }
            }
        }

        impl crate::parameter::Parameter for $Name {}

        generate_by_proptest!($Name);
    };
}

/// Reads `null` as the default value.
pub(crate) fn null_is_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: serde::Deserialize<'de> + Default,
    D: serde::Deserializer<'de>,
{
    <Option<T> as serde::Deserialize>::deserialize(deserializer).map(Option::unwrap_or_default)
}

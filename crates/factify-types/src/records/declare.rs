/// Declares a model of a record: a `model!` that is not `Eq`, since it may contain numbers. Its fields are
/// `Option` or `List`, and `#[nested]` is one level deeper.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $Name:ident { $($fields:tt)* }) => {
        model! { @fields [$(#[$meta])* $Name] [] [] [] [] $($fields)* }
    };
}

/// Declares a struct of which one field, the kind, has one of several names, and the enum of these kinds.
///
/// The API writes such a kind as a field beside the common fields: `{"id": "…", "paragraph": {…}}`.
///
/// - Without a kind, it is `None`, because protobuf allows that. `null` is the same as an absent field.
/// - Two kinds are an error that names both.
/// - Without a known kind, all unknown fields together are the kind `Unknown`. With a known kind, they are ignored.
macro_rules! union {
    (
        $(#[$meta:meta])*
        pub struct $Name:ident {
            $(#[$kind_meta:meta])*
            pub $kind:ident: Option<$Kind:ident>,
            $($(#[$field_meta:meta])* pub $field:ident: $Type:ty,)*
        }

        $(#[$enum_meta:meta])*
        enum {
            $($(#[$arm_meta:meta])* $Arm:ident($Data:ident) = $wire:literal,)+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default)]
        #[cfg_attr(feature = "arbitrary1", derive(arbitrary::Arbitrary))]
        #[non_exhaustive]
        pub struct $Name {
            $(#[$kind_meta])*
            pub $kind: Option<$Kind>,
            $($(#[$field_meta])* pub $field: $Type,)*
        }

        $(#[$enum_meta])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum $Kind {
            $($(#[$arm_meta])* $Arm($Data),)+
            /// A kind that this version does not know.
            Unknown($crate::records::UnknownFields),
        }

        impl $Name {
            /// A value without any field. Set them afterwards.
            pub fn new() -> Self {
                Self::default()
            }
        }

        impl From<$Kind> for $Name {
            fn from($kind: $Kind) -> Self {
                Self { $kind: Some($kind), ..Self::default() }
            }
        }

        impl $Kind {
            /// The name that the API uses.
            pub fn name(&self) -> &str {
                match self {
                    $(Self::$Arm(_) => $wire,)+
                    Self::Unknown(fields) => fields.name(),
                }
            }
        }

        impl serde::Serialize for $Name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                use serde::ser::SerializeMap;

                let length = match &self.$kind {
                    None => 0,
                    Some($Kind::Unknown(unknown)) => unknown.fields().len(),
                    Some(_) => 1,
                };
                $(let length = length + usize::from(crate::records::Presence::is_present(&self.$field));)*
                let mut fields = serializer.serialize_map(Some(length))?;
                $(if crate::records::Presence::is_present(&self.$field) {
                    fields.serialize_entry(stringify!($field), &self.$field)?;
                })*
                match &self.$kind {
                    None => {}
                    $(Some($Kind::$Arm(data)) => {
                        fields.serialize_entry($wire, union!(@write data $Data))?;
                    })+
                    Some($Kind::Unknown(unknown)) => {
                        for (name, value) in unknown.fields().iter() {
                            fields.serialize_entry(name, value)?;
                        }
                    }
                }
                fields.end()
            }
        }

        impl<'de> serde::Deserialize<'de> for $Name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                use serde::de::{Error, IgnoredAny, MapAccess, Visitor};

                #[allow(non_camel_case_types)]
                enum Key {
                    $($field,)*
                    $($Arm,)+
                    Unknown(alloc::string::String),
                }

                impl<'de> serde::Deserialize<'de> for Key {
                    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                        deserializer.deserialize_identifier(KeyVisitor)
                    }
                }

                struct KeyVisitor;

                impl Visitor<'_> for KeyVisitor {
                    type Value = Key;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str("a key")
                    }

                    fn visit_str<E: Error>(self, key: &str) -> Result<Key, E> {
                        Ok(match key {
                            $(stringify!($field) => Key::$field,)*
                            $($wire => Key::$Arm,)+
                            _ => Key::Unknown(key.into()),
                        })
                    }
                }

                struct Fields;

                impl<'de> Visitor<'de> for Fields {
                    type Value = $Name;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str("an object")
                    }

                    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<$Name, A::Error> {
                        $(let mut $field: Option<$Type> = None;)*
                        let mut kind: Option<$Kind> = None;
                        let mut unknown = $crate::records::Struct::new();
                        while let Some(key) = map.next_key::<Key>()? {
                            match key {
                                $(Key::$field if $field.is_some() => {
                                    return Err(A::Error::duplicate_field(stringify!($field)));
                                }
                                Key::$field => $field = Some(map.next_value()?),)*
                                $(Key::$Arm => {
                                    let data = map.next_value::<Option<union!(@read $Data)>>()?;
                                    match &kind {
                                        Some(other) if data.is_some() || other.name() == $wire => {
                                            return Err(crate::records::two_kinds(other.name(), $wire));
                                        }
                                        Some(_) => {}
                                        None => kind = data.map(|data| $Kind::$Arm(data.into())),
                                    }
                                })+
                                Key::Unknown(_) if kind.is_some() => {
                                    map.next_value::<IgnoredAny>()?;
                                }
                                Key::Unknown(name) => {
                                    let value: serde_json::Value = map.next_value()?;
                                    if value.is_null() {
                                        unknown.remove(&name);
                                    } else {
                                        unknown.insert(name, value);
                                    }
                                }
                            }
                        }
                        let unknown = || $crate::records::UnknownFields::new(unknown).map($Kind::Unknown);
                        Ok($Name {
                            $kind: kind.or_else(unknown),
                            $($field: $field.unwrap_or_default(),)*
                        })
                    }
                }

                deserializer.deserialize_map(Fields)
            }
        }

        /// Usually a known kind, sometimes an unknown one.
        #[cfg(feature = "arbitrary1")]
        impl<'a> arbitrary::Arbitrary<'a> for $Kind {
            fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
                if u.ratio(1, 8)? {
                    return u.arbitrary().map(Self::Unknown);
                }
                let kinds = [$(|u: &mut arbitrary::Unstructured<'a>| union!(@generate u $Data).map(Self::$Arm)),+];
                u.choose(&kinds)?(u)
            }
        }

        generate_by_proptest!($Name);
        generate_by_proptest!($Kind);
    };
    (@read f64) => { crate::records::number::Number };
    (@read $Data:ident) => { $Data };
    (@write $data:ident f64) => { &crate::records::number::Number(*$data) };
    (@write $data:ident $Data:ident) => { $data };
    (@generate $u:ident f64) => { crate::records::number::generate($u) };
    (@generate $u:ident $Data:ident) => { $u.arbitrary() };
}

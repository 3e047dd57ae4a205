use alloc::boxed::Box;
use alloc::string::String;

use crate::Struct;
#[cfg(feature = "arbitrary1")]
use crate::object::generate;

/// The fields of a value whose kind this version does not know. They are kept and sent back unchanged.
///
/// Usually it is one field: the kind, with its content. Only parsing creates it, so it never has a known kind.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownFields(Box<Struct>);

impl UnknownFields {
    pub(super) fn new(fields: Struct) -> Option<Self> {
        (!fields.is_empty()).then(|| Self(Box::new(fields)))
    }

    /// The fields.
    pub fn fields(&self) -> &Struct {
        &self.0
    }

    /// The name of the kind: that of the first field.
    pub fn name(&self) -> &str {
        self.0.keys().next().map_or("", String::as_str)
    }
}

generate_by_proptest!(UnknownFields);

/// No known kind begins like its names.
#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for UnknownFields {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut fields = generate::object(u, generate::DEPTH, "x_")?;
        fields.retain(|_, value| !value.is_null());
        fields.insert("x_new".into(), crate::generate::text(u)?.into());
        Ok(Self(Box::new(Struct::from(fields))))
    }
}

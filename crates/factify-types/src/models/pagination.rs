use alloc::string::String;

use serde::{Deserialize, Deserializer};

/// Where a list continues. Schema `Pagination`, v1beta.
///
/// An empty token counts as `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Pagination {
    /// Whether there is a next page.
    #[serde(default, deserialize_with = "crate::model::null_is_default")]
    pub has_more: bool,
    /// The token of the next page.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub next_page_token: Option<String>,
    /// The token of the previous page.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub prev_page_token: Option<String>,
}

impl Pagination {
    /// The pagination of a single page.
    pub fn new() -> Self {
        Self::default()
    }
}

written! { Pagination { always has_more, optional next_page_token, optional prev_page_token, } }

fn empty_is_none<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer).map(|token| token.filter(|token| !token.is_empty()))
}

/// Any combination, even one that the API should not send.
#[cfg(feature = "arbitrary1")]
impl<'a> arbitrary::Arbitrary<'a> for Pagination {
    fn arbitrary(u: &mut arbitrary::Unstructured<'a>) -> arbitrary::Result<Self> {
        let mut token = || {
            let token = crate::generate::optional_text(u)?;
            Ok(token.filter(|token| !token.is_empty()))
        };
        Ok(Self {
            next_page_token: token()?,
            prev_page_token: token()?,
            has_more: u.arbitrary()?,
        })
    }
}

generate_by_proptest!(Pagination);

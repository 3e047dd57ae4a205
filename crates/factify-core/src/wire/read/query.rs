use bytes::Bytes;
use http::Request;

use super::text::{TextValues, take_texts};
use super::{InvalidRequest, refuse_body, refuse_rest};

/// The parameters of a query. You take them out one by one.
pub(crate) struct QueryValues(Vec<(String, String)>);

impl QueryValues {
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        refuse_body(request)?;
        let query = request.uri().query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        Ok(Self(pairs.into_owned().collect()))
    }

    /// Refuses remaining parameters.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        refuse_rest(self.0.into_iter().map(|(name, _)| name))
    }
}

impl TextValues for QueryValues {
    /// An empty text counts as absent.
    fn take(&mut self, name: &str) -> Vec<String> {
        let mut texts = take_texts(&mut self.0, name);
        texts.retain(|text| !text.is_empty());
        texts
    }
}

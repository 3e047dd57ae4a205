use bytes::Bytes;
use factify_types::parameter::QueryParameter;
use http::Request;

use super::{InvalidRequest, refuse_body, refuse_rest};

/// The parameters of a query, which are taken out one after the other.
pub(crate) struct QueryValues(Vec<(String, String)>);

impl QueryValues {
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        refuse_body(request)?;
        let query = request.uri().query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        Ok(Self(pairs.into_owned().collect()))
    }

    /// All values of this name. An empty text is as good as none.
    pub(crate) fn repeated<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Vec<T>, InvalidRequest> {
        self.0
            .retain(|(other, text)| other != name || !text.is_empty());
        take_all(&mut self.0, name)
    }

    pub(crate) fn optional<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<Option<T>, InvalidRequest> {
        at_most_one(name, self.repeated(name)?)
    }

    pub(crate) fn required<T: QueryParameter>(
        &mut self,
        name: &'static str,
    ) -> Result<T, InvalidRequest> {
        self.optional(name)?
            .ok_or_else(|| InvalidRequest::missing(name))
    }

    /// Refuses what was not taken out.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        refuse_rest(self.0.into_iter().map(|(name, _)| name))
    }
}

/// Takes all values of this name out.
pub(super) fn take_all<T: QueryParameter>(
    texts: &mut Vec<(String, String)>,
    name: &'static str,
) -> Result<Vec<T>, InvalidRequest> {
    let all = std::mem::take(texts).into_iter();
    let (taken, left): (Vec<_>, _) = all.partition(|(other, _)| other == name);
    *texts = left;
    let read = taken.into_iter().map(|(_, text)| {
        let value = T::from_text(&text)?;
        value.check().map(|()| value)
    });
    let values: Result<_, String> = read.collect();
    values.map_err(|message| InvalidRequest::new(name, T::REASON, message))
}

pub(super) fn at_most_one<T: QueryParameter>(
    name: &'static str,
    mut values: Vec<T>,
) -> Result<Option<T>, InvalidRequest> {
    let last = values.pop();
    if values.is_empty() {
        return Ok(last);
    }
    let message = "it is given more than once";
    Err(InvalidRequest::new(name, T::REASON, message))
}

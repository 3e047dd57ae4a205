//! Operations with other values, for several test programs.

use bytes::Bytes;
use factify_core::{BaseUrl, BearerToken, ParameterPlace, ServeOperation};
use http::{Request, Uri};
use serde_json::{Map, Value};

/// The operation with other IDs and texts. `replace` gets the name and the value of each parameter; of an ID in
/// the path, only the prefix. `None` if the operation is not valid, before or afterwards.
pub fn replaced<O: ServeOperation>(
    operation: &O,
    replace: &mut dyn FnMut(&str, &str) -> Option<String>,
) -> Option<O> {
    let token = BearerToken::new("ffy_test_unused").ok()?;
    let request = operation.encode(&BaseUrl::production(), &token).ok()?;
    let (mut head, body) = request.into_parts();
    let mut path = O::INFO.path.to_owned();
    for parameter in O::INFO.parameters {
        if let (ParameterPlace::Path, [kind, ..]) = (parameter.place, parameter.ids) {
            let id = replace(parameter.name, kind.prefix());
            let id = id.unwrap_or_else(|| format!("{}01h2xcejqtf2nbrexx3vqjhp41", kind.prefix()));
            path = path.replace(&format!("{{{}}}", parameter.name), &id);
        }
    }
    let query = head.uri.query().unwrap_or_default();
    let pairs = form_urlencoded::parse(query.as_bytes()).into_owned();
    let pairs = pairs.filter(|(name, _)| name != "page_token");
    let pairs = pairs.map(|(name, value)| {
        let other = replace(&name, &value);
        (name, other.unwrap_or(value))
    });
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(pairs).finish();
    let target = if query.is_empty() {
        path
    } else {
        format!("{path}?{query}")
    };
    head.uri = target.parse::<Uri>().ok()?;
    let mut body = body.into_bytes().ok()?;
    if let Ok(mut fields) = serde_json::from_slice::<Map<String, Value>>(&body) {
        for (name, value) in &mut fields {
            if let Some(other) = value.as_str().and_then(|text| replace(name, text)) {
                *value = other.into();
            }
        }
        body = Bytes::from(serde_json::to_vec(&fields).ok()?);
    }
    let request = Request::from_parts(head, body);
    let path = O::INFO.match_path(request.uri().path())?;
    O::from_request(&path, &request).ok()
}

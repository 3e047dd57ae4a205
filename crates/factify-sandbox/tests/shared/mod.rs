//! Operations with other values, for several test programs.

use bytes::Bytes;
use factify_core::{BaseUrl, BearerToken, ParameterPlace, ServeOperation};
use http::{Request, Uri};
use serde_json::Value;

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
        if parameter.place != ParameterPlace::Path || parameter.ids.is_empty() {
            continue;
        }
        let place = format!("{{{}}}", parameter.name);
        let mut segments = O::INFO.path.split('/').zip(head.uri.path().split('/'));
        let drawn = segments.find_map(|(name, id)| (name == place).then_some(id))?;
        let mut kinds = parameter.ids.iter().map(|kind| kind.prefix());
        let prefix = kinds.find(|prefix| drawn.starts_with(prefix))?;
        let id = replace(parameter.name, prefix);
        path = path.replace(&place, &id.unwrap_or_else(|| drawn.to_owned()));
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
    if let Ok(mut fields) = serde_json::from_slice::<Value>(&body) {
        replace_in("", &mut fields, replace);
        body = Bytes::from(serde_json::to_vec(&fields).ok()?);
    }
    let request = Request::from_parts(head, body);
    let path = O::INFO.match_path(request.uri().path())?;
    O::from_request(&path, &request).ok()
}

/// Replaces the texts in a value of this name.
fn replace_in(
    name: &str,
    value: &mut Value,
    replace: &mut dyn FnMut(&str, &str) -> Option<String>,
) {
    match value {
        Value::String(text) => {
            if let Some(other) = replace(name, text) {
                *text = other;
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| replace_in(name, item, replace)),
        Value::Object(fields) => {
            fields
                .iter_mut()
                .for_each(|(name, value)| replace_in(name, value, replace));
        }
        _ => {}
    }
}

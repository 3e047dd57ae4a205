//! Fields of a request: parameters of the query, or properties of a JSON object.

use std::fmt;
use std::io;
use std::path::Path;

use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::input;

/// A field as it is given.
#[derive(Clone)]
pub(super) struct Field {
    name: String,
    /// Whether it is an item of a list.
    is_item: bool,
    value: Given,
}

#[derive(Clone)]
enum Given {
    Value(Value),
    /// The text of this file.
    File(String),
}

impl fmt::Debug for Field {
    /// Omits the value, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Field")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A field whose value is a text.
pub(super) fn text(text: &str) -> Result<Field, &'static str> {
    field(text, |value| Given::Value(value.into()))
}

/// A field whose value is a text, a number, true, false, null or a file.
pub(super) fn typed(text: &str) -> Result<Field, &'static str> {
    field(text, |value| {
        if let Some(file) = value.strip_prefix('@') {
            return Given::File(file.to_owned());
        }
        match serde_json::from_str(value) {
            Ok(simple @ (Value::Null | Value::Bool(_) | Value::Number(_))) => Given::Value(simple),
            _ => Given::Value(value.into()),
        }
    })
}

fn field(text: &str, value: impl FnOnce(&str) -> Given) -> Result<Field, &'static str> {
    let (name, text) = text.split_once('=').ok_or("it is not NAME=VALUE")?;
    let (name, is_item) = match name.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (name, false),
    };
    if name.is_empty() {
        return Err("it has no name");
    }
    Ok(Field {
        name: name.to_owned(),
        is_item,
        value: value(text),
    })
}

impl Field {
    fn value(&self) -> Result<Value, Failure> {
        let name = match &self.value {
            Given::Value(value) => return Ok(value.clone()),
            Given::File(name) => name,
        };
        let text = if name == "-" {
            input::text(io::stdin().lock()).map_err(|error| {
                Failure::usage(format!("standard input cannot be read: {error}"))
            })?
        } else {
            input::file(Path::new(name), &format!("the field {}", self.name))?
        };
        Ok(Value::String(text.to_string()))
    }
}

/// Refuses a second field from standard input, which would be empty.
pub(super) fn check<'f>(fields: impl Iterator<Item = &'f Field>) -> Result<(), Failure> {
    let is_stdin = |field: &&Field| matches!(&field.value, Given::File(name) if name == "-");
    match fields.filter(is_stdin).nth(1) {
        Some(field) => Err(Failure::usage(format!(
            "the field {}: another field already reads standard input",
            field.name
        ))),
        None => Ok(()),
    }
}

/// The fields as parameters. A name can be repeated.
pub(super) fn query<'f>(
    fields: impl Iterator<Item = &'f Field>,
) -> Result<Vec<(String, String)>, Failure> {
    fields
        .map(|field| {
            let value = match field.value()? {
                Value::String(text) => text,
                other => other.to_string(),
            };
            Ok((field.name.clone(), value))
        })
        .collect()
}

/// The fields as a JSON object, or `None` if there are none.
pub(super) fn object<'f>(
    fields: impl Iterator<Item = &'f Field>,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut object = Map::new();
    for field in fields {
        let value = field.value()?;
        if !field.is_item {
            if object.insert(field.name.clone(), value).is_some() {
                return Err(twice(&field.name));
            }
            continue;
        }
        let list = object
            .entry(&field.name)
            .or_insert_with(|| Value::Array(Vec::new()));
        match list {
            Value::Array(list) => list.push(value),
            _ => return Err(twice(&field.name)),
        }
    }
    if object.is_empty() {
        return Ok(None);
    }
    // A map of values is always valid JSON.
    let json = serde_json::to_vec(&object);
    json.map(Some)
        .map_err(|error| Failure::local(error.to_string()))
}

fn twice(name: &str) -> Failure {
    Failure::usage(format!(
        "the field {name} is given twice: write {name}[]=… for a list, or use --input"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(fields: &[Result<Field, &'static str>]) -> Result<Option<String>, String> {
        let fields: Vec<_> = fields.iter().map(|field| field.clone().unwrap()).collect();
        let object = object(fields.iter()).map_err(|failure| failure.to_string())?;
        Ok(object.map(|json| String::from_utf8(json).unwrap()))
    }

    #[test]
    fn fields_are_a_json_object() {
        for (fields, expected) in [
            (&[][..], Ok(None)),
            (&[text("a=1")], Ok(Some(r#"{"a":"1"}"#))),
            (&[text("a=b=c")], Ok(Some(r#"{"a":"b=c"}"#))),
            (&[text("a=@b")], Ok(Some(r#"{"a":"@b"}"#))),
            (&[text("a=")], Ok(Some(r#"{"a":""}"#))),
            (
                &[typed("a=1"), typed("b=true"), typed("c=null")],
                Ok(Some(r#"{"a":1,"b":true,"c":null}"#)),
            ),
            (
                &[typed("a=-1.5"), typed("b=[1]"), typed("c=x")],
                Ok(Some(r#"{"a":-1.5,"b":"[1]","c":"x"}"#)),
            ),
            (
                &[text("a[]=x"), typed("a[]=1")],
                Ok(Some(r#"{"a":["x",1]}"#)),
            ),
            (
                &[text("a=x"), text("a=y")],
                Err("the field a is given twice"),
            ),
            (
                &[text("a=x"), text("a[]=y")],
                Err("the field a is given twice"),
            ),
            (
                &[text("a[]=x"), text("a=y")],
                Err("the field a is given twice"),
            ),
            (
                &[typed("a=@/no/such/file")],
                Err("the file of the field a cannot be read"),
            ),
        ] {
            match (json(fields), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found.as_deref(), expected),
                (Err(found), Err(expected)) => assert!(found.starts_with(expected), "{found}"),
                (found, expected) => panic!("{found:?} {expected:?}"),
            }
        }
    }

    #[test]
    fn fields_are_a_query() {
        let fields = [text("a.b=1"), text("a.b=2"), typed("c=true"), text("d[]=x")];
        let fields: Vec<_> = fields.into_iter().map(Result::unwrap).collect();
        let found = query(fields.iter()).unwrap();
        let expected = [("a.b", "1"), ("a.b", "2"), ("c", "true"), ("d", "x")];
        assert_eq!(
            found,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
    }

    #[test]
    fn a_field_has_a_name_and_a_value() {
        for wrong in ["a", "", "=a", "[]=a"] {
            assert!(text(wrong).is_err() && typed(wrong).is_err(), "{wrong}");
        }
        assert!(!format!("{:?}", text("a=s3cret")).contains("s3cret"));
    }
}

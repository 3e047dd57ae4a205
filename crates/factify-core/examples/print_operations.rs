//! Prints the constants of every operation as lines of JSON, to check them against the API document and
//! to list what is covered.

use factify_core::{LimitUnit, OPERATIONS, ParameterInfo, ParameterPlace};
use serde_json::{Value, json};

#[allow(clippy::print_stdout)] // This is what the program is for.
fn main() {
    for operation in OPERATIONS {
        let parameters: Vec<_> = operation.parameters.iter().map(parameter).collect();
        let line = json!({
            "id": operation.id,
            "method": operation.method.as_str(),
            "path": operation.path,
            "content_type": operation.content_type,
            "idempotent": operation.idempotent,
            "call": operation.call,
            "parameters": parameters,
        });
        println!("{line}");
    }
}

fn parameter(parameter: &ParameterInfo) -> Value {
    let limit = parameter.limit.map(|limit| {
        let unit = match limit.unit {
            LimitUnit::Characters => "characters",
            LimitUnit::Bytes => "bytes",
            LimitUnit::Items => "items",
            _ => "value",
        };
        let max = (limit.max < usize::MAX).then_some(limit.max);
        json!({ "unit": unit, "min": limit.min, "max": max })
    });
    json!({
        "name": parameter.name,
        "place": match parameter.place {
            ParameterPlace::Path => "path",
            ParameterPlace::Query => "query",
            _ => "body",
        },
        "required": parameter.required,
        "repeated": parameter.repeated,
        "limit": limit,
    })
}

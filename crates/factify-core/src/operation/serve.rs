//! The way back: from a request to the operation, and from the output to a response. For servers that
//! stand in for the API, such as a sandbox.

use bytes::Bytes;
use factify_types::{ErrorReason, Id};
use http::Request;

use super::Operation;
use super::info::OperationInfo;
use crate::wire::InvalidRequest;

/// An operation that can be read from a request, and whose output can be written.
///
/// Every operation of this crate is one.
pub trait ServeOperation: Operation + Sized {
    /// Checks the IDs of the path alone, so that a server can decide by them who may call it before
    /// it reads the rest.
    ///
    /// # Errors
    /// With the first placeholder whose text is not such an ID.
    fn check_path(path: &PathValues<'_>) -> Result<(), InvalidRequest>;

    /// Reads the operation. What the operation does not declare is refused, and so is what breaks a
    /// documented limit.
    ///
    /// # Errors
    /// With the first parameter that is wrong.
    fn from_request(
        path: &PathValues<'_>,
        request: &Request<Bytes>,
    ) -> Result<Self, InvalidRequest>;

    /// Makes an output be about what was asked for: see [`Operation::verify`]. For tests that generate
    /// outputs.
    #[doc(hidden)]
    fn agree(&self, output: &mut Self::Output) {
        let _ = output;
    }

    /// Writes the body of a successful response.
    ///
    /// # Errors
    /// When the output cannot be written as JSON.
    fn encode_output(output: &Self::Output) -> Result<Bytes, serde_json::Error>;
}

/// What stands in a path in the places of an operation's placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathValues<'p> {
    values: Vec<(&'static str, &'p str)>,
    literals: usize,
}

impl OperationInfo {
    /// Reads a path of this operation; `None` when it is another one.
    ///
    /// A path can be that of several operations. The one of the most
    /// [literal segments](PathValues::literals) is meant.
    pub fn match_path<'p>(&self, path: &'p str) -> Option<PathValues<'p>> {
        let (mut values, mut literals) = (Vec::new(), 0);
        let (mut expected, mut found) = (self.path.split('/'), path.split('/'));
        loop {
            match (expected.next(), found.next()) {
                (None, None) => return Some(PathValues { values, literals }),
                (Some(expected), Some(found)) => {
                    let name = expected
                        .strip_prefix('{')
                        .and_then(|it| it.strip_suffix('}'));
                    match name {
                        Some(name) => values.push((name, found)),
                        None if expected == found => literals += 1,
                        None => return None,
                    }
                }
                _ => return None,
            }
        }
    }
}

impl PathValues<'_> {
    /// How many segments of the path are not placeholders.
    pub fn literals(&self) -> usize {
        self.literals
    }

    /// Reads the ID of this placeholder; `None` when the path has none of this name.
    ///
    /// # Errors
    /// When it is no such ID.
    pub fn get<I: Id>(&self, name: &str) -> Option<Result<I, InvalidRequest>> {
        let (name, text) = self.values.iter().find(|(found, _)| *found == name)?;
        let read = text.parse::<I>();
        Some(read.map_err(|error| {
            InvalidRequest::new(*name, ErrorReason::InvalidIdFormat, error.to_string())
        }))
    }

    /// Reads the ID of a placeholder that the operation declares.
    pub(crate) fn required<I: Id>(&self, name: &'static str) -> Result<I, InvalidRequest> {
        self.get(name).unwrap_or_else(|| {
            let reason = ErrorReason::MissingRequiredField;
            Err(InvalidRequest::new(name, reason, "it is missing"))
        })
    }
}

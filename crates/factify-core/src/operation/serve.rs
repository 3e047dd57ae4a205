//! Reads operations from requests and writes outputs to responses. For servers that imitate the API, for
//! example a sandbox.

use bytes::Bytes;
use factify_types::{ErrorReason, Id};
use http::Request;

use super::Operation;
use super::info::OperationInfo;
use crate::wire::InvalidRequest;

/// An operation that a server can read from a request, with an output that it can write.
///
/// Every operation of this crate implements it.
pub trait ServeOperation: Operation + Sized {
    /// Checks only the IDs of the path, so that a server can check permissions before it reads the
    /// rest.
    ///
    /// # Errors
    /// With the first placeholder whose text is not a valid ID.
    fn check_path(path: &PathValues<'_>) -> Result<(), InvalidRequest>;

    /// Reads the operation. It refuses undeclared parameters and values that break a documented limit.
    ///
    /// # Errors
    /// With the first wrong parameter.
    fn from_request(
        path: &PathValues<'_>,
        request: &Request<Bytes>,
    ) -> Result<Self, InvalidRequest>;

    /// Makes an output match the request, so that [`Operation::verify`] succeeds. For tests that
    /// generate outputs.
    #[doc(hidden)]
    fn agree(&self, output: &mut Self::Output) {
        let _ = output;
    }

    /// Writes the body of a successful response.
    ///
    /// # Errors
    /// If the output cannot be written as JSON.
    fn encode_output(output: &Self::Output) -> Result<Bytes, serde_json::Error>;
}

/// The values in a path for an operation's placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathValues<'p> {
    values: Vec<(&'static str, &'p str)>,
    literals: usize,
}

impl OperationInfo {
    /// Reads a path, or returns `None` if it is not a path of this operation.
    ///
    /// Several operations can match one path. Choose the operation with the most
    /// [literal segments](PathValues::literals).
    pub fn match_path<'p>(&self, path: &'p str) -> Option<PathValues<'p>> {
        // Most paths differ before the first placeholder.
        let (start, _) = self.path.split_once('{').unwrap_or((self.path, ""));
        if !path.starts_with(start) {
            return None;
        }
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
    /// The number of segments that are not placeholders.
    pub fn literals(&self) -> usize {
        self.literals
    }

    /// Reads the ID of this placeholder, or returns `None` if the path does not have it.
    ///
    /// # Errors
    /// If the text is not an ID of this kind.
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

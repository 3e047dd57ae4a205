//! Environment variables, all read in the same way. Hidden, because only the `factify` command needs more
//! than the functions `from_env`.

use std::ffi::OsString;
use std::fmt;
use std::str::FromStr;

use zeroize::Zeroizing;

use crate::error::from_invalid;

/// Reads a value from an environment variable, without the white space around it. `None` if the variable is
/// not set or empty.
///
/// # Errors
/// If the variable is not Unicode or not a valid value.
pub fn read<T: FromStr<Err: fmt::Display>>(
    name: &'static str,
) -> Result<Option<T>, InvalidVariable> {
    value(name, std::env::var_os(name))
}

fn value<T: FromStr<Err: fmt::Display>>(
    name: &'static str,
    text: Option<OsString>,
) -> Result<Option<T>, InvalidVariable> {
    let invalid = |problem| {
        let problem = Some(problem);
        Err(InvalidVariable { name, problem })
    };
    // It may be a secret.
    let text = match text.map(OsString::into_string) {
        None => return Ok(None),
        Some(Ok(text)) => Zeroizing::new(text),
        Some(Err(_)) => return invalid("it is not Unicode".into()),
    };
    match text.trim() {
        "" => Ok(None),
        text => match text.parse() {
            Ok(value) => Ok(Some(value)),
            Err(error) => invalid(error.to_string()),
        },
    }
}

/// Why an environment variable is not usable. It names the variable and does not contain its value. Set or correct the
/// variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidVariable {
    name: &'static str,
    /// `None` if there is no value.
    problem: Option<String>,
}

impl InvalidVariable {
    pub(crate) fn missing(name: &'static str) -> Self {
        let problem = None;
        Self { name, problem }
    }

    /// Whether the variable is not set, or empty. A program that has another source for the value can then
    /// use it.
    pub fn is_missing(&self) -> bool {
        self.problem.is_none()
    }

    /// The name of the variable.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Display for InvalidVariable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let problem = self.problem.as_deref();
        let problem = problem.unwrap_or("it is not set, or empty");
        write!(f, "the environment variable {}: {problem}", self.name)
    }
}

impl std::error::Error for InvalidVariable {}

from_invalid!(InvalidVariable);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BaseUrl, BearerToken};

    fn shown<T: FromStr<Err: fmt::Display> + fmt::Debug>(text: Option<&str>) -> String {
        match value::<T>("FACTIFY_X", text.map(Into::into)) {
            Ok(value) => format!("{value:?}"),
            Err(error) => {
                assert_eq!((error.name(), error.is_missing()), ("FACTIFY_X", false));
                assert!(!format!("{error:?}").contains("CANARY"));
                error.to_string()
            }
        }
    }

    #[test]
    fn a_value_is_trimmed_and_an_empty_value_is_none() {
        let token = shown::<BearerToken>;
        let url = shown::<BaseUrl>;
        for (found, expected) in [
            (token(None), "None"),
            (token(Some("")), "None"),
            (token(Some(" \r\n")), "None"),
            (token(Some("ffy_test_x")), "Some(BearerToken(ffy_test_…))"),
            (
                token(Some("\tffy_test_x \r\n")),
                "Some(BearerToken(ffy_test_…))",
            ),
            (
                token(Some("CANARY CANARY")),
                "the environment variable FACTIFY_X: not a usable bearer token: it has a space, \
                 a control character or a character outside of ASCII",
            ),
            (url(None), "None"),
            (url(Some(" ")), "None"),
            (
                url(Some(" http://127.0.0.1:1/\n")),
                "Some(BaseUrl(http://127.0.0.1:1))",
            ),
            (
                url(Some("https://u:CANARY@x.example")),
                "the environment variable FACTIFY_X: not a usable base URL: it has a user name or a password",
            ),
            (
                url(Some("http://x.example")),
                "the environment variable FACTIFY_X: not a usable base URL: http sends the token in the \
                 clear; use https, or http to loopback only",
            ),
        ] {
            assert_eq!(found, expected);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_value_that_is_not_unicode_is_an_error() {
        use std::os::unix::ffi::OsStringExt;
        let text = OsString::from_vec(b"CANARY\xff".to_vec());
        let error = value::<BearerToken>("FACTIFY_X", Some(text)).unwrap_err();
        let shown = "the environment variable FACTIFY_X: it is not Unicode";
        assert_eq!(error.to_string(), shown);
        assert!(!format!("{error:?}").contains("CANARY"));
    }
}

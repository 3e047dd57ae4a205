use clap::error::{ContextKind, ContextValue};

/// Replaces a secret in a message.
const CONCEALED: &str = "(not shown: it looks like a secret; secrets are never arguments)";

/// Removes from a usage error what looks like a secret that was given as an argument by mistake.
pub(super) fn concealed(mut error: clap::Error) -> clap::Error {
    let kinds: Vec<ContextKind> = error
        .context()
        .filter(|(_, value)| match value {
            ContextValue::String(text) => is_secret(text),
            ContextValue::Strings(texts) => texts.iter().any(|text| is_secret(text)),
            ContextValue::StyledStrs(texts) => {
                texts.iter().any(|text| is_secret(&text.to_string()))
            }
            _ => false,
        })
        .map(|(kind, _)| kind)
        .collect();
    for kind in kinds {
        error.insert(kind, ContextValue::String(CONCEALED.into()));
    }
    error
}

/// A name in quotation marks, unless it looks like a secret.
pub(crate) fn quoted(name: &str) -> String {
    if is_secret(name) {
        CONCEALED.to_owned()
    } else {
        format!("{name:?}")
    }
}

/// One more than the longest id of the API, `user_…`.
const LONG: usize = 32;

/// An API key, a user token (a JSON Web Token), a URL with a password, or the token of an invitation,
/// which is recognized only by its length.
fn is_secret(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    let password = text
        .split_once("://")
        .is_some_and(|(_, rest)| rest.contains('@'));
    let is_of_token = |symbol: char| symbol.is_ascii_alphanumeric() || "-_+/=".contains(symbol);
    let mut words = text.split(|symbol| !is_of_token(symbol));
    text.contains("ffy_")
        || text.contains("eyj")
        || password
        || words.any(|word| word.len() >= LONG)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_of_a_usage_error_shows_a_secret() {
        for arguments in [
            &["factify", "ffy_test_abc"][..],
            &["factify", "--ffy_test_abc"],
            &["factify", "invites", "list", "--ffy_test_abc"],
            &["factify", "invites", "revoke", "ffy_test_abc"],
            &["factify", "completions", "ffy_test_abc"],
        ] {
            let error = crate::args::description().try_get_matches_from(arguments);
            let shown = concealed(error.unwrap_err()).to_string();
            assert!(!shown.contains("ffy_test_abc"), "{shown}");
            assert!(shown.contains("it looks like a secret"), "{shown}");
        }
    }

    #[test]
    fn recognizes_secrets() {
        for (text, secret) in [
            ("ffy_prod_abc", true),
            ("--key=FFY_test_abc", true),
            ("eyJhbGciOiJIUzI1NiJ9.e30.x", true),
            ("https://user:password@api.example", true),
            ("aCTkMTST6HbAKBkDoClZyxhEGHU25BkoQes90io41e8", true),
            ("https://api.example", false),
            ("user_01h2xcejqtf2nbrexx3vqjhp41", false),
            ("dwight@example.com", false),
        ] {
            assert_eq!(is_secret(text), secret, "{text}");
        }
    }
}

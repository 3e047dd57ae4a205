//! The line that somebody is typing. It may not be complete or correct.

use std::ffi::OsString;
use std::str::FromStr;
use std::time::Duration;

use factify_core::{DocumentId, OrganizationId};

use crate::args::Global;
use crate::output::Format;

#[derive(Debug, Clone)]
pub(super) struct Line {
    words: Vec<String>,
}

impl Line {
    /// The words after `--`, which the script gives.
    pub(super) fn new(arguments: &[OsString]) -> Self {
        let words = arguments.iter().skip_while(|word| *word != "--").skip(1);
        let words = words.filter_map(|word| word.to_str());
        Self {
            words: words.map(str::to_owned).collect(),
        }
    }

    /// Whether this word stands in the line.
    pub(super) fn has(&self, word: &str) -> bool {
        self.words.iter().any(|found| found == word)
    }

    /// Whether the last word is the beginning of an option.
    pub(super) fn ends_in_option(&self) -> bool {
        self.words.last().is_some_and(|word| word.starts_with('-'))
    }

    /// The first word that names an organization.
    pub(super) fn organization(&self) -> Option<OrganizationId> {
        self.first()
    }

    /// The first word that names a document.
    pub(super) fn document(&self) -> Option<DocumentId> {
        self.first()
    }

    fn first<T: FromStr>(&self) -> Option<T> {
        self.words.iter().find_map(|word| word.parse().ok())
    }

    /// The options that say which API and which key.
    pub(super) fn global(&self, timeout: Duration) -> Global {
        Global {
            profile: self.option("--profile"),
            org: self.option("--org"),
            key_file: self.option("--key-file").map(Into::into),
            base_url: self.option("--base-url"),
            timeout,
            retries: 0,
            output: Format::default(),
            verbose: false,
        }
    }

    /// The last value of an option.
    fn option(&self, name: &str) -> Option<String> {
        let mut words = self.words.iter();
        let mut found = None;
        while let Some(word) = words.next() {
            let value = match word.strip_prefix(name) {
                Some("") => words.next().map(String::as_str),
                // Bash splits a word at `=`.
                Some(rest) => rest.strip_prefix('='),
                None => None,
            };
            found = value.filter(|value| !value.is_empty()).or(found);
        }
        found.map(str::to_owned)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Line {
        let words = format!("factify -- factify {text}");
        let words: Vec<_> = words.split(' ').map(OsString::from).collect();
        Line::new(&words)
    }

    #[test]
    fn the_last_value_of_an_option_counts() {
        for (text, expected) in [
            ("invites list --profile work", Some("work")),
            ("invites list --profile=work", Some("work")),
            ("invites list --profile work --profile home", Some("home")),
            ("invites list --profile", None),
            ("invites list --profile=", None),
            ("invites list --profiles work", None),
            ("invites list", None),
        ] {
            let found = line(text).global(Duration::ZERO).profile;
            assert_eq!(found.as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn an_organization_is_found_anywhere() {
        const ID: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";
        for text in [
            "invites revoke ID inv_",
            "invites list --org ID",
            "orgs show ID",
        ] {
            let found = line(&text.replace("ID", ID)).organization();
            assert_eq!(found, Some(OrganizationId::literal(ID)), "{text}");
        }
        assert_eq!(line("invites revoke org_").organization(), None);
    }
}

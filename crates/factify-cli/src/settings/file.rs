//! The text of the configuration file.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::Range;
use std::path::PathBuf;
use std::str::FromStr;

use factify_core::{BaseUrl, BearerToken, OrganizationId};
use toml::Spanned;
use toml::de::{DeArray, DeString, DeTable, DeValue};

use crate::args::conceal;

/// What a configuration file says.
#[derive(Debug, Default)]
pub(crate) struct Config {
    /// The profile that is used if none is named.
    pub(crate) default: Option<String>,
    pub(crate) profiles: BTreeMap<String, Profile>,
}

#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) base_url: Option<BaseUrl>,
    pub(crate) organization: Option<OrganizationId>,
    pub(crate) key: KeySource,
}

/// Where the key of a profile is.
#[derive(Debug, Clone)]
pub(crate) enum KeySource {
    Text(BearerToken),
    File(PathBuf),
    /// A program and its arguments.
    Command(Vec<String>),
}

impl KeySource {
    /// The name of the field.
    pub(crate) fn field(&self) -> &'static str {
        match self {
            Self::Text(_) => KEY,
            Self::File(_) => KEY_FILE,
            Self::Command(_) => KEY_COMMAND,
        }
    }
}

impl Profile {
    /// The API that the key is for.
    pub(crate) fn api(&self) -> BaseUrl {
        self.base_url.clone().unwrap_or_default()
    }
}

const PROFILE: &str = "profile";
const PROFILES: &str = "profiles";
const BASE_URL: &str = "base_url";
const ORGANIZATION: &str = "organization";
const KEY: &str = "key";
const KEY_FILE: &str = "key_file";
const KEY_COMMAND: &str = "key_command";

/// Reads the text of a configuration file. An error starts with the line, and does not contain a value.
pub(crate) fn parse(text: &str) -> Result<Config, String> {
    let reader = Reader { text };
    let table = DeTable::parse(text).map_err(|error| {
        // Other texts of the error contain the line, which may have a key.
        reader.problem(error.span().unwrap_or_default(), error.message())
    })?;
    reader.config(table.get_ref())
}

struct Reader<'t> {
    text: &'t str,
}

type Name<'t> = Spanned<DeString<'t>>;
type Value<'t> = Spanned<DeValue<'t>>;

impl Reader<'_> {
    fn problem(&self, at: Range<usize>, what: impl Display) -> String {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        format!("line {line}: {what}")
    }

    fn config(&self, table: &DeTable<'_>) -> Result<Config, String> {
        let mut config = Config::default();
        for (name, value) in table {
            match &**name.get_ref() {
                PROFILE => config.default = Some(self.string(name, value)?.to_owned()),
                PROFILES => {
                    for (name, value) in self.table(name, value)? {
                        let profile = self.profile(name, self.table(name, value)?)?;
                        config.profiles.insert(name.get_ref().to_string(), profile);
                    }
                }
                _ => return Err(self.unknown(name, &[PROFILE, PROFILES])),
            }
        }
        Ok(config)
    }

    fn profile(&self, profile: &Name<'_>, table: &DeTable<'_>) -> Result<Profile, String> {
        let (mut base_url, mut organization, mut keys) = (None, None, Vec::new());
        for (name, value) in table {
            match &**name.get_ref() {
                BASE_URL => base_url = Some(self.parsed(name, value)?),
                ORGANIZATION => organization = Some(self.parsed(name, value)?),
                KEY => keys.push(KeySource::Text(self.parsed(name, value)?)),
                KEY_FILE => keys.push(KeySource::File(self.string(name, value)?.into())),
                KEY_COMMAND => keys.push(KeySource::Command(self.command(name, value)?)),
                _ => {
                    let known = [BASE_URL, ORGANIZATION, KEY, KEY_FILE, KEY_COMMAND];
                    return Err(self.unknown(name, &known));
                }
            }
        }
        let wrong = |what: &str| {
            let shown = conceal::quoted(profile.get_ref());
            self.problem(profile.span(), format_args!("the profile {shown} {what}"))
        };
        match (keys.pop(), keys.pop()) {
            (Some(key), None) => Ok(Profile {
                base_url,
                organization,
                key,
            }),
            (Some(one), Some(other)) => {
                let (one, other) = (one.field(), other.field());
                Err(wrong(&format!("has both {one} and {other}: remove one")))
            }
            (None, _) => Err(wrong(
                "says nothing about its key: add key_command or key_file",
            )),
        }
    }

    fn unknown(&self, name: &Name<'_>, known: &[&str]) -> String {
        let found = name.get_ref();
        let near = |known: &str| strsim::jaro(found, known);
        let nearest = known
            .iter()
            .filter(|known| near(known) > 0.7)
            .max_by(|one, other| near(one).total_cmp(&near(other)));
        let tip = match nearest {
            Some(nearest) => format!("you may mean {nearest}"),
            None => format!("the known ones are {}", known.join(", ")),
        };
        let shown = conceal::quoted(found);
        self.problem(name.span(), format_args!("unknown field {shown}: {tip}"))
    }

    fn wrong(&self, name: &Name<'_>, value: &Value<'_>, what: impl Display) -> String {
        let shown = conceal::quoted(name.get_ref());
        self.problem(value.span(), format_args!("{shown}: {what}"))
    }

    fn table<'v>(&self, name: &Name<'_>, value: &'v Value<'_>) -> Result<&'v DeTable<'v>, String> {
        let table = value.get_ref().as_table();
        table.ok_or_else(|| self.wrong(name, value, "it is not a table"))
    }

    fn string<'v>(&self, name: &Name<'_>, value: &'v Value<'_>) -> Result<&'v str, String> {
        match value.get_ref().as_str() {
            Some("") => Err(self.wrong(name, value, "it is empty")),
            Some(text) => Ok(text),
            None => Err(self.wrong(name, value, "it is not a string")),
        }
    }

    fn parsed<T: FromStr<Err: Display>>(
        &self,
        name: &Name<'_>,
        value: &Value<'_>,
    ) -> Result<T, String> {
        let text = self.string(name, value)?;
        text.parse().map_err(|error| self.wrong(name, value, error))
    }

    fn command(&self, name: &Name<'_>, value: &Value<'_>) -> Result<Vec<String>, String> {
        let words = value.get_ref().as_array().filter(|words| !words.is_empty());
        let words: Option<&DeArray<'_>> = words;
        let words = words.ok_or_else(|| {
            self.wrong(
                name,
                value,
                "it is not a list of a program and its arguments, such as [\"pass\", \"show\", \"factify\"]",
            )
        })?;
        let mut command = Vec::new();
        for word in words {
            // An argument may be empty.
            let text = word.get_ref().as_str().filter(|text| !text.contains('\0'));
            let text = text.ok_or_else(|| self.wrong(name, word, "it is not a list of strings"))?;
            command.push(text.to_owned());
        }
        Ok(command)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const GOOD: &str = "\
# A comment
profile = \"work\"

[profiles.work]
base_url = \"https://api.example\"
organization = \"org_01h2xcejqtf2nbrexx3vqjhp41\"
key_command = [\"pass\", \"show\", \"factify\"]

[profiles.\"a b\"]
key_file = \"~/key\"
";

    #[test]
    fn reads_profiles() {
        let config = parse(GOOD).unwrap();
        assert_eq!(config.default.as_deref(), Some("work"));
        let work = &config.profiles["work"];
        assert_eq!(work.api().to_string(), "https://api.example");
        assert!(work.organization.is_some());
        assert!(matches!(&work.key, KeySource::Command(words) if words.len() == 3));
        let other = &config.profiles["a b"];
        assert_eq!(other.api(), BaseUrl::production());
        assert!(matches!(&other.key, KeySource::File(path) if path.ends_with("key")));
        assert!(parse("").unwrap().profiles.is_empty());
    }

    #[test]
    fn each_mistake_is_named_with_its_line() {
        for (text, said) in [
            (
                "profil = \"x\"",
                "line 1: unknown field \"profil\": you may mean profile",
            ),
            (
                "\n[zebra]",
                "line 2: unknown field \"zebra\": the known ones are profile, profiles",
            ),
            ("profile = 1", "line 1: \"profile\": it is not a string"),
            ("profiles = 1", "line 1: \"profiles\": it is not a table"),
            ("[profiles]\nx = 1", "line 2: \"x\": it is not a table"),
            (
                "[profiles.x]",
                "line 1: the profile \"x\" says nothing about its key",
            ),
            (
                "[profiles.x]\nkey = \"ffy_test_a\"\nkey_file = \"b\"",
                "line 1: the profile \"x\" has both",
            ),
            (
                "[profiles.x]\norganisation = \"org_01h2xcejqtf2nbrexx3vqjhp41\"",
                "line 2: unknown field \"organisation\": you may mean organization",
            ),
            (
                "[profiles.x]\nkeyfile = \"a\"",
                "line 2: unknown field \"keyfile\": you may mean key_file",
            ),
            (
                "[profiles.x]\nkey_file = \"\"",
                "line 2: \"key_file\": it is empty",
            ),
            (
                "[profiles.x]\nkey = \"s3 cret\"",
                "line 2: \"key\": not a usable bearer token",
            ),
            (
                "[profiles.x]\nkey_command = \"pass\"",
                "line 2: \"key_command\": it is not a list",
            ),
            (
                "[profiles.x]\nkey_command = []",
                "line 2: \"key_command\": it is not a list",
            ),
            (
                "[profiles.x]\nkey_command = [\"a\",\n 1]",
                "line 3: \"key_command\": it is not a list of strings",
            ),
            (
                "[profiles.x]\nbase_url = \"http://s3cret.example\"",
                "line 2: \"base_url\": not a usable base URL: http sends",
            ),
            (
                "[profiles.x]\norganization = \"s3cret\"",
                "line 2: \"organization\": not an organ",
            ),
            ("\n\nkey = s3cret", "line 3: "),
            ("[profiles.x]\nkey = \"a\"\nkey = \"s3cret\"", "line 3: "),
            ("ffy_test_s3cret = 1", "line 1: unknown field (not shown"),
        ] {
            let problem = parse(text).unwrap_err();
            assert!(problem.starts_with(said), "{text}: {problem}");
            assert!(!problem.contains("s3"), "{text}: {problem}");
        }
    }

    proptest! {
        #[test]
        fn no_message_shows_a_value(
            before in "[a-z =\\[\\]\"'\n.#{},0-9]{0,12}",
            after in "[a-z =\\[\\]\"'\n.#{},0-9\\\\]{0,12}",
            field in "key|key_file|profile|key_command",
        ) {
            let text = format!("[profiles.x]\n{field} = {before}CANARY{after}");
            if let Err(problem) = parse(&text) {
                // A misspelled field may be shown; a value is on the right of `=`.
                prop_assert!(!problem.contains("CANARY") || problem.contains("unknown field"), "{text}: {problem}");
            }
        }
    }
}

//! The settings of a command: from its options, the environment and a profile of the configuration file.
//!
//! `docs/configuration.md` has the rules as tables.

mod configuration;
mod file;
mod key;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use factify_core::{BaseUrl, BearerToken, InvalidVariable, OrganizationId, environment};
use zeroize::Zeroizing;

use crate::args::Global;
use crate::args::conceal;
use crate::client::ORGANIZATION;
use crate::console::Console;
use crate::failure::Failure;
use crate::input;
use crate::interrupt::Interrupts;
pub(crate) use configuration::Configuration;
pub(crate) use file::{KeySource, Profile};

/// The environment variable that names the profile.
const PROFILE: &str = "FACTIFY_PROFILE";

/// The place of a setting, as messages name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// This option.
    Option(&'static str),
    /// This environment variable.
    Variable(&'static str),
    Profile,
    Default,
}

impl Source {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Option(name) | Self::Variable(name) => name,
            Self::Profile => "profile",
            Self::Default => "default",
        }
    }
}

/// A profile in use.
#[derive(Debug)]
pub(crate) struct Selected {
    pub(crate) name: String,
    pub(crate) profile: Profile,
    /// What names it. A profile that an option names is stronger than the environment.
    pub(crate) source: Source,
}

impl Selected {
    fn is_option(&self) -> bool {
        matches!(self.source, Source::Option(_))
    }

    /// The profile for messages.
    fn shown(&self) -> String {
        format!("the profile {}", conceal::quoted(&self.name))
    }
}

/// The place of the key that is used.
#[derive(Debug)]
pub(crate) enum KeyPlace<'s> {
    Option(&'s Path),
    Variable,
    Profile(&'s Selected),
}

impl KeyPlace<'_> {
    pub(crate) fn source(&self) -> Source {
        match self {
            Self::Option(_) => Source::Option("--key-file"),
            Self::Variable => Source::Variable(BearerToken::VARIABLE),
            Self::Profile(_) => Source::Profile,
        }
    }
}

#[derive(Debug)]
pub(crate) struct Settings {
    org: Option<String>,
    base_url: Option<String>,
    key_file: Option<PathBuf>,
    configuration: Option<Configuration>,
    profile: Option<Selected>,
    key: OnceLock<BearerToken>,
}

impl Settings {
    /// Reads the configuration file. It reads no key and runs no command.
    pub(crate) fn load(global: &Global) -> Result<Self, Failure> {
        let configuration = Configuration::load()?;
        let profile = select(global.profile.as_deref(), configuration.as_ref())?;
        Ok(Self {
            org: global.org.clone(),
            base_url: global.base_url.clone(),
            key_file: global.key_file.clone(),
            configuration,
            profile,
            key: OnceLock::new(),
        })
    }

    pub(crate) fn configuration(&self) -> Option<&Configuration> {
        self.configuration.as_ref()
    }

    pub(crate) fn profile(&self) -> Option<&Selected> {
        self.profile.as_ref()
    }

    pub(crate) fn base_url(&self) -> Result<(BaseUrl, Source), Failure> {
        if let Some(text) = &self.base_url {
            let url = BaseUrl::parse(text)
                .map_err(|error| Failure::usage(format!("{error} (from --base-url)")))?;
            return Ok((url, Source::Option("--base-url")));
        }
        // A profile that an option names decides the API, even if it only means the default.
        if !self.profile.as_ref().is_some_and(Selected::is_option) {
            if let Some(url) = variable(BaseUrl::from_env())? {
                return Ok((url, Source::Variable(BaseUrl::VARIABLE)));
            }
        }
        let profile = self.profile.as_ref();
        Ok(
            match profile.and_then(|used| used.profile.base_url.clone()) {
                Some(url) => (url, Source::Profile),
                None => (BaseUrl::default(), Source::Default),
            },
        )
    }

    pub(crate) fn organization(&self) -> Result<Option<(OrganizationId, Source)>, Failure> {
        if let Some(organization) = self.organization_option()? {
            return Ok(Some((organization, Source::Option("--org"))));
        }
        let profile = self.profile.as_ref();
        let of_profile = profile.and_then(|used| used.profile.organization);
        let of_profile = of_profile.map(|organization| (organization, Source::Profile));
        if of_profile.is_some() && profile.is_some_and(Selected::is_option) {
            return Ok(of_profile);
        }
        let named = variable(environment::read(ORGANIZATION))?;
        let named = named.map(|organization| (organization, Source::Variable(ORGANIZATION)));
        Ok(named.or(of_profile))
    }

    fn organization_option(&self) -> Result<Option<OrganizationId>, Failure> {
        let organization = self.org.as_deref().map(str::parse).transpose();
        organization.map_err(|error| Failure::usage(format!("{error} (from --org)")))
    }

    /// The organization from the arguments, else from the settings.
    pub(crate) fn organization_or(
        &self,
        named: Option<OrganizationId>,
    ) -> Result<OrganizationId, Failure> {
        let Some(named) = named else {
            let (organization, _) = self.organization()?.ok_or_else(|| {
                Failure::usage(format!(
                    "which organization? Name it as the first argument, with --org or in {ORGANIZATION}."
                ))
            })?;
            return Ok(organization);
        };
        match self.organization_option()? {
            Some(option) if option != named => Err(Failure::usage(format!(
                "which organization? The argument says {named}, --org says {option}."
            ))),
            _ => Ok(named),
        }
    }

    /// The place of the key, or `None` if there is no key.
    pub(crate) fn key_place(&self) -> Result<Option<KeyPlace<'_>>, Failure> {
        if let Some(path) = &self.key_file {
            return Ok(Some(KeyPlace::Option(path)));
        }
        match &self.profile {
            Some(used) if used.is_option() => Ok(Some(KeyPlace::Profile(used))),
            used => {
                let is_set = variable(environment::read::<BearerToken>(BearerToken::VARIABLE))?;
                Ok(match (is_set, used) {
                    (Some(_), _) => Some(KeyPlace::Variable),
                    (None, Some(used)) => Some(KeyPlace::Profile(used)),
                    (None, None) => None,
                })
            }
        }
    }

    /// Refuses to send a key to an API that it may not be for. Returns the place of the key and the API.
    pub(crate) fn checked(&self) -> Result<(KeyPlace<'_>, BaseUrl), Failure> {
        let (url, source) = self.base_url()?;
        let place = self.key_place()?.ok_or_else(|| {
            let name = BearerToken::VARIABLE;
            Failure::usage(format!(
                "there is no API key\n  Set {name}, or name a file that contains the key with --key-file. \
                 A profile can have it too."
            ))
        })?;
        // The user names a file with --key-file for this call.
        let refusal = match &place {
            KeyPlace::Variable if source == Source::Profile && url != BaseUrl::production() => {
                Some(format!(
                    "it is unclear whether the key of {variable} is for {url}: only {profile} names this API\n  \
                     Name the profile with --profile to use its own key, or set {url_variable} too.",
                    variable = BearerToken::VARIABLE,
                    url_variable = BaseUrl::VARIABLE,
                    profile = self.profile.as_ref().map_or(String::new(), Selected::shown),
                ))
            }
            // Two options may name the key and the API of this call.
            KeyPlace::Profile(used)
                if url != used.profile.api()
                    && !(used.is_option() && matches!(source, Source::Option(_))) =>
            {
                Some(format!(
                    "the key of {profile} is for {api}, but {source} says {url}\n  \
                     Name the profile with --profile, or give another key with {variable} or --key-file.",
                    profile = used.shown(),
                    api = used.profile.api(),
                    source = source.as_str(),
                    variable = BearerToken::VARIABLE,
                ))
            }
            _ => None,
        };
        match refusal {
            Some(message) => Err(Failure::usage(message)),
            None => Ok((place, url)),
        }
    }

    /// Reads the key, once. It may run a command.
    pub(crate) fn key(
        &self,
        console: &Arc<Console>,
        interrupts: &Interrupts,
    ) -> Result<BearerToken, Failure> {
        self.key_with(|command| key::output_of(command, console, interrupts))
    }

    /// Reads the key and the API that it is for, but runs no command and reads only files that cannot block.
    pub(crate) fn key_without_command(&self) -> Result<(BearerToken, BaseUrl), Failure> {
        let (place, url) = self.checked()?;
        let file = match place {
            KeyPlace::Option(path) => Some(path.to_owned()),
            KeyPlace::Profile(used) => match &used.profile.key {
                KeySource::File(named) => Some(self.key_path(named)),
                KeySource::Text(_) | KeySource::Command(_) => None,
            },
            KeyPlace::Variable => None,
        };
        if file.is_some_and(|path| !path.is_file()) {
            return Err(Failure::usage("the key is not in an ordinary file"));
        }
        let key = self.key_with(|_| Err("it is not run".to_owned()))?;
        Ok((key, url))
    }

    fn key_with(
        &self,
        run: impl FnOnce(&[String]) -> CommandOutput,
    ) -> Result<BearerToken, Failure> {
        if let Some(key) = self.key.get() {
            return Ok(key.clone());
        }
        let (place, _) = self.checked()?;
        let key = match place {
            KeyPlace::Option(path) => {
                let text = input::file(path, "--key-file")?;
                key::on_first_line(&text, "the file of --key-file")?
            }
            KeyPlace::Variable => variable(BearerToken::from_env())?,
            KeyPlace::Profile(used) => self.key_of(used, run)?,
        };
        Ok(self.key.get_or_init(|| key).clone())
    }

    /// The path of a `key_file` of a profile.
    fn key_path(&self, named: &Path) -> PathBuf {
        let file = self.configuration.as_ref();
        key::path(named, file.map_or(Path::new(""), |file| &file.path))
    }

    fn key_of(
        &self,
        used: &Selected,
        run: impl FnOnce(&[String]) -> CommandOutput,
    ) -> Result<BearerToken, Failure> {
        let source = &used.profile.key;
        let place = format!("{} of {}", source.field(), used.shown());
        let configuration = self.configuration.as_ref();
        match source {
            KeySource::Text(key) => match configuration.and_then(|file| file.exposure.as_ref()) {
                None => Ok(key.clone()),
                Some(problem) => {
                    let message = format!("the {place} is not used: {problem}");
                    Err(Failure::usage(message))
                }
            },
            KeySource::File(named) => {
                let text = input::file(&self.key_path(named), &place)?;
                key::on_first_line(&text, format_args!("the file of {place}"))
            }
            KeySource::Command(command) => {
                let text = run(command)
                    .map_err(|problem| Failure::usage(format!("the {place}: {problem}")))?;
                key::on_first_line(&text, format_args!("the output of {place}"))
            }
        }
    }
}

/// The output of a `key_command`, or the problem.
type CommandOutput = Result<Zeroizing<String>, String>;

fn variable<T>(value: Result<T, InvalidVariable>) -> Result<T, Failure> {
    value.map_err(|error| Failure::usage(error.to_string()))
}

/// The profile of `--profile`, else of the environment, else the default of the file.
fn select(
    option: Option<&str>,
    configuration: Option<&Configuration>,
) -> Result<Option<Selected>, Failure> {
    let default = configuration.and_then(|file| file.config.default.clone());
    let (name, source) = match option {
        Some(name) => (name.to_owned(), Source::Option("--profile")),
        None => match (variable(environment::read::<String>(PROFILE))?, default) {
            (Some(name), _) => (name, Source::Variable(PROFILE)),
            (None, Some(name)) => (name, Source::Default),
            (None, None) => return Ok(None),
        },
    };
    let profiles = configuration.map(|file| &file.config.profiles);
    let profile = profiles.and_then(|profiles| profiles.get(&name)).cloned();
    match profile {
        Some(profile) => Ok(Some(Selected {
            name,
            profile,
            source,
        })),
        None => Err(Failure::usage(unknown(&name, source, configuration))),
    }
}

fn unknown(name: &str, source: Source, configuration: Option<&Configuration>) -> String {
    let by = match source {
        Source::Default => "the configuration file",
        other => other.as_str(),
    };
    let names = configuration.map(|file| file.config.profiles.keys());
    let known: Vec<_> = names
        .into_iter()
        .flatten()
        .map(|name| conceal::quoted(name))
        .collect();
    let tip = match (configuration, &*known) {
        (None, _) => "there is no configuration file".to_owned(),
        (Some(file), []) => format!("{} has no profiles", file.path.display()),
        (Some(file), known) => format!("{} has {}", file.path.display(), known.join(", ")),
    };
    let shown = conceal::quoted(name);
    format!("there is no profile {shown}, which {by} names\n  {tip}")
}

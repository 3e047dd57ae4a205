//! Finds and reads the configuration file.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use zeroize::Zeroizing;

use super::file::{self, Config};
use super::key;
use crate::failure::Failure;
use crate::input;

/// The environment variable that names the configuration file.
const CONFIG: &str = "FACTIFY_CONFIG";

/// The configuration file, if there is one.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) path: PathBuf,
    pub(crate) config: Config,
    /// Why a key in it is not used.
    pub(super) exposure: Option<String>,
}

impl Configuration {
    /// Reads the file that `FACTIFY_CONFIG` names, or the one in its usual place if it exists.
    pub(super) fn load() -> Result<Option<Self>, Failure> {
        let named = std::env::var_os(CONFIG).filter(|name| !is_blank(name));
        let is_named = named.is_some();
        let path = match named {
            Some(path) => PathBuf::from(path),
            None => match etcetera::choose_base_strategy() {
                Ok(places) => places.config_dir().join("factify").join("config.toml"),
                // Without a home folder there is no usual place.
                Err(_) => return Ok(None),
            },
        };
        // The name of a variable, since its value may be a secret by mistake.
        let shown = if is_named {
            format!("the file of {CONFIG}")
        } else {
            format!("the configuration file {}", path.display())
        };
        match read(&path) {
            Err(error) if is_absent(&error) && !is_named => Ok(None),
            Err(error) => Err(Failure::usage(format!("{shown} cannot be read: {error}"))),
            Ok((text, exposure)) => {
                let config = file::parse(&text)
                    .map_err(|problem| Failure::usage(format!("{shown}, {problem}")))?;
                Ok(Some(Self {
                    path,
                    config,
                    exposure,
                }))
            }
        }
    }
}

fn read(path: &Path) -> io::Result<(Zeroizing<String>, Option<String>)> {
    let file = File::open(path)?;
    // It can name programs to run, and the API that a key goes to.
    if file.metadata()?.is_file() && key::is_writable_by_others(&file)? {
        let fix = format!(
            "others can change it: it must belong to you, and only you may write it (chmod go-w {})",
            path.display()
        );
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, fix));
    }
    let exposure = key::exposure(&file, path)?;
    Ok((input::text(file)?, exposure))
}

fn is_absent(error: &io::Error) -> bool {
    use io::ErrorKind::{NotADirectory, NotFound};
    matches!(error.kind(), NotFound | NotADirectory)
}

fn is_blank(text: &OsString) -> bool {
    text.to_str().is_some_and(|text| text.trim().is_empty())
}

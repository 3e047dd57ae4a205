//! The files to upload, checked before anything is sent.

use std::collections::HashMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use factify_core::{BodySource, Upload};

use crate::failure::Failure;
#[cfg(not(unix))]
use crate::input;
use crate::output::printable;
use crate::output::shown;

/// The extensions of the formats that the API reads.
const EXTENSIONS: [&str; 6] = ["pdf", "docx", "xlsx", "csv", "md", "markdown"];

/// More than the name of any file.
const MAX_NAME_BYTES: u64 = 32 << 10;

const STANDARD_INPUT: &str = "-";

/// The options about what a file is.
#[derive(Debug, Args)]
pub(super) struct Kind {
    /// The file name for standard input (-); its extension decides the format
    #[arg(long, value_name = "NAME")]
    pub(super) file_name: Option<String>,
    /// Upload files of other formats too, although the API may not read them
    #[arg(long)]
    pub(super) any_format: bool,
}

/// A file to upload. Clones are the same file.
#[derive(Clone)]
pub(super) struct LocalFile(Arc<Inner>);

struct Inner {
    name: PathBuf,
    /// `None` for standard input.
    path: Option<PathBuf>,
    upload: Upload,
}

impl LocalFile {
    /// As the user named it.
    pub(super) fn name(&self) -> &Path {
        &self.0.name
    }

    /// The absolute path without links. `None` for standard input.
    pub(super) fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    pub(super) fn upload(&self) -> &Upload {
        &self.0.upload
    }

    /// The name without the extension.
    pub(super) fn title(&self) -> Result<String, String> {
        let name = Path::new(self.0.path.as_deref().map_or_else(
            || self.0.upload.file_name().as_ref(),
            |path| path.file_name().unwrap_or_default(),
        ));
        let stem = name.file_stem().and_then(|stem| stem.to_str());
        let stem = stem.ok_or("its name is not Unicode: give --title")?;
        Ok(stem.trim().to_owned())
    }
}

impl fmt::Display for LocalFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        printable(&self.0.name.to_string_lossy()).fmt(f)
    }
}

/// Reads names from a file or standard input, one per line.
pub(super) fn names_from(source: &Path) -> Result<Vec<PathBuf>, Failure> {
    let what = "the list of --files-from";
    let unread =
        |error: &dyn fmt::Display| Failure::usage(format!("{what} cannot be read: {error}"));
    let input: Box<dyn Read> = if source.as_os_str() == STANDARD_INPUT {
        Box::new(io::stdin().lock())
    } else {
        Box::new(File::open(source).map_err(|error| unread(&error))?)
    };
    let mut input = io::BufReader::new(input);
    let mut names = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut part = input.by_ref().take(MAX_NAME_BYTES);
        part.read_until(b'\n', &mut line)
            .map_err(|error| unread(&error))?;
        if line.is_empty() {
            return Ok(names);
        }
        if part.limit() == 0 {
            return Err(unread(&"a line is too long for a name"));
        }
        let end = line.iter().rposition(|byte| !b"\r\n".contains(byte));
        line.truncate(end.map_or(0, |end| end + 1));
        if !line.is_empty() {
            names.push(path_of(&line).map_err(|error| unread(&error))?);
        }
    }
}

/// The names of files may have any bytes.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)]
fn path_of(bytes: &[u8]) -> Result<PathBuf, &'static str> {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    Ok(OsStr::from_bytes(bytes).into())
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> Result<PathBuf, &'static str> {
    Ok(input::utf8(bytes)?.into())
}

/// Checks all files, and names each problem.
pub(super) fn check(names: Vec<PathBuf>, kind: &Kind) -> Result<Vec<LocalFile>, Failure> {
    if kind.file_name.is_some() && !names.iter().any(|name| is_standard_input(name)) {
        return Err(Failure::usage("--file-name needs - for standard input"));
    }
    let (mut files, mut problems) = (Vec::new(), Vec::new());
    let mut seen = HashMap::new();
    for name in names {
        match open(&name, kind) {
            Ok(file) => {
                let key = file.path().unwrap_or(&name).to_owned();
                match seen.insert(key, name.clone()) {
                    Some(first) if first == name => {
                        problems.push(format!("{}: it is named twice", name.display()));
                    }
                    Some(first) => problems.push(format!(
                        "{}: it is the same file as {}",
                        name.display(),
                        first.display()
                    )),
                    None => files.push(file),
                }
            }
            Err(problem) => problems.push(format!("{}: {problem}", name.display())),
        }
    }
    refuse(&problems)?;
    Ok(files)
}

/// An error with all problems, if there are any.
pub(super) fn refuse(problems: &[String]) -> Result<(), Failure> {
    match problems {
        [] => Ok(()),
        problems => Err(Failure::usage(problems.join("\n  "))),
    }
}

pub(super) fn is_standard_input(name: &Path) -> bool {
    name.as_os_str() == STANDARD_INPUT
}

fn open(name: &Path, kind: &Kind) -> Result<LocalFile, String> {
    let (path, upload) = if is_standard_input(name) {
        (None, standard_input(kind)?)
    } else {
        let text = |error: io::Error| error.to_string();
        let metadata = fs::metadata(name).map_err(text)?;
        if metadata.is_dir() {
            let folder = shown(name);
            let folder = folder.trim_end_matches('/');
            return Err(format!(
                "it is a folder: name its files, such as {folder}/*.pdf, or give a list with --files-from"
            ));
        }
        if !metadata.is_file() {
            return Err("it is not a regular file: give - to read standard input".to_owned());
        }
        check_format(name, kind)?;
        // An upload does not open the file before it is sent.
        File::open(name).map_err(text)?;
        let upload = Upload::file(name).map_err(|error| error.to_string())?;
        (Some(fs::canonicalize(name).map_err(text)?), upload)
    };
    if upload.is_empty() {
        return Err("it is empty".to_owned());
    }
    Ok(LocalFile(Arc::new(Inner {
        name: name.to_owned(),
        path,
        upload,
    })))
}

fn check_format(name: &Path, kind: &Kind) -> Result<(), String> {
    let extension = name.extension().unwrap_or_default().to_string_lossy();
    let is_known = EXTENSIONS
        .iter()
        .any(|it| extension.eq_ignore_ascii_case(it));
    if is_known || kind.any_format {
        return Ok(());
    }
    Err(
        "the API reads pdf, docx, xlsx, csv and md, and its name ends with none of these; --any-format uploads it \
         anyway"
            .to_owned(),
    )
}

/// Standard input in a temporary file, since each attempt reads it again.
fn standard_input(kind: &Kind) -> Result<Upload, String> {
    let name = kind.file_name.as_deref();
    let name = name.ok_or("name it with --file-name, such as --file-name report.pdf")?;
    if Path::new(name).file_name() != Some(name.as_ref()) {
        return Err(format!("--file-name {name} is not the name of a file"));
    }
    check_format(Path::new(name), kind)?;
    if io::stdin().is_terminal() {
        return Err("standard input is a terminal: redirect a file or a pipe to it".to_owned());
    }
    let spooled = Spooled::read(io::stdin().lock());
    let spooled = spooled.map_err(|error| format!("standard input cannot be stored: {error}"))?;
    Ok(Upload::source(name, spooled))
}

/// A temporary file without a name, so that nothing remains of it, however the process ends.
struct Spooled {
    file: Arc<File>,
    length: u64,
}

impl Spooled {
    fn read(mut source: impl Read) -> io::Result<Self> {
        let mut file = tempfile::tempfile()?;
        let length = io::copy(&mut source, &mut file)?;
        let file = Arc::new(file);
        Ok(Self { file, length })
    }
}

impl BodySource for Spooled {
    fn length(&self) -> u64 {
        self.length
    }

    fn open(&self) -> io::Result<Box<dyn Read + Send>> {
        let file = Arc::clone(&self.file);
        Ok(Box::new(At { file, position: 0 }))
    }
}

/// Reads a file that others may read at the same time.
struct At {
    file: Arc<File>,
    position: u64,
}

impl Read for At {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        #[cfg(unix)]
        let length = std::os::unix::fs::FileExt::read_at(&*self.file, buffer, self.position)?;
        #[cfg(windows)]
        let length = std::os::windows::fs::FileExt::seek_read(&*self.file, buffer, self.position)?;
        self.position += length as u64;
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spooled_source_is_read_again_from_its_start() {
        let spooled = Spooled::read(&b"Ream,12"[..]).unwrap();
        assert_eq!(spooled.length(), 7);
        for _ in 0..2 {
            let mut text = String::new();
            spooled.open().unwrap().read_to_string(&mut text).unwrap();
            assert_eq!(text, "Ream,12");
        }
    }
}

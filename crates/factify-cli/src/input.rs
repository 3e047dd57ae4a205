//! Reads files and standard input, and refuses texts and lines that are too long to be valid.

use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufRead, Read};
use std::path::Path;

use zeroize::Zeroizing;

use crate::args::Item;
use crate::failure::Failure;

/// More than any key, token or message needs.
const MAX_BYTES: usize = 64 << 10;

/// More than any id or address needs, with white space around it.
const MAX_LINE_BYTES: u64 = 4 << 10;

/// The byte order mark of text files from Windows.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// Reads the file that an option names. Errors do not repeat its name: it may be a secret that was
/// given by mistake.
pub(crate) fn file(path: &Path, option: &str) -> Result<Zeroizing<String>, Failure> {
    File::open(path)
        .and_then(text)
        .map_err(|error| Failure::usage(format!("the file of {option} cannot be read: {error}")))
}

/// Reads a file of at most this many bytes.
pub(crate) fn bytes(path: &Path, max: usize) -> Result<Vec<u8>, Failure> {
    let read = || {
        let mut bytes = Vec::new();
        let limit = max as u64 + 1;
        File::open(path)?.take(limit).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(bytes)
    };
    let path = path.display();
    let bytes =
        read().map_err(|error| Failure::usage(format!("{path} cannot be read: {error}")))?;
    if bytes.len() > max {
        let message = format!("{path} has more than {max} bytes");
        return Err(Failure::usage(message));
    }
    Ok(bytes)
}

/// Reads a text, which may be a secret.
pub(crate) fn text(source: impl Read) -> io::Result<Zeroizing<String>> {
    // Large enough for the whole text: a reallocation would leave a copy behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
    source.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes)?;
    decoded(&bytes)
}

/// Reads a line, which may be a secret, and nothing after it.
pub(crate) fn line(mut source: impl Read) -> io::Result<Zeroizing<String>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
    let mut byte = Zeroizing::new([0]);
    while bytes.len() <= MAX_BYTES && !bytes.ends_with(b"\n") {
        match source.read(&mut *byte) {
            Ok(0) => break,
            Ok(_) => bytes.extend_from_slice(&*byte),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    decoded(&bytes)
}

fn decoded(bytes: &[u8]) -> io::Result<Zeroizing<String>> {
    if bytes.len() > MAX_BYTES {
        let message = format!("it has more than {MAX_BYTES} bytes");
        return Err(io::Error::new(io::ErrorKind::InvalidData, message));
    }
    let text = utf8(bytes).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(Zeroizing::new(without_mark(text).to_owned()))
}

/// Reads one item per line and skips empty lines.
pub(crate) fn items<T: Item>(mut input: impl BufRead, items: &mut Vec<T>) -> Result<(), Failure> {
    let mut line = Vec::new();
    for number in 1_u64.. {
        let fail = |error: &dyn Display| {
            Failure::usage(format!("line {number} of standard input: {error}"))
        };
        line.clear();
        let mut part = input.by_ref().take(MAX_LINE_BYTES);
        part.read_until(b'\n', &mut line)
            .map_err(|error| fail(&error))?;
        if line.is_empty() {
            break;
        }
        if part.limit() == 0 && !line.ends_with(b"\n") {
            return Err(fail(&format_args!("it is too long for {}", T::WHAT)));
        }
        let mut text = utf8(&line).map_err(|error| fail(&error))?;
        if number == 1 {
            text = without_mark(text);
        }
        let text = text.trim();
        if !text.is_empty() {
            items.push(text.parse().map_err(|error: T::Err| fail(&error))?);
        }
    }
    Ok(())
}

pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, &'static str> {
    std::str::from_utf8(bytes).map_err(|_| "it is not UTF-8")
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exit::Exit;
    use factify_core::InviteId;

    const ID: &str = "inv_01h2xcejqtf2nbrexx3vqjhp41";

    #[test]
    fn all_lines_are_read_or_one_is_refused_with_its_number() {
        let long = format!("{ID}\n{}", " ".repeat(5_000));
        let endless = io::repeat(b'x');
        for (input, expected) in [
            (Box::new(io::empty()) as Box<dyn Read>, Ok(0)),
            (Box::new(ID.as_bytes()), Ok(1)),
            (Box::new("\u{feff}".as_bytes().chain(ID.as_bytes())), Ok(1)),
            (
                Box::new(ID.as_bytes().chain(&b"\n\n \r\n"[..]).chain(ID.as_bytes())),
                Ok(2),
            ),
            (
                Box::new(
                    ID.as_bytes()
                        .chain(&b"\n\xef\xbb\xbf"[..])
                        .chain(ID.as_bytes()),
                ),
                Err("line 2 of standard input: not an invite id"),
            ),
            (
                Box::new(&b"user_01h2xcejqtf2nbrexx3vqjhp41"[..]),
                Err("line 1 of standard input: not an invite id: that is a user id"),
            ),
            (
                Box::new(&b"\n\xff\xfei\0"[..]),
                Err("line 2 of standard input: it is not UTF-8"),
            ),
            (
                Box::new(long.as_bytes()),
                Err("line 2 of standard input: it is too long for an invite id"),
            ),
            (
                Box::new(endless),
                Err("line 1 of standard input: it is too long for an invite id"),
            ),
        ] {
            let mut found = Vec::<InviteId>::new();
            match (items(io::BufReader::new(input), &mut found), expected) {
                (Ok(()), Ok(count)) => assert_eq!(found, vec![InviteId::literal(ID); count]),
                (Err(failure), Err(message)) => {
                    assert_eq!(failure.exit, Exit::Usage);
                    assert!(failure.to_string().starts_with(message), "{failure}");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a_text_that_is_too_long_is_refused() {
        let most = "x".repeat(MAX_BYTES);
        for (input, expected) in [
            ("", Some("")),
            ("a\r\n", Some("a\r\n")),
            ("\u{feff}a", Some("a")),
            (&most, Some(&*most)),
            (&format!("{most}x"), None),
        ] {
            let found = text(input.as_bytes()).ok();
            assert_eq!(found.as_ref().map(|text| text.as_str()), expected);
        }
        assert!(text(io::repeat(b'x')).is_err());
        assert!(text(&b"\xff"[..]).is_err());
    }

    #[test]
    fn a_read_ends_at_the_end_of_the_line() {
        let mut input = &b"a b\r\nc\nd"[..];
        for expected in ["a b\r\n", "c\n", "d", ""] {
            assert_eq!(line(&mut input).unwrap().as_str(), expected);
        }
        assert!(line(io::repeat(b'x')).is_err());
        assert!(line(&b"\xff\n"[..]).is_err());
    }
}

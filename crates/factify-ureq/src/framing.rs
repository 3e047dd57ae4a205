//! Finds the content of a response body between the lines of its chunks.

/// Where the next bytes of a body belong.
#[derive(Debug)]
pub(crate) enum Framing {
    /// All bytes are content.
    Whole,
    /// To the line with the size of a chunk, or to its extensions.
    Size { size: u64, is_extension: bool },
    /// To the content of a chunk. This many bytes of it are left.
    Content(u64),
    /// To the end of the line after the content.
    End,
    /// To the fields after the last chunk.
    Trailer,
}

const SIZE: Framing = Framing::Size {
    size: 0,
    is_extension: false,
};

impl Framing {
    pub(crate) fn new(chunked: bool) -> Self {
        if chunked { SIZE } else { Self::Whole }
    }

    /// Passes the content in the next bytes to `keep`, and replaces it with `*`.
    pub(crate) fn content(&mut self, bytes: &mut [u8], mut keep: impl FnMut(&[u8])) {
        let mut rest = bytes;
        while !rest.is_empty() {
            let content = match self {
                Self::Whole => rest.len(),
                Self::Content(left) => usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len()),
                _ => 0,
            };
            let (content, after) = rest.split_at_mut(content);
            keep(content);
            content.fill(b'*');
            let read = u64::try_from(content.len()).unwrap_or(u64::MAX);
            rest = match self {
                Self::Content(left) if *left > read => {
                    *left -= read;
                    after
                }
                Self::Content(_) => {
                    *self = Self::End;
                    after
                }
                Self::Whole | Self::Trailer => return,
                Self::Size { .. } | Self::End => {
                    let Some((byte, after)) = after.split_first_mut() else {
                        return;
                    };
                    self.line(*byte);
                    after
                }
            };
        }
    }

    /// Reads a byte of a line. ureq refuses a wrong line.
    fn line(&mut self, byte: u8) {
        match self {
            Self::End if byte == b'\n' => *self = SIZE,
            Self::Size { size: 0, .. } if byte == b'\n' => *self = Self::Trailer,
            Self::Size { size, .. } if byte == b'\n' => *self = Self::Content(*size),
            Self::Size { size, is_extension } => match char::from(byte).to_digit(16) {
                Some(digit) if !*is_extension => {
                    *size = size.saturating_mul(16).saturating_add(digit.into());
                }
                _ => *is_extension = true,
            },
            _ => {}
        }
    }
}

#[cfg(test)]
#[allow(clippy::indexing_slicing)]
mod tests {
    use super::*;

    /// What is left for ureq, and the content, however the bytes arrive.
    fn content(chunked: bool, bytes: &str) -> (String, String) {
        let read = |cut: usize| {
            let (mut framing, mut kept) = (Framing::new(chunked), Vec::new());
            let mut bytes = bytes.as_bytes().to_vec();
            let (first, second) = bytes.split_at_mut(cut);
            for part in [first, second] {
                framing.content(part, |content| kept.extend_from_slice(content));
            }
            let text = |bytes| String::from_utf8(bytes).unwrap();
            (text(bytes), text(kept))
        };
        let whole = read(0);
        for cut in 1..=bytes.len() {
            assert_eq!(read(cut), whole, "{cut}");
        }
        whole
    }

    #[test]
    fn only_the_content_is_replaced() {
        for (chunked, bytes, shown, kept) in [
            (false, "5\r\nabc", "******", "5\r\nabc"),
            (
                true,
                "3\r\nabc\r\n0\r\n\r\n",
                "3\r\n***\r\n0\r\n\r\n",
                "abc",
            ),
            (
                true,
                "0B;a=5\r\nhello\r\n5\r\nx\r\n1\nz\n0\r\nname: value\r\n\r\n",
                "0B;a=5\r\n***********\r\n1\n*\n0\r\nname: value\r\n\r\n",
                "hello\r\n5\r\nxz",
            ),
            (true, "a\r\nabc", "a\r\n***", "abc"),
            (
                true,
                "ffffffffffffffffff\r\nab",
                "ffffffffffffffffff\r\n**",
                "ab",
            ),
            (true, "", "", ""),
        ] {
            let found = content(chunked, bytes);
            assert_eq!(found, (shown.to_owned(), kept.to_owned()), "{bytes:?}");
        }
    }
}

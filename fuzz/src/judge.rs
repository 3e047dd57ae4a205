// Reads the bytes that a server sent before it closed the connection, as RFC 9112 defines them. It shares no
// code with the transports except the parser of a head.

use http::StatusCode;
use httparse::{EMPTY_HEADER, Header, Status};

/// The final response to a `POST`, if the bytes start with a complete and well-formed one.
pub fn judge(mut bytes: &[u8]) -> Option<(StatusCode, Vec<u8>)> {
    loop {
        let mut fields = [EMPTY_HEADER; 256];
        let mut head = httparse::Response::new(&mut fields);
        let Ok(Status::Complete(length)) = head.parse(bytes) else {
            return None;
        };
        bytes = bytes.get(length..)?;
        let status = StatusCode::from_u16(head.code?).ok()?;
        // RFC 9110, section 15.2: any number of interim responses.
        if status.is_informational() && status != StatusCode::SWITCHING_PROTOCOLS {
            continue;
        }
        let body = body(status, head.version?, head.headers, bytes)?;
        return Some((status, body));
    }
}

/// RFC 9112, section 6.3.
fn body(status: StatusCode, version: u8, fields: &[Header<'_>], bytes: &[u8]) -> Option<Vec<u8>> {
    let values = |name: &'static str| {
        fields
            .iter()
            .filter(move |field| field.name.eq_ignore_ascii_case(name))
            .map(|field| field.value)
    };
    if status.is_informational() || [204, 304].contains(&status.as_u16()) {
        return Some(Vec::new());
    }
    let codings: Vec<_> = values("transfer-encoding").flat_map(list).collect();
    if !codings.is_empty() {
        // Another coding would have to be removed, and HTTP/1.0 has none.
        let is_chunked = matches!(&*codings, [coding] if coding.eq_ignore_ascii_case(b"chunked"));
        return if is_chunked && version == 1 {
            chunked(bytes)
        } else {
            None
        };
    }
    let lengths: Vec<_> = values("content-length").flat_map(list).collect();
    match lengths.split_first() {
        None => Some(bytes.to_vec()),
        Some((first, others)) => {
            if others.iter().any(|other| other != first) {
                return None;
            }
            bytes.get(..number(first, 10)?).map(<[u8]>::to_vec)
        }
    }
}

/// The elements of a list.
fn list(value: &[u8]) -> impl Iterator<Item = &[u8]> {
    value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

/// RFC 9112, section 7.1.
fn chunked(mut bytes: &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let (line, rest) = line(bytes)?;
        let size = line.split(|byte| *byte == b';').next()?;
        let size = number(size.trim_ascii_end(), 16)?;
        bytes = rest;
        if size == 0 {
            break;
        }
        body.extend(bytes.get(..size)?);
        bytes = bytes.get(size..)?.strip_prefix(b"\r\n")?;
    }
    // The trailer ends with an empty line.
    loop {
        let (line, rest) = line(bytes)?;
        if line.is_empty() {
            return Some(body);
        }
        bytes = rest;
    }
}

/// The first line and what follows it.
fn line(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.windows(2).position(|pair| pair == b"\r\n")?;
    Some((bytes.get(..end)?, bytes.get(end + 2..)?))
}

/// A number without a sign.
fn number(digits: &[u8], radix: u32) -> Option<usize> {
    let text = std::str::from_utf8(digits).ok()?;
    let is_number = !text.is_empty() && text.chars().all(|digit| digit.is_digit(radix));
    is_number.then(|| usize::from_str_radix(text, radix).ok())?
}

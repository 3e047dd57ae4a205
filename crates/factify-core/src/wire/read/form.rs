use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use factify_types::ErrorReason;
use http::Request;
use http::header::CONTENT_TYPE;

use super::text::{TextValues, take_texts};
use super::{InvalidRequest, refuse_query, refuse_rest};
use crate::wire::Upload;

/// The fields of a multipart form. You take them out one by one.
pub(crate) struct FormValues {
    texts: Vec<(String, String)>,
    files: Vec<(String, Upload)>,
}

impl FormValues {
    pub(crate) fn of(request: &Request<Bytes>) -> Result<Self, InvalidRequest> {
        refuse_query(request)?;
        let malformed = || {
            let message = "the body is not a multipart form";
            InvalidRequest::new("body", ErrorReason::InvalidFieldValue, message)
        };
        let content_type = request.headers().get(CONTENT_TYPE);
        let content_type = content_type.and_then(|value| value.to_str().ok());
        let boundary = multer::parse_boundary(content_type.unwrap_or_default());
        let boundary = boundary.map_err(|_| malformed())?;
        let whole = Whole(Some(request.body().clone()));
        let mut form = multer::Multipart::new(whole, boundary);
        let (mut texts, mut files) = (Vec::new(), Vec::new());
        while let Some(field) = ready(form.next_field())
            .and_then(Result::ok)
            .ok_or_else(malformed)?
        {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let kind = field.headers().get(CONTENT_TYPE).cloned();
            let bytes = ready(field.bytes())
                .and_then(Result::ok)
                .ok_or_else(malformed)?;
            match file_name {
                None => {
                    let text = String::from_utf8(bytes.into()).map_err(|_| malformed())?;
                    texts.push((name, text));
                }
                Some(file_name) => {
                    let upload = Upload::bytes(file_name, bytes);
                    let upload = kind.into_iter().fold(upload, Upload::content_type);
                    files.push((name, upload));
                }
            }
        }
        Ok(Self { texts, files })
    }

    pub(crate) fn file(&mut self, name: &'static str) -> Result<Upload, InvalidRequest> {
        let at = self.files.iter().position(|(other, _)| other == name);
        let at = at.ok_or_else(|| InvalidRequest::missing(name))?;
        Ok(self.files.swap_remove(at).1)
    }

    /// Refuses remaining fields.
    pub(crate) fn finish(self) -> Result<(), InvalidRequest> {
        let files = self.files.into_iter().map(|(name, _)| name);
        let texts = self.texts.into_iter().map(|(name, _)| name);
        refuse_rest(files.chain(texts))
    }
}

impl TextValues for FormValues {
    fn take(&mut self, name: &str) -> Vec<String> {
        take_texts(&mut self.texts, name)
    }
}

/// A body in memory.
struct Whole(Option<Bytes>);

impl futures_core::Stream for Whole {
    type Item = Result<Bytes, std::convert::Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Poll::Ready(self.0.take().map(Ok))
    }
}

/// The output of a future that is ready at once.
fn ready<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

//! The bodies of requests and responses.

mod file;
mod progress;
mod reader;
mod request;
pub(crate) mod response;
mod source;

pub use progress::Progress;
pub(crate) use progress::ProgressFn;
pub use reader::BodyReader;
pub use request::RequestBody;
pub use response::{PollChunk, ResponseBody};
pub use source::BodySource;

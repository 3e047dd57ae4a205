//! Between operations and bytes: writing requests, reading responses, and with the feature `server`
//! the way back.

mod body;
pub(crate) mod decode;
pub(crate) mod encode;
mod form;
#[cfg(feature = "gzip")]
pub(crate) mod inflate;
mod json_path;
pub(crate) mod limit;
#[cfg(feature = "server")]
pub(crate) mod read;
pub(crate) mod scrub;

pub use body::Body;
pub(crate) use body::Object;
pub use decode::DecodeError;
pub use encode::{PathBuilder, QueryBuilder};
pub use form::{Form, Upload};
pub use limit::{InvalidParameter, Limit, Unit};
#[cfg(feature = "server")]
pub use read::InvalidRequest;

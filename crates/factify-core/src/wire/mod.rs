//! Writes requests and reads responses. With the feature `serve`, also reads requests and writes
//! responses.

mod body;
pub(crate) mod decode;
pub(crate) mod encode;
mod form;
#[cfg(feature = "arbitrary1")]
pub(crate) mod generate;
#[cfg(feature = "gzip")]
pub(crate) mod inflate;
mod json_path;
pub(crate) mod limit;
#[cfg(feature = "serve")]
pub(crate) mod read;

pub use body::Body;
pub(crate) use body::Object;
pub use decode::{DecodeError, json as decode_json};
pub use encode::{PathBuilder, QueryBuilder};
pub use form::{Form, Upload};
pub use limit::{InvalidParameter, LimitUnit, ParameterLimit};
#[cfg(feature = "serve")]
pub use read::InvalidRequest;

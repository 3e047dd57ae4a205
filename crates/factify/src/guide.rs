//! Guides, one page for each subject.
//!
//! Begin with [getting started](getting_started). If you know the TypeScript or the Python SDK, read [migrate] too.
//!
//! The code of the guides uses the features `hyper`, `records`, `sandbox-server`, `tracing` and `ureq`.

/// Makes a module of each page in `docs/guide`.
///
/// A page defines its links at its end, for those who read it in the repository. Of two definitions of a link, the
/// first counts: here that of `links.md`, which points into this documentation.
macro_rules! guides {
    ($($name:ident = $page:literal,)*) => {$(
        #[doc = include_str!("links.md")]
        #[doc = include_str!(concat!("../guide/", $page))]
        pub mod $name {}
    )*};
}

guides! {
    getting_started = "getting-started.md",
    errors = "errors.md",
    retries = "retries.md",
    lists = "lists.md",
    transfers = "transfers.md",
    testing = "testing.md",
    axum = "axum.md",
    blocking_jobs = "blocking-jobs.md",
    own_transport = "own-transport.md",
    observability = "observability.md",
    security = "security.md",
    migrate = "migrate.md",
    faq = "faq.md",
}

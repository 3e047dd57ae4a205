//! Servers and proxies for the transports of the Factify SDK, and the tests that both transports must
//! pass over real sockets.
//!
//! A transport implements [`TestTransport`] and declares all tests with [`transport_tests!`] in its
//! `tests/transport.rs`. It also declares the long run of [`soak`] in its `tests/soak.rs`.
//!
//! # A test for both transports
//!
//! Write it as a function that is generic over [`TestTransport`], and add its name to the list at the
//! end of this file.
//!
//! # A server for both transports
//!
//! Add a hostile server as a row of `hostile/table.rs`. Add an environment that names a proxy as a row
//! of `proxy/environments.rs`. Add bytes that belong to no request as a row of `crossing/table.rs`. Add an
//! upload or download that goes wrong as a row of a table in `transfers/`.

// All of this is test code.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used
)]

mod bare_post;
mod crossing;
mod download;
mod extremes;
pub mod fixtures;
mod fuzz_seeds;
mod hostile;
pub mod http2;
mod on_runtime;
mod proxy;
mod reuse;
pub mod sandbox;
#[path = "../../factify-core/tests/it/scratch.rs"]
mod scratch;
mod servers;
pub mod soak;
mod tls;
mod transfers;
mod transport;
mod upload;

pub use on_runtime::OnRuntime;
pub use tls::{Authority, tunnel};
pub use transport::{Setup, TestTransport};
pub use upload::{UploadBody, binary};

/// Makes the macro that declares the tests. A test that is missing in the list is dead code, so the
/// compiler reports it. `$dollar` is the sign `$` for the inner macro.
macro_rules! transport_tests_are {
    ($dollar:tt $($module:ident { $($test:ident)+ })+) => {
        /// The tests, only for the macro [`transport_tests!`].
        #[doc(hidden)]
        pub mod tests {
            $(pub use crate::$module::{$($test),+};)+
            pub use crate::proxy::in_an_environment;
        }

        /// Declares a `#[test]` for each test that a transport must pass. Call it at the root of a test
        /// file with the [`TestTransport`](crate::TestTransport).
        #[macro_export]
        macro_rules! transport_tests {
            ($dollar Transport:ty) => {
                $($(
                    #[test]
                    fn $test() {
                        $dollar crate::tests::$test::<$dollar Transport>();
                    }
                )+)+

                #[test]
                #[ignore = "run by the test of the environments, in separate processes"]
                fn in_an_environment() {
                    $dollar crate::tests::in_an_environment::<$dollar Transport>();
                }
            };
        }
    };
}

transport_tests_are! { $
    bare_post {
        a_post_without_a_body_announces_a_length_of_zero
        a_get_announces_no_body
    }
    crossing {
        no_call_gets_a_response_to_another_call
        no_call_over_tls_gets_a_response_to_another_call
        no_download_gets_a_response_to_another_request
        calls_at_the_same_time_get_their_own_responses
        a_response_before_the_request_is_refused
    }
    download {
        a_download_arrives_in_chunks_or_ends_in_an_error
        a_presigned_url_never_gets_the_token
        the_total_time_of_a_download_includes_its_head
    }
    extremes {
        no_setting_makes_a_transport_panic
    }
    fuzz_seeds {
        the_seeds_of_the_fuzz_target_pass
    }
    hostile {
        each_hostile_server_causes_the_expected_error_within_limits
        a_closed_pooled_connection_causes_no_second_email
        the_api_key_is_not_sent_to_a_redirect_target
    }
    proxy {
        the_error_names_a_failing_proxy_without_its_credentials
        a_timeout_has_no_other_cause
        the_systems_error_is_among_the_causes
        a_proxy_gets_its_credentials
        a_socks_proxy_gets_the_login_of_the_url
        a_login_that_cannot_be_sent_is_refused
        a_proxy_of_another_scheme_is_refused
        an_environment_names_the_proxy_or_is_refused
    }
    reuse {
        a_connection_is_used_again_while_the_server_keeps_it
    }
    tls {
        only_a_valid_certificate_of_a_trusted_authority_is_accepted
        a_self_signed_or_outdated_server_gets_no_request
        a_server_that_does_not_finish_the_handshake_gets_no_request
        a_server_that_speaks_plaintext_gets_no_request
        a_session_that_breaks_is_a_broken_connection
        unusable_authorities_are_refused
        the_authorities_of_the_system_are_trusted_or_their_absence_is_reported
    }
    transfers {
        a_download_that_is_cut_at_any_boundary_is_resumed
        an_upload_that_is_cut_at_any_boundary_creates_no_second_document
        each_download_ends_as_its_line_decides
        each_upload_of_a_document_ends_as_its_line_decides
        uploads_at_once_create_a_document_each
    }
    upload {
        each_upload_ends_as_its_server_decides
        each_upload_over_tls_ends_as_its_server_decides
        an_upload_arrives_whole
        an_upload_ends_at_its_total_time
        a_slow_source_is_not_a_slow_server
        a_source_that_fails_ends_the_upload
    }
}

//! The operations: a folder for each area of the API, a file for each operation.
//!
//! To add an operation: add its file, its `mod` and `pub use` lines in its module here, and its line in
//! the list at the end; in the sandbox, add its handler and its row in the access table.

mod declare;
pub(crate) mod ensure;
mod resource;

/// A declaration that must not compile, from a test.
#[cfg(misdeclared)]
mod misdeclared {
    include!(env!("MISDECLARED"));
}

use crate::operation::{Operation, OperationInfo};

/// Invitations to join an organization.
pub mod invites {
    mod accept;
    mod create;
    mod ensure;
    mod list;
    mod resend;
    mod resource;
    mod revoke;
    mod token;

    pub use accept::AcceptOrganizationInvite;
    pub use create::CreateOrganizationInvite;
    pub use ensure::{EnsureRevoked, EnsureRevokedCall, Ensured, EnsuredState};
    pub use list::ListOrganizationInvites;
    pub use resend::ResendOrganizationInvite;
    pub use resource::InvitesResource;
    pub use revoke::RevokeOrganizationInvite;
    pub use token::{InvalidInvitationToken, InvitationToken};

    pub use factify_types::invites::*;
}

/// Organizations and their resources.
pub mod organizations {
    mod resource;

    pub use resource::OrganizationResource;

    pub use factify_types::organizations::*;
}

/// Lists the operations.
macro_rules! operations {
    ($d:tt $($area:ident::$Name:ident,)+) => {
        /// The constants of all operations of this crate, in alphabetical order.
        pub const OPERATIONS: &[OperationInfo] = &[$($area::$Name::INFO),+];

        /// Calls a macro with the types of all operations of this crate, in the order of
        /// `OPERATIONS`.
        ///
        /// ```
        /// use factify_core::Operation;
        ///
        /// macro_rules! print_paths {
        ///     ($($Operation:ty),+) => {
        ///         $(println!("{}", <$Operation>::INFO.path);)+
        ///     };
        /// }
        ///
        /// factify_core::for_each_operation!(print_paths);
        /// ```
        #[macro_export]
        macro_rules! for_each_operation {
            ($d callback:ident) => {
                $d callback! { $($crate::$area::$Name),+ }
            };
        }
    };
}

operations! {
    $
    invites::AcceptOrganizationInvite,
    invites::CreateOrganizationInvite,
    invites::ListOrganizationInvites,
    invites::ResendOrganizationInvite,
    invites::RevokeOrganizationInvite,
}

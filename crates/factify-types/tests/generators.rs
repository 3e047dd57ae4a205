//! Generated values can be written and read again, in JSON and in a format that is not self-describing.

#![cfg(all(feature = "arbitrary1", feature = "proptest1"))]
#![allow(clippy::unwrap_used)]

use arbitrary::{Arbitrary, Unstructured};
use factify_types::invites::OrganizationInvite;
use factify_types::organizations::Organization;
use factify_types::users::User;
use factify_types::{EmailAddress, ErrorBody, InviteId, Pagination, Timestamp, UserId};
use proptest::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn comes_back<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let text = serde_json::to_string(value).unwrap();
    assert_eq!(serde_json::from_str::<T>(&text).unwrap(), *value);
    let mut bytes = [0; 4_000];
    let bytes = postcard::to_slice(value, &mut bytes).unwrap();
    assert_eq!(postcard::from_bytes::<T>(bytes).unwrap(), *value);
}

proptest! {
    #[test]
    fn strategies_make_valid_values(
        invite: OrganizationInvite,
        organization: Organization,
        user: User,
        pagination: Pagination,
        id: InviteId,
        sender: UserId,
        email: EmailAddress,
        time: Timestamp,
    ) {
        comes_back(&invite);
        comes_back(&organization);
        comes_back(&user);
        comes_back(&pagination);
        comes_back(&id);
        comes_back(&sender);
        comes_back(&email);
        comes_back(&time);
    }

    #[test]
    fn error_bodies_come_back(body: ErrorBody) {
        let text = serde_json::to_string(&body).unwrap();
        let again: ErrorBody = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&again.code, &body.code);
        prop_assert_eq!(&again.message, &body.message);
        prop_assert!(body.reasons().eq(again.reasons()));
    }

    #[test]
    fn bytes_make_valid_values(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let mut bytes = Unstructured::new(&bytes);
        if let Ok(invite) = OrganizationInvite::arbitrary(&mut bytes) {
                comes_back(&invite);
        }
        if let Ok((email, user)) = <(EmailAddress, User)>::arbitrary(&mut bytes) {
            comes_back(&email);
            comes_back(&user);
        }
    }
}

//! What can be printed as one text honours width, alignment and fill, like a `str`.

#![allow(clippy::unwrap_used)]

use std::fmt::Display;

use factify_types::invites::OrganizationInviteStatus;
use factify_types::organizations::OrganizationRole;
use factify_types::{
    EmailAddress, ErrorCode, ErrorReason, IdKind, IdRef, InviteId, PrincipalId, Timestamp, UserId,
};

const USER: &str = "user_01h2xcejqtf2nbrexx3vqjhp41";
const INVITE: &str = "inv_01h2xcejqtf2nbrexx3vqjhp41";

#[test]
fn width_alignment_and_fill_are_honoured() {
    let address: EmailAddress = "dwight@example.com".parse().unwrap();
    let time = |text: &str| text.parse::<Timestamp>().unwrap();
    let rows: &[(&dyn Display, &str)] = &[
        (&InviteId::literal(INVITE), INVITE),
        (&PrincipalId::parse(USER).unwrap(), USER),
        (&IdRef::<UserId>::from(USER), USER),
        (&IdRef::<UserId>::from("usr_1"), "usr_1"),
        (&IdKind::ApiKey, "API key id"),
        (&address, "dwight@example.com"),
        (&time("2026-01-15T01:30:15Z"), "2026-01-15T01:30:15Z"),
        (
            &time("2026-01-15T03:30:15.0100+02:00"),
            "2026-01-15T01:30:15.01Z",
        ),
        (&Timestamp::MIN, "0001-01-01T00:00:00Z"),
        (&Timestamp::MAX, "9999-12-31T23:59:59.999999999Z"),
        (&ErrorCode::NotFound, "not_found"),
        (&ErrorCode::from("new"), "new"),
        (&ErrorReason::QuotaExceeded, "quota_exceeded"),
        (&OrganizationInviteStatus::Pending, "pending"),
        (&OrganizationRole::Owner, "owner"),
    ];
    for (value, text) in rows {
        assert_eq!(value.to_string(), *text);
        assert_eq!(format!("{value:40}|"), format!("{text:40}|"));
        assert_eq!(format!("{value:>40}"), format!("{text:>40}"));
        assert_eq!(format!("{value:*^41}"), format!("{text:*^41}"));
        assert_eq!(format!("{value:1}"), *text, "it is not cut off");
    }
}

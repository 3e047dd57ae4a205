// What must hold of factify-types for any bytes. Used by the fuzz targets, and by a test that replays
// the seeds.

use factify_types::{
    AccessRequestId, ApiKeyId, BotId, DocumentId, ErrorBody, Id, InviteId, OrganizationId,
    OrganizationInvite, PolicyId, Timestamp, UserId, VersionId,
};

fn parse<I: Id>(text: &str) {
    let expected = text.strip_prefix(I::PREFIX).is_some_and(|suffix| {
        suffix.len() == 26
            && suffix
                .bytes()
                .all(|byte| b"0123456789abcdefghjkmnpqrstvwxyz".contains(&byte))
    });
    match text.parse::<I>() {
        Ok(id) => assert!(expected && id.as_ref() == text),
        Err(error) => assert!(!expected && !error.to_string().is_empty()),
    }
}

pub fn id_parse(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    parse::<OrganizationId>(text);
    parse::<UserId>(text);
    parse::<BotId>(text);
    parse::<DocumentId>(text);
    parse::<VersionId>(text);
    parse::<PolicyId>(text);
    parse::<AccessRequestId>(text);
    parse::<ApiKeyId>(text);
    parse::<InviteId>(text);
}

pub fn invite_json(data: &[u8]) {
    let _ = serde_json::from_slice::<ErrorBody>(data);
    let Ok(invite) = serde_json::from_slice::<OrganizationInvite>(data) else {
        return;
    };
    let text = serde_json::to_string(&invite).expect("a model is JSON");
    let again: OrganizationInvite = serde_json::from_str(&text).expect("its own JSON is read");
    assert_eq!(again, invite);
}

pub fn timestamp(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    match Timestamp::parse(text) {
        Ok(time) => {
            let again = Timestamp::parse(&time.to_string()).expect("its own text is read");
            assert_eq!(again, time);
            assert!((Timestamp::MIN..=Timestamp::MAX).contains(&time));
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

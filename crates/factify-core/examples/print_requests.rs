//! Prints one request of each kind as a line of JSON, for checking against the API document.

use factify_core::{
    ApiKey, BaseUrl, CreateOrganizationInvite, ListOrganizationInvites, Operation,
    OrganizationInviteStatus, PageSize, RevokeOrganizationInvite, Timestamp,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let organization = "org_01h2xcejqtf2nbrexx3vqjhp41".parse()?;
    let invite = "inv_01h2xcejqtf2nbrexx3vqjhp41".parse()?;
    print(&RevokeOrganizationInvite::new(organization, invite))?;

    let mut create = CreateOrganizationInvite::new(organization, "dwight@example.com".parse()?);
    print(&create)?;
    create.message = Some("Bring \"both\" keys, \u{1F511}\n".into());
    print(&create)?;

    let mut list = ListOrganizationInvites::new(organization);
    print(&list)?;
    list.status = vec![
        OrganizationInviteStatus::Pending,
        OrganizationInviteStatus::Revoked,
    ];
    list.email_contains = Some("ü & co".into());
    list.sender_id = Some("user_01h2xcejqtf2nbrexx3vqjhp41".parse()?);
    list.created_after = Some(Timestamp::MIN);
    list.created_before = Some(Timestamp::MAX);
    list.page_size = Some(PageSize::MAX);
    list.page_token = Some("eyJpZCI6Ii4uLiJ9".into());
    print(&list)
}

#[allow(clippy::print_stdout)] // This is what the program is for.
fn print<O: Operation>(operation: &O) -> Result<(), Box<dyn std::error::Error>> {
    let request = operation.encode(&BaseUrl::production(), &ApiKey::new("ffy_test_example")?)?;
    let headers: serde_json::Map<_, _> = request
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into(),
            )
        })
        .collect();
    let line = serde_json::json!({
        "operation": O::INFO.id,
        "method": request.method().as_str(),
        "url": request.uri().to_string(),
        "headers": headers,
        "body": std::str::from_utf8(request.body())?,
    });
    println!("{line}");
    Ok(())
}

//! Who may call which operation, through the public client.

use std::fmt::Debug;
use std::iter::repeat_with;
use std::time::Duration;

use arbitrary::{Arbitrary, Unstructured};
use factify_core::access_requests::AccessRequestPermission;
use factify_core::blocking::Client;
use factify_core::documents::Document;
use factify_core::invites::AcceptOrganizationInvite;
use factify_core::organizations::OrganizationRole;
use factify_core::sharing::{DocumentRole, RecipientGrant};
use factify_core::types::IdKind;
use factify_core::{
    BearerToken, BotId, DocumentId, Error, OPERATIONS, Operation, OrganizationId, PolicyId,
    ServeOperation, Timestamp, Upload, UserId,
};
use factify_sandbox::{Persona, Sandbox, SandboxTransport};

use crate::shared::replaced;

/// A bot that can view the document.
const BOT: BotId = BotId::literal("bot_01h2xcejqtf2nbrexx3vqjhp41");

/// The result of each caller: `+` if the call succeeds, else the status. The callers are the
/// owner, an admin, a member and an outsider with their API keys; the owner, a member and the owner of another
/// organization with user tokens; and the owner with an API key that is revoked or has expired.
const TABLE: &str = "
                                 | own | adm | mem | out | sig | smb | for | rev | exp
    acceptOrganizationInvite     | +   | +   | +   | +   | +   | +   | +   | 401 | 401
    addOrganizationMember        | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    approveAccessRequest         | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    attachDocumentPolicy         | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    checkAccessRequestStatus     | +   | +   | +   | +   | +   | +   | +   | 401 | 401
    createAccessRequest          | +   | +   | +   | +   | +   | +   | +   | 401 | 401
    createApiKey                 | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    createDocument               | +   | +   | +   | +   | +   | +   | +   | 401 | 401
    createDocumentVersion        | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    createOrganization           | +   | +   | +   | +   | +   | +   | +   | 401 | 401
    createOrganizationInvite     | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    createShareLink              | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    deleteAPIKeyQuota            | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    denyAccessRequest            | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    detachDocumentPolicy         | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    exportDocument               | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    generateDocumentEntryPage    | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    getDocument                  | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    getDocumentQuota             | +   | +   | +   | +   | +   | +   | +   | 401 | 401
    getDocumentTimeline          | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    getGeneralAccess             | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    getMe                        | 403 | 403 | 403 | 403 | +   | +   | +   | 401 | 401
    getOrganization              | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    getOrganizationPublicProfile | +   | +   | +   | +   | +   | +   | +   | +   | +
    getOrganizationQuota         | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    getUsageHistory              | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    getUserPreferences           | 403 | 403 | 403 | 403 | +   | +   | +   | 401 | 401
    getVersion                   | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    getVersionRecord             | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    grantDocumentAccess          | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    inspectDocumentAccess        | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    listAPIKeyQuotas             | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    listAccessRequests           | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    listApiKeys                  | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    listDocumentAccess           | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    listDocumentDuplicates       | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    listDocumentPolicies         | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    listDocumentVersions         | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    listDocuments                | +   | +   | +   | +   | +   | +   | +   | 401 | 401
    listOrganizationInvites      | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    listOrganizationMembers      | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    listOrganizations            | +   | +   | +   | +   | +   | +   | +   | 401 | 401
    processDocument              | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    removeOrganizationMember     | +   | +   | +   | 404 | +   | +   | 404 | 401 | 401
    resendOrganizationInvite     | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    revokeApiKey                 | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    revokeDocumentAccess         | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    revokeOrganizationInvite     | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    setAPIKeyQuota               | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    setGeneralAccess             | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    transferDocumentOwnership    | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    trashDocument                | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    untrashDocument              | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    updateDocument               | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    updateDocumentAccess         | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    updateOrganization           | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    updateOrganizationMember     | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    updateVersion                | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401
    uploadOrganizationLogo       | +   | +   | 403 | 404 | +   | 403 | 404 | 401 | 401";

fn caller(sandbox: &Sandbox, column: usize) -> (BearerToken, UserId) {
    let signed_in = |persona| (sandbox.user_token(persona), sandbox.user_id(persona));
    match column {
        4 => return signed_in(Persona::Owner),
        5 => return signed_in(Persona::Member),
        6 => {
            let user = sandbox.add_user("Bob Vance", "bob@example.net");
            let other = sandbox.add_organization("Vance Refrigeration");
            sandbox.add_member(other, user.id, OrganizationRole::Owner);
            return (user.user_token(), user.id);
        }
        7 => sandbox.revoke_key(Persona::Owner),
        8 => sandbox.expire_key_at(Persona::Owner, Timestamp::UNIX_EPOCH),
        _ => {}
    }
    let persona = Persona::ALL.get(column).copied().unwrap_or(Persona::Owner);
    (sandbox.token(persona), sandbox.user_id(persona))
}

/// An operation on things that exist in the sandbox.
fn operation<O>(
    sandbox: &Sandbox,
    (document, policy): (&Document, PolicyId),
    caller: UserId,
    random: &mut fastrand::Rng,
) -> Option<O>
where
    O: ServeOperation + for<'a> Arbitrary<'a>,
{
    let accepts = O::INFO.id == AcceptOrganizationInvite::INFO.id;
    let invited = accepts.then(|| invite(sandbox, caller));
    let user = [Persona::Member, Persona::Outsider][random.usize(..2)];
    let replace = &mut |name: &str, value: &str| {
        if let ("token", Some((_, token))) = (name, &invited) {
            return Some(token.clone());
        }
        let mut kinds = IdKind::ALL.iter();
        let kind = kinds.find(|kind| name.ends_with("_id") && value.starts_with(kind.prefix()))?;
        match kind {
            IdKind::Organization => {
                let first = sandbox.organization_id();
                let id = invited.as_ref().map_or(first, |(id, _)| *id);
                Some(id.to_string())
            }
            // Nobody creates an organization for another user.
            IdKind::User if name == "owner_user_id" => Some(caller.to_string()),
            IdKind::User => Some(sandbox.user_id(user).to_string()),
            IdKind::ApiKey => Some(sandbox.key_id(Persona::Admin).to_string()),
            IdKind::Invite => Some(sandbox.invites()[0].id.to_string()),
            IdKind::Document => Some(document.id.to_string()),
            IdKind::Version => Some(document.current_version.as_ref()?.id.to_string()),
            IdKind::Bot => Some(BOT.to_string()),
            IdKind::AccessRequest => Some(sandbox.access_requests()[0].id.to_string()),
            IdKind::Policy => Some(policy.to_string()),
            _ => None,
        }
    };
    let bytes: Vec<u8> = repeat_with(|| random.u8(..)).take(400).collect();
    let operation = O::arbitrary(&mut Unstructured::new(&bytes)).ok()?;
    replaced(&operation, replace)
}

/// Invites a user to another organization: the organization, and the token of the invite.
fn invite(sandbox: &Sandbox, user: UserId) -> (OrganizationId, String) {
    let host = sandbox.add_user("Robert California", "robert@example.net");
    let client = Client::new(sandbox.transport(), host.token());
    let created = client.organizations().create("Sabre").send().unwrap();
    let everybody = [
        Persona::Owner,
        Persona::Admin,
        Persona::Member,
        Persona::Outsider,
    ];
    let everybody = everybody.map(|persona| sandbox.user(persona));
    let known = everybody.iter().find(|known| known.id == user);
    let email = known.map_or("bob@example.net", |known| &known.email);
    let invites = client.organization(created.id).invites();
    invites.create(email.parse().unwrap()).send().unwrap();
    let sent = sandbox.outbox().pop().unwrap();
    (created.id, sent.expose_token().to_owned())
}

/// Shares the document with a bot, asks for access to it, and attaches a policy to it.
fn share(sandbox: &Sandbox, owner: &Client<SandboxTransport>, document: DocumentId) -> PolicyId {
    let guest = sandbox.add_user("Ryan Howard", "ryan@example.net");
    let guest = Client::new(sandbox.transport(), guest.token());
    let requests = guest.document(document).access_requests();
    requests
        .create(AccessRequestPermission::View)
        .send()
        .unwrap();
    let policy = sandbox
        .add_policy(sandbox.organization_id(), "Confidential")
        .id;
    let document = owner.document(document);
    let grant = RecipientGrant::new(BOT, DocumentRole::Viewer);
    document
        .sharing()
        .grant(vec![grant])
        .send()
        .unwrap()
        .into_result()
        .unwrap();
    document.policies().attach(policy).send().unwrap();
    policy
}

/// The result of a call whose values are drawn with this seed. `None` if they are not valid.
fn call<O>(column: usize, seed: u64) -> Option<Result<(), Error>>
where
    O: ServeOperation + for<'a> Arbitrary<'a> + Debug,
{
    let sandbox = Sandbox::builder().seed(1).invites(1).build();
    let owner = sandbox.blocking_client(Persona::Owner);
    let create = owner
        .documents()
        .create(Upload::bytes("a.pdf", "%PDF-1.7"), "Report");
    let document = create.send().unwrap();
    // Its file is processed.
    sandbox.advance(Duration::from_secs(2));
    let policy = share(&sandbox, &owner, document.id);
    let (token, caller) = caller(&sandbox, column);
    let mut random = fastrand::Rng::with_seed(seed);
    let operation = operation::<O>(&sandbox, (&document, policy), caller, &mut random)?;
    let config = sandbox.config(Persona::Owner).token(token);
    let client = Client::new(sandbox.transport(), config);
    Some(client.call(operation).send().map(drop))
}

/// The values are those with which the owner succeeds. So permission alone decides.
fn cell<O>(column: usize) -> String
where
    O: ServeOperation + for<'a> Arbitrary<'a> + Debug,
{
    const OWNER: usize = 4;
    let works = |seed: &u64| matches!(call::<O>(OWNER, *seed), Some(Ok(())));
    let seed = (0..1_000).find(works);
    let seed = seed.unwrap_or_else(|| panic!("{}: the owner can succeed", O::INFO.id));
    match call::<O>(column, seed).expect("the values are valid") {
        Ok(()) => "+".to_owned(),
        Err(error) => match error.status() {
            Some(status) => status.as_str().to_owned(),
            None => panic!("{}", error.report()),
        },
    }
}

macro_rules! cells {
    ($($Operation:ty),+) => {
        const CELLS: &[fn(usize) -> String] = &[$(cell::<$Operation>),+];
    };
}

factify_core::for_each_operation!(cells);

#[test]
fn each_caller_may_call_what_the_table_says() {
    let rows = TABLE.lines().skip(2);
    let rows = rows.map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let rows: Vec<_> = rows.collect();
    assert_eq!(rows.len(), OPERATIONS.len());
    for ((row, info), cell) in rows.iter().zip(OPERATIONS).zip(CELLS) {
        assert_eq!((row[0], row.len()), (info.id, 10));
        for (column, expected) in row[1..].iter().enumerate() {
            assert_eq!(cell(column), *expected, "{}, column {column}", info.id);
        }
    }
}

#[test]
fn members_remove_only_themselves() {
    let sandbox = Sandbox::new(1);
    let member = sandbox.blocking_client(Persona::Member);
    let members = member.organization(sandbox.organization_id()).members();
    let error = members
        .remove(sandbox.user_id(Persona::Admin))
        .send()
        .unwrap_err();
    assert!(error.is_permission_denied(), "{error}");
    members
        .remove(sandbox.user_id(Persona::Member))
        .send()
        .unwrap();
}

#[test]
fn only_admins_ask_for_the_quota_of_another_organization() {
    let sandbox = Sandbox::new(1);
    let other = sandbox.add_organization("Vance Refrigeration");
    let quota = |persona: Persona, role: &str| {
        sandbox.add_member(other, sandbox.user_id(persona), role.into());
        let client = sandbox.blocking_client(persona);
        client.usage().get().organization_id(other).send()
    };
    assert!(
        quota(Persona::Member, "member")
            .unwrap_err()
            .is_permission_denied()
    );
    assert!(quota(Persona::Member, "admin").is_ok());
}

/// An empty parameter is the same as none, so it does not hide the organization of the next one.
#[test]
fn an_empty_organization_does_not_open_another_one() {
    let sandbox = Sandbox::new(1);
    let id = sandbox.organization_id();
    let request = http::Request::builder()
        .uri(format!(
            "/v1beta/api-keys?organization_id=&organization_id={id}"
        ))
        .header(
            "authorization",
            format!("Bearer {}", sandbox.key(Persona::Outsider)),
        )
        .body(bytes::Bytes::new());
    assert_eq!(sandbox.handle(&request.unwrap()).status().as_u16(), 404);
}

//! An in-memory Factify API: stateful, deterministic, in process or on a port.
//!
//! Most programs use the crate [`factify`](https://docs.rs/factify) with the feature `sandbox`, where this crate is
//! `factify::sandbox`. The examples here do the same.
//!
//! Use it to test code that calls Factify, without a network:
//!
//! ```
//! # mod factify { pub use factify_core::*; pub mod sandbox { pub use factify_sandbox::*; } }
//! use factify::sandbox::{Persona, Sandbox};
//!
//! let sandbox = Sandbox::new(1);
//! let client = sandbox.blocking_client(Persona::Admin);
//! let organization = client.organization(sandbox.organization_id());
//! let invite = organization.invites().create("dwight@example.com".parse()?).send()?;
//! let revoked = organization.invites().revoke(invite.id).send()?;
//! assert_eq!(revoked.status.as_str(), "revoked");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It serves every operation of `factify::OPERATIONS`. A [`FaultPlan`] injects faults,
//! [`Sandbox::outbox`] returns the emails, and [`Sandbox::advance`] moves the clock forward. A client that waits also
//! moves the clock, and takes no real time. Each thread that waits moves it: for tests with several threads that wait,
//! use [`Builder::running_clock`]. The feature `server`, on by default here and called `sandbox-server` in `factify`,
//! adds `SandboxServer`, which serves the sandbox on a port, with a control channel for other languages and a page for
//! a browser.
//!
//! # Behavior that the API does not document
//!
//! Requests:
//!
//! - The order of the checks is: rate limit, key, route, quota, content type, ids, organization, permission,
//!   body or query, state. A required `organization_id` that is absent or wrong is refused before the permission.
//! - A request has the permissions of the user who created the key, in every organization of this user. The
//!   email address of every user is verified. Besides API keys there are user tokens, for users who have signed
//!   in: only they can call `getMe` and `getUserPreferences`; an API key gets 403.
//! - For users who are not members, an organization and its API keys do not exist: they get 404. Members can
//!   read the organization, its members, its quota and its usage. Only owners and admins can do the rest;
//!   members get 403. Every user may accept an invite, list their organizations and create one.
//!   `getOrganizationPublicProfile` needs no key, and ignores a wrong one.
//! - A body must have the documented content type. If not, the response is 415. A body of more than 4 MiB, or a
//!   form of more than 64 MiB, gets 413 before all other checks.
//! - On a port, a request needs exactly one valid `Host` and a complete body. If not, the response is 400.
//! - Unknown query parameters are refused. Unknown fields and duplicate fields of a JSON object are refused
//!   too.
//! - An empty query parameter is the same as an absent one. A `null` field of a JSON object is the same as
//!   an absent field.
//! - Unknown routes get 404, and wrong methods on known routes get 405, with the usual error body.
//!   Percent-encoded characters of a path mean the same as the characters themselves.
//! - Every response has the header `Date`, from the sandbox's clock.
//! - The rate limit counts the requests in each minute of the clock. `addOrganizationMember`,
//!   `createAccessRequest`, `createApiKey`, `createDocument`, `createDocumentVersion`, `createOrganization`,
//!   `createOrganizationInvite`, `createShareLink` and `uploadOrganizationLogo` count for the limit of requests that
//!   create. Requests without a known key share one limit.
//! - A revoked key gets the same error as an unknown one (`invalid_api_key`). A key is refused from the
//!   exact time of its expiry on (`expired_api_key`).
//!
//! Invites:
//!
//! - An invite expires after exactly seven days.
//! - Email addresses are case-insensitive.
//! - If an address already has a pending invite, a new request does not create another one. The invite keeps
//!   its sender. It keeps its message too, unless the request has a new message. Each email makes the
//!   earlier tokens of the invite invalid.
//! - Resending an expired invite makes it pending again, unless the address has another pending invite
//!   or now belongs to a member. Resending an accepted or revoked invite is refused with
//!   `failed_precondition`.
//! - Revoking an invite that is not pending is refused with `failed_precondition`.
//! - If the invite of a token is already accepted, a member gets `failed_precondition` and another user 404. A token
//!   gets 404 if it is unknown, if a newer email replaced it, or if its invite is revoked or expired. A user
//!   who accepts becomes a member with the role `member`.
//!
//! API keys, quotas and usage:
//!
//! - A key acts for the user who created it. Revoking a key that is revoked or has expired succeeds; the time
//!   of the first revocation stays. A key of an owner or admin can revoke itself. Names need not be unique. The keys
//!   of the outsider and of [`Sandbox::add_user`] belong to no organization, also after their user has joined one.
//! - Every request that is authenticated with a key and has a route counts for the key and for its organization,
//!   also if it is refused afterwards. Requests with a user token do not count. A period of quotas is a month in
//!   UTC, and days are in UTC too.
//! - An organization may send 10,000,000 requests in a period; [`Sandbox::set_quota`] gives it another limit and
//!   the tier `custom`. If this quota or that of the key is used up, a request with the key gets 429 with
//!   `quota_exceeded`, except for the operations on quotas, and those that need no key. A quota is exceeded as
//!   soon as nothing remains.
//! - Without `organization_id`, quotas and usage are those of the organization of the key; with a user token,
//!   those of the first organization of the user. A history has the whole days of `date.after` and `date.before`,
//!   but no days without requests. It is refused if both are equal.
//! - Only keys with a quota are in the list of quotas, also revoked ones. Setting the quota of a revoked key
//!   succeeds, and so does deleting a quota that does not exist. Setting a quota without a limit is refused.
//!
//! Organizations, members and users:
//!
//! - `createOrganization` makes the caller the owner, and refuses another owner with 403. A name has at most 255
//!   characters. Updating nothing succeeds.
//! - A logo is an image of at most 2 MiB before it is encoded as base64. It is stored without changing the
//!   organization. Its URL is on the sandbox itself, and needs no key. `logo_image_url` can be any absolute URL.
//! - Owners and admins can change and remove every member except the owner, also themselves. The role `owner` is
//!   refused with `invalid_field_value`. Adding a user who is a member already is refused with
//!   `failed_precondition`, and so is changing or removing the owner. An unknown user gets 404, and so does a user
//!   who is not a member. A user who joins again has a new `joined_at`. A pending invite of a user who was added
//!   stays pending.
//! - The keys of a removed user stay valid, but can no longer do anything in the organization.
//! - User tokens never expire, and each has its own rate limit. An unknown one gets `invalid_api_key`. All
//!   preferences are `false`.
//!
//! Documents:
//!
//! - A new document belongs to the organization of the caller. For those who cannot open a document, it does not exist.
//! - Processing takes two seconds of the clock. PDF, Word, Excel, CSV and Markdown can be read; other files fail.
//!   Processing a version that has failed begins again only with `async`.
//! - The record of a version that is being processed, or has failed, is refused with `failed_precondition`. A CSV
//!   file is one sheet with one table: the first row names the columns, and a cell is a number if JSON has such a
//!   number, `true` or `false`, or a text. A Markdown file is its blocks, without sections. For the other formats
//!   the record has one paragraph, or one cell, which names the file and its size.
//! - A document in the trash can be opened only by its owner; its access level is then `private`, also after it was
//!   restored. Nobody can share it, and trashing or restoring it twice succeeds.
//! - Documents count for the organization that owns them, also in the trash. [`Sandbox::set_document_quota`] sets a
//!   maximum; a further upload gets 429 with `quota_exceeded`.
//! - Duplicates are documents whose current file has the same bytes. `file_contents_hash` is ignored.
//! - With `organization_scope`, owners and admins also list the private documents of others. The sandbox does not
//!   record when a document was viewed or shared, so sorting by these times sorts by creation. Other values of `sort`
//!   are ignored.
//! - An exported URL is on the sandbox itself, is valid for 15 minutes, needs the header `x-sandbox-download`, and
//!   refuses a bearer token. It serves ranges, and has an `ETag`.
//!
//! Access to documents:
//!
//! - A user has the highest of these roles on a document: that of the owner; a role that was granted to the user, or to
//!   an organization of the user; `viewer` by the general access. Owners and admins of the organization of the document
//!   are `admin` if they can open it. Collaborators can change a document; admins can trash and transfer it, and change
//!   who has access. Viewers can read who has access. Trashing a document takes all roles except the owner's.
//! - `access_level` and `general_access_level` are the same: `private` is `restricted`, and `public` is
//!   `anyone_with_link`. A share link gives no access by itself.
//! - Granting a role that somebody has changes nothing; another role replaces it. Granting the role `owner`, or a role
//!   to the owner, fails, and so does a grant to an unknown user or address. The sandbox accepts every bot. Grants notify
//!   the recipients unless `should_send_notification` is false: [`Sandbox::notifications`].
//! - Revoking or updating access that does not exist, or that of the owner, is refused with `success: false`. The owner is
//!   in the list of recipients.
//! - Every user may ask for access to a document that is not in the trash, but only once at a time. Approving gives the
//!   role `viewer`, `commenter` or `collaborator`, if the user has no higher one. Approving or denying twice succeeds; the
//!   opposite is refused with `failed_precondition`. A list shows at most 50 requests.
//! - [`Sandbox::add_policy`] adds a policy to an organization. Attaching it twice returns the first attachment; detaching
//!   it twice gets 404. Policies have no effect.
//! - The timeline has an event for each change of a document, its versions and its access, and for each download of its
//!   entry page. Admins see all events, other users their own. Reading adds no event.
//! - The URL of an entry page is on the sandbox itself, is valid for 15 minutes, and needs no header.
//! - For the official Python SDK 1.0, which follows an older document, `…/general-access` and `GET …/access` mean
//!   `…/access` and `…/capabilities`, and events have their older names. Its user agent decides.
//!
//! Lists:
//!
//! - Lists with pages are ordered by creation time, newest first; the others, oldest first. A page token is valid
//!   only with the filters of the list that returned it. A list whose `created.after` and `created.before` are
//!   equal is refused.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod access;
mod clock;
mod control;
mod downloads;
mod fault;
#[cfg(feature = "server")]
mod guard;
mod handlers;
mod log;
mod older;
mod outbox;
mod page;
mod rate_limit;
mod respond;
mod routes;
mod sandbox;
#[cfg(feature = "server")]
mod server;
mod target;
#[cfg(feature = "server")]
mod transfers;
mod transport;
mod world;

pub use fault::{Fault, FaultPlan, InvalidFaultPlan};
pub use outbox::Email;
pub use sandbox::{Builder, Sandbox, SandboxUser};
#[cfg(feature = "server")]
pub use server::SandboxServer;
pub use transport::SandboxTransport;
pub use world::{KeyState, Persona, Snapshot};

// Tests the code of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

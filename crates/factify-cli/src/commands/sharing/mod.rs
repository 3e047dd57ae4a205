//! `factify sharing`.

mod grant;
mod link;
mod list;
mod revoke;
mod update;

use clap::Subcommand;

use super::area;
use crate::exit;
use grant::Grant;
use link::{GeneralAccess, Link};
use list::{List, Show};
use revoke::Revoke;
use update::Update;

#[derive(Debug, Subcommand)]
pub(crate) enum Sharing {
    /// List who has access to a document
    #[command(after_long_help = exit::help("factify sharing list doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    List(Box<List>),
    /// Show the access of people to a document
    #[command(after_long_help = exit::help(
        "factify sharing show doc_01h2xcejqtf2nbrexx3vqjhp41 user_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Show(Box<Show>),
    /// Give people access to a document
    #[command(after_long_help = exit::help("\
factify sharing grant doc_01h2xcejqtf2nbrexx3vqjhp41 dwight@example.com --role viewer
factify sharing grant doc_01h2xcejqtf2nbrexx3vqjhp41 - --role viewer --no-notification <addresses.txt"))]
    Grant(Box<Grant>),
    /// Change the role of people who have access to a document
    #[command(after_long_help = exit::help(
        "factify sharing update doc_01h2xcejqtf2nbrexx3vqjhp41 user_01h2xcejqtf2nbrexx3vqjhp41 --role admin"
    ))]
    Update(Box<Update>),
    /// Revoke access to a document, and make sure that there is none
    ///
    /// It reads who has access, revokes, and reads again, also the general access and the organizations that have access.
    /// Exit code 7 means that the person still has access, or may have. It is safe to run this again.
    #[command(after_long_help = exit::help(
        "factify sharing revoke doc_01h2xcejqtf2nbrexx3vqjhp41 user_01h2xcejqtf2nbrexx3vqjhp41"
    ))]
    Revoke(Box<Revoke>),
    /// Create a link to a document; by itself it gives nobody access
    #[command(after_long_help = exit::help("factify sharing link doc_01h2xcejqtf2nbrexx3vqjhp41"))]
    Link(Box<Link>),
    /// Show or set who can open a document without a grant
    #[command(after_long_help = exit::help(
        "factify sharing general-access doc_01h2xcejqtf2nbrexx3vqjhp41 restricted"
    ))]
    GeneralAccess(Box<GeneralAccess>),
}

area!(Sharing {
    List,
    Show,
    Grant,
    Update,
    Revoke,
    Link,
    GeneralAccess
});

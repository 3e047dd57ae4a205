//! Which command calls which operation.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use factify_core::{OPERATIONS, OperationInfo};

use super::access_requests::AccessRequests;
use super::documents::Documents;
use super::invites::Invites;
use super::keys::Keys;
use super::me::Me;
use super::members::Members;
use super::offboard::Offboard;
use super::orgs::Orgs;
use super::policies::Policies;
use super::quota::Quota;
use super::sharing::Sharing;
use super::versions::Versions;
use super::{Area, operations_of};
use crate::args::description;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/commands.md");
const START: &str = "<!-- operations -->\n";
const END: &str = "<!-- end of operations -->\n";

/// Each command with its operations.
fn commands() -> Vec<(String, Vec<OperationInfo>)> {
    let mut found = Vec::new();
    for (area, operations) in [
        ("orgs", Orgs::operations()),
        ("members", Members::operations()),
        ("invites", Invites::operations()),
        ("keys", Keys::operations()),
        ("documents", Documents::operations()),
        ("versions", Versions::operations()),
        ("sharing", Sharing::operations()),
        ("access-requests", AccessRequests::operations()),
        ("policies", Policies::operations()),
        ("quota", Quota::operations()),
        ("me", Me::operations()),
    ] {
        let root = description();
        let described = root.find_subcommand(area).unwrap();
        let names: Vec<_> = described
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        assert_eq!(names.len(), operations.len(), "{area}");
        let pairs = names.into_iter().zip(operations);
        found.extend(pairs.map(|(name, operations)| (format!("{area} {name}"), operations)));
    }
    found.push(("offboard".to_owned(), operations_of::<Offboard>()));
    found
}

/// The rows of the table: each operation, and its commands. Those that exist for it come first.
fn rows() -> BTreeMap<&'static str, Vec<String>> {
    let mut rows: BTreeMap<_, _> = OPERATIONS.iter().map(|one| (one.id, Vec::new())).collect();
    let commands = commands();
    let main = |(name, all): &(String, Vec<OperationInfo>)| (all[0].id, name.clone());
    let others = |(name, all): &(String, Vec<OperationInfo>)| {
        let ids = all[1..].iter().map(|one| one.id);
        ids.map(|id| (id, name.clone())).collect::<Vec<_>>()
    };
    let all = commands
        .iter()
        .map(main)
        .chain(commands.iter().flat_map(others));
    for (id, name) in all {
        rows.get_mut(id).unwrap().push(format!("`factify {name}`"));
    }
    rows
}

/// To update the page: `FACTIFY_UPDATE_DOCS=1 cargo test -p factify-cli coverage`
#[test]
fn the_page_lists_a_command_for_each_operation() {
    let mut table = "\n| operation | commands |\n| --- | --- |\n".to_owned();
    for (id, commands) in rows() {
        assert!(!commands.is_empty(), "no command calls {id}");
        writeln!(table, "| `{id}` | {} |", commands.join(", ")).unwrap();
    }
    table.push('\n');
    let page = std::fs::read_to_string(PAGE).unwrap();
    let (before, rest) = page.split_once(START).unwrap();
    let (found, after) = rest.split_once(END).unwrap();
    if std::env::var_os("FACTIFY_UPDATE_DOCS").is_some() {
        let updated = format!("{before}{START}{table}{END}{after}");
        return std::fs::write(PAGE, updated).unwrap();
    }
    assert_eq!(found, table, "docs/commands.md does not match the commands");
}

#[test]
fn no_command_names_an_operation_twice() {
    for (name, operations) in commands() {
        let ids: BTreeSet<_> = operations.iter().map(|one| one.id).collect();
        assert_eq!(ids.len(), operations.len(), "{name}");
    }
}

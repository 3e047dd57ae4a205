//! Prints the members of all your organizations as CSV, blocking.
//!
//! Without `FACTIFY_KEY` it uses a sandbox. With it: `cargo run --example export_members_blocking >members.csv`

#![allow(clippy::print_stderr)]

use std::process::ExitCode;

use factify::organizations::OrganizationRole;
use factify::sandbox::Persona;
use factify_examples::{Failure, Place, exit};

fn main() -> ExitCode {
    exit(run())
}

fn run() -> Result<(), Failure> {
    let (config, sandbox) = Place::config("")?;
    if let Some(place) = &sandbox {
        eprintln!("{place}");
        two_organizations(place);
    }
    let client = factify::ureq::client(config)?;
    let mut csv = csv::Writer::from_writer(std::io::stdout().lock());
    csv.write_record([
        "organization_id",
        "organization",
        "user_id",
        "name",
        "email",
        "role",
        "joined_at",
    ])?;
    for organization in client.organizations().list().page_size(100).items() {
        let organization = organization?;
        let members = client.organization(organization.id).members();
        for member in members.list().page_size(100).items() {
            let member = match member {
                // You can see an organization without being a member, and lose your access meanwhile.
                Err(error) if error.is_permission_denied() || error.is_not_found() => {
                    eprintln!("{}: {error}", organization.id);
                    break;
                }
                member => member?,
            };
            csv.write_record([
                organization.id.as_str(),
                &organization.name,
                member.user.id.as_str(),
                &member.user.name,
                &member.user.email,
                member.role.as_str(),
                &member.joined_at.to_string(),
            ])?;
        }
    }
    Ok(csv.flush()?)
}

/// Makes the admin a member of a second organization.
fn two_organizations(place: &Place) {
    if let Some(sandbox) = &place.sandbox {
        let second = sandbox.add_organization("Vance Refrigeration");
        let admin = sandbox.user_id(Persona::Admin);
        sandbox.add_member(second, admin, OrganizationRole::Member);
    }
}

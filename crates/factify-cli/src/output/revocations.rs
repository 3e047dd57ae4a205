//! The results of `ensure_…` calls.

use factify_core::api_keys::{ApiKey, Ensured as EnsuredKey, EnsuredState as KeyState};
use factify_core::sharing::{AccessWay, Ensured as EnsuredAccess, EnsuredState as AccessState};
use factify_core::{ApiKeyId, PrincipalId};
use serde::Serialize;

use super::{Cell, Column, Record};

/// The result of revoking an API key.
pub(crate) struct KeyRevocation {
    id: ApiKeyId,
    ensured: EnsuredKey,
}

impl KeyRevocation {
    pub(crate) fn new(id: ApiKeyId, ensured: EnsuredKey) -> Self {
        Self { id, ensured }
    }

    pub(crate) fn state(&self) -> KeyState {
        self.ensured.state
    }
}

impl Record for KeyRevocation {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("RESULT").shortened_to(8),
        Column::new("NAME").shortened_to(10).left_out(1),
    ];

    /// The known fields of the key.
    fn json(&self) -> impl Serialize + '_ {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum Known<'r> {
            Key(&'r ApiKey),
            Id { id: ApiKeyId },
        }

        match &self.ensured.api_key {
            Some(key) => Known::Key(key),
            None => Known::Id { id: self.id },
        }
    }

    fn id(&self) -> Option<&str> {
        Some(self.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        let key = self.ensured.api_key.as_ref();
        vec![
            Cell::plain(self.id.as_str()),
            Cell::plain(&self.ensured.state.as_str().replace('_', " ")),
            Cell::plain(key.map_or("", |key| &key.name)),
        ]
    }
}

/// The result of taking access to a document.
pub(crate) struct AccessRevocation {
    id: PrincipalId,
    ensured: EnsuredAccess,
}

impl AccessRevocation {
    pub(crate) fn new(id: PrincipalId, ensured: EnsuredAccess) -> Self {
        Self { id, ensured }
    }

    pub(crate) fn state(&self) -> AccessState {
        self.ensured.state
    }
}

#[derive(Serialize)]
struct Access<'r> {
    was_revoked: bool,
    still_by: Vec<Way>,
    policies: Option<Vec<&'r str>>,
}

/// A way by which somebody has access, or may have.
#[derive(Serialize)]
pub(super) struct Way {
    description: String,
    certain: bool,
}

impl From<&AccessWay> for Way {
    fn from(way: &AccessWay) -> Self {
        Self {
            description: way.to_string(),
            certain: way.is_certain(),
        }
    }
}

/// The ways in one line.
pub(super) fn ways(ways: &[AccessWay]) -> String {
    let ways: Vec<_> = ways.iter().map(ToString::to_string).collect();
    ways.join("; ")
}

impl Record for AccessRevocation {
    const COLUMNS: &'static [Column] = &[
        Column::new("ID"),
        Column::new("RESULT").shortened_to(8),
        Column::new("DETAIL").shortened_to(12).left_out(1),
    ];

    fn json(&self) -> impl Serialize + '_ {
        let policies = self.ensured.policies.as_ref();
        Access {
            was_revoked: self.ensured.was_revoked,
            still_by: self.ensured.still_by.iter().map(Way::from).collect(),
            policies: policies.map(|all| all.iter().map(|policy| policy.id.as_str()).collect()),
        }
    }

    /// Only those who have no access.
    fn id(&self) -> Option<&str> {
        (!self.ensured.may_have_access()).then_some(self.id.as_str())
    }

    fn cells(&self) -> Vec<Cell> {
        let mut detail = ways(&self.ensured.still_by);
        if let Some(policies) = self.ensured.policies.as_ref().filter(|all| !all.is_empty()) {
            let names: Vec<_> = policies.iter().map(|policy| &*policy.name).collect();
            let separator = if detail.is_empty() { "" } else { "; " };
            detail = format!("{detail}{separator}policies: {}", names.join(", "));
        }
        vec![
            Cell::plain(self.id.as_str()),
            Cell::plain(&self.ensured.state.as_str().replace('_', " ")),
            Cell::plain(&detail),
        ]
    }
}

//! Faults and plans as JSON.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use super::names::{Kind, Spelled};
use super::plan::Rule;
use super::text::operation;
use super::{Fault, FaultPlan, InvalidFaultPlan};
use crate::control::body;

const NAME: &str = "name";
const PROCESSED: &str = "processed";

impl Serialize for Fault {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let spelled = self.spelled();
        let parameter = Kind::named(&spelled.name).and_then(|kind| kind.parameter.as_ref());
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(NAME, &spelled.name)?;
        if let (Some(parameter), Some(value)) = (parameter, &spelled.value) {
            match value.parse::<u64>() {
                Ok(number) => map.serialize_entry(parameter.name, &number)?,
                Err(_) => map.serialize_entry(parameter.name, value)?,
            }
        }
        if spelled.processed {
            map.serialize_entry(PROCESSED, &true)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Fault {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(deserializer)?;
        let Some(Value::String(name)) = fields.remove(NAME) else {
            return Err(de::Error::custom("a fault needs its name, a text"));
        };
        let processed = match fields.remove(PROCESSED) {
            None => false,
            Some(Value::Bool(processed)) => processed,
            Some(_) => return Err(de::Error::custom("processed is true or false")),
        };
        let parameter = Kind::named(&name).and_then(|kind| kind.parameter.as_ref());
        let value = match parameter.and_then(|parameter| fields.remove(parameter.name)) {
            None => None,
            Some(Value::String(text)) => Some(Cow::Owned(text)),
            Some(value) => Some(Cow::Owned(value.to_string())),
        };
        let spelled = Spelled {
            name: name.into(),
            value,
            processed,
        };
        let is_known = Kind::named(&spelled.name).is_some();
        if let Some(unknown) = fields.keys().next().filter(|_| is_known) {
            let message = format!("the fault {} has no field {unknown:?}", spelled.name);
            return Err(de::Error::custom(message));
        }
        spelled.try_into().map_err(de::Error::custom)
    }
}

body! {
    /// The fields of a plan: at most one of the first three.
    #[derive(Serialize)]
    pub(crate) struct Plan {
        /// The fault of every request
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(super) always: Option<Fault>,
        /// The faults of the next requests in order, with null for none
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(super) schedule: Option<Vec<Option<Fault>>>,
        /// One request in `one_in` has one of the `faults`; the `seed` decides
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(super) random: Option<RandomPlan>,
        /// The operationId of the requests that count, or else all
        #[serde(skip_serializing_if = "Option::is_none")]
        pub(super) only: Option<String>,
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RandomPlan {
    seed: u64,
    one_in: u32,
    faults: Vec<Fault>,
}

impl TryFrom<&Plan> for FaultPlan {
    type Error = InvalidFaultPlan;

    fn try_from(fields: &Plan) -> Result<Self, Self::Error> {
        let only = fields.only.as_deref().map(operation).transpose()?;
        let invalid = |message: &str| Err(InvalidFaultPlan(message.to_owned()));
        let plan = match (&fields.always, &fields.schedule, &fields.random) {
            (None, None, None) => Self::default(),
            (Some(fault), None, None) => Self::always(fault.clone()),
            (None, Some(faults), None) => Self::schedule(faults.clone()),
            (None, None, Some(random)) => {
                if random.one_in == 0 || random.faults.is_empty() {
                    return invalid("random needs faults, and one_in must be at least 1");
                }
                Self::random(random.seed, random.one_in, random.faults.clone())
            }
            _ => return invalid("a plan has only one of always, schedule and random"),
        };
        Ok(Self { only, ..plan })
    }
}

impl From<&FaultPlan> for Plan {
    fn from(plan: &FaultPlan) -> Self {
        let mut fields = Self {
            always: None,
            schedule: None,
            random: None,
            only: plan.only.map(str::to_owned),
        };
        match plan.rule.clone() {
            Rule::Always(fault) => fields.always = Some(fault),
            // It has no effect for any operation.
            Rule::Schedule(faults) if faults.is_empty() => fields.only = None,
            Rule::Schedule(faults) => fields.schedule = Some(faults.into()),
            Rule::Random(random) => {
                fields.random = Some(RandomPlan {
                    seed: random.seed,
                    one_in: random.one_in,
                    faults: random.faults,
                });
            }
        }
        fields
    }
}

impl Serialize for FaultPlan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Plan::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for FaultPlan {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let fields = Plan::deserialize(deserializer)?;
        (&fields).try_into().map_err(de::Error::custom)
    }
}

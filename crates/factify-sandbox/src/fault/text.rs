//! Fault plans as text: see [`FaultPlan`].

use std::fmt;
use std::fmt::Write as _;
use std::str::FromStr;

use factify_core::OPERATIONS;

use super::names::{KINDS, Kind, Spelled};
use super::plan::Rule;
use super::{Fault, FaultPlan};

const PROCESSED: &str = "+processed";
const NONE: &str = "none";

/// A text or JSON that is not a [`FaultPlan`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidFaultPlan(pub(super) String);

impl fmt::Display for InvalidFaultPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFaultPlan {}

impl FaultPlan {
    /// How to write a plan, and all faults, for a help text.
    pub fn help() -> String {
        let mut text = format!(
            "A plan is one of:\n  {NONE}\n  always:FAULT                       every request\n  \
             schedule:FAULT,{NONE},FAULT…         one request after the other\n  \
             random:seed=N,one_in=N:FAULT,…     one request in N\n\
             with @OPERATION at its end, for the requests of one operation only.\n\nThe faults:\n"
        );
        for kind in &KINDS {
            // Writing to a string does not fail.
            let _ = writeln!(text, "  {:<26} {}", kind.form(), kind.does);
        }
        text + "A TIME has a unit: 500ms or 2s."
    }
}

impl Fault {
    /// Reads a fault; the error lists the faults.
    fn spelled_as(spelled: &Spelled<'_>) -> Result<Self, InvalidFaultPlan> {
        let Some(kind) = Kind::named(&spelled.name) else {
            let forms: Vec<_> = KINDS.iter().map(Kind::form).collect();
            let forms = forms.join(", ");
            let message = format!("there is no fault {:?}; use one of {forms}", spelled.name);
            return Err(InvalidFaultPlan(message));
        };
        kind.make(spelled).map_err(InvalidFaultPlan)
    }
}

impl TryFrom<Spelled<'_>> for Fault {
    type Error = InvalidFaultPlan;

    fn try_from(spelled: Spelled<'_>) -> Result<Self, Self::Error> {
        Self::spelled_as(&spelled)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spelled = self.spelled();
        f.write_str(&spelled.name)?;
        if let Some(value) = &spelled.value {
            write!(f, "={value}")?;
        }
        f.write_str(if spelled.processed { PROCESSED } else { "" })
    }
}

impl FromStr for Fault {
    type Err = InvalidFaultPlan;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_suffix(PROCESSED);
        let (name, value) = match rest.unwrap_or(text).split_once('=') {
            Some((name, value)) => (name, Some(value.into())),
            None => (rest.unwrap_or(text), None),
        };
        Self::spelled_as(&Spelled {
            name: name.into(),
            value,
            processed: rest.is_some(),
        })
    }
}

impl fmt::Display for FaultPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.rule {
            // It has no effect for any operation.
            Rule::Schedule(faults) if faults.is_empty() => return f.write_str(NONE),
            Rule::Schedule(faults) => {
                f.write_str("schedule:")?;
                separated(f, faults.iter().map(Step))?;
            }
            Rule::Always(fault) => write!(f, "always:{fault}")?,
            Rule::Random(random) => {
                write!(f, "random:seed={},one_in={}:", random.seed, random.one_in)?;
                separated(f, &random.faults)?;
            }
        }
        match self.only {
            Some(operation) => write!(f, "@{operation}"),
            None => Ok(()),
        }
    }
}

struct Step<'a>(&'a Option<Fault>);

impl fmt::Display for Step<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(fault) => fault.fmt(f),
            None => f.write_str(NONE),
        }
    }
}

fn separated(
    f: &mut fmt::Formatter<'_>,
    items: impl IntoIterator<Item = impl fmt::Display>,
) -> fmt::Result {
    for (at, item) in items.into_iter().enumerate() {
        write!(f, "{}{item}", if at > 0 { "," } else { "" })?;
    }
    Ok(())
}

impl FromStr for FaultPlan {
    type Err = InvalidFaultPlan;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (rule, only) = match text.split_once('@') {
            Some((rule, only)) => (rule, Some(operation(only)?)),
            None => (text, None),
        };
        let (name, rest) = rule.split_once(':').unwrap_or((rule, ""));
        let plan = match name {
            NONE if rule == NONE && only.is_none() => Self::default(),
            "always" => Self::always(rest.parse()?),
            "schedule" => {
                let steps = rest.split(',').map(|step| match step {
                    NONE => Ok(None),
                    step => step.parse().map(Some),
                });
                Self::schedule(steps.collect::<Result<Vec<_>, _>>()?)
            }
            "random" => {
                let (settings, faults) = rest.split_once(':').unwrap_or((rest, ""));
                let (seed, one_in) = random(settings)?;
                let faults = faults.split(',').map(str::parse);
                Self::random(seed, one_in, faults.collect::<Result<Vec<_>, _>>()?)
            }
            _ => return Err(no_plan(text)),
        };
        Ok(Self { only, ..plan })
    }
}

fn no_plan(text: &str) -> InvalidFaultPlan {
    let advice = if text.parse::<Fault>().is_ok() {
        format!("write always:{text} or schedule:{text}")
    } else {
        format!(
            "write {NONE}, always:FAULT, schedule:FAULT,{NONE},… or random:seed=N,one_in=N:FAULT,…, and \
             @OPERATION at its end for one operation"
        )
    };
    InvalidFaultPlan(format!("{text:?} is not a fault plan; {advice}"))
}

/// The seed, and one request in how many gets a fault.
fn random(settings: &str) -> Result<(u64, u32), InvalidFaultPlan> {
    let wrong = || {
        let message = format!("{settings:?} does not begin a random plan; write seed=7,one_in=10");
        InvalidFaultPlan(message)
    };
    let (seed, one_in) = settings.split_once(',').ok_or_else(wrong)?;
    let seed = number(seed, "seed=").ok_or_else(wrong)?;
    let one_in = number(one_in, "one_in=").and_then(|number| u32::try_from(number).ok());
    let one_in = one_in.filter(|one_in| *one_in > 0).ok_or_else(wrong)?;
    Ok((seed, one_in))
}

fn number(setting: &str, name: &str) -> Option<u64> {
    let value = setting.strip_prefix(name)?;
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
    value.parse().ok().filter(|_| is_number)
}

/// The operation with this ID; the error names a similar one.
pub(super) fn operation(id: &str) -> Result<&'static str, InvalidFaultPlan> {
    let ids = || OPERATIONS.iter().map(|operation| operation.id);
    if let Some(found) = ids().find(|known| *known == id) {
        return Ok(found);
    }
    let similarity = |known: &&str| {
        let (known, id) = (known.to_lowercase(), id.to_lowercase());
        strsim::sorensen_dice(&known, &id)
    };
    let nearest = ids().max_by(|one, other| similarity(one).total_cmp(&similarity(other)));
    let nearest = nearest.unwrap_or_default();
    let message = format!("there is no operation {id:?}; the nearest is {nearest}");
    Err(InvalidFaultPlan(message))
}

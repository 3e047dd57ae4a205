//! Fault plans as text and as JSON.

use std::time::Duration;

use factify_core::OPERATIONS;
use factify_sandbox::{Fault, FaultPlan};
use http::StatusCode;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        Just(Fault::Refuse),
        Just(Fault::DropBefore),
        Just(Fault::DropAfter),
        Just(Fault::Truncate),
        prop_oneof![
            any::<Duration>(),
            (0..100_000_u64).prop_map(Duration::from_millis)
        ]
        .prop_map(Fault::Delay),
        Just(Fault::Hang),
        option::of(any::<u64>()).prop_map(|retry_after| Fault::RateLimited { retry_after }),
        any::<bool>().prop_map(|processed| Fault::Unavailable { processed }),
        (200..600_u16, any::<bool>()).prop_map(|(status, processed)| Fault::Html {
            status: StatusCode::from_u16(status).unwrap(),
            processed
        }),
        Just(Fault::Undocumented),
        any::<usize>().prop_map(Fault::UnreadableItem),
        any::<usize>().prop_map(Fault::Oversized),
    ]
}

fn plan() -> impl Strategy<Value = FaultPlan> {
    let rule = prop_oneof![
        fault().prop_map(FaultPlan::always),
        vec(option::of(fault()), 1..5).prop_map(FaultPlan::schedule),
        (any::<u64>(), 1..u32::MAX, vec(fault(), 1..5))
            .prop_map(|(seed, one_in, faults)| FaultPlan::random(seed, one_in, faults)),
    ];
    (rule, option::of(prop::sample::select(OPERATIONS))).prop_map(|(plan, only)| match only {
        Some(operation) => plan.only(&operation),
        None => plan,
    })
}

proptest! {
    #[test]
    fn a_plan_is_the_same_as_text_and_as_json(plan in plan()) {
        let text = plan.to_string();
        prop_assert_eq!(&text.parse::<FaultPlan>().unwrap(), &plan, "{}", text);
        let json = serde_json::to_string(&plan).unwrap();
        prop_assert_eq!(&serde_json::from_str::<FaultPlan>(&json).unwrap(), &plan, "{}", json);
    }

    #[test]
    fn a_fault_is_the_same_as_text_and_as_json(fault in fault()) {
        prop_assert_eq!(&fault.to_string().parse::<Fault>().unwrap(), &fault);
        let json = serde_json::to_string(&fault).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Fault>(&json).unwrap(), &fault, "{}", json);
    }

    #[test]
    fn any_text_is_a_plan_or_an_error(text in "(always:|schedule:|random:seed=1,one_in=2:)?[a-z0-9_=+@,:. ]{0,30}") {
        if let Ok(plan) = text.parse::<FaultPlan>() {
            prop_assert_eq!(&plan.to_string().parse::<FaultPlan>().unwrap(), &plan);
        }
    }
}

#[test]
fn a_plan_without_faults_is_none() {
    assert_eq!(FaultPlan::default().to_string(), "none");
    assert_eq!("none".parse::<FaultPlan>(), Ok(FaultPlan::default()));
    assert_eq!(serde_json::to_string(&FaultPlan::default()).unwrap(), "{}");
    let read: FaultPlan = serde_json::from_str("{}").unwrap();
    assert_eq!(read, FaultPlan::default());
}

#[test]
fn each_plan_has_one_text_and_one_json() {
    for (text, json) in [
        ("always:hang", r#"{"always":{"name":"hang"}}"#),
        (
            "always:delay=1500ms@getMe",
            r#"{"always":{"name":"delay","time":"1500ms"},"only":"getMe"}"#,
        ),
        (
            "schedule:none,rate_limited,rate_limited=30",
            r#"{"schedule":[null,{"name":"rate_limited"},{"name":"rate_limited","retry_after":30}]}"#,
        ),
        (
            "random:seed=7,one_in=10:unavailable+processed,html=502+processed,unreadable_item=0",
            r#"{"random":{"seed":7,"one_in":10,"faults":[{"name":"unavailable","processed":true},{"name":"html","status":502,"processed":true},{"name":"unreadable_item","position":0}]}}"#,
        ),
    ] {
        let plan: FaultPlan = text.parse().unwrap();
        assert_eq!(plan.to_string(), text);
        assert_eq!(serde_json::to_string(&plan).unwrap(), json);
        assert_eq!(serde_json::from_str::<FaultPlan>(json).unwrap(), plan);
    }
}

#[test]
fn a_wrong_text_gets_an_error_that_says_what_is_right() {
    for (text, expected) in [
        ("", "write none, always:FAULT, schedule:FAULT,none,…"),
        (
            "drop_after",
            "write always:drop_after or schedule:drop_after",
        ),
        (
            "sometimes:hang",
            "is not a fault plan; write none, always:FAULT",
        ),
        ("none@getMe", "is not a fault plan"),
        (
            "always:",
            r#"there is no fault ""; use one of refuse, drop_before,"#,
        ),
        (
            "always:drop",
            r#"there is no fault "drop"; use one of refuse, drop_before,"#,
        ),
        ("always:hang,hang", r#"there is no fault "hang,hang""#),
        (
            "always:delay",
            "the fault delay needs a valid value, such as delay=500ms",
        ),
        ("always:delay=5", "the fault delay needs a valid value"),
        ("always:delay=-5s", "the fault delay needs a valid value"),
        (
            "always:delay=99999999999999999999s",
            "the fault delay needs a valid value",
        ),
        (
            "always:html=99",
            "the fault html needs a valid value, such as html=502",
        ),
        ("always:html=600", "the fault html needs a valid value"),
        (
            "always:rate_limited=+1",
            "the fault rate_limited needs a valid value",
        ),
        ("always:hang=1", "the fault hang has no value"),
        (
            "always:hang+processed",
            "the fault hang cannot have +processed",
        ),
        ("schedule:", r#"there is no fault """#),
        ("schedule:hang,,hang", r#"there is no fault """#),
        ("random:hang", "write seed=7,one_in=10"),
        ("random:seed=1,one_in=0:hang", "write seed=7,one_in=10"),
        ("random:one_in=2,seed=1:hang", "write seed=7,one_in=10"),
        ("random:seed=1,one_in=2", r#"there is no fault """#),
        ("always:hang@", r#"there is no operation """#),
        (
            "always:hang@revokeOrganizationInvit",
            "the nearest is revokeOrganizationInvite",
        ),
        ("always:hang@getme", "the nearest is getMe"),
        (
            "always:hang@revokeInvite",
            "the nearest is revokeOrganizationInvite",
        ),
    ] {
        let error = text.parse::<FaultPlan>().unwrap_err().to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

#[test]
fn wrong_json_gets_an_error_that_says_what_is_right() {
    for (json, expected) in [
        (r#"{"always":"hang"}"#, "expected a map"),
        (r#"{"always":{}}"#, "a fault needs its name, a text"),
        (
            r#"{"always":{"name":"x"}}"#,
            r#"there is no fault "x"; use one of"#,
        ),
        (
            r#"{"always":{"name":"hang","time":"1s"}}"#,
            r#"the fault hang has no field "time""#,
        ),
        (r#"{"always":{"name":"delay"}}"#, "such as delay=500ms"),
        (
            r#"{"always":{"name":"html","status":-1}}"#,
            "such as html=502",
        ),
        (
            r#"{"always":{"name":"html","status":[502]}}"#,
            "such as html=502",
        ),
        (
            r#"{"always":{"name":"html","status":502,"processed":1}}"#,
            "processed is true or false",
        ),
        (
            r#"{"always":{"name":"hang"},"schedule":[]}"#,
            "only one of always, schedule and random",
        ),
        (
            r#"{"random":{"seed":1,"one_in":0,"faults":[{"name":"hang"}]}}"#,
            "one_in must be at least 1",
        ),
        (
            r#"{"random":{"seed":1,"one_in":1,"faults":[]}}"#,
            "random needs faults",
        ),
        (
            r#"{"always":{"name":"hang"},"only":"getm"}"#,
            "the nearest is getMe",
        ),
        (
            r#"{"sometimes":{"name":"hang"}}"#,
            "unknown field `sometimes`",
        ),
    ] {
        let error = serde_json::from_str::<FaultPlan>(json)
            .unwrap_err()
            .to_string();
        assert!(error.contains(expected), "{json}: {error}");
    }
}

#[test]
fn the_help_names_each_fault_and_each_rule() {
    let help = FaultPlan::help();
    for name in [
        "none",
        "always:",
        "schedule:",
        "random:seed=N,one_in=N:",
        "@OPERATION",
    ] {
        assert!(help.contains(name), "{name}");
    }
    proptest!(|(fault in fault())| {
        let text = fault.to_string();
        let name = text.split(['=', '+']).next().unwrap();
        prop_assert!(help.contains(&format!("\n  {name}")), "{}", name);
    });
}

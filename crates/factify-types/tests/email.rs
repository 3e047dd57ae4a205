//! Which texts are addresses that can be sent to, and what is wrong with the others.

#![allow(clippy::unwrap_used)]

use factify_types::EmailAddress;

#[test]
fn each_problem_is_named() {
    let longest = format!("{}@example.com", "l".repeat(242));
    assert_eq!(longest.len(), 254);
    for (text, problem) in [
        ("dwight@example.com", None),
        ("d.k.schrute+beets@dunder-mifflin.example.com", None),
        ("用户@例え.jp", None),
        ("root@localhost", None),
        // The server decides about these.
        (".a..\"<,@-b_", None),
        (&longest, None),
        ("", Some("it is empty")),
        ("dwight", Some("it has no @")),
        ("a@b@c.de", Some("it has more than one @")),
        ("@@", Some("it has more than one @")),
        ("@c.de", Some("it has no text before the @")),
        ("a@", Some("it has no text after the @")),
        ("a b@c.de", Some("it has a space or a control character")),
        (
            "a@c.de\u{3000}",
            Some("it has a space or a control character"),
        ),
        ("a\n@c.de", Some("it has a space or a control character")),
        (
            "a@c\u{9b}.de",
            Some("it has a space or a control character"),
        ),
        (&format!("{longest}x"), Some("it is longer than 254 bytes")),
    ] {
        match (text.parse::<EmailAddress>(), problem) {
            (Ok(address), None) => {
                assert_eq!((address.as_str(), address.as_ref()), (text, text));
                assert_eq!(address.to_string(), text);
                assert_eq!(format!("{address:?}"), format!("EmailAddress({text})"));
            }
            (found, expected) => assert_eq!(
                found.map_err(|error| error.to_string()).unwrap_err(),
                format!("not an email address: {}", expected.unwrap_or("nothing")),
                "{text}"
            ),
        }
    }
}

#[test]
fn addresses_that_differ_only_in_case_are_the_same() {
    let address: EmailAddress = "Dwight@Exämple.com".parse().unwrap();
    for (text, is_same) in [
        ("Dwight@Exämple.com", true),
        ("dwight@exämple.com", true),
        ("DWIGHT@EXÄMPLE.COM", true),
        ("dwight@example.com", false),
        ("dwight@exämple.co", false),
        ("dwight@exämple.com ", false),
        ("dwight+1@exämple.com", false),
        ("", false),
    ] {
        assert_eq!(address.is_same_as(text), is_same, "{text}");
    }
    assert_eq!(String::from(address), "Dwight@Exämple.com");
}

#[test]
fn serde_checks_it_too() {
    let address: EmailAddress = serde_json::from_str(r#""a@b.co""#).unwrap();
    assert_eq!(serde_json::to_string(&address).unwrap(), r#""a@b.co""#);
    assert!(serde_json::from_str::<EmailAddress>(r#""nobody""#).is_err());
}

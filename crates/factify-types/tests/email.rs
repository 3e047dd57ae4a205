//! Which texts are addresses that can be sent to, and what is wrong with the others.

#![allow(clippy::unwrap_used)]

use factify_types::EmailAddress;

#[test]
fn each_fault_is_named() {
    let local = "l".repeat(64);
    let domain = format!("{0}.{0}.{1}", "d".repeat(63), "e".repeat(61));
    let longest = format!("{local}@{domain}");
    assert_eq!(longest.len(), 254);
    let label = "d".repeat(64);
    for (text, fault) in [
        ("dwight@example.com", None),
        ("d.k.schrute+beets@dunder-mifflin.example.com", None),
        ("用户@例え.jp", None),
        ("root@localhost", None),
        (&longest, None),
        ("", Some("it has no @")),
        ("dwight", Some("it has no @")),
        (&format!("{longest}x"), Some("it is longer than 254 bytes")),
        ("a b@c.de", Some("it has a space or a control character")),
        ("a\n@c.de", Some("it has a space or a control character")),
        ("\u{feff}a@c.de", Some("it has an invisible character")),
        ("a\u{200b}@c.de", Some("it has an invisible character")),
        ("a\u{202e}@c.de", Some("it has an invisible character")),
        ("a\u{3164}@c.de", Some("it has an invisible character")),
        ("a\u{fe0f}@c.de", Some("it has an invisible character")),
        ("a@c\u{ad}.de", Some("it has an invisible character")),
        ("a@نامه\u{200c}ای.com", None),
        ("a@b@c.de", Some("it has more than one @")),
        (
            "@c.de",
            Some("the part before @ is empty or longer than 64 bytes"),
        ),
        (
            &format!("x{local}@c.de"),
            Some("the part before @ is empty or longer than 64 bytes"),
        ),
        (
            ".a@c.de",
            Some("the part before @ has a dot at its start or end, or two in a row"),
        ),
        (
            "a.@c.de",
            Some("the part before @ has a dot at its start or end, or two in a row"),
        ),
        (
            "a..b@c.de",
            Some("the part before @ has a dot at its start or end, or two in a row"),
        ),
        (
            "a<b>@c.de",
            Some("the part before @ has a character that must be quoted"),
        ),
        (
            "a,b@c.de",
            Some("the part before @ has a character that must be quoted"),
        ),
        ("a@", Some("the part after @ is not a domain name")),
        ("a@b..de", Some("the part after @ is not a domain name")),
        ("a@-b.de", Some("the part after @ is not a domain name")),
        ("a@b-.de", Some("the part after @ is not a domain name")),
        ("a@b_c.de", Some("the part after @ is not a domain name")),
        (
            &format!("a@{label}.de"),
            Some("the part after @ is not a domain name"),
        ),
    ] {
        match (text.parse::<EmailAddress>(), fault) {
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
fn serde_checks_it_too() {
    let address: EmailAddress = serde_json::from_str(r#""a@b.co""#).unwrap();
    assert_eq!(serde_json::to_string(&address).unwrap(), r#""a@b.co""#);
    assert!(serde_json::from_str::<EmailAddress>(r#""nobody""#).is_err());
}

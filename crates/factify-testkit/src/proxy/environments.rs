//! Calls in processes with different environment variables.

use super::process::in_a_process;
use crate::TestTransport;
use crate::servers::nobody;

/// The expected way of a call.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    Direct,
    Through,
    /// The transport cannot be built because of this variable.
    Refused(&'static str),
}

/// Environment variables and the expected way of a call. `PROXY` stands for a proxy's address, `TARGET`
/// for the host and port of the call.
type Environment = (&'static [(&'static str, &'static str)], Way);

const ENVIRONMENTS: &[Environment] = &[
    (&[], Way::Direct),
    (&[("HTTPS_PROXY", "")], Way::Direct),
    (&[("HTTPS_PROXY", "http://PROXY")], Way::Through),
    (
        &[("HTTPS_PROXY", "http://user:CANARY@PROXY/")],
        Way::Through,
    ),
    (&[("HTTPS_PROXY", "PROXY")], Way::Through),
    (
        &[("HTTPS_PROXY", "socks5://user:CANARY@PROXY")],
        Way::Through,
    ),
    (&[("https_proxy", "http://PROXY")], Way::Through),
    (
        &[("HTTPS_PROXY", ""), ("https_proxy", "http://PROXY")],
        Way::Through,
    ),
    (&[("ALL_PROXY", "http://PROXY")], Way::Through),
    (&[("all_proxy", "socks5h://PROXY")], Way::Through),
    (
        &[("HTTPS_PROXY", "PROXY/CANARY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    // `HTTP_PROXY` is ignored, because a client of a CGI server can set it.
    (&[("HTTP_PROXY", "http://PROXY")], Way::Direct),
    (&[("http_proxy", "ftp://PROXY")], Way::Direct),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("REQUEST_METHOD", "GET")],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "ftp://PROXY"), ("REQUEST_METHOD", "GET")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("ALL_PROXY", "ftp://PROXY"),
        ],
        Way::Through,
    ),
    (
        &[
            ("https_proxy", "ftp://PROXY"),
            ("ALL_PROXY", "http://PROXY"),
        ],
        Way::Refused("https_proxy"),
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "a,127.0.0.1")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("no_proxy", "127.0.0.1")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "example.com")],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "a, TARGET")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "127.0.0.1:1")],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "127.0.0.0/8")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "128.0.0.0/8")],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "ftp://user:CANARY@PROXY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    // No login: it is not UTF-8, or too long for SOCKS.
    (
        &[("HTTPS_PROXY", "http://%ff:CANARY@PROXY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "garbage::CANARY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "http//PROXY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "nonsense:://CANARY")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("HTTPS_PROXY", "http://user:CANARY@127.0.0.1:99999")],
        Way::Refused("HTTPS_PROXY"),
    ),
    (
        &[("https_proxy", "ftp://PROXY")],
        Way::Refused("https_proxy"),
    ),
    (&[("ALL_PROXY", "ftp://PROXY")], Way::Refused("ALL_PROXY")),
    (&[("all_proxy", "ftp://PROXY")], Way::Refused("all_proxy")),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("https_proxy", "ftp://PROXY"),
        ],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "ftp://PROXY"), ("NO_PROXY", "*")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "a, *")],
        Way::Direct,
    ),
];

/// The same for the target `localhost`.
const NAMED: &[Environment] = &[
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", ""),
            ("no_proxy", "localhost"),
        ],
        Way::Direct,
    ),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", "a, localhost"),
        ],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "a, *")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "host")],
        Way::Through,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "TARGET")],
        Way::Direct,
    ),
    (
        &[("HTTPS_PROXY", "http://PROXY"), ("NO_PROXY", "localhost:1")],
        Way::Through,
    ),
];

/// The same for a host that does not exist.
const BELOW: &[Environment] = &[
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", ".factify.invalid"),
        ],
        Way::Direct,
    ),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", "tify.invalid,a.api.factify.invalid"),
        ],
        Way::Through,
    ),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", "factify.invalid:443"),
        ],
        Way::Direct,
    ),
    (
        &[
            ("HTTPS_PROXY", "http://PROXY"),
            ("NO_PROXY", "factify.invalid:80"),
        ],
        Way::Through,
    ),
];

/// The environments in which the libraries of the transports differ.
fn of_the_library<T: TestTransport>() -> [Environment; 4] {
    let taken = |is_taken, variable| {
        if is_taken {
            Way::Through
        } else {
            Way::Refused(variable)
        }
    };
    let (tls, socks) = (T::SPEAKS_TLS_TO_A_PROXY, T::SPEAKS_OTHER_SOCKS);
    [
        (
            &[("HTTPS_PROXY", "https://PROXY")],
            taken(tls, "HTTPS_PROXY"),
        ),
        (
            &[("HTTPS_PROXY", "socks4://PROXY")],
            taken(socks, "HTTPS_PROXY"),
        ),
        (&[("ALL_PROXY", "socks://PROXY")], taken(socks, "ALL_PROXY")),
        (
            &[("ALL_PROXY", "socks://user:CANARY@PROXY")],
            taken(socks, "ALL_PROXY"),
        ),
    ]
}

/// Runs the ignored test `name` in each environment and checks the error that it prints.
pub(super) fn check_all<T: TestTransport>(name: &str) {
    let (proxy, target) = (nobody().to_string(), nobody().to_string());
    let local = target.replace("127.0.0.1", "localhost");
    let with = |target: &str, table: &[Environment]| {
        for (variables, way) in table {
            check(name, &proxy, target, variables, *way);
        }
    };
    with(&target, ENVIRONMENTS);
    with(&target, &of_the_library::<T>());
    with(&local, NAMED);
    // Too long for a host name, so it fails without a query.
    with(&format!("{}.factify.invalid", "n".repeat(64)), BELOW);
}

fn check(name: &str, proxy: &str, target: &str, variables: &[(&str, &str)], way: Way) {
    let values: Vec<_> = variables
        .iter()
        .map(|(variable, value)| {
            let value = value.replace("PROXY", proxy).replace("TARGET", target);
            (*variable, value)
        })
        .collect();
    let values: Vec<_> = values
        .iter()
        .map(|(name, it)| (*name, it.as_str()))
        .collect();
    let said = in_a_process(name, target, &values);
    let what = format!("{variables:?}, {way:?}: {said}");
    assert!(!said.contains("CANARY"), "{what}");
    let (through, reached) = (
        said.contains(&format!("through the proxy {proxy}\n")),
        said.contains("could not be reached") && said.contains("because Connection refused"),
    );
    // How a name resolves and fails depends on the machine.
    let reached_for = reached || !target.starts_with("127.");
    match way {
        Way::Direct => assert!(reached_for && !said.contains("the proxy"), "{what}"),
        Way::Through => assert!(reached_for && through, "{what}"),
        Way::Refused(variable) => {
            let named = format!("the environment variable {variable} cannot be used: ");
            assert!(said.contains(&named), "{what}");
            assert!(!said.contains(proxy) && !reached, "{what}");
        }
    }
}

"""Measures the compile cost of a minimal program: with the SDK, by hand and with reqwest.

Prints the crates, time and size of a clean release build of each program. With --count it compiles
nothing. It fails if a transport adds more than four crates to those of the hand-written program.
"""

import argparse
import pathlib
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import results

ROOT = results.ROOT
OURS = "factify"
ALLOWED_MORE = 4

TYPES = """
#[derive(serde::Deserialize)]
struct Envelope { invite: Invite }
#[derive(serde::Deserialize)]
struct Invite { email: String, status: String }
"""
URL = '"https://api.factify.com/v1beta/organizations/org_01h2xcejqtf2nbrexx3vqjhp41/invites/inv_01h2xcejqtf2nbrexx3vqjhp41/revoke"'
SERDE = 'serde = { version = "1", features = ["derive"] }\nserde_json = "1"\n'
TOKIO = 'tokio = { version = "1", features = ["macros", "rt", "time"] }\n'

SDK_CALL = """
    let organization = client.organization("org_01h2xcejqtf2nbrexx3vqjhp41".parse()?);
    let invite = organization.invites().revoke("inv_01h2xcejqtf2nbrexx3vqjhp41".parse()?).send()%s?;
    println!("{} is {}", invite.email, invite.status);
    Ok(())
"""
ASYNC_MAIN = '#[tokio::main(flavor = "current_thread")]\nasync fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {\n'
MAIN = "fn main() -> Result<(), Box<dyn std::error::Error + Send + Sync>> {\n"
PRINT = """
    let invite = serde_json::from_slice::<Envelope>(&body)?.invite;
    println!("{} is {}", invite.email, invite.status);
    Ok(())
}
"""

PROGRAMS = {
    "factify with hyper": (
        f'factify = {{ path = "{ROOT}/crates/factify", features = ["hyper"] }}\n{TOKIO}',
        ASYNC_MAIN + "let client = factify::hyper::client(factify::ClientConfig::from_env()?)?;" + SDK_CALL % ".await" + "}",
    ),
    "hyper by hand": (
        SERDE
        + TOKIO
        + """bytes = "1"
http = "1"
http-body-util = "0.1"
hyper = { version = "1", features = ["client", "http1", "http2"] }
hyper-rustls = { version = "0.27", default-features = false, features = ["http1", "http2", "ring", "tls12"] }
hyper-util = { version = "0.1", features = ["client-legacy", "client-proxy", "http1", "http2", "tokio"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
rustls-platform-verifier = "0.7"
webpki-roots = "1"
""",
        TYPES
        + ASYNC_MAIN
        + f"""
    use http_body_util::{{BodyExt, Full, Limited}};
    use hyper_util::rt::{{TokioExecutor, TokioTimer}};
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let tls = if std::env::var("PLATFORM").is_ok() {{
        use rustls_platform_verifier::BuilderVerifierExt;
        tls.with_platform_verifier()?.with_no_client_auth()
    }} else {{
        tls.with_root_certificates(roots).with_no_client_auth()
    }};
    let mut http = hyper_util::client::legacy::connect::HttpConnector::new();
    http.enforce_http(false);
    let proxy: http::Uri = std::env::var("PROXY").unwrap_or("http://localhost".into()).parse()?;
    let tunnel = hyper_util::client::legacy::connect::proxy::Tunnel::new(proxy, http);
    let https = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_all_versions().wrap_connector(tunnel);
    let client = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(https);
    let request = http::Request::post({URL})
        .header("authorization", format!("Bearer {{}}", std::env::var("FACTIFY_KEY")?))
        .header("content-type", "application/json")
        .body(Full::new(bytes::Bytes::from_static(b"{{}}")))?;
    let response = async {{
        let response = client.request(request).await?;
        Ok::<_, Box<dyn std::error::Error + Send + Sync>>(Limited::new(response.into_body(), 8 << 20).collect().await?.to_bytes())
    }};
    let body = tokio::time::timeout(std::time::Duration::from_secs(30), response).await??;
"""
        + PRINT,
    ),
    "reqwest 0.13": (
        SERDE + TOKIO + 'reqwest = { version = "0.13", features = ["json"] }\n',
        TYPES
        + ASYNC_MAIN
        + f"""
    let client = reqwest::Client::builder().timeout(std::time::Duration::from_secs(30)).build()?;
    let request = client.post({URL}).bearer_auth(std::env::var("FACTIFY_KEY")?).body("{{}}");
    let body = request.send().await?.bytes().await?;
"""
        + PRINT,
    ),
    "factify with ureq": (
        f'factify = {{ path = "{ROOT}/crates/factify", features = ["ureq"] }}\n',
        MAIN + "let client = factify::ureq::client(factify::ClientConfig::from_env()?)?;" + SDK_CALL % "" + "}",
    ),
    "ureq by hand": (
        SERDE
        + """rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
ureq = { version = "3", default-features = false, features = ["platform-verifier", "rustls", "socks-proxy"] }
""",
        TYPES
        + MAIN
        + f"""
    let tls = ureq::tls::TlsConfig::builder()
        .unversioned_rustls_crypto_provider(std::sync::Arc::new(rustls::crypto::ring::default_provider()))
        .build();
    let config = ureq::Agent::config_builder().timeout_global(Some(std::time::Duration::from_secs(30))).tls_config(tls);
    let agent: ureq::Agent = config.build().into();
    let request = agent.post({URL}).header("authorization", format!("Bearer {{}}", std::env::var("FACTIFY_KEY")?));
    let body = request.send("{{}}")?.body_mut().read_to_vec()?;
"""
        + PRINT,
    ),
    "reqwest 0.13, blocking": (
        SERDE + 'reqwest = { version = "0.13", features = ["blocking", "json"] }\n',
        TYPES
        + MAIN
        + f"""
    let client = reqwest::blocking::Client::builder().timeout(std::time::Duration::from_secs(30)).build()?;
    let request = client.post({URL}).bearer_auth(std::env::var("FACTIFY_KEY")?).body("{{}}");
    let body = request.send()?.bytes()?;
"""
        + PRINT,
    ),
}


def cargo(folder, *arguments):
    command = ["cargo", "--quiet", *arguments]
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout


def crates(folder):
    tree = cargo(folder, "tree", "--edges", "normal", "--prefix", "none", "--format", "{p}")
    names = {" ".join(line.split(" ")[:2]) for line in tree.splitlines() if line}
    return {name for name in names if not name.startswith(("minimal ", OURS))}


def measured(folder):
    cargo(folder, "fetch")
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    cargo(folder, "build", "--release", "--target-dir", "target")
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, cpu, (folder / "target/release/minimal").stat().st_size // 1024


def make(folder, dependencies, source):
    (folder / "src").mkdir(parents=True)
    (folder / "src/main.rs").write_text(source)
    package = '[package]\nname = "minimal"\nversion = "0.1.0"\nedition = "2024"\nrust-version = "1.85"\n'
    profile = "[profile.release]\nstrip = true\n[workspace]\n"
    (folder / "Cargo.toml").write_text(f"{package}[dependencies]\n{dependencies}{profile}")
    # All programs use the same versions.
    shutil.copy(ROOT / "Cargo.lock", folder / "Cargo.lock")


parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--count", action="store_true", help="compile nothing")
parser.add_argument("--only", default="", help="only programs whose name contains this word")
parser.add_argument("--save", help="append the results to this file")
arguments = parser.parse_args()
found = {}
with tempfile.TemporaryDirectory() as place:
    for name, (dependencies, source) in PROGRAMS.items():
        if arguments.only not in name or arguments.count and name.startswith("reqwest"):
            continue
        folder = pathlib.Path(place) / name.replace(" ", "-")
        make(folder, dependencies, source)
        found[name] = crates(folder)
        line = f"{name:22} {len(found[name]):4} crates"
        if not arguments.count:
            wall, cpu, size = measured(folder)
            numbers = {"crates": len(found[name]), "wall_s": wall, "cpu_s": cpu, "size_kib": size}
            results.append(arguments.save, {"name": name, **{key: results.spread([one]) for key, one in numbers.items()}})
            line += f" {wall:7.1f} s {cpu:7.1f} s of CPU {size:6} KiB"
        print(line, flush=True)
for transport in ("hyper", "ureq"):
    if arguments.only not in f"factify with {transport}" or arguments.only not in f"{transport} by hand":
        continue
    more = found[f"factify with {transport}"] - found[f"{transport} by hand"]
    print(f"factify with {transport} adds these crates to {transport} by hand: {', '.join(sorted(more)) or 'none'}")
    if len(more) > ALLOWED_MORE:
        sys.exit(f"at most {ALLOWED_MORE} additional crates are allowed")

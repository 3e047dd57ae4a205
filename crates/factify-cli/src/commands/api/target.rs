//! The path of a request, and the operation that it belongs to.

use factify_core::http::Method;
use factify_core::{BaseUrl, OPERATIONS, OperationInfo, OrganizationId};

use crate::failure::Failure;

/// The placeholder for the organization that is set, as the API's document has it.
const ORGANIZATION: &str = "{organization_id}";

/// The path below that of the API, with its query. The token is sent to the API only, so a URL of another
/// server is refused.
pub(super) fn path(
    text: &str,
    base_url: &BaseUrl,
    organization: impl FnOnce() -> Result<OrganizationId, Failure>,
) -> Result<String, Failure> {
    let base = base_url.to_string();
    let is_url = text
        .split(['/', '?', '#'])
        .next()
        .is_some_and(|first| first.contains(':'));
    let path = if is_url {
        let below = text
            .strip_prefix(&base)
            .filter(|rest| rest.starts_with('/'));
        below.ok_or_else(|| {
            Failure::usage(format!(
                "the path begins like a URL, but not with {base}, and the key is sent only there"
            ))
        })?
    } else {
        text
    };
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    if path.contains(ORGANIZATION) {
        return Ok(path.replace(ORGANIZATION, organization()?.as_str()));
    }
    Ok(path)
}

/// The operation with this path, or else one that is idempotent by its method. Its name is for messages.
pub(super) fn operation(method: &Method, path: &str) -> OperationInfo {
    let path = path.split('?').next().unwrap_or_default();
    let matching = OPERATIONS
        .iter()
        .filter(|operation| operation.method == *method)
        .filter_map(|operation| Some((operation.match_path(path)?.literals(), operation)));
    match matching.max_by_key(|(literals, _)| *literals) {
        Some((_, operation)) => operation.clone(),
        None => OperationInfo::new("api", method.clone(), ""),
    }
}

#[cfg(test)]
mod tests {
    use factify_core::{BearerToken, Operation, RawRequest};
    use proptest::prelude::*;

    use super::*;

    const ID: &str = "org_01h2xcejqtf2nbrexx3vqjhp41";

    fn target(text: &str) -> Result<String, String> {
        let base = BaseUrl::parse("https://api.example/below").unwrap();
        let path = path(text, &base, || Ok(ID.parse().unwrap()));
        let path = path.map_err(|failure| failure.to_string())?;
        let token = BearerToken::new("ffy_test_x").unwrap();
        let request = RawRequest::new(operation(&Method::GET, &path), &path)
            .and_then(|request| request.encode(&base, &token))
            .map_err(|error| error.to_string())?;
        Ok(request.uri().to_string())
    }

    #[test]
    fn a_path_or_a_url_of_the_api_is_accepted() {
        let below = |path: &str| Ok(format!("https://api.example/below{path}"));
        for (text, expected) in [
            ("/v1beta/me", below("/v1beta/me")),
            ("v1beta/me", below("/v1beta/me")),
            (
                "https://api.example/below/v1beta/me?a=b",
                below("/v1beta/me?a=b"),
            ),
            (
                "v1beta/organizations/{organization_id}",
                below(&format!("/v1beta/organizations/{ID}")),
            ),
            ("v1beta/x?time=12:00", below("/v1beta/x?time=12:00")),
            (
                "https://api.example/v1beta/me",
                Err("not with https://api.example/below"),
            ),
            ("https://api.example/belowx/me", Err("not with")),
            ("https://api.example.evil/below/v1beta/me", Err("not with")),
            ("https://api.example@evil.example/below", Err("not with")),
            ("http://api.example/below/v1beta/me", Err("not with")),
            ("//evil.example/v1beta", Err("empty segment")),
            ("https:/evil.example", Err("not with")),
            ("javascript:x", Err("not with")),
            ("/../x", Err("segment . or ..")),
            ("..", Err("segment . or ..")),
            ("https://api.example/below/../x", Err("segment . or ..")),
            ("https://api.example/below//evil", Err("empty segment")),
            ("v1beta/{document_id}", Err("placeholder")),
            ("", Ok("https://api.example/below/".to_owned())),
        ] {
            match (target(text), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{text}: {found}"),
                (found, expected) => panic!("{text}: {found:?} {expected:?}"),
            }
        }
    }

    #[test]
    fn the_most_literal_operation_is_found() {
        let organization = format!("/v1beta/organizations/{ID}");
        for (method, path, id, idempotent) in [
            (
                Method::GET,
                "/v1beta/organizations",
                "listOrganizations",
                true,
            ),
            (Method::GET, &*organization, "getOrganization", true),
            (Method::PATCH, &organization, "updateOrganization", true),
            (
                Method::POST,
                &format!("{organization}/invites"),
                "createOrganizationInvite",
                false,
            ),
            (
                Method::POST,
                &format!("{organization}/invites/accept"),
                "acceptOrganizationInvite",
                false,
            ),
            (Method::PUT, "/v1beta/unknown", "api", true),
            (Method::DELETE, "/v1beta/unknown", "api", true),
            (Method::PATCH, "/v1beta/unknown", "api", false),
            (
                Method::POST,
                "/v1beta/unknown?x=/v1beta/organizations",
                "api",
                false,
            ),
        ] {
            let found = operation(&method, path);
            assert_eq!(found.id, id, "{method} {path}");
            if id == "api" {
                assert_eq!(found.idempotent, idempotent, "{method} {path}");
            }
            assert_eq!(found.method, method, "{path}");
        }
        for known in OPERATIONS {
            assert_eq!(operation(&known.method, known.path).id, known.id);
        }
    }

    proptest! {
        #[test]
        fn no_text_leads_to_another_server_or_out_of_the_api(
            text in "(https?|://|api\\.example|/below|evil|/|//|\\.\\.|%2e|%2f|@|:|\\\\|\\?|#|a|\\{organization_id\\}|\\PC){0,14}",
        ) {
            if let Ok(url) = target(&text) {
                prop_assert!(url.starts_with("https://api.example/below/"), "{}", url);
                // Dots in a query lead nowhere.
                let path = url.split('?').next().unwrap_or_default();
                prop_assert!(!path.contains("/../") && !path.ends_with("/.."), "{}", url);
            }
        }
    }
}

//! The words of the command for what the library and the API name otherwise: options and commands.

use std::borrow::Cow;

use factify_core::{Error, Outcome};

/// What the library's advice names, and how the command says it.
const ADVICE: [(&str, &str); 5] = [
    (
        "documents().find_upload",
        "factify documents list --title-contains TITLE",
    ),
    ("documents().get_quota", "factify documents quota"),
    (
        "access_requests().check_status",
        "factify access-requests status DOC",
    ),
    ("sharing().list", "factify sharing list DOC"),
    (
        "Request a smaller page, or raise `ClientConfig::max_response_bytes`",
        "Use a smaller --limit",
    ),
];

/// The commands that show the state after an operation whose outcome is unknown. Each placeholder becomes an id, if
/// the message has one.
const LOOKS: [(&str, &str); 34] = [
    ("acceptOrganizationInvite", "orgs list"),
    ("addOrganizationMember", "members show ORG USER"),
    ("approveAccessRequest", "access-requests list DOC"),
    ("api_keys.ensure_revoked", "keys show ORG KEY"),
    ("attachDocumentPolicy", "policies list DOC"),
    ("createAccessRequest", "access-requests status DOC"),
    ("createApiKey", "keys list ORG"),
    ("createDocument", "documents list --created-after 1h"),
    ("createDocumentVersion", "versions list DOC"),
    ("createOrganization", "orgs list"),
    (
        "createOrganizationInvite",
        "invites list ORG --created-after 1h",
    ),
    ("deleteAPIKeyQuota", "quota list ORG"),
    ("denyAccessRequest", "access-requests list DOC"),
    ("detachDocumentPolicy", "policies list DOC"),
    ("grantDocumentAccess", "sharing list DOC"),
    ("invites.ensure_revoked", "invites show ORG INVITE"),
    ("members.ensure_removed", "members show ORG USER"),
    ("processDocument", "documents show DOC"),
    ("removeOrganizationMember", "members show ORG USER"),
    ("resendOrganizationInvite", "invites show ORG INVITE"),
    ("revokeApiKey", "keys show ORG KEY"),
    ("revokeDocumentAccess", "sharing list DOC"),
    ("revokeOrganizationInvite", "invites show ORG INVITE"),
    ("setAPIKeyQuota", "quota list ORG"),
    ("setGeneralAccess", "sharing general-access DOC"),
    ("sharing.ensure_no_access", "sharing list DOC"),
    ("transferDocumentOwnership", "documents show DOC"),
    ("trashDocument", "documents show DOC"),
    ("untrashDocument", "documents show DOC"),
    ("updateDocument", "documents show DOC"),
    ("updateDocumentAccess", "sharing list DOC"),
    ("updateOrganization", "orgs show ORG"),
    ("updateOrganizationMember", "members show ORG USER"),
    ("updateVersion", "versions show VERSION"),
];

/// The placeholders, and how the ids begin that can stand for them.
const PLACEHOLDERS: [(&str, &str); 6] = [
    ("ORG", "org_"),
    ("USER", "user_"),
    ("DOC", "doc_"),
    ("INVITE", "inv_"),
    ("KEY", "key_"),
    ("VERSION", "ver_"),
];

/// The options whose names are not those of the API's parameters.
const OPTIONS: [(&str, &str); 11] = [
    ("async", "--async"),
    ("created_by_id", "--created-by"),
    ("custom_message", "--message"),
    ("document_role", "--role"),
    ("new_owner_id", "--new-owner"),
    ("owner_user_id", "--owner"),
    ("role", "--role"),
    ("sender_id", "--sender"),
    ("should_send_notification", "--no-notification"),
    ("user_id", "USER"),
    ("version_id", "--version"),
];

/// The arguments that have the names of options of other commands.
const ARGUMENTS: [(&str, &str); 2] = [("limit", "LIMIT"), ("name", "NAME")];

/// Names commands, not the methods of the library. `context` may have the ids.
pub(crate) fn in_commands(mut report: String, context: &str) -> String {
    for (method, command) in ADVICE {
        if report.contains(method) {
            report = report.replace(method, &filled(command, context));
        }
    }
    report
}

/// The command that shows the state, if the outcome of a call is not certain and the message names none. The message may
/// have the ids.
pub(crate) fn look(error: &Error, message: &str) -> Option<String> {
    if error.outcome() != Outcome::Unknown || message.contains("`factify ") {
        return None;
    }
    let (_, command) = LOOKS.iter().find(|(id, _)| *id == error.operation())?;
    Some(format!("factify {}", filled(command, message)))
}

/// The command with the ids of the message.
fn filled(command: &str, message: &str) -> String {
    let is_of_id = |symbol: char| symbol.is_ascii_alphanumeric() || symbol == '_';
    let ids: Vec<_> = message.split(|symbol| !is_of_id(symbol)).collect();
    let words = command.split(' ').filter_map(|word| {
        let Some((_, prefix)) = PLACEHOLDERS.iter().find(|(name, _)| *name == word) else {
            return Some(word);
        };
        match ids.iter().find(|id| id.starts_with(prefix)) {
            Some(id) => Some(*id),
            // The settings name the organization.
            None if word == "ORG" => None,
            None => Some(word),
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The message about a parameter, with the names of options.
pub(crate) fn in_options(text: &str) -> String {
    let words: Vec<_> = text
        .split(' ')
        .map(|word| option_for(word, is_given))
        .collect();
    words.join(" ")
}

/// `created.before:` becomes `--created-before:`, and `title:` becomes `--title:` if this option was given. Other words
/// are unchanged.
fn option_for(word: &str, is_given: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let name = word.trim_end_matches([':', ',']);
    let is_word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase());
    if !name.split(['.', '_']).all(is_word) {
        return word.into();
    }
    let is_parameter = name.contains(['.', '_']) || word.ends_with(':');
    let named = |table: &[(&str, &'static str)]| {
        let found = table.iter().find(|(parameter, _)| *parameter == name);
        found.map(|(_, option)| *option).filter(|_| is_parameter)
    };
    let option = format!("--{}", name.replace(['.', '_'], "-"));
    if let Some(option) = named(&OPTIONS) {
        word.replacen(name, option, 1).into()
    } else if name.contains(['.', '_']) || (is_parameter && is_given(&option)) {
        word.replacen(name, &option, 1).into()
    } else if let Some(argument) = named(&ARGUMENTS) {
        word.replacen(name, argument, 1).into()
    } else {
        word.into()
    }
}

/// Whether the command line has this option.
fn is_given(option: &str) -> bool {
    std::env::args_os().any(|argument| {
        let text = argument.to_str().and_then(|text| text.strip_prefix(option));
        text.is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{built, description};
    use crate::commands::coverage::commands;
    use arbitrary::{Arbitrary, Unstructured};
    use factify_core::{OPERATIONS, Operation, ParameterPlace};
    use std::path::Path;

    /// The parts of a text between backticks.
    fn quoted(text: &str) -> impl Iterator<Item = &str> {
        text.split('`').skip(1).step_by(2)
    }

    fn is_of_rust(name: &str) -> bool {
        name.contains("()") || name.contains("::")
    }

    #[test]
    fn no_advice_about_an_uncertain_outcome_names_a_method() {
        fn in_doubt<O: Operation + for<'a> Arbitrary<'a>>() -> Option<String> {
            O::arbitrary(&mut Unstructured::new(&[0; 400]))
                .unwrap()
                .in_doubt()
        }
        macro_rules! texts {
            ($($Operation:ty),+) => {
                [$((<$Operation>::INFO.id, in_doubt::<$Operation>())),+]
            };
        }
        let texts = factify_core::for_each_operation!(texts);
        assert!(texts.iter().any(|(_, text)| text.is_some()));
        for (id, text) in texts {
            let said = in_commands(text.unwrap_or_default(), "");
            let method = quoted(&said).find(|name| is_of_rust(name));
            assert_eq!(method, None, "{id}: {said}");
        }
    }

    /// The other advice is in string literals of the library.
    #[test]
    fn no_other_advice_names_a_method() {
        fn files(directory: &Path, found: &mut Vec<std::path::PathBuf>) {
            for entry in std::fs::read_dir(directory).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    files(&path, found);
                } else {
                    found.push(path);
                }
            }
        }
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../factify-core/src");
        let mut paths = vec![source.join("error/report.rs")];
        files(&source.join("operations"), &mut paths);
        paths.retain(|path| !path.components().any(|part| part.as_os_str() == "declare"));
        let mut advice = 0;
        for path in paths {
            let text = std::fs::read_to_string(&path).unwrap();
            let code = text.lines().map(str::trim);
            let code = code.filter(|line| !line.starts_with("//") && line.contains('`'));
            for line in code {
                advice += 1;
                let said = in_commands(line.to_owned(), "");
                let method = quoted(&said).find(|name| is_of_rust(name));
                assert_eq!(method, None, "{}: {line}", path.display());
            }
        }
        assert!(advice >= ADVICE.len() - 1, "{advice}");
    }

    #[test]
    fn each_operation_that_changes_something_has_a_command_that_looks() {
        // There is nothing to see, or it can be done again.
        let without = [
            "createShareLink",
            "generateDocumentEntryPage",
            "uploadOrganizationLogo",
        ];
        for info in OPERATIONS {
            let has = LOOKS.iter().any(|(id, _)| *id == info.id);
            let needs = info.method.as_str() != "GET" && !without.contains(&info.id);
            assert_eq!(has, needs, "{}", info.id);
        }
    }

    #[test]
    fn each_command_that_looks_exists_and_accepts_the_ids() {
        let ids = PLACEHOLDERS.map(|(_, prefix)| format!("{prefix}01h2xcejqtf2nbrexx3vqjhp41"));
        let message = ids.join(": ");
        for text in ["", &message] {
            for (id, command) in LOOKS {
                let line = filled(command, text);
                let line = if text.is_empty() {
                    filled(&line, &message)
                } else {
                    line
                };
                let words = format!("factify {line}");
                let parsed = description().try_get_matches_from(words.split(' '));
                assert!(parsed.is_ok(), "{id}: {words}: {}", parsed.unwrap_err());
            }
        }
        let filled = filled("keys show ORG KEY", "key_1 of org_2: possibly revoked");
        assert_eq!(filled, "keys show org_2 key_1");
    }

    #[test]
    fn words_that_are_parameters_become_options() {
        for (word, given, expected) in [
            ("created.before:", false, "--created-before:"),
            ("created.after,", false, "--created-after,"),
            ("sender_id:", false, "--sender:"),
            ("created_by_id:", false, "--created-by:"),
            ("owner_user_id:", false, "--owner:"),
            ("logo_image_url:", false, "--logo-image-url:"),
            ("title:", true, "--title:"),
            ("title:", false, "title:"),
            ("name:", true, "--name:"),
            ("name:", false, "NAME:"),
            ("limit:", false, "LIMIT:"),
            ("name", true, "name"),
            ("64", true, "64"),
            ("characters.", true, "characters."),
        ] {
            assert_eq!(option_for(word, |_| given), expected, "{word}");
        }
    }

    /// Messages about a parameter name an option or an argument that the command has.
    #[test]
    fn each_parameter_is_named_like_an_option_of_its_command() {
        // The command sets them by itself, or they are the items of a command for several.
        let own = [
            "idempotency_key",
            "organization_id",
            "page_size",
            "page_token",
            "email",
            "token",
            "recipients",
            "general_access_level",
            "should_send_notification",
            "file",
            "image",
            "image_data",
            "content_type",
            "payload",
            "cursor",
            "policy_id",
            "source_file",
            "title",
        ];
        let mut wrong = Vec::new();
        let root = built();
        // The commands that show ask for all.
        let commands = commands()
            .into_iter()
            .filter(|(name, _)| !name.ends_with(" show"));
        for (name, operations) in commands {
            let mut command = &root;
            for part in name.split(' ') {
                command = command.find_subcommand(part).unwrap();
            }
            let info = operations.first().unwrap();
            let parameters = info
                .parameters
                .iter()
                .filter(|it| it.place != ParameterPlace::Path);
            for parameter in parameters.filter(|it| !own.contains(&it.name)) {
                let has = |option: &str| {
                    let mut arguments = command.get_arguments();
                    arguments.any(|it| {
                        let long = it.get_long().map(|long| format!("--{long}"));
                        let values = it.get_value_names().unwrap_or_default();
                        let is_value = it.is_positional() && values.iter().any(|it| *it == option);
                        long.as_deref() == Some(option) || is_value
                    })
                };
                let word = format!("{}:", parameter.name);
                let said = option_for(&word, has);
                let said = said.trim_end_matches(':');
                if !has(said) {
                    wrong.push(format!("{name}: {word} is named {said}"));
                }
            }
        }
        assert_eq!(wrong, Vec::<String>::new());
    }
}

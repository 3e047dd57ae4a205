//! `factify api`. The doc comments of the options are the help texts.

#![allow(clippy::doc_markdown)]

mod fields;
mod pages;
mod print;
mod target;

use std::fmt;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use factify_core::http::header::CONTENT_TYPE;
use factify_core::http::{HeaderName, HeaderValue, Method};
use factify_core::{Body, Call, Error, OperationInfo, RawRequest, RequestBody, blocking};

use super::context::{self, Context};
use crate::args::Global;
use crate::bulk;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Format;
use crate::recorder::Recorder;
use crate::settings::Settings;
use fields::Field;
use pages::Items;

pub(crate) const EXAMPLES: &str = "\
factify api GET /v1beta/organizations/{organization_id}/invites -f status=pending --paginate -o jsonl
factify api PATCH /v1beta/organizations/{organization_id} -f name='Dunder Mifflin'
factify api POST v1beta/documents/doc_01h2xcejqtf2nbrexx3vqjhp41/access --input grants.json --include";

/// The content type of almost all bodies.
const JSON: &str = "application/json";

type RecordingClient = blocking::Client<Recorder>;

/// A request to any path.
#[derive(Debug, Args)]
pub(crate) struct Request {
    /// The HTTP method
    #[arg(value_name = "METHOD", ignore_case = true)]
    method: Verb,
    /// The path, such as /v1beta/organizations
    ///
    /// {organization_id} becomes the id of the organization that is set. A URL is accepted if it begins with
    /// the base URL.
    #[arg(value_name = "PATH")]
    path: String,
    /// Add a field with a text: NAME=VALUE
    ///
    /// With GET and DELETE it is a parameter of the query, with other methods a property of a JSON object.
    /// NAME[]=VALUE adds to a list; in a query, repeat NAME=VALUE.
    #[arg(long, short = 'f', value_name = "FIELD", value_parser = fields::text)]
    field: Vec<Field>,
    /// Add a field that is true, false, null or a number, or with @FILE the text of a file
    ///
    /// @- is standard input. Any other value is a text.
    #[arg(long, short = 'F', value_name = "FIELD", value_parser = fields::typed)]
    typed_field: Vec<Field>,
    /// Send this file as the body; - is standard input
    #[arg(long, value_name = "FILE", conflicts_with_all = ["field", "typed_field"])]
    input: Option<PathBuf>,
    /// Add a header: NAME:VALUE
    ///
    /// The content type of --input is application/json if no header sets it.
    #[arg(long, short = 'H', value_name = "HEADER")]
    header: Vec<Header>,
    /// Read all pages of a list
    ///
    /// The result is one JSON document with all items. With -o jsonl it is one item per line, with -o ids one id per
    /// line.
    #[arg(long, conflicts_with = "include")]
    paginate: bool,
    /// Print the status and the headers of the response first
    #[arg(long, short = 'i')]
    include: bool,
    // The last, because its heading is also that of the options after it.
    #[command(flatten)]
    pub(crate) global: Global,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Verb {
    #[value(name = "GET")]
    Get,
    #[value(name = "POST")]
    Post,
    #[value(name = "PUT")]
    Put,
    #[value(name = "PATCH")]
    Patch,
    #[value(name = "DELETE")]
    Delete,
}

impl Verb {
    fn method(self) -> Method {
        match self {
            Self::Get => Method::GET,
            Self::Post => Method::POST,
            Self::Put => Method::PUT,
            Self::Patch => Method::PATCH,
            Self::Delete => Method::DELETE,
        }
    }

    /// Whether fields become the query.
    fn has_query(self) -> bool {
        matches!(self, Self::Get | Self::Delete)
    }
}

/// A header as it is given. A usage error would show it, and it may be a secret.
#[derive(Clone)]
struct Header(String);

impl From<&str> for Header {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Header {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Header")
    }
}

impl Header {
    fn parsed(&self) -> Result<(HeaderName, HeaderValue), &'static str> {
        let (name, value) = self.0.split_once(':').ok_or("it is not NAME:VALUE")?;
        let name = name.trim().parse().map_err(|_| "its name is not valid")?;
        let value = HeaderValue::from_str(value.trim());
        let mut value = value.map_err(|_| "its value is not valid")?;
        value.set_sensitive(true);
        Ok((name, value))
    }
}

/// What is the same for each request of the command.
struct Prepared {
    request: RawRequest,
    /// Without the content type of a body.
    headers: Vec<(HeaderName, HeaderValue)>,
    /// For messages: the method and the path without its query.
    name: String,
    has_pages: bool,
    /// Whether it changes nothing.
    is_read: bool,
}

impl Prepared {
    fn call<'c>(
        &self,
        client: &'c RecordingClient,
        request: RawRequest,
    ) -> Call<'c, RecordingClient, RawRequest> {
        let headers = self.headers.iter().cloned();
        headers.fold(client.call(request), |call, (name, value)| {
            call.header(name, value)
        })
    }

    fn failed(&self, error: &Error) -> Failure {
        Failure::call(&self.name, error)
    }

    fn send(&self, with_head: bool, context: &Context) -> Result<Exit, Failure> {
        let client = context.connect()?.recording_client();
        let call = || self.call(&client, self.request.clone()).send();
        let sent = if self.is_read {
            call()
        } else {
            context.while_in_doubt(&self.name, "applied", None, call)
        };
        let printed = match client.transport().take() {
            Some(response) => print::response(&response, with_head),
            None => Ok(()),
        };
        match (sent, printed) {
            (Ok(_), Ok(())) => Ok(Exit::Done),
            (Ok(_), Err(failure)) if self.is_read => Err(failure),
            (Ok(_), Err(failure)) => Err(failure.after_change(&self.name)),
            (Err(error), printed) => {
                // A lost output must not hide the outcome.
                if let Err(failure) = printed {
                    context.console.error(&failure);
                }
                Err(self.failed(&error))
            }
        }
    }
}

impl Request {
    pub(crate) fn run(self, console: &Arc<Console>) -> Result<Exit, Failure> {
        let settings = Settings::load(&self.global)?;
        let (base_url, _) = settings.base_url()?;
        let path = target::path(&self.path, &base_url, || settings.organization_or(None))?;
        let operation = target::operation(&self.method.method(), &path);
        let items = self.items()?;
        self.check(&operation)?;
        let mut request =
            RawRequest::new(operation.clone(), &path).map_err(|error| refused(&error))?;
        let mut headers = self.headers()?;
        let fields = self.field.iter().chain(&self.typed_field);
        fields::check(fields.clone())?;
        if self.method.has_query() {
            for (name, value) in fields::query(fields)? {
                request = request.query(&name, &value);
            }
        } else {
            let own = headers.iter().position(|(name, _)| *name == CONTENT_TYPE);
            let content_type = own.map(|at| headers.swap_remove(at).1);
            let object = fields::object(fields)?;
            if let Some(body) = self.body(&operation, content_type, object)? {
                request = request.body(body);
            }
        }
        let name = self.path.split(['?', '#']).next().unwrap_or_default();
        let prepared = Prepared {
            request,
            headers,
            name: format!("{} {name}", self.method.method()),
            has_pages: self.paginate,
            is_read: self.method == Verb::Get,
        };
        context::start(
            operation,
            None,
            bulk::IN_FLIGHT,
            self.global,
            settings,
            console,
            |context| match items {
                Some(items) => pages::run(&prepared, items, context),
                None => prepared.send(self.include, context),
            },
        )
    }

    fn headers(&self) -> Result<Vec<(HeaderName, HeaderValue)>, Failure> {
        let headers = self.header.iter().map(Header::parsed);
        let headers: Result<_, _> = headers.collect();
        headers.map_err(|problem| Failure::usage(format!("a header of --header: {problem}")))
    }

    /// What to print of each page, or `None` to print the response as it arrives.
    fn items(&self) -> Result<Option<Items>, Failure> {
        let items = match self.global.output {
            Format::Jsonl | Format::Ids if self.method != Verb::Get => {
                let message = "-o jsonl and ids print the items of a list: the method is GET";
                return Err(Failure::usage(message));
            }
            Format::Jsonl => Items::Lines,
            Format::Ids => Items::Ids,
            Format::Wide | Format::Csv => {
                let message =
                    "-o wide and csv have no columns for any response: use json, jsonl or ids";
                return Err(Failure::usage(message));
            }
            Format::Table | Format::Json if self.paginate => Items::Document,
            Format::Table | Format::Json => return Ok(None),
        };
        if self.include {
            return Err(Failure::usage(
                "--include prints the response as it arrives: leave out -o",
            ));
        }
        Ok(Some(items))
    }

    /// Refuses what cannot work or would show a secret.
    fn check(&self, operation: &OperationInfo) -> Result<(), Failure> {
        let is_get = self.method == Verb::Get;
        let problem = if self.paginate && !is_get {
            "--paginate reads lists: the method is GET"
        } else if self.input.is_some() && self.method.has_query() {
            "a request with GET or DELETE has no body: use -f for the query, not --input"
        } else if operation.has_secret_response && io::stdout().is_terminal() {
            "the response has a secret, and standard output is a terminal: redirect it to a file"
        } else {
            return Ok(());
        };
        Err(Failure::usage(problem))
    }

    fn body(
        &self,
        operation: &OperationInfo,
        content_type: Option<HeaderValue>,
        object: Option<Vec<u8>>,
    ) -> Result<Option<Body>, Failure> {
        let is_form = operation.content_type.is_some_and(|kind| kind != JSON);
        if is_form && content_type.is_none() {
            return Err(Failure::usage(
                "this path takes a file, which factify documents and versions upload",
            ));
        }
        let content = match (&self.input, object) {
            (Some(path), _) => content(path)?,
            (None, Some(object)) => object.into(),
            // The API wants an object even if it has no properties.
            (None, None) if operation.content_type.is_some() => b"{}".to_vec().into(),
            (None, None) => return Ok(None),
        };
        let content_type = content_type.unwrap_or(HeaderValue::from_static(JSON));
        Ok(Some(Body::new(content_type, content)))
    }
}

/// The body of `--input`.
fn content(path: &PathBuf) -> Result<RequestBody, Failure> {
    let failed =
        |error: io::Error| Failure::usage(format!("the file of --input cannot be read: {error}"));
    if path.as_os_str() != "-" {
        return RequestBody::file(path).map_err(failed);
    }
    let mut bytes = Vec::new();
    io::Read::read_to_end(&mut io::stdin().lock(), &mut bytes).map_err(failed)?;
    Ok(bytes.into())
}

/// A request that is refused before it is sent.
fn refused(error: &Error) -> Failure {
    Failure::usage(error.to_string())
}

//! `factify api`.

mod fields;
mod pages;
mod print;
mod target;

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use factify_core::http::header::CONTENT_TYPE;
use factify_core::http::{HeaderName, HeaderValue, Method};
use factify_core::{Body, Call, Error, OperationInfo, RawRequest, RequestBody};

use super::context::{self, Context};
use crate::args::Global;
use crate::bulk;
use crate::console::Console;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Format;
use crate::settings::Settings;
use fields::Field;
use pages::Items;

pub(crate) const EXAMPLES: &str = "\
factify api GET /v1beta/organizations/{organization_id}/invites -f status=pending --paginate -o jsonl
factify api PATCH /v1beta/organizations/{organization_id} -f name='Dunder Mifflin'
factify api POST v1beta/documents/doc_01h2xcejqtf2nbrexx3vqjhp41/access --input grants.json --include";

/// A request to any path.
#[derive(Debug, Args)]
pub(crate) struct Request {
    #[command(flatten)]
    pub(crate) global: Global,
    /// The HTTP method
    #[arg(value_name = "METHOD", ignore_case = true)]
    method: Verb,
    /// The path, such as /v1beta/organizations
    ///
    /// {organization_id} becomes the id of the organization that is set. A URL is accepted if it begins with
    /// that of the API.
    #[arg(value_name = "PATH")]
    path: String,
    /// Add a field with a text: NAME=VALUE
    ///
    /// For GET and DELETE it is a parameter of the query, and else a property of a JSON object. NAME[]=VALUE adds
    /// to a list; in a query, repeat NAME=VALUE.
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
    #[arg(long, short = 'H', value_name = "HEADER", value_parser = header)]
    header: Vec<(HeaderName, HeaderValue)>,
    /// Read all pages of a list
    ///
    /// The result is one JSON document with all items, or with -o jsonl an item per line, or with -o ids an id.
    #[arg(long, conflicts_with = "include")]
    paginate: bool,
    /// Print the status and the headers of the response first
    #[arg(long, short = 'i')]
    include: bool,
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

fn header(text: &str) -> Result<(HeaderName, HeaderValue), &'static str> {
    let (name, value) = text.split_once(':').ok_or("it is not NAME:VALUE")?;
    let name = name.trim().parse().map_err(|_| "its name is not valid")?;
    let mut value: HeaderValue = value.trim().parse().map_err(|_| "its value is not valid")?;
    value.set_sensitive(true);
    Ok((name, value))
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
        let fields = self.field.iter().chain(&self.typed_field);
        if self.method.has_query() {
            for (name, value) in fields::query(fields)? {
                request = request.query(&name, &value);
            }
        } else if let Some(body) = self.body(&operation, fields::object(fields)?)? {
            request = request.body(body);
        }
        let global = self.global.clone();
        context::start(
            operation,
            None,
            bulk::IN_FLIGHT,
            global,
            settings,
            console,
            |context| match items {
                Some(items) => pages::run(&self, request, items, context),
                None => self.send(request, context),
            },
        )
    }

    /// What to print of each page, or `None` to print the response as it arrives.
    fn items(&self) -> Result<Option<Items>, Failure> {
        let items = match self.global.output {
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
        object: Option<Vec<u8>>,
    ) -> Result<Option<Body>, Failure> {
        let own = self.header.iter().find(|(name, _)| *name == CONTENT_TYPE);
        let content_type = match own {
            Some((_, value)) => value.clone(),
            None => HeaderValue::from_static("application/json"),
        };
        let is_form = operation
            .content_type
            .is_some_and(|kind| kind != "application/json");
        if is_form && own.is_none() {
            return Err(Failure::usage(
                "this path takes a file, which factify documents and versions upload",
            ));
        }
        if let Some(path) = &self.input {
            return Ok(Some(Body::new(content_type, content(path)?)));
        }
        // The API wants an object even if it has no properties.
        let default = operation.content_type.map(|_| b"{}".to_vec());
        Ok(object
            .or(default)
            .map(|object| Body::new(content_type, object)))
    }

    fn send(&self, request: RawRequest, context: &Context) -> Result<Exit, Failure> {
        let client = context.connect()?.recording_client();
        let sent = self.with_headers(client.call(request)).send();
        if let Some(response) = client.transport().take() {
            print::response(&response, self.include)?;
        }
        sent.map(|_| Exit::Done)
            .map_err(|error| self.failed(&error))
    }

    fn with_headers<'c, C>(&self, mut call: Call<'c, C, RawRequest>) -> Call<'c, C, RawRequest> {
        for (name, value) in &self.header {
            if *name != CONTENT_TYPE || self.method.has_query() {
                call = call.header(name.clone(), value.clone());
            }
        }
        call
    }

    fn failed(&self, error: &Error) -> Failure {
        let path = self.path.split(['?', '#']).next().unwrap_or_default();
        Failure::call(format_args!("{} {path}", self.method.method()), error)
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

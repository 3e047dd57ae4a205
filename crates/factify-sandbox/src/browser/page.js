"use strict";

// Everything here goes through the control requests that GET /_sandbox describes. Data is only ever text.

const POLL = 1000;
const at = (id) => document.getElementById(id);

/** Sends a control request and returns its JSON. */
async function control(method, path, body) {
  const options = { method, cache: "no-store" };
  if (body !== undefined) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  const response = await fetch(`/_sandbox${path}`, options);
  const json = await response.json();
  if (!response.ok) {
    const message = json.message || `the status is ${response.status}`;
    throw new Error(message.charAt(0).toUpperCase() + message.slice(1));
  }
  return json;
}

function say(text, isError = false) {
  const message = at("message");
  // A screen reader would repeat the same text.
  if (message.textContent !== text) {
    message.textContent = text;
  }
  message.classList.toggle("error", isError);
}

/** Runs what a button does, and shows the result at once. */
async function act(done, run) {
  try {
    await run();
    await refresh();
    say(done);
  } catch (error) {
    say(error.message, true);
  }
}

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  made.className = className;
  setText(made, text);
  return made;
}

function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Makes the children match the items. A child stays the same element, so that it keeps its focus and state. */
function sync(parent, items, key, make) {
  const known = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let next = parent.firstElementChild;
  for (const item of items) {
    const name = String(key(item));
    let child = known.get(name);
    known.delete(name);
    if (!child) {
      child = make(item);
      child.dataset.key = name;
    }
    child.update(item);
    if (child === next) {
      next = next.nextElementSibling;
    } else {
      parent.insertBefore(child, next);
    }
  }
  known.forEach((child) => child.remove());
}

let now = "";

const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

/** A time relative to the sandbox's clock, such as "in 6 days". */
function relative(time) {
  const seconds = Math.round((new Date(time) - new Date(now)) / 1000);
  const [unit, length] = UNITS.find(([, size]) => Math.abs(seconds) >= size) || ["second", 1];
  const amount = Math.floor(Math.abs(seconds) / length);
  if (amount === 0) {
    return "now";
  }
  const text = `${amount} ${unit}${amount === 1 ? "" : "s"}`;
  return seconds > 0 ? `in ${text}` : `${text} ago`;
}

const full = (time) => `${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;

const TONES = {
  pending: "warn", accepted: "good", revoked: "bad", processing: "warn", ready: "good", failed: "bad", trashed: "bad",
};

function setBadge(badge, text, tone = TONES[text] || "") {
  setText(badge, text);
  badge.className = `badge ${tone}`;
}

/** A row with a name, a line below it, and badges. */
function row() {
  const item = element("li");
  const line = element("div", "row");
  const name = element("div", "name");
  const title = element("span");
  const below = element("span", "soft");
  const badge = element("span", "badge");
  name.append(title, below);
  line.append(name, badge);
  item.append(line);
  return Object.assign(item, { parts: { line, title, below, badge } });
}

function memberRow() {
  const item = row();
  item.update = (member) => {
    setText(item.parts.title, member.user.email);
    setText(item.parts.below, `joined ${relative(member.joined_at)}`);
    setBadge(item.parts.badge, member.role);
  };
  return item;
}

function inviteRow() {
  const item = row();
  item.update = (invite) => {
    const expiry = new Date(invite.expires_at) > new Date(now) ? "expires" : "expired";
    const accepted = invite.accepted_at && `accepted ${relative(invite.accepted_at)}`;
    setText(item.parts.title, invite.email);
    setText(item.parts.below, accepted || `${expiry} ${relative(invite.expires_at)}`);
    setBadge(item.parts.badge, invite.status);
  };
  return item;
}

function part(title) {
  const heading = element("h3");
  const count = element("span", "count");
  heading.append(`${title} `, count);
  const rows = element("ul", "rows");
  return { heading, rows, show(items, key, make) {
    setText(count, String(items.length));
    sync(rows, items, key, make);
  } };
}

function organizationCard(first) {
  const card = element("section");
  const title = element("h2");
  title.id = `title-${first.organization.id}`;
  card.setAttribute("aria-labelledby", title.id);
  const members = part("Members");
  const invites = part("Invites");
  card.append(title, element("p", "id", first.organization.id), members.heading, members.rows, invites.heading, invites.rows);
  card.update = (state) => {
    setText(title, state.organization.name);
    members.show(state.members, (member) => member.user.id, memberRow);
    invites.show([...state.invites].reverse(), (invite) => invite.id, inviteRow);
  };
  return card;
}

function documentRow() {
  const item = row();
  item.update = (document) => {
    setText(item.parts.title, document.title);
    setText(item.parts.below, document.id);
    item.parts.below.className = "id";
    setBadge(item.parts.badge, document.trashed_at ? "trashed" : document.processing_status);
  };
  return item;
}

function emailRow(email) {
  const item = row();
  item.tabIndex = -1;
  const button = element("button", "", "Accept");
  button.type = "button";
  button.setAttribute("aria-label", `Accept the invitation of ${email.to}`);
  button.addEventListener("click", () => act(`${email.to} has joined.`, async () => {
    await control("POST", "/accept", { token: email.token });
    // The button goes away.
    item.focus();
  }));
  item.parts.line.append(button);
  item.update = ({ to, sent_at, state }) => {
    setText(item.parts.title, to);
    setText(item.parts.below, `sent ${relative(sent_at)}`);
    setBadge(item.parts.badge, state);
    item.parts.badge.hidden = state === "pending";
    button.hidden = state !== "pending";
  };
  return item;
}

/** The status of the invite of an email; only the newest email of an invite is valid. */
function withStates(emails, organizations) {
  const invites = new Map(organizations.flatMap((it) => it.invites).map((invite) => [invite.id, invite.status]));
  const newest = new Map(emails.map((email, index) => [email.invite_id, index]));
  return emails.map((email, index) => ({
    ...email,
    number: index,
    state: newest.get(email.invite_id) === index ? invites.get(email.invite_id) || "unknown" : "replaced",
  })).reverse();
}

function pretty(body) {
  if (!body) {
    return "No response was sent.";
  }
  if (body.text === null) {
    return body.bytes === 0 ? "No body." : `${body.bytes} bytes, not shown`;
  }
  try {
    return JSON.stringify(JSON.parse(body.text), null, 2);
  } catch {
    return body.text;
  }
}

function requestTone(status) {
  return status === null || status >= 500 ? "bad" : status >= 400 ? "warn" : "good";
}

function requestRow(request) {
  const item = element("li");
  const details = element("details");
  const summary = element("summary", "row");
  const name = element("div", "name");
  const time = element("span", "soft");
  name.append(element("span", "", request.operation_id || `${request.method} ${request.path.split("?")[0]}`), time);
  const fault = element("span", "badge bad", request.fault || "");
  fault.hidden = request.fault === null;
  const status = element("span");
  const badges = element("span", "badges");
  badges.append(fault, status);
  summary.append(name, badges);
  const detail = element("div", "detail");
  const sent = element("pre");
  const received = element("pre");
  // It can scroll, also without a mouse.
  sent.tabIndex = 0;
  received.tabIndex = 0;
  const line = element("code", "", `${request.method} ${request.path}`);
  const when = element("p", "hint", full(request.time));
  detail.append(line, when, element("h4", "", "Request"), sent,
    element("h4", "", "Response"), received);
  details.append(summary, detail);
  item.append(details);
  item.update = (request) => {
    setText(time, `${request.time.slice(11, 19)}, ${relative(request.time)}`);
    setBadge(status, request.status === null ? "no response" : String(request.status), requestTone(request.status));
    setText(sent, pretty(request.request));
    setText(received, pretty(request.response));
  };
  return item;
}

function list(id, emptyId, countId, items, key, make) {
  sync(at(id), items, key, make);
  at(emptyId).hidden = items.length > 0;
  setText(at(countId), items.length ? String(items.length) : "");
}

function show(state, outbox, requests, faults) {
  now = state.now;
  setText(at("now"), full(now));
  at("now").dateTime = now;
  sync(at("organizations"), state.organizations, (it) => it.organization.id, organizationCard);
  list("documents", "no-documents", "document-count", [...state.documents].reverse(), (it) => it.id, documentRow);
  list("outbox", "no-emails", "email-count", withStates(outbox.items, state.organizations), (it) => it.number, emailRow);
  list("requests", "no-requests", "request-count", requests.items, (it) => it.number, requestRow);
  const isOn = faults.text !== "none";
  setBadge(at("fault-state"), isOn ? "on" : "off", isOn ? "bad" : "good");
  setText(at("fault-plan"), isOn ? faults.text : "");
  setText(at("fault-hits"), `${faults.hits} ${faults.hits === 1 ? "request" : "requests"} hit`);
}

let isLost = false;
let newest = 0;

async function refresh() {
  const number = newest += 1;
  try {
    const paths = ["/state", "/outbox", "/requests", "/faults"];
    const found = await Promise.all(paths.map((path) => control("GET", path)));
    // An older state must not replace a newer one.
    if (number === newest) {
      show(...found);
    }
    if (isLost) {
      say("The sandbox responds again.");
    }
    isLost = false;
  } catch (error) {
    isLost = true;
    say(`The sandbox does not respond: ${error.message}`, true);
  }
}

async function poll() {
  if (document.visibilityState === "visible") {
    await refresh();
  }
  setTimeout(poll, POLL);
}

at("advance").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) {
    const seconds = Number(button.dataset.seconds);
    act(`The clock moved: ${button.textContent}.`, () => control("POST", "/advance", { seconds }));
  }
});

/** The faults by name. */
let kinds = new Map();

function choose() {
  const kind = kinds.get(at("fault").value);
  const parameter = kind.parameter;
  setText(at("fault-what"), kind.does);
  at("value-field").hidden = !parameter;
  at("processed-field").hidden = !kind.processed;
  if (parameter) {
    const name = parameter.name.replaceAll("_", " ");
    setText(at("value-label"), name.charAt(0).toUpperCase() + name.slice(1));
    at("value").value = parameter.required ? parameter.example : "";
    at("value").placeholder = parameter.required ? "" : "optional";
    at("value").required = parameter.required;
  }
}

function chosen() {
  const kind = kinds.get(at("fault").value);
  const fault = { name: kind.name };
  const value = at("value").value.trim();
  if (kind.parameter && value) {
    fault[kind.parameter.name] = value;
  }
  if (kind.processed && at("processed").checked) {
    fault.processed = true;
  }
  return fault;
}

at("fault").addEventListener("change", choose);
at("fault-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const always = event.submitter.value === "always";
  const plan = always ? { always: chosen() } : { schedule: [chosen()] };
  if (at("operation").value) {
    plan.only = at("operation").value;
  }
  const which = always ? "Every request gets the fault." : "The next request gets the fault.";
  act(which, () => control("PUT", "/faults", plan));
});
at("clear").addEventListener("click", () => act("Faults are off.", () => control("DELETE", "/faults")));

async function start() {
  try {
    const description = await control("GET", "");
    kinds = new Map(description.faults.map((kind) => [kind.name, kind]));
    at("fault").append(...description.faults.map((kind) => new Option(kind.name)));
    at("operation").append(...description.operations.map((id) => new Option(id)));
    at("fault").value = "drop_after";
    choose();
  } catch (error) {
    say(error.message, true);
  }
  poll();
}

start();

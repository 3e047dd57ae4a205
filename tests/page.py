"""The page of `factify sandbox` in Chromium: what a person does there, what a script sees of it, and what another
web site cannot do. Needs Chromium and the package `playwright`.

`--screenshots` keeps the screenshots and prints their directory."""

import contextlib
import http.server
import json
import pathlib
import shutil
import sys
import tempfile
import threading
import urllib.error
import urllib.request

from playwright.sync_api import expect, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/contract"))
import sandbox  # noqa: E402

SIZES = {360: 740, 1280: 900}
SCHEMES = ("light", "dark")
BOUNDARY = "part-of-the-form"

# Each text with too little contrast to what is behind it: WCAG 2.1, level AA.
CONTRAST = """() => {
    const numbers = (color) => (color.match(/[\\d.]+/g) || []).map(Number);
    const light = (rgb) => {
        const [r, g, b] = rgb.map((x) => x / 255).map((x) => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (node) => {
        for (; node; node = node.parentElement) {
            const [r, g, b, a = 1] = numbers(getComputedStyle(node).backgroundColor);
            if (a > 0) return [r, g, b];
        }
        return [255, 255, 255];
    };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const poor = [];
    let count = 0;
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim() || !parent.checkVisibility()) continue;
        count += 1;
        const [one, other] = [light(numbers(getComputedStyle(parent).color).slice(0, 3)), light(behind(parent))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) poor.push(`${walker.currentNode.textContent.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
    }
    return { count, poor };
}"""

# What has the focus: a stable description, and whether the focus can be seen.
FOCUSED = """() => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const all = [...document.querySelectorAll("*")];
    return { index: all.indexOf(node), outline: getComputedStyle(node).outlineStyle };
}"""

# All that can be pressed or changed.
CONTROLS = """() => {
    const all = [...document.querySelectorAll("*")];
    const controls = all.filter((node) => node.matches("button, select, input, summary") && node.checkVisibility());
    return controls.map((node) => ({
        index: all.indexOf(node),
        name: node.getAttribute("aria-label") || (node.labels?.[0] || node).textContent.trim(),
        height: node.getBoundingClientRect().height,
    }));
}"""

# What the script of a web site can try. It returns what it could read.
ATTACK = """async (target) => {
    const read = [];
    const attempts = [
        ["/outbox", {}],
        ["/state", {}],
        ["/page.js", {}],
        ["/advance", { method: "POST", headers: { "Content-Type": "application/json" }, body: '{"seconds":315360000}' }],
        ["/advance", { method: "POST", mode: "no-cors", body: '{"seconds":315360000}' }],
        ["/faults", { method: "PUT", headers: { "Content-Type": "application/json" }, body: '{"always":{"name":"hang"}}' }],
        ["/faults", { method: "DELETE" }],
        ["/users", { method: "POST", mode: "no-cors", headers: { "Content-Type": "text/plain" }, body: '{"email":"evil@example.com"}' }],
    ];
    for (const [path, options] of attempts) {
        try {
            const response = await fetch(`${target}/_sandbox${path}`, options);
            const text = await response.text();
            if (text) read.push(`${path}: ${text}`);
        } catch {}
    }
    return read;
}"""


class Api:
    """Calls the API as a script does."""

    def __init__(self, box):
        self.box = box

    def call(self, method, path, body=None, content_type="application/json"):
        data = json.dumps(body).encode() if isinstance(body, dict) else body
        headers = {"Authorization": f"Bearer {self.box.keys['admin']}", "Content-Type": content_type}
        request = urllib.request.Request(f"{self.box.base_url}/v1beta{path}", data, headers, method=method)
        with urllib.request.urlopen(request) as response:
            return json.load(response)

    def status(self, *arguments):
        try:
            self.call(*arguments)
            return 200
        except urllib.error.HTTPError as error:
            return error.code

    @property
    def invites(self):
        return f"/organizations/{self.box.organization}/invites"

    def invite(self, email):
        return self.call("POST", self.invites, {"email": email})["invite"]["id"]

    def invite_status(self, id):
        return next(it["status"] for it in self.call("GET", self.invites)["items"] if it["id"] == id)

    def upload(self, title, name, content):
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\n{title}\r\n',
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="payload"; filename="{name}"\r\n'
            f"Content-Type: text/csv\r\n\r\n{content}\r\n--{BOUNDARY}--\r\n",
        ]
        self.call("POST", "/documents", "".join(parts).encode(), f"multipart/form-data; boundary={BOUNDARY}")


@contextlib.contextmanager
def web_site():
    """A web site on another port, and so of another origin."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>Another site</title>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()


@contextlib.contextmanager
def opened(browser, url, width=1280, scheme="light"):
    """The page. Nothing on it may fail, and it may load nothing from elsewhere."""
    context = browser.new_context(viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme)
    page = context.new_page()
    problems, elsewhere = [], []
    # A refused plan is in the console too.
    is_problem = lambda it: it.type in ("error", "warning") and "400 (Bad Request)" not in it.text  # noqa: E731
    page.on("console", lambda message: is_problem(message) and problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda it: it.url.startswith(f"{url}/_sandbox") or elsewhere.append(it.url))
    page.goto(f"{url}/_sandbox/")
    expect(page.locator("#now")).to_contain_text("UTC")
    yield page
    context.close()
    assert not problems, problems
    assert not elsewhere, elsewhere


def section(page, title):
    return page.locator("section", has=page.get_by_role("heading", name=title, exact=False))


def row(page, title, text):
    return section(page, title).locator("li", has_text=text)


def a_person_uses_the_page(page, api):
    accepted = api.invite("dwight@example.net")
    row(page, "Outbox", "dwight@example.net").get_by_role("button").click()
    expect(page.get_by_role("status")).to_have_text("dwight@example.net has joined.")
    expect(row(page, "Dunder Mifflin", "dwight@example.net").filter(has_text="member")).to_have_count(1)
    assert api.invite_status(accepted) == "accepted"
    # The focus stays where the button was.
    expect(row(page, "Outbox", "dwight@example.net")).to_be_focused()

    expires = api.invite("angela@example.net")
    invited = row(page, "Dunder Mifflin", "angela@example.net")
    expect(invited).to_contain_text("pending")
    for step in ("+1 minute", "+1 hour", "+1 day"):
        page.get_by_role("button", name=step).click()
        expect(page.get_by_role("status")).to_have_text(f"The clock moved: {step}.")
    expect(invited).to_contain_text("pending")
    page.get_by_role("button", name="+7 days").click()
    expect(invited).to_contain_text("expired")
    expect(row(page, "Outbox", "angela@example.net").get_by_role("button")).to_be_hidden()
    assert api.invite_status(expires) == "expired"

    faults = section(page, "Faults")
    page.get_by_label("Fault", exact=True).select_option("unavailable")
    page.get_by_role("button", name="Next request").click()
    expect(faults).to_contain_text("schedule:unavailable")
    assert [api.status("GET", api.invites) for _ in range(2)] == [503, 200]
    expect(faults).to_contain_text("1 request hit")
    hit = row(page, "Last requests", "unavailable")
    expect(hit).to_contain_text("503")
    hit.locator("summary").click()
    expect(hit.locator("pre").nth(1)).to_contain_text("Service temporarily unavailable")

    page.get_by_label("Fault", exact=True).select_option("html")
    page.get_by_label("Status").fill("504")
    page.get_by_label("Operation").select_option("listOrganizationInvites")
    page.get_by_role("button", name="Every request").click()
    expect(faults).to_contain_text("always:html=504@listOrganizationInvites")
    statuses = [api.status("GET", path) for path in (api.invites, "/organizations", api.invites)]
    assert statuses == [504, 200, 504], statuses
    page.get_by_label("Status").fill("99")
    page.get_by_role("button", name="Every request").click()
    expect(page.get_by_role("status")).to_have_text("The fault html needs a valid value, such as html=502")
    page.get_by_role("button", name="Switch off").click()
    expect(page.get_by_role("status")).to_have_text("Faults are off.")
    assert api.status("GET", api.invites) == 200
    # What was opened stays open while other requests arrive above it.
    expect(hit.locator("details")).to_have_attribute("open", "")
    expect(hit.locator("summary")).to_be_visible()

    api.upload("Sales", "sales.csv", "a,b\n1,2\n")
    expect(row(page, "Documents", "Sales")).to_contain_text("processing")
    page.get_by_role("button", name="+1 minute").click()
    expect(row(page, "Documents", "Sales")).to_contain_text("ready")


def no_secret_is_shown(page, box, api):
    created = api.call("POST", "/api-keys", {"organization_id": box.organization, "name": "ci"})
    tokens = [email["token"] for email in box.control("outbox")["items"]]
    expect(row(page, "Last requests", "createApiKey")).to_have_count(1)
    shown = page.content()
    for secret in (*box.keys.values(), *box.user_tokens.values(), *tokens, created["secret"]):
        assert secret not in shown


def markup_stays_text(page, api):
    """Names and titles of others are data."""
    title = "<img src=x onerror=alert(1)><b>bold</b>"
    api.upload(title, "a.csv", "a\n")
    expect(row(page, "Documents", title)).to_have_count(1)
    assert page.locator("main img, main b").count() == 0


def the_focus_and_the_scroll_position_stay(page, api):
    button = row(page, "Outbox", "angela@example.net")
    api.invite("kevin@example.net")
    button = row(page, "Outbox", "kevin@example.net").get_by_role("button")
    button.focus()
    page.evaluate("scrollTo(0, 200)")
    before = page.evaluate("scrollY")
    top = button.bounding_box()["y"]
    api.invite("oscar@example.net")
    expect(row(page, "Outbox", "oscar@example.net")).to_have_count(1)
    expect(button).to_be_focused()
    moved = abs(button.bounding_box()["y"] - top)
    assert abs(page.evaluate("scrollY") - before) < 400 and moved < 400, (before, moved)


def everything_works_by_keyboard(page, box):
    page.get_by_label("Operation").select_option("")
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    controls = page.evaluate(CONTROLS)
    assert len(controls) > 12 and all(control["name"] for control in controls), controls
    assert all(control["height"] >= 18 for control in controls), controls
    reached = set()
    for _ in range(400):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        # After the last control, the focus leaves the page and comes back to the first one.
        if focused is None:
            continue
        if focused["index"] in reached:
            break
        assert focused["outline"] not in ("none", ""), focused
        reached.add(focused["index"])
    missing = [control for control in controls if control["index"] not in reached]
    assert not missing, missing

    def tab_to(locator):
        page.evaluate("document.activeElement.blur()")
        for _ in range(400):
            page.keyboard.press("Tab")
            if locator.evaluate("node => node === document.activeElement"):
                return
        raise AssertionError(f"{locator} cannot be reached")

    now = page.locator("#now")
    before = now.get_attribute("datetime")
    tab_to(page.get_by_role("button", name="+1 hour"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The clock moved: +1 hour.")
    page.wait_for_function("before => new Date(document.getElementById('now').dateTime) - new Date(before) >= 3600000", arg=before)
    tab_to(page.get_by_label("Fault", exact=True))
    page.keyboard.type("unav")
    tab_to(page.get_by_label("The request is processed anyway"))
    page.keyboard.press("Space")
    tab_to(page.get_by_role("button", name="Every request"))
    page.keyboard.press("Space")
    expect(section(page, "Faults")).to_contain_text("always:unavailable+processed")
    assert box.control("faults")["text"] == "always:unavailable+processed"
    tab_to(page.get_by_role("button", name="Switch off"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Faults are off.")
    tab_to(row(page, "Outbox", "kevin@example.net").get_by_role("button"))
    page.keyboard.press("Enter")
    expect(row(page, "Dunder Mifflin", "kevin@example.net").filter(has_text="member")).to_have_count(1)
    request = section(page, "Last requests").locator("summary").first
    tab_to(request)
    page.keyboard.press("Enter")
    expect(section(page, "Last requests").locator("details").first).to_have_attribute("open", "")


def another_site_cannot_drive_it(browser, box):
    before = (box.control("faults"), box.control("state")["users"])
    port = box.base_url.rsplit(":", 1)[1]
    with web_site() as site:
        # The same site on another port, another site, and a name of another site for this machine.
        for origin in (f"http://127.0.0.1:{site}", f"http://localhost:{site}", f"http://evil.example:{site}"):
            page = browser.new_page()
            page.goto(origin)
            for target in (box.base_url, f"http://localhost:{port}"):
                year = this_year(box)
                read = page.evaluate(ATTACK, target)
                assert not read, read
                assert this_year(box) <= year + 1, "the clock moved by ten years"
            page.set_content(f'<iframe src="{box.base_url}/_sandbox/"></iframe>')
            page.wait_for_timeout(300)
            assert "Clock" not in "".join(frame.content() for frame in page.frames[1:])
            page.close()
    # The name of a site that points to this machine.
    page = browser.new_page()
    for path in ("", "/", "/outbox", "/page.js"):
        response = page.goto(f"http://evil.example:{port}/_sandbox{path}")
        assert response.status == 403, path
        assert "only for the loopback host" in response.text()
    # Browsers ask for an icon by themselves; that is not a request to the API.
    assert not any("favicon" in it["path"] for it in box.control("requests")["items"])
    read = page.evaluate(ATTACK, "")
    assert all("The control channel" in text for text in read), read
    page.close()
    assert (box.control("faults"), box.control("state")["users"]) == before


def this_year(box):
    return int(box.control("state")["now"][:4])


def it_fits_and_can_be_read(page, width, scheme, shots):
    expect(section(page, "Last requests").locator("li").first).to_be_visible()
    section(page, "Last requests").locator("summary").first.click()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"the page is {wide} pixels wide"
    found = page.evaluate(CONTRAST)
    assert found["count"] > 30 and not found["poor"], found
    page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=shots / f"{width}-{scheme}.png", full_page=True)


def main():
    shots = pathlib.Path(tempfile.mkdtemp(prefix="factify-page-"))
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "Chromium is not installed"
    # Root needs --no-sandbox, and a name of a web site must lead here.
    arguments = ["--no-sandbox", "--host-resolver-rules=MAP evil.example 127.0.0.1"]
    with sandbox.running(invites=3) as box, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        api = Api(box)
        with opened(browser, box.base_url) as page:
            a_person_uses_the_page(page, api)
            no_secret_is_shown(page, box, api)
            markup_stays_text(page, api)
            the_focus_and_the_scroll_position_stay(page, api)
            everything_works_by_keyboard(page, box)
        another_site_cannot_drive_it(browser, box)
        box.control("advance", {"seconds": 90_000})
        api.invite("a.very.long.address.of.a.visitor.who.reads.on.a.phone@subdomain.of.a.long.domain.example.com")
        api.invite("山田太郎@例え.example")
        api.upload("Quarterly report with an ω and a 🧾 in its rather long title", "q.csv", "a\n")
        for width in SIZES:
            for scheme in SCHEMES:
                with opened(browser, box.base_url, width, scheme) as page:
                    it_fits_and_can_be_read(page, width, scheme, shots)
        browser.close()
    if "--screenshots" in sys.argv[1:]:
        print(shots)
    else:
        shutil.rmtree(shots)
    print("The page does what it should, and no other site can drive it")


if __name__ == "__main__":
    main()

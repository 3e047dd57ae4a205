"""A registry of crates on a port of this machine, with a sparse index."""

import contextlib
import hashlib
import http.server
import json
import struct
import threading


class Registry(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        # The index line and the file of each package.
        self.packages = {}
        # Names that were sent, and names that are refused.
        self.sent, self.refused = [], set()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def respond(self, status, body):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        name = self.path.rsplit("/", 1)[1]
        if name == "config.json":
            url = self.server.url
            self.respond(200, json.dumps({"dl": url + "/files/{crate}", "api": url}).encode())
        elif name in self.server.packages:
            self.respond(200, self.server.packages[name][0 if self.path.startswith("/index/") else 1])
        else:
            self.respond(404, b"")

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        size = struct.unpack_from("<I", body)[0]
        package, file = json.loads(body[4 : 4 + size]), body[8 + size :]
        self.server.sent.append(package["name"])
        if package["name"] in self.server.refused:
            return self.respond(503, b'{"errors": [{"detail": "not now"}]}')
        dependencies = [{**one, "req": one["version_req"]} for one in package["deps"]]
        line = {
            "name": package["name"],
            "vers": package["vers"],
            "deps": dependencies,
            "features": package["features"],
            "cksum": hashlib.sha256(file).hexdigest(),
            "yanked": False,
        }
        self.server.packages[package["name"]] = json.dumps(line).encode(), file
        return self.respond(200, b"{}")


@contextlib.contextmanager
def running():
    with Registry() as registry:
        threading.Thread(target=registry.serve_forever, daemon=True).start()
        yield registry
        registry.shutdown()

"""The stub connector's HTTP server: upgrades of `/relay`, and the routes of enrolment and media (contract 2.1, 8, 9)."""
import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import upgrade_token
from dialled import Dialled
from script import tell
from ws_server import Broken, ServerSocket, accept_of


class Door(ThreadingHTTPServer):
    """`rules`: what the test has said, see connector.py."""

    daemon_threads = True
    # A test's clock is the machine's: a port that is held for a minute would be in its way.
    allow_reuse_address = True

    def __init__(self, rules):
        super().__init__(("127.0.0.1", 0), Request)
        self.rules = rules
        self.dialled = {}


class Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers.get("Upgrade", "").lower() == "websocket":
            self._upgrade()
        else:
            self._answer()

    def do_POST(self):
        self._answer()

    def log_message(self, *_):
        """Requests are told as events."""

    def _upgrade(self):
        rules = self.server.rules
        if self.path != "/relay":
            self._respond(400, "text/plain", b"")
            return
        bearer = self.headers.get("Authorization", "")
        verdict, payload = self._verdict(bearer)
        number = len(self.server.dialled) + 1
        tell("dial", connection=number, authorization=bearer, gatewayId=payload, verdict=verdict)
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", accept_of(self.headers["Sec-WebSocket-Key"]))
        self.end_headers()
        self.wfile.flush()
        self.close_connection = True
        dialled = self.server.dialled[number] = Dialled(number, ServerSocket(self.rfile, self.connection), rules)
        if verdict != "ok":
            self._refuse(dialled, verdict)
        dialled.serve()

    def _refuse(self, dialled, reason):
        try:
            dialled.socket.close(4401, reason)
        except Broken:
            pass  # it did not wait for the answer

    def _verdict(self, bearer):
        rules = self.server.rules
        token = bearer.removeprefix("Bearer ")
        verdict, payload = upgrade_token.verify(token, lambda name: rules["secrets"].get(name, []), time.time())
        if rules["refusals"]:
            verdict = rules["refusals"].pop(0)
        return verdict, payload

    def _answer(self):
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(size)
        headers = {name.lower(): value for name, value in self.headers.items()}
        tell("http", method=self.command, path=self.path, headers=headers, body=body.decode(errors="replace"))
        answer = self.server.rules["routes"].get(f"{self.command} {self.path}")
        if answer is None:
            self._respond(404, "application/json", b'{"error":"not found"}')
            return
        text = answer["body"] if isinstance(answer["body"], str) else json.dumps(answer["body"])
        self._respond(answer.get("status", 200), answer.get("mime", "application/json"), text.encode(), answer.get("headers"))

    def _respond(self, status, mime, body, headers=None):
        self.send_response(status)
        self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

"""One gateway that dialled in: hellos are answered in order, everything it says is told to the test (contract 2.6, 2.7)."""
import json

from script import tell
from ws_server import Broken


class Dialled:
    def __init__(self, number, socket, rules):
        self.number, self.socket, self._rules = number, socket, rules
        self._partial = ""

    def serve(self):
        try:
            code, reason = self._read()
        except Broken as error:
            code, reason = 1006, str(error)
        tell("ended", connection=self.number, code=code, reason=reason)

    def send(self, frame):
        self.socket.send(json.dumps(frame) + "\n")

    def _read(self):
        while True:
            text, closing = self.socket.read()
            if closing:
                return closing
            *lines, self._partial = (self._partial + text).split("\n")
            for line in lines:
                if line.strip() and not self.socket.is_closing:
                    self._take(line)

    def _take(self, line):
        try:
            frame = json.loads(line)
        except ValueError:
            tell("malformed", connection=self.number, line=line)
            return
        tell("frame", connection=self.number, frame=frame)
        kind = frame.get("type")
        if kind == "hello":
            self._hello(frame)
        elif kind == "outbound" and self._rules["result"] is not None:
            self.send({"type": "outbound_result", "requestId": frame["requestId"], "result": self._rules["result"]})
        elif kind == "going_idle" and self._rules["idleAck"]:
            self.send({"type": "going_idle_ack"})

    def _hello(self, frame):
        descriptor = self._rules["descriptors"].get(frame["platform"])
        if descriptor:
            self.send({"type": "descriptor", "descriptor": descriptor})

"""What an agent does with an event, as a test wants it: the reader waits for it, as in the reference (contract 2.11)."""
import threading

from link import Killed
from script import tell
from seen import Seen
from session_key import build_session_key


class Handlers:
    """`mode`: `ack` takes every event, `fail` none, `hold` takes `after` of them and never ends the next."""

    def __init__(self):
        self._seen = Seen()
        self._sources = {}
        self._gate = threading.Condition()
        self.set("ack")

    def set(self, mode, after=0):
        with self._gate:
            self._mode, self._left = mode, after
            self._gate.notify_all()

    def source_of(self, message_id):
        return self._sources[message_id]

    def inbound(self, link, frame):
        """True when the entry is to be acked."""
        event, buffer_id = frame["event"], frame.get("bufferId")
        if self._seen.is_repeated(event):
            tell("duplicate", message_id=event["message_id"], bufferId=buffer_id)
            return True
        source = event["source"]
        self._sources[event.get("message_id")] = source
        key = build_session_key(source, profile=source.get("profile"))
        tell("inbound", message=event, bufferId=buffer_id, key=key, connection=link.number)
        return self._is_taken(link)

    def wake(self):
        """Lets a held handler see that its connection was cut."""
        with self._gate:
            self._gate.notify_all()

    def _is_taken(self, link):
        with self._gate:
            if self._mode == "hold" and self._left > 0:
                self._left -= 1
                return True
            self._gate.wait_for(lambda: self._mode != "hold" or link.was_killed)
            if link.was_killed:
                raise Killed
            return self._mode == "ack"

"""Who waits for the result of an action (contract 2.8 and 2.9)."""
import threading
import uuid

WAIT_S = 30


class Calls:
    def __init__(self):
        self._waiting = {}

    def perform(self, link, action, platform=None, bot_id=None):
        if link is None:
            return {"success": False, "error": "relay transport not connected"}
        request_id = uuid.uuid4().hex
        target = {"platform": platform, "botId": bot_id}
        frame = {"type": "outbound", "requestId": request_id, "action": action}
        frame.update({name: value for name, value in target.items() if value})
        waiter = self._waiting[request_id] = {"done": threading.Event(), "result": None}
        try:
            link.send(frame)
        except Exception as error:  # whatever the library raises: it was not written
            return {"success": False, "error": f"relay send failed: {error}"}
        waiter["done"].wait(WAIT_S)
        del self._waiting[request_id]
        return waiter["result"] or {"success": False, "error": "relay outbound timed out", "ambiguous": True}

    def take(self, frame):
        waiter = self._waiting.get(frame["requestId"])
        if waiter:
            waiter["result"] = frame["result"]
            waiter["done"].set()

    def lost(self):
        for waiter in list(self._waiting.values()):
            waiter["result"] = {"success": False, "error": "relay transport connection lost"}
            waiter["done"].set()

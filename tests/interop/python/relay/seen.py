"""Events that came before (contract 4.7)."""
from collections import OrderedDict

KEPT = 512


class Seen:
    def __init__(self):
        self._keys = OrderedDict()

    def is_repeated(self, event):
        source = event.get("source") or {}
        chat, message = source.get("chat_id"), event.get("message_id")
        if not chat or not message:
            return False
        key = f"{source.get('platform')}:{chat}:{message}"
        if key in self._keys:
            return True
        self._keys[key] = True
        if len(self._keys) > KEPT:
            self._keys.popitem(last=False)
        return False

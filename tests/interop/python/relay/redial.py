"""When a gateway dials again after its connection ended (contract 2.4 and 2.10)."""

REFUSED = 4401


class RedialRule:
    """`rule`: `seed`, where any 4401 after a handshake is the end, or `later`, where the first one is provisional."""

    def __init__(self, rule="later", first_s=1.0, cap_s=30.0):
        self.rule = rule
        self.first_s = first_s
        self.cap_s = cap_s
        self.was_connected = False
        self._pause_s = first_s
        self._is_last_try = False

    def connected(self):
        self.was_connected = True
        self._pause_s = self.first_s

    def ended(self, code, reason, had_descriptor):
        """Seconds until the next dial, or None: never again."""
        if code != REFUSED:
            if had_descriptor:
                self._is_last_try = False
            return self._next_pause()
        if not self.was_connected:
            return self._next_pause()
        if self.rule == "seed":
            return None
        if reason == "expired":
            return self._next_pause()
        if self._is_last_try:
            return None
        self._is_last_try = True
        return 0

    def _next_pause(self):
        pause = self._pause_s
        self._pause_s = min(pause * 2, self.cap_s)
        return pause

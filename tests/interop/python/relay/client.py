"""A gateway as the contract's reference behaves: dials, reads frames strictly one after another, acks, dials again."""
import threading
import time

import upgrade_token
from calls import Calls
from control import dial_url
from descriptor import read_descriptor
from handlers import Handlers
from interaction import body_of, to_message
from link import Link
from redial import RedialRule
from script import tell
from session_key import build_session_key

HOLD_S = 60


class Client:
    """`bearer` replaces the token of each dial, as it is; `""`: no token at all."""

    def __init__(
        self,
        url,
        gatewayId,
        secret,
        identities=(),
        rule="later",
        manifest=None,
        firstPauseS=1.0,
        era="current",
        lifetimeS=upgrade_token.LIFETIME_S,
        bearer=None,
    ):
        self.url, self.gateway_id, self.secret, self.era = url, gatewayId, secret, era
        self._lifetime_s, self._bearer = lifetimeS, bearer
        self.handlers, self.calls = Handlers(), Calls()
        self.descriptors = {}
        self._hellos = [_hello(one, manifest) for one in identities] or [_hello({"platform": "relay", "botId": ""})]
        self._rule = RedialRule(rule, firstPauseS)
        self._link, self._dials = None, 0
        self._idle_ack = threading.Event()
        self._may_dial = threading.Event()
        self._may_dial.set()
        self._ending = False
        self._readers = {
            "descriptor": self._descriptor,
            "inbound": self._inbound,
            "outbound_result": lambda link, frame: self.calls.take(frame),
            "interrupt_inbound": self._interrupt,
            "passthrough_forward": self._passthrough,
            "going_idle_ack": lambda link, frame: self._idle_ack.set(),
        }

    def token(self):
        return upgrade_token.mint(self.gateway_id, self.secret, int(time.time()) + self._lifetime_s)

    def run(self):
        """Dials until it is told to end or revoked."""
        while not self._ending:
            self._may_dial.wait(HOLD_S)
            code, reason, had_descriptor = self._one_connection()
            tell("closed", code=code, reason=reason, connection=self._dials, had_descriptor=had_descriptor)
            pause = self._rule.ended(code, reason, had_descriptor)
            if self._ending:
                break
            if pause is None:
                tell("disabled", error="relay_disabled")
                return
            time.sleep(pause)
        tell("stopped")

    def hold(self, isHeld):
        """The dial loop waits, as while a machine is suspended (contract 7.5)."""
        (self._may_dial.clear if isHeld else self._may_dial.set)()

    def go_idle(self, withinS=10):
        self._idle_ack.clear()
        self.live().send({"type": "going_idle"})
        return self._idle_ack.wait(withinS)

    def interrupt(self, sessionKey, reason=None):
        self.live().send({"type": "interrupt", "session_key": sessionKey, "reason": reason})

    def perform(self, action, platform=None, botId=None):
        return self.calls.perform(self._link, action, platform, botId)

    def reply(self, messageId, action):
        """The action in the chat of an event, with the hints of the reference (contract 5.2)."""
        source = self.handlers.source_of(messageId)
        hints = {name: source.get(name) for name in ("scope_id", "user_id", "thread_id", "profile")}
        metadata = {name: value for name, value in hints.items() if value}
        whole = {"chat_id": source["chat_id"], **action, "metadata": {**metadata, **action.get("metadata", {})}}
        bot = next((one for one in self._hellos if one["platform"] == source["platform"]), {})
        return self.perform(whole, source["platform"], bot.get("botId"))

    def live(self):
        if self._link is None:
            raise RuntimeError("relay transport not connected")
        return self._link

    def close(self):
        if self._link:
            self._link.close()

    def kill(self):
        self.live().kill()
        self.handlers.wake()

    def stop(self):
        self._ending = True
        self._may_dial.set()
        self.close()

    def _one_connection(self):
        self._dials += 1
        try:
            bearer = self.token() if self._bearer is None else self._bearer
            link = Link(dial_url(self.url), bearer, self._hellos, self._take)
        except Exception as error:  # the library has a dozen of them for a dial that failed
            return 1006, f"{type(error).__name__}: {error}", False
        link.number = self._dials
        self._link = link
        try:
            code, reason = link.run()
        except Exception as error:  # a frame that no connector may send
            code, reason = 1006, f"{type(error).__name__}: {error}"
            tell("reader_died", error=reason)
        finally:
            self._link = None
            self.calls.lost()
        return code, reason, link.had_descriptor

    def _take(self, frame):
        # What is no object kills the reader of the reference as well.
        kind = frame.get("type")
        tell("frame", frame=frame, connection=self._dials)
        reader = self._readers.get(kind)
        if reader:
            reader(self._link, frame)

    def _descriptor(self, link, frame):
        described = read_descriptor(frame["descriptor"])
        self.descriptors.setdefault(described["platform"], described)
        if not link.had_descriptor:
            link.had_descriptor = True
            self._rule.connected()
            tell("connected", descriptor=described, connection=link.number)

    def _inbound(self, link, frame):
        is_taken = self.handlers.inbound(link, frame)
        if is_taken and frame.get("bufferId"):
            link.send({"type": "inbound_ack", "bufferId": frame["bufferId"]})

    def _interrupt(self, link, frame):
        tell("interrupt", key=frame["session_key"], chat_id=frame["chat_id"])

    def _passthrough(self, link, frame):
        """Never acked: no reference version of the first months does (contract 7.3)."""
        forward = frame["forward"]
        event = to_message(forward, self.era)
        key = event and build_session_key(event["source"], era=self.era)
        body = body_of(forward).decode(errors="replace")
        tell("passthrough", forward=forward, body=body, message=event, key=key, bufferId=frame.get("bufferId"))


def _hello(identity, manifest=None):
    hello = {"type": "hello", "platform": identity["platform"], "botId": identity["botId"]}
    if manifest and identity["platform"] == "discord":
        hello["command_manifest"] = manifest
    return hello

"""A gateway of the relay, written from its contract alone and steered by a test: see script.py."""
import threading

import control
import session_key
import upgrade_token
from client import Client
from script import obey, tell

client = None


def start(**options):
    global client
    client = Client(**options)
    threading.Thread(target=client.run, daemon=True).start()


def with_token(call):
    return lambda **named: call(client.url, bearer=client.token(), **named)


def fetch_media(url, withToken=True):
    return control.download(url, client.token() if withToken else None)


def post_as(url, route, bearer, body):
    """For calls with the identity of a caller, before there is a gateway."""
    return control.post(url, route, bearer, body)


tell("ready")
obey(
    {
        "start": start,
        "token": upgrade_token.mint,
        "session_key": session_key.build_session_key,
        "dial_url": control.dial_url,
        "http_url": control.http_url,
        "handler": lambda **named: client.handlers.set(**named),
        "perform": lambda **named: client.perform(**named),
        "reply": lambda **named: client.reply(**named),
        "interrupt": lambda **named: client.interrupt(**named),
        "send": lambda frame: client.live().send(frame),
        "send_raw": lambda texts: [client.live().send_raw(text) for text in texts],
        "go_idle": lambda **named: client.go_idle(**named),
        "hold": lambda isHeld: client.hold(isHeld),
        "close": lambda: client.close(),
        "kill": lambda: client.kill(),
        "stop": lambda: client.stop(),
        "descriptors": lambda: client.descriptors,
        "post": with_token(control.post),
        "post_as": post_as,
        "upload": with_token(control.upload),
        "download": fetch_media,
    }
)

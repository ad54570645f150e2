"""A stub connector of the relay, written from its contract alone and steered by a test: see script.py."""
import threading

from door import Door
from script import obey, tell

rules = {
    # Verify lists by gatewayId (contract 2.3).
    "secrets": {},
    # Reasons with which the next dials are refused, whatever their token.
    "refusals": [],
    # By platform; a hello of another one gets none.
    "descriptors": {},
    # The answer to every outbound; null: the test answers.
    "result": {"success": True, "message_id": "m-1"},
    "idleAck": True,
    # Answers of HTTP routes, by "METHOD path".
    "routes": {},
}

door = Door(rules)


def of(connection):
    return door.dialled[connection]


def send(connection, frame):
    of(connection).send(frame)


def send_raw(connection, messages):
    """Each text as one message, as it is."""
    for text in messages:
        of(connection).socket.send(text)


def send_pieces(connection, text, pieces):
    of(connection).socket.send_pieces(text, pieces)


def answer(connection, requestId, result):
    send(connection, {"type": "outbound_result", "requestId": requestId, "result": result})


threading.Thread(target=door.serve_forever, daemon=True).start()
tell("ready", url=f"http://127.0.0.1:{door.server_port}")
obey(
    {
        "rule": lambda **named: rules.update(named),
        "send": send,
        "send_raw": send_raw,
        "send_pieces": send_pieces,
        "answer": answer,
        "ping": lambda connection: of(connection).socket.ping(),
        "pings": lambda connection: of(connection).socket.pings,
        "mute": lambda connection: setattr(of(connection).socket, "is_mute", True),
        "pongs": lambda connection: of(connection).socket.pongs,
        "close": lambda connection, code, reason="": of(connection).socket.close(code, reason),
        "drop": lambda connection: of(connection).socket.drop(),
    }
)

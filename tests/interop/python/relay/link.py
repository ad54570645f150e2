"""One connection of a gateway to a connector (contract 2.5 and 2.6), on Debian's websocket-client."""
import json
import socket
import struct
import threading

import websocket

MAX_MESSAGE = 1024 * 1024
PING_EVERY_S = 30
SILENCE_S = 90


class Killed(Exception):
    """The connection was cut by the test."""


class _Socket(websocket.WebSocket):
    def send_close(self, *args, **named):
        try:
            super().send_close(*args, **named)
        except (websocket.WebSocketException, OSError):
            pass  # the other side has gone already; its close code is what counts


class Link:
    """`take(frame)` is called for each frame, one after another, on the thread of `run`."""

    def __init__(self, url, token, hellos, take):
        self._take = take
        self._ended = threading.Event()
        self._partial = ""
        self.had_descriptor = False
        self.was_killed = False
        self._ws = websocket.create_connection(
            url,
            timeout=30,
            header=[f"Authorization: Bearer {token}"] if token else [],
            enable_multithread=True,
            class_=_Socket,
        )
        self._ws.settimeout(SILENCE_S)
        for hello in hellos:
            self._try_send(hello)

    def send(self, frame):
        self.send_raw(json.dumps(frame) + "\n")

    def send_raw(self, text):
        """One message, as it is."""
        self._ws.send(text)

    def _try_send(self, frame):
        try:
            self.send(frame)
        except (websocket.WebSocketException, OSError):
            pass  # refused in the meantime; `run` reads the close code

    def run(self):
        """Reads until the end: `(code, reason)`; 1006 when there was no closing handshake."""
        threading.Thread(target=self._ping, daemon=True).start()
        try:
            while True:
                opcode, data = self._ws.recv_data(control_frame=True)
                if opcode == websocket.ABNF.OPCODE_CLOSE:
                    return _reading_of(data)
                if opcode == websocket.ABNF.OPCODE_TEXT:
                    self._take_message(data)
        except Killed:
            return 1006, "killed"
        except (websocket.WebSocketException, OSError) as error:
            return 1006, "killed" if self.was_killed else str(error)
        finally:
            self._ended.set()
            self._ws.shutdown()

    def close(self, code=1000):
        self._ended.set()
        self._ws.send_close(code)

    def kill(self):
        self.was_killed = True
        self._ended.set()
        try:
            self._ws.sock.shutdown(socket.SHUT_RDWR)
        except (AttributeError, OSError):
            pass  # it has ended by itself

    def _take_message(self, data):
        if len(data) > MAX_MESSAGE:
            self.close(1009)
            raise websocket.WebSocketException("a message above 1 MiB")
        *lines, self._partial = (self._partial + data.decode()).split("\n")
        for line in lines:
            if line.strip():
                self._take(_parsed(line))

    def _ping(self):
        while not self._ended.wait(PING_EVERY_S):
            try:
                self._ws.ping()
            except (websocket.WebSocketException, OSError):
                return


def _parsed(line):
    try:
        return json.loads(line)
    except ValueError:
        return {"type": "malformed", "line": line}


def _reading_of(data):
    if len(data) < 2:
        return 1005, ""
    return struct.unpack("!H", data[:2])[0], data[2:].decode()

"""The server's side of RFC 6455 over a socket whose upgrade request has been read."""
import base64
import hashlib
import socket
import struct
import threading

MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
CONTINUED, TEXT, CLOSE, PING, PONG = 0x0, 0x1, 0x8, 0x9, 0xA


class Broken(Exception):
    """The other side has gone, or does not speak the protocol."""


def accept_of(key):
    return base64.b64encode(hashlib.sha1((key + MAGIC).encode()).digest()).decode()


class ServerSocket:
    """`reader`: the buffered input of the connection, `connection`: its socket."""

    def __init__(self, reader, connection):
        self._reader, self._connection = reader, connection
        self._writing = threading.Lock()
        self.pings = self.pongs = 0
        self.is_mute = False
        self.is_closing = False

    def read(self):
        """The next text message; answers pings on the way. Ends with `(code, reason)` when the peer closes."""
        parts = []
        while True:
            is_last, opcode, payload = self._read_frame()
            if opcode == PING:
                self.pings += 1
                if not self.is_mute:
                    self._write(PONG, payload)
            elif opcode == PONG:
                self.pongs += 1
            elif opcode == CLOSE:
                return None, self._closing(payload)
            elif opcode in (TEXT, CONTINUED):
                parts.append(payload)
                if is_last:
                    return b"".join(parts).decode(), None
            else:
                raise Broken(f"opcode {opcode}")

    def send(self, text):
        self._write(TEXT, text.encode())

    def send_pieces(self, text, pieces):
        """One message in so many fragments, with a ping between the first and the second."""
        whole = text.encode()
        size = max(1, -(-len(whole) // pieces))
        cut = [whole[at:at + size] for at in range(0, len(whole), size)]
        for number, piece in enumerate(cut):
            self._write(TEXT if number == 0 else CONTINUED, piece, is_last=number == len(cut) - 1)
            if number == 0:
                self.ping()

    def ping(self):
        self._write(PING, b"still there")

    def close(self, code, reason=""):
        self.is_closing = True
        self._write(CLOSE, struct.pack("!H", code) + reason.encode())

    def drop(self):
        """Ends the connection without a word."""
        try:
            self._connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it has ended already

    def _closing(self, payload):
        code = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005
        try:
            self._write(CLOSE, payload[:2])
        except Broken:
            pass  # the peer does not wait for the answer
        return code, payload[2:].decode()

    def _read_frame(self):
        first, second = self._exactly(2)
        if not second & 0x80:
            raise Broken("a client masks its frames")
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", self._exactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self._exactly(8))
        mask = self._exactly(4)
        masked = self._exactly(length)
        payload = bytes(byte ^ mask[at & 3] for at, byte in enumerate(masked))
        return bool(first & 0x80), first & 0x0F, payload

    def _exactly(self, count):
        try:
            found = self._reader.read(count)
        except OSError as error:
            raise Broken(str(error)) from error
        if len(found) < count:
            raise Broken("ended in the middle")
        return found

    def _write(self, opcode, payload, is_last=True):
        head = bytes([(0x80 if is_last else 0) | opcode])
        size = len(payload)
        if size < 126:
            head += bytes([size])
        elif size < 65536:
            head += b"\x7e" + struct.pack("!H", size)
        else:
            head += b"\x7f" + struct.pack("!Q", size)
        with self._writing:
            try:
                self._connection.sendall(head + payload)
            except OSError as error:
                raise Broken(str(error)) from error

"""Policies of armgym (https://www.npmjs.com/package/armgym) for programs in Python: a client of `armgym serve`.

    armgym serve RUN                                            # in a terminal
    armgym serve --client python > armgym_policy.py             # once, beside the program

    import armgym_policy
    with armgym_policy.connect("ws://127.0.0.1:8000") as policy:
        policy.reset()                                          # before the first step of each episode
        command = policy.infer(observation)                     # numbers in the order of policy.metadata["observation"]
        command = policy.infer({"joint_1": 0.1, ...}, images={"wrist": picture})

Needs numpy, and nothing else. A file of armgym's, as it was written out: to change it, write it anew.
"""

import base64
import hashlib
import json
import os
import socket
import ssl as tls
import struct
import urllib.parse

import numpy as np

VERSION = "0"  # of the armgym that wrote this file
PROTOCOL = 1

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455
_CONTINUATION, _TEXT, _BINARY, _CLOSE, _PING, _PONG = 0, 1, 2, 8, 9, 10
_LONGEST = 1 << 24
_LONGEST_HEAD = 1 << 16
_TOO_LONG = 1009


class PolicyError(RuntimeError):
    """The server is not there, refuses, or ended the session."""


def connect(url="ws://127.0.0.1:8000", *, token=None, timeout=10.0, ssl=None):
    """Begin a session with the policy server at `url`, "ws://HOST:PORT" or "wss://HOST:PORT".

    `token` is the server's, `timeout` the longest wait for an answer in seconds, `ssl` an ssl.SSLContext where the server's
    certificate is not known to this machine. Raises PolicyError where there is no such server, or it refuses.
    """
    return Policy(url, token=token, timeout=timeout, ssl=ssl)


class Policy:
    """A session with a policy server: it remembers one episode."""

    def __init__(self, url, *, token=None, timeout=10.0, ssl=None):
        self._url = url
        self._socket = _Socket(url, token, timeout, ssl)
        metadata = self._receive()
        if metadata.pop("type", None) != "metadata":
            raise PolicyError(f"{url} is no policy server of armgym")
        if metadata.get("protocol") != PROTOCOL:
            self.close()
            raise PolicyError(
                f"armgym {metadata.get('armgymVersion')} speaks protocol {metadata.get('protocol')}, this file, of {VERSION}, "
                f"protocol {PROTOCOL}. Write it anew: armgym serve --client python > armgym_policy.py"
            )
        self.metadata = metadata
        """What the server says of the policy: names, units and limits of "observation" and "action", "controlRate", "image"."""

    def infer(self, observation, *, image=None, images=None):
        """Return the command for an observation: float32 [A], in the units of metadata["action"].

        `observation` is an array or list of numbers in the order of metadata["observation"], or a dict with a number for each
        entry's name. `image` is a uint8 array [height, width, channels] of all cameras, `images` a dict of uint8 arrays
        [height, width, 3] by the names of the cameras. Raises ValueError where the policy cannot take what was given.
        """
        request = {"type": "infer", "observation": _observation(observation, self.metadata["observation"])}
        if image is not None:
            request["image"] = self._packed("image", image, None)
        if images is not None:
            request["images"] = {name: self._packed(name, one, 3) for name, one in images.items()}
        answer = self._ask(request)
        actions = np.array(answer.get("actions"), np.float32)
        if actions.shape != (len(self.metadata["action"]),) or not np.isfinite(actions).all():
            raise PolicyError(f"{self._url} answered {answer.get('type')}, expected {len(self.metadata['action'])} actions")
        return actions

    def reset(self):
        """Forget the episode so far: call it before the first step of each; needless where metadata["hasMemory"] is false."""
        self._ask({"type": "reset"})

    def close(self):
        """End the session."""
        self._socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _ask(self, request):
        text = json.dumps(request, allow_nan=False)
        most = self.metadata["maxMessageBytes"]
        if len(text) > most:
            raise ValueError(f"the message has {len(text)} bytes, {self._url} takes at most {most}")
        self._socket.send(_TEXT, text.encode())
        answer = self._receive()
        if answer["type"] != "error":
            return answer
        raise (ValueError if answer.get("code") == "bad_request" else PolicyError)(str(answer.get("message")))

    def _receive(self):
        text = self._socket.receive()
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or "type" not in answer:
            self.close()
            raise PolicyError(f"{self._url} is no policy server of armgym")
        return answer

    def _packed(self, name, image, channels):
        image = np.asarray(image)
        expected = self.metadata.get("image")
        if expected is None:
            raise ValueError(f'the policy reads no images; "{name}" was given')
        shape = (expected["height"], expected["width"], channels or expected["channels"])
        if image.dtype != np.uint8 or image.shape != shape:
            raise ValueError(f'"{name}" is {image.dtype} of the shape {image.shape}, expected uint8 of {shape}')
        return {"encoding": "raw", "data": base64.b64encode(image.tobytes()).decode()}


def _observation(given, entries):
    if isinstance(given, dict):
        return {name: _number(f'"{name}"', value) for name, value in given.items()}
    values = np.asarray(given)
    if values.dtype.kind not in "fiu" or values.shape != (len(entries),):
        raise ValueError(
            f"the observation is {values.dtype} of the shape {values.shape}, expected {len(entries)} numbers"
        )
    return [_number(f'entry {k}, "{entry["name"]}",', value) for k, (entry, value) in enumerate(zip(entries, values))]


def _number(name, value):
    number = np.asarray(value)
    if number.dtype.kind not in "fiu" or number.size != 1 or not np.isfinite(number).all():
        raise ValueError(f"{name} of the observation is {value}, expected a finite number")
    return float(number.reshape(()))


class _Socket:
    """A WebSocket, RFC 6455, of which the other side is trusted with nothing."""

    def __init__(self, url, token, timeout, context):
        address = urllib.parse.urlsplit(url)
        if address.scheme not in ("ws", "wss") or not address.hostname:
            raise ValueError(f'the address is "{url}", expected one as "ws://127.0.0.1:8000"')
        port = address.port or (443 if address.scheme == "wss" else 80)
        self._url, self._buffer, self._socket = url, b"", None
        try:
            self._socket = socket.create_connection((address.hostname, port), timeout)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if address.scheme == "wss":
                context = context or tls.create_default_context()
                self._socket = context.wrap_socket(self._socket, server_hostname=address.hostname)
            self._shake_hands(address, token)
        except OSError as error:
            self._abandon()
            raise PolicyError(f"no policy server can be reached at {url}: {error}") from None
        except BaseException:
            self._abandon()
            raise

    def send(self, kind, payload):
        mask = os.urandom(4)
        length = len(payload)
        if length < 126:
            head = struct.pack("!BB", 0x80 | kind, 0x80 | length)
        elif length < 1 << 16:
            head = struct.pack("!BBH", 0x80 | kind, 0x80 | 126, length)
        else:
            head = struct.pack("!BBQ", 0x80 | kind, 0x80 | 127, length)
        key = np.frombuffer((mask * (length // 4 + 1))[:length], np.uint8)
        masked = np.bitwise_xor(np.frombuffer(payload, np.uint8), key).tobytes()
        try:
            self._open().sendall(head + mask + masked)
        except OSError as error:
            self._abandon()
            raise PolicyError(f"{self._url} is lost: {error}") from None

    def receive(self):
        """Return the next message; answer pings, and raise PolicyError where the server closes."""
        message = b""
        try:
            while True:
                first, second = self._take(2)
                kind, length = first & 15, second & 127
                if length > 125:
                    (length,) = struct.unpack("!H", self._take(2)) if length == 126 else struct.unpack("!Q", self._take(8))
                if second & 0x80 or length + len(message) > _LONGEST:
                    raise PolicyError(f"{self._url} sent a frame that is none")
                payload = self._take(length)
                if kind == _PING:
                    self.send(_PONG, payload)
                elif kind == _CLOSE:
                    raise PolicyError(self._farewell(payload))
                elif kind in (_CONTINUATION, _TEXT, _BINARY):
                    message += payload
                    if first & 0x80:
                        return message
        except OSError as error:
            self._abandon()
            raise PolicyError(f"{self._url} is lost: {error}") from None
        except PolicyError:
            self._abandon()
            raise

    def close(self):
        if self._socket is None:
            return
        try:
            self.send(_CLOSE, struct.pack("!H", 1000))
        except PolicyError:
            pass
        self._abandon()

    def _shake_hands(self, address, token):
        key = base64.b64encode(os.urandom(16))
        path = address.path if address.path not in ("", "/") else "/json"
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {address.netloc.rpartition('@')[2]}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key.decode()}",
            "Sec-WebSocket-Version: 13",
        ]
        if token is not None:
            if not (token.isascii() and token.isprintable()) or " " in token:
                raise ValueError("the token has characters that no header can hold")
            lines.append(f"Authorization: Bearer {token}")
        self._socket.sendall("\r\n".join([*lines, "", ""]).encode())
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > _LONGEST_HEAD:
                raise PolicyError(f"{self._url} is no policy server of armgym")
            self._read()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        status, *headers = head.decode("latin-1").split("\r\n")
        fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in headers)}
        if " 101" not in status[:13]:
            reason = self._buffer.decode("utf-8", "replace").strip()[:200]
            raise PolicyError(f"{self._url} refuses: {status.partition(' ')[2]}{': ' + reason if reason else ''}")
        accepted = base64.b64encode(hashlib.sha1(key + _GUID).digest()).decode()
        if fields.get("sec-websocket-accept") != accepted:
            raise PolicyError(f"{self._url} is no WebSocket server")

    def _farewell(self, payload):
        code = struct.unpack("!H", payload[:2])[0] if len(payload) > 1 else 1005
        reason = payload[2:].decode("utf-8", "replace")
        if code == _TOO_LONG:
            return f"{self._url} takes no message as long as that"
        return f"{self._url} ended the session ({code}{', ' + reason if reason else ''}); what it remembered is gone"

    def _take(self, count):
        while len(self._buffer) < count:
            self._read()
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken

    def _read(self):
        piece = self._open().recv(1 << 16)
        if not piece:
            raise ConnectionError("the connection was closed")
        self._buffer += piece

    def _open(self):
        if self._socket is None:
            raise PolicyError("the session is closed")
        return self._socket

    def _abandon(self):
        if self._socket is not None:
            self._socket.close()
            self._socket = None

"""Requests and answers between the two processes; either may ask, also while it is being asked.

A frame is four bytes of length and JSON. A request is `[operation, number, operands, dropped,
aside]`, the number being that of one of the asked side's own objects; an answer is `[kind, value,
changes, aside]`, with `=` for a value and `!` for an exception. `changes` are the containers among
the operands that the callee changed, `dropped` the objects that the asker no longer refers to.
"""

import json
import os
import sys
from _thread import RLock

from isomer_values import MUTABLE, Damaged, Reader, Writer, same

MOST = 256 << 20
DEEP = 50000
write_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Gone(BaseException):
    """The other process has ended or does not keep to the protocol: nothing that a test can expect,
    and therefore no `Exception`."""


def deeply(function):
    """Tries again with a larger limit what is nested too deep for the usual one."""
    def attempt(*arguments):
        __tracebackhide__ = True
        try:
            return function(*arguments)
        except RecursionError:
            limit = sys.getrecursionlimit()
            sys.setrecursionlimit(max(limit, DEEP))
            try:
                return function(*arguments)
            finally:
                sys.setrecursionlimit(limit)
    return attempt


class Peer:
    """One end of the wire; what differs between the two ends is in the classes derived from it."""

    readers = {}

    def __init__(self, descriptor):
        self.descriptor = descriptor
        self.rest = b""
        self.gone = None
        self.lock = RLock()

    def ask(self, operation, number, *operands):
        __tracebackhide__ = True
        with self.lock:
            if self.gone:
                raise Gone(self.gone)
            shared = self.send_request(operation, number, operands)
            while True:
                frame = self.receive()
                if frame[0] == "=" or frame[0] == "!":
                    break
                self.serve(frame)
            value = self.accept(frame, shared)
        self.hear_answer(frame[3])
        if frame[0] == "!":
            raise value
        return value

    @deeply
    def send_request(self, operation, number, operands):
        writer = Writer(self)
        nodes = [writer.write(operand) for operand in operands]
        self.send([operation, number, nodes, self.take_dropped(), self.aside_of_request()])
        return writer.shared

    def accept(self, frame, shared):
        try:
            value = self.read_answer(frame, shared)
            if frame[0] == "!" and not isinstance(value, BaseException) or len(frame) != 4:
                raise Damaged("no exception")
        except Gone:
            raise
        except Exception as error:
            self.lose("an answer is damaged: %s" % error)
        return value

    @deeply
    def read_answer(self, frame, shared):
        reader = Reader(self, shared)
        value = reader.read(frame[1])
        for number, node in frame[2]:
            if not 0 <= number < len(shared):
                raise Damaged("a change of nothing")
            reader.restore(number, node)
        return value

    def serve(self, frame):
        """Does what the other side asks for and answers."""
        shared, before = [], []
        try:
            operation, number, nodes, dropped, aside = frame
            self.release(dropped)
            self.hear_request(aside)
            operands, shared = self.read_operands(nodes)
            before = [MUTABLE[type(value)].snapshot(value) for value in shared]
            kind, value = "=", self.perform(operation, number, operands)
        except Gone:
            raise
        except BaseException as error:
            kind, value = "!", error
        try:
            self.answer(kind, value, shared, before)
        except Gone:
            raise
        except BaseException as error:
            self.answer("!", TypeError("the result cannot be told: %s" % error), (), ())

    @deeply
    def read_operands(self, nodes):
        reader = Reader(self)
        return [reader.read(node) for node in nodes], reader.shared

    @deeply
    def answer(self, kind, value, shared, before):
        writer = Writer(self, shared)
        node = writer.write(value)
        changes = [[number, writer.body(shared[number])] for number, snapshot in enumerate(before)
                   if not same(snapshot, shared[number])]
        self.send([kind, node, changes, self.aside_of_answer()])

    def lose(self, reason):
        """Ends the conversation for good."""
        self.gone = reason
        raise Gone(reason)

    def send(self, frame):
        content = write_json(frame).encode("ascii")
        content = len(content).to_bytes(4, "little") + content
        try:
            sent = os.write(self.descriptor, content)
            while sent < len(content):
                sent += os.write(self.descriptor, memoryview(content)[sent:])
        except OSError:
            self.lose("the other process has ended")

    def receive(self):
        data = self.rest
        while len(data) < 4:
            data += self.pull()
        size = 4 + int.from_bytes(data[:4], "little")
        if size > MOST:
            self.lose("a frame is too large")
        if len(data) < size:
            parts, held = [data], len(data)
            while held < size:
                parts.append(self.pull())
                held += len(parts[-1])
            data = b"".join(parts)
        self.rest = data[size:]
        return self.parse(data[4:size])

    def parse(self, content):
        try:
            frame = deeply(json.loads)(content)
            if type(frame) is list and frame and type(frame[0]) is str:
                return frame
        except (ValueError, RecursionError):
            pass
        self.lose("a frame is damaged")

    def pull(self):
        try:
            part = os.read(self.descriptor, 1 << 16)
        except OSError:
            part = b""
        if not part:
            self.lose("the other process has ended")
        return part

    def aside_of_request(self):
        """What travels along with a request."""

    def aside_of_answer(self):
        """What travels along with an answer."""

    def hear_request(self, aside):
        """Takes what came along with a request."""

    def hear_answer(self, aside):
        """Takes what came along with an answer."""

"""A line to the emulator's Storage Read API that can break, fall silent and keep to offsets."""

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import grpc
from google.cloud.bigquery_storage_v1.types import ReadRowsRequest, ReadRowsResponse


@dataclass(kw_only=True)
class Line:
    """What to do with what comes back.

    Attributes:
        limits: Of the next connections, how many bytes each lets through before it breaks.
        held: Called between the replies of a ReadRows, with the number of those before.
        offsets: From which row each ReadRows asked.
    """

    limits: list[int] = field(default_factory=list)
    held: Callable[[int], object] = lambda _: None
    offsets: list[int] = field(default_factory=list)


@contextmanager
def storage_line(address: str) -> Iterator[tuple[str, Line]]:
    """Serve until the block ends; the address, and what to set."""
    line = Line()
    server = grpc.server(ThreadPoolExecutor(8))
    channel = grpc.insecure_channel(address)
    server.add_generic_rpc_handlers([_Relay(channel, line)])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    listener = socket.create_server(("127.0.0.1", 0))
    threading.Thread(target=_accept, args=(listener, port, line), daemon=True).start()
    try:
        yield f"127.0.0.1:{listener.getsockname()[1]}", line
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        server.stop(None).wait()
        channel.close()


class _Relay(grpc.GenericRpcHandler):
    """Passes calls on, and leaves out rows before the offset, which the emulator does not."""

    def __init__(self, channel: grpc.Channel, line: Line) -> None:
        self._channel, self._line = channel, line

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        method = handler_call_details.method
        if method.endswith("/ReadRows"):
            return grpc.unary_stream_rpc_method_handler(self._read_rows(method))
        call = self._channel.unary_unary(method)
        return grpc.unary_unary_rpc_method_handler(lambda request, _: call(request, timeout=60))

    def _read_rows(self, method: str) -> Callable[[bytes, grpc.ServicerContext], Iterator[bytes]]:
        def answer(request: bytes, _: grpc.ServicerContext) -> Iterator[bytes]:
            offset = ReadRowsRequest.deserialize(request).offset
            self._line.offsets.append(offset)
            row = sent = 0
            for reply in self._channel.unary_stream(method)(request, timeout=60):
                if row >= offset:
                    self._line.held(sent)
                    sent += 1
                    yield reply
                row += ReadRowsResponse.deserialize(reply).row_count

        return answer


def _accept(listener: socket.socket, port: int, line: Line) -> None:
    with suppress(OSError):
        while True:
            near, _ = listener.accept()
            far = socket.create_connection(("127.0.0.1", port))
            limit = line.limits.pop(0) if line.limits else None
            threading.Thread(target=_bring, args=(far, near, limit), daemon=True).start()
            threading.Thread(target=_take, args=(near, far), daemon=True).start()


def _bring(far: socket.socket, near: socket.socket, limit: int | None) -> None:
    """Pass the answers on, up to the limit; what was passed arrives before the end is seen."""
    passed = 0
    with suppress(OSError):
        while (limit is None or passed < limit) and (data := far.recv(4096)):
            near.sendall(data)
            passed += len(data)
        near.shutdown(socket.SHUT_WR)


def _take(near: socket.socket, far: socket.socket) -> None:
    """Pass the requests on, until the client hangs up."""
    with suppress(OSError), near, far:
        while data := near.recv(4096):
            far.sendall(data)

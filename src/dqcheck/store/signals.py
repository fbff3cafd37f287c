"""Ending in order when the system asks for it."""

from __future__ import annotations

__all__ = ["leave_on_signals"]

import contextlib
import signal
import sys
import threading
from types import FrameType


def leave_on_signals() -> None:
    """Make SIGTERM and SIGHUP end the program as an exit does, with 128 plus the signal's number.

    Python runs neither exit handlers nor `finally` when a signal's default action ends it: copies
    of exports and half-written files would stay. Handlers that the program set itself are left
    alone; outside the main thread, where none may be set, nothing happens.
    """
    if threading.current_thread() is not threading.main_thread():
        return
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            with contextlib.suppress(ValueError, OSError):
                signal.signal(number, _leave)


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)

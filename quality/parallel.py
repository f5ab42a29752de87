"""Pieces of work side by side, in processes of their own.

What Python itself does, one process does on one processor alone.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import forkserver
from threading import Thread
from typing import TypeVar

Result = TypeVar("Result")


def preload(processes: int, modules: Sequence[str]) -> None:
    """Begin to import what the processes will need, while this one does other things.

    With one process there is nothing to do.
    """
    if processes > 1:
        multiprocessing.get_context("forkserver").set_forkserver_preload([__name__, *modules])
        forkserver.ensure_running()


def parallel(pieces: Sequence[Callable[[], Result]], processes: int) -> Iterator[Result]:
    """What pieces of work return, in their order; those that take longest should come first.

    With one process all is done here, one after the other; else each piece is pickled: a function
    of a module, or that with arguments (functools.partial). Raises what a piece raises, and
    BrokenProcessPool where a process is killed; no other piece is begun then.
    """
    workers = min(processes, len(pieces))
    if workers <= 1:
        yield from (piece() for piece in pieces)
        return
    executor = ProcessPoolExecutor(
        workers, multiprocessing.get_context("forkserver"), initializer=_prepare
    )
    try:
        yield from (future.result() for future in [executor.submit(piece) for piece in pieces])
    finally:
        executor.shutdown(cancel_futures=True)


def _prepare() -> None:
    """End with the process that asked, however that ends, and collect no garbage meanwhile.

    An interrupt from the keyboard is left to that process.
    """
    gc.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_after_parent, daemon=True).start()


def _end_after_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)

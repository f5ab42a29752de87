"""How dense the code is: syntax tree nodes per line, and lines too long for a page."""

import ast
from collections.abc import Iterator

from orchestration.settings import PROJECT

ROOMS = ("orchestration", "quality", "tests")
COLUMNS = 100
WITH_DOCSTRING = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def legibility_of(room: str) -> dict[str, float]:
    """Syntax tree nodes per line of code, and the number of lines over 100 columns.

    Nodes and lines of code are counted without docstrings, comments and blank lines; long lines are
    of any kind.
    """
    nodes = code_lines = long_lines = 0
    for file in sorted((PROJECT / room).rglob("*.py")):
        text = file.read_text(encoding="utf-8")
        tree = ast.parse(text)
        within_docstrings = set(docstring_lines(tree))
        lines = text.splitlines()
        nodes += sum(1 for _ in ast.walk(tree)) - 2 * len(docstrings(tree))
        code_lines += sum(
            is_code(line) for number, line in enumerate(lines, 1) if number not in within_docstrings
        )
        long_lines += sum(len(line) > COLUMNS for line in lines)
    return {"nodes_per_line": nodes / code_lines, "long_lines": long_lines}


def is_code(line: str) -> bool:
    """Whether a line is neither blank nor a comment."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def docstrings(tree: ast.Module) -> list[ast.stmt]:
    """The statements of a module that are docstrings."""
    described = [node for node in ast.walk(tree) if isinstance(node, WITH_DOCSTRING)]
    return [node.body[0] for node in described if ast.get_docstring(node, clean=False) is not None]


def docstring_lines(tree: ast.Module) -> Iterator[int]:
    """The numbers of the lines that docstrings take."""
    for statement in docstrings(tree):
        yield from range(statement.lineno, statement.end_lineno + 1)


def density() -> dict[str, dict[str, float]]:
    """The legibility of each room."""
    return {room: legibility_of(room) for room in ROOMS}

"""Recipes: read the steps that a package's docstring gives, and do them in a copy of the checkout.

A recipe is the part of a docstring that begins with a line `To add a filter...`. Its steps are indented blocks of code.
The sentence before a block says in backticks where the code goes:

* ``In a new file `readers/wikitext.py`:`` the block is that file. A block may name it itself in a first line `# path`.
* ``In `filters.py`, in `FilterParams`:`` the end of that class; of a list, tuple or dictionary, behind its last item;
  of a function that returns a list, behind the last item of that list; of another function, before its last `return`.
* ``In `routes/tags.py`:`` the end of that file.

Paths are relative to the package, or begin with `app/`; without a path, the code goes into the package's `__init__.py`.
Imports at the top of a block are added to those of the file. A recipe's new modules, and what they define, are imported
where they are used outside of strings.
"""

import ast
import re
import textwrap
from pathlib import Path
from typing import NamedTuple


class RecipeError(Exception):
    """A recipe that cannot be followed; the message says where it fails."""


class Step(NamedTuple):
    """Code, and where it goes."""

    path: Path
    """The file, relative to the root of the checkout."""
    names: tuple[str, ...]
    """What the sentence names besides the file: one of them may be a class, a constant or a function of it."""
    code: str


def read_recipe(docstring: str, package: Path, thing: str) -> list[Step]:
    """Return the steps of the recipe `To add {thing}` of a docstring; none if it has no such recipe."""
    parts = re.split(r"^(?=To add )", textwrap.dedent(docstring), flags=re.MULTILINE)
    steps = []
    for part in parts:
        if part.startswith(f"To add {thing}"):
            for sentence, block in re.findall(r"((?:^\S.*\n)+)\n*((?:^(?: {4}.*)?\n)+)", part + "\n", re.MULTILINE):
                if code := textwrap.dedent(block).strip("\n"):
                    steps.append(read_step(sentence, code + "\n", package))
    return steps


def read_step(sentence: str, code: str, package: Path) -> Step:
    """Return where a block goes."""
    quoted = re.findall(r"`([\w./]+)`", sentence)
    paths = [name for name in quoted if name.endswith((".py", ".html"))]
    if first := re.match(r"# ([\w/]+\.py)\n", code):
        paths, code = [first[1]], code[first.end() :]
    path = Path(paths[-1] if paths else "__init__.py")
    return Step(path if path.parts[0] == "app" else package / path, tuple(q for q in quoted if q.isidentifier()), code)


def follow_recipe(root: Path, steps: list[Step]) -> None:
    """Do the steps under this root. Raise `RecipeError` if a step names something that is not there."""
    defined: dict[str, str] = {}
    for step in steps:
        path = root / step.path
        if path.exists():
            continue
        if not path.parent.is_dir():
            raise RecipeError(f"There is no folder for {step.path}.")
        path.write_text(step.code, encoding="utf-8")
        if path.suffix != ".py":
            continue
        package, module = ".".join(step.path.parent.parts), step.path.stem
        defined |= {module: package} | dict.fromkeys(top_level(ast.parse(step.code)), f"{package}.{module}")
    for step in steps:
        path = root / step.path
        source = path.read_text(encoding="utf-8")
        if source != step.code:
            path.write_text(insert(source, step, defined), encoding="utf-8")


def insert(source: str, step: Step, defined: dict[str, str]) -> str:
    """Return the source with the code of a step in it."""
    imports, code = split_imports(step.code)
    tree = ast.parse(source)
    known = top_level(tree)
    imported = {alias.name for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    unquoted = re.sub(r'"[^"\n]*"', '""', code)
    used = {name for name in defined if re.search(rf"(?<![\w.]){name}\b", unquoted)} - {*known, *imported}
    imports += "".join(f"from {defined[name]} import {name}\n" for name in sorted(used) if name not in imports)
    targets = [known[name] for name in step.names if name in known]
    lines = source.splitlines(keepends=True)
    if code:
        place(lines, targets[-1] if targets else None, code)
    if imports:
        last = max(
            (node.end_lineno or 0 for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)), default=1
        )
        lines.insert(last, imports)
    changed = "".join(lines)
    try:
        ast.parse(changed)
    except SyntaxError as error:
        raise RecipeError(f"With this step {step.path} is no Python: {error}") from None
    return changed


def split_imports(code: str) -> tuple[str, str]:
    """Return the imports at the top of a block, and the rest."""
    lines = code.splitlines(keepends=True)
    rest = next(
        (n for n, line in enumerate(lines) if line.strip() and not line.startswith(("import ", "from "))), len(lines)
    )
    return "".join(line for line in lines[:rest] if line.strip()), "".join(lines[rest:])


def top_level(tree: ast.Module) -> dict[str, ast.stmt]:
    """Return what a module defines, by name."""
    names: dict[str, ast.stmt] = {}
    for node in tree.body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names[node.name] = node
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.Assign(targets=[ast.Name(id=name)]):
                names[name] = node
    return names


def place(lines: list[str], target: ast.stmt | None, code: str) -> None:
    """Put code at the end of a class, a collection, a function or, without a target, of the file."""
    match target:
        case ast.ClassDef():
            lines.insert(target.end_lineno or 0, "\n" + textwrap.indent(code, "    "))
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            [*_, last] = [node for node in ast.walk(target) if isinstance(node, ast.Return)]
            if isinstance(last.value, ast.List):
                add_item(lines, last.value, code)
            else:
                lines.insert(last.lineno - 1, textwrap.indent(code, " " * last.col_offset))
        case ast.AnnAssign(value=ast.expr() as value) | ast.Assign(value=value):
            add_item(lines, value, code)
        case None:
            lines.append(f"\n\n{code}")


def add_item(lines: list[str], value: ast.expr, code: str) -> None:
    """Put code behind the last item of a collection."""
    number, column = (
        (value.end_lineno or 0) - 1,
        len(lines[(value.end_lineno or 0) - 1].encode()[: (value.end_col_offset or 0) - 1].decode()),
    )
    before, after = lines[number][:column], lines[number][column:]
    if before.strip():
        comma = "" if before.endswith(("[", "(", "{")) else ", "
        lines[number] = before.rstrip(", ") + comma + code.strip().rstrip(",") + after
    else:
        lines.insert(number, textwrap.indent(code if code.rstrip().endswith(",") else code.rstrip() + ",\n", "    "))

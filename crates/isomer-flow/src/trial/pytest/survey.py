"""Reads a test file: which tests assert nothing, and which names hide others."""

import ast

ASSERTING = {"raises", "warns", "deprecated_call", "fail"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def survey(source):
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return {"error": "line %s: %s" % (error.lineno, error.msg), "silent": [], "twice": []}
    except ValueError as error:
        return {"error": str(error), "silent": [], "twice": []}
    functions = {}
    for node in ast.walk(tree):
        if isinstance(node, FUNCTIONS):
            functions.setdefault(node.name, []).append(node)
    silent = [name for name, node in tests(tree.body) if not asserts(node, functions, set())]
    return {"error": None, "silent": silent, "twice": twice(tree.body)}


def tests(body, group=""):
    """The tests of a module or class, as pytest finds them."""
    for node in body:
        if isinstance(node, FUNCTIONS) and node.name.startswith("test"):
            yield group + node.name, node
        elif isinstance(node, ast.ClassDef) and (node.name.startswith("Test") or derives(node)):
            yield from tests(node.body, group + node.name + "::")


def derives(node):
    return any(ast.unparse(base).endswith("TestCase") for base in node.bases)


def twice(body, group=""):
    """Names of functions and classes that a later one of the same body hides."""
    seen, found = set(), []
    for node in body:
        if not isinstance(node, FUNCTIONS + (ast.ClassDef,)):
            continue
        # A setter and an overload have the name of what they belong to.
        if node.name in seen and not node.decorator_list:
            found.append(group + node.name)
        seen.add(node.name)
        if isinstance(node, ast.ClassDef):
            found.extend(twice(node.body, group + node.name + "::"))
    return found


def asserts(node, functions, visited):
    """Whether a function, or one of the file that it uses, asserts something."""
    visited.add(node)
    used = {argument.arg for argument in node.args.args}
    for inner in ast.walk(node):
        if isinstance(inner, ast.Assert) and not isinstance(inner.test, ast.Constant):
            return True
        if isinstance(inner, ast.Raise) and inner.exc and "AssertionError" in ast.unparse(inner.exc):
            return True
        if isinstance(inner, ast.Call):
            name = called(inner.func)
            if name.startswith("assert") or name in ASSERTING:
                return True
            used.add(name)
        elif isinstance(inner, ast.Name):
            used.add(inner.id)
    inside = [one for name in used for one in functions.get(name, ()) if one not in visited]
    return any(asserts(one, functions, visited) for one in inside)


def called(function):
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""

"""Assertions that say which values they compared.

pytest's own rewriting explains every part of an expression, and takes half of the time of a file of
small tests. This one keeps the two sides of a comparison and describes them, in pytest's words, only
if it fails: `assert left == right` becomes `assert (l := left) == (r := right), explain(...)`.
"""

import ast

EXPLAIN, LEFT, RIGHT = "@explain", "@left", "@right"
MORE = "Use -v to get more diff"
SIGNS = {ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=",
         ast.Is: "is", ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in"}


def explained(tree):
    """Rewrites the assertions of a module."""
    tree.body = statements(tree.body)
    return tree


def statements(nodes):
    made = []
    for node in nodes:
        if type(node) is ast.Assert:
            made.extend(assertion(node))
            continue
        for inner in [node, *getattr(node, "handlers", ()), *getattr(node, "cases", ())]:
            for field in ("body", "orelse", "finalbody"):
                body = getattr(inner, field, None)
                if type(body) is list:
                    setattr(inner, field, statements(body))
        made.append(node)
    return made


def assertion(node):
    test = node.test
    where = {"lineno": test.lineno, "col_offset": test.col_offset,
             "end_lineno": test.end_lineno, "end_col_offset": test.end_col_offset}
    if node.msg is None and type(test) is ast.BoolOp and type(test.op) is ast.And:
        # The same as one after the other, and each says what it was.
        parts = (ast.copy_location(ast.Assert(value, None), node) for value in test.values)
        return [made for part in parts for made in assertion(part)]

    def keep(name, value):
        return ast.NamedExpr(ast.Name(name, ast.Store(), **where), value, **where)

    def name(word):
        return ast.Name(word, ast.Load(), **where)

    kept = [LEFT]
    if type(test) is ast.Compare and len(test.ops) == 1:
        kept.append(RIGHT)
        sign = SIGNS[type(test.ops[0])]
        test.left = keep(LEFT, test.left)
        test.comparators[0] = keep(RIGHT, test.comparators[0])
    elif type(test) is ast.UnaryOp and type(test.op) is ast.Not:
        sign = "not"
        test.operand = keep(LEFT, test.operand)
    else:
        sign = ""
        node.test = keep(LEFT, test)
    own = [] if node.msg is None else [node.msg]
    told = [ast.Constant(sign, **where), name(LEFT), name(kept[-1]), *own]
    node.msg = ast.Call(name(EXPLAIN), told, [], **where)
    # What was compared must not outlive the statement.
    forget = ast.Assign([ast.Name(word, ast.Store(), **where) for word in kept],
                        ast.Constant(None, **where), **where)
    return [node, forget]


def explainer(config):
    """The function that describes a failed comparison."""
    from _pytest._io.saferepr import saferepr

    def explain(sign, left, right, *own):
        lines = []
        if sign == "not":
            lines = ["not " + saferepr(left)]
        elif sign == "":
            lines = [saferepr(left)]
        else:
            for lines in config.hook.pytest_assertrepr_compare(
                    config=config, op=sign, left=left, right=right):
                if lines:
                    break
            lines = lines or ["%s %s %s" % (saferepr(left), sign, saferepr(right))]
        text = "assert " + "\n  ".join(line for line in lines if line != MORE)
        return "%s\n%s" % (own[0], text) if own else text

    return explain

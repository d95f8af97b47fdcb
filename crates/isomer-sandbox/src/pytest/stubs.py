import ast as _ast


class _Stub(_ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        node.body = [_ast.copy_location(_ast.Pass(), node.body[0])]
        return node

    visit_AsyncFunctionDef = visit_FunctionDef


exec(compile(_Stub().visit(_ast.parse(_SOURCE)), "solution.py", "exec", dont_inherit=True), globals())

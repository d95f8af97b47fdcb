"""Makes `import solution` lead to what one of the two processes has for it."""

import importlib.machinery
import sys


class Importer:
    """Knows one module: how it is made, unless as any other, and how it is run."""

    def __init__(self, execute, create):
        self.execute, self.create = execute, create

    def find_spec(self, name, path=None, target=None):
        if name == "solution":
            return importlib.machinery.ModuleSpec(name, self, origin="solution.py")
        return None

    def create_module(self, spec):
        return self.create and self.create(spec.name)

    def exec_module(self, module):
        __tracebackhide__ = True
        self.execute(module)


def place(execute, create=None):
    sys.meta_path.insert(0, Importer(execute, create))

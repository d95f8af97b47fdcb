//! Functions that forge a verdict.

use crate::program::Expected::Ends;
use crate::program::Row;

/// Each with the way it must end.
pub(crate) const ROWS: &[Row] = &[
    ("leave at once", "import os\ndef f(x): os._exit(0)", Ends("exit status 0")),
    ("leave politely", "import sys\ndef f(x): sys.exit(0)", Ends("exit status 0")),
    ("leave while loading", "raise SystemExit", Ends("exit status 0")),
    (
        "equal to everything",
        "class A:\n __eq__ = lambda a, b: True\n __hash__ = None\ndef f(x): return A()",
        Ends("ResultNotEncodable"),
    ),
    (
        "integer that lies",
        "class I(int):\n __eq__ = lambda a, b: True\ndef f(x): return I(1)",
        Ends("ResultNotEncodable"),
    ),
    (
        "string that lies",
        "class S(str):\n __eq__ = lambda a, b: True\ndef f(x): return [S()]",
        Ends("ResultNotEncodable"),
    ),
    (
        "list that lies",
        "class L(list): pass\ndef f(x): return {'a': L()}",
        Ends("ResultNotEncodable"),
    ),
    ("bytes", "def f(x): return b'42'", Ends("ResultNotEncodable")),
    ("set", "def f(x): return {42}", Ends("ResultNotEncodable")),
    ("generator", "def f(x): yield 42", Ends("ResultNotEncodable: it contains `generator`")),
    ("coroutine", "async def f(x): return 42", Ends("ResultNotEncodable: it contains `coroutine`")),
    ("code", "def f(x): return f.__code__", Ends("ResultNotEncodable")),
    ("list in itself", "def f(x):\n a = []; a.append(a); return a", Ends("ResultNotEncodable")),
    (
        "deep list",
        "def f(x):\n a = []\n for i in range(100000): a = [a]\n return a",
        Ends("ResultNotEncodable"),
    ),
    ("no function", "def g(x): return 42", Ends("the wanted function is not defined")),
    ("function that is none", "f = 42", Ends("the wanted function is not defined")),
    ("crash", "import ctypes\ndef f(x): ctypes.string_at(0)", Ends("killed by SIGSEGV")),
    ("abort", "import os\ndef f(x): os.abort()", Ends("killed by SIGABRT")),
    ("kill oneself", "import os\ndef f(x): os.kill(os.getpid(), 9)", Ends("killed by SIGKILL")),
    (
        "damaged report",
        "import os\ndef f(x): os.write(3, b'R[\\xff\\xff\\xff\\x7f'); os._exit(0)",
        Ends("ResultNotEncodable"),
    ),
    (
        "empty report",
        "import os\ndef f(x): os.write(3, b'R'); os._exit(0)",
        Ends("ResultNotEncodable"),
    ),
    (
        "report of an exception that is none",
        "import os\ndef f(x): os.write(3, b'Xgarbage'); os._exit(1)",
        Ends("exit status 1"),
    ),
    (
        "right report, wrong status",
        "import os\ndef f(x): os.write(3, b'Ri*\\0\\0\\0'); os._exit(3)",
        Ends("exit status 3"),
    ),
    (
        "report of foreign type",
        "import os\ndef f(x): os.write(3, b'Rc'); os._exit(0)",
        Ends("ResultNotEncodable"),
    ),
    ("large result", "def f(x): return 'x' * (1 << 21)", Ends("output limit")),
    ("huge result", "def f(x): return ['x' * 1000] * 10**6", Ends("")),
    (
        "garbage everywhere",
        "import os\ndef f(x):\n for fd in range(1000):\n  try: os.write(fd, b'\\x01\\0\\0\\0N')\n  except OSError: pass\n os._exit(0)",
        Ends("exit status 0"),
    ),
    (
        "forged frames",
        "import os, sys\ndef f(x):\n for fd in range(3): os.close(fd)\n while True: raise KeyError(sys._getframe(50))",
        Ends("ValueError"),
    ),
    (
        "patched modules",
        "import marshal, json, os, builtins\nmarshal.dumps = lambda *a: b'R'\nos._exit = lambda s: None\nbuiltins.type = lambda x: int\ndef f(x): return object()",
        Ends(""),
    ),
    (
        "patched exit",
        "import os\nos._exit = lambda s: 1/0\ndef f(x): raise SystemExit(0)",
        Ends(""),
    ),
    (
        "dictionary that lies",
        "class D(dict):\n __eq__ = lambda a, b: True\ndef f(x): return D()",
        Ends("ResultNotEncodable"),
    ),
    (
        "float that lies",
        "class F(float):\n __eq__ = lambda a, b: True\ndef f(x): return F(1)",
        Ends("ResultNotEncodable"),
    ),
    (
        "class that calls itself int",
        "class int(int):\n __eq__ = lambda a, b: True\ndef f(x): return int(1)",
        Ends("ResultNotEncodable"),
    ),
    (
        "type that lies about its name",
        "A = type('int', (), {'__eq__': lambda a, b: True, '__class__': int})\ndef f(x): return A()",
        Ends("ResultNotEncodable"),
    ),
    ("arguments changed in place", "def f(x):\n x = 42\n return None", Ends("finished")),
    ("function with another signature", "def f(): return 42", Ends("TypeError")),
    ("function that asks for more", "def f(x, y): return 42", Ends("TypeError")),
    ("answer printed instead of returned", "def f(x): print(42)", Ends("finished")),
    (
        "exit handler instead of an answer",
        "import atexit, os\natexit.register(os._exit, 0)\ndef f(x): raise SystemExit",
        Ends("exit status 0"),
    ),
    (
        "result that changes while it is written",
        r"
import threading
x = [0] * 10**5
def change():
    while True: x[:] = [object()] * 10
def f(_):
    threading.Thread(target=change, daemon=True).start()
    return x
",
        Ends(""),
    ),
];

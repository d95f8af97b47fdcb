//! Programs that spoil their own interpreter, in the hope that somebody else uses it.

use crate::program::Expected::{Ends, Prints, Shows};
use crate::program::Row;

/// Each with the way it must end.
pub(crate) const ROWS: &[Row] = &[
    (
        "`__builtins__` overwritten",
        r"
import builtins, os
write = os.write
for name in ('print', 'open', 'len', 'type', 'isinstance', 'compile', 'exec', 'int', 'str', 'bytes', '__import__'):
    setattr(builtins, name, None)
__builtins__ = {}
write(1, b'done\n')
",
        Ends("finished|TypeError|exit status"),
    ),
    (
        "frames of the driver overwritten",
        r"
import sys
frame = sys._getframe()
while frame:
    for name in list(frame.f_globals): frame.f_globals[name] = None
    frame = frame.f_back
",
        Ends(""),
    ),
    (
        "frames of the driver read",
        r"
import sys
names = []
frame = sys._getframe(1)
while frame:
    names += [repr(value) for value in frame.f_locals.values()]
    frame = frame.f_back
print('expected' in ''.join(names), 'accepted' in ''.join(names))
",
        Prints("False False"),
    ),
    (
        "gc.get_objects over the warm parent",
        r"
import gc
gc.unfreeze()
for thing in gc.get_objects():
    try:
        if type(thing) is dict: thing.clear()
        elif type(thing) is list: thing[:] = []
    except Exception: pass
",
        Ends(""),
    ),
    (
        "functions of the driver replaced",
        r"
import gc, types
gc.unfreeze()
for thing in gc.get_objects():
    if type(thing) is types.FunctionType and thing.__code__.co_filename == '<string>':
        try: thing.__code__ = (lambda *a, **k: None).__code__
        except ValueError: pass
",
        Ends(""),
    ),
    (
        "importlib poisoning",
        r"
import builtins, importlib, importlib.machinery, sys
class Finder:
    def find_spec(self, *args): raise ImportError('poisoned')
sys.meta_path[:] = [Finder()]
sys.path_hooks[:] = []
sys.path_importer_cache.clear()
importlib.machinery.SourceFileLoader.exec_module = lambda *a: None
importlib.invalidate_caches()
try: import colorsys; print('imported')
except ImportError: print('poisoned')
",
        Prints("poisoned"),
    ),
    (
        "sys.modules poisoning",
        "import sys\nfor name in list(sys.modules): sys.modules[name] = None\nprint('x')",
        Ends(""),
    ),
    (
        "modules laid into the folder",
        r"
import os
for name in ('json', 'os', 'random', 'solution', 'sitecustomize', 'usercustomize', 'encodings'):
    open(name + '.py', 'w').write('print(1)')
os.mkdir('numpy')
open('numpy/__init__.py', 'w').write('print(1)')
print('laid')
",
        Prints("laid"),
    ),
    (
        "monkeypatching json, unittest and time",
        r"
import json, time, unittest, random, math, decimal
json.dumps = json.loads = json.JSONEncoder.encode = lambda *a, **k: 'patched'
unittest.TestCase.assertEqual = unittest.TestCase.run = lambda *a, **k: None
time.time = time.monotonic = time.perf_counter = time.process_time = time.sleep = lambda *a: 0
random.random = math.sqrt = lambda *a: 4
decimal.getcontext().prec = 1
print(json.dumps(1))
",
        Prints("patched"),
    ),
    (
        "monkeypatching pytest",
        r"
import sys, types
module = types.ModuleType('pytest')
module.main = module.raises = lambda *a, **k: 0
sys.modules['pytest'] = sys.modules['_pytest'] = module
print('patched')
",
        Prints("patched"),
    ),
    (
        "integers overwritten in memory",
        r"
import ctypes
ctypes.memset(id(7) + 24, 0, 4)
print(3 + 4)
",
        Ends(""),
    ),
    (
        "constants of a type overwritten in memory",
        r"
import ctypes, os
ctypes.memset(id(int) + 8, 255, 64)
print(int(1))
",
        Ends("killed by|finished"),
    ),
    (
        "interpreter's hooks",
        r"
import sys, threading
sys.excepthook = sys.unraisablehook = sys.displayhook = lambda *a: None
sys.setprofile(lambda *a: None)
sys.settrace(lambda *a: None)
threading.excepthook = lambda *a: None
sys.set_int_max_str_digits(640) if hasattr(sys, 'set_int_max_str_digits') else None
sys.setswitchinterval(100)
print('hooked')
",
        Prints("hooked"),
    ),
    (
        "locale, time zone, mask and folder",
        r"
import locale, os, time
os.environ['TZ'] = 'Asia/Tokyo'
time.tzset()
try: locale.setlocale(locale.LC_ALL, 'C')
except locale.Error: pass
os.umask(0o777)
os.chdir('/')
print('changed')
",
        Prints("changed"),
    ),
    (
        "signals blocked and ignored",
        r"
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 64))
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
print('deaf')
",
        Prints("deaf"),
    ),
    (
        "standard streams encoded anew",
        "import sys\nsys.stdout.reconfigure(encoding='utf-16', newline='\\r\\n')\nprint('x')",
        Ends("finished"),
    ),
    (
        "exit handlers of others",
        "import atexit\natexit._clear()\natexit.register(lambda: 1 / 0)\nprint('x')",
        Shows("finished", "x\n"),
    ),
];

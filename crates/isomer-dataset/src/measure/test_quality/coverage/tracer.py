"""Runs a program and notes which of its lines it reaches, and where it goes from those that branch.

Put behind `_SETTING`, a text of JSON. The program runs in this process and could change everything
here: what comes out is its own word about itself.
"""


def _isomer_trace(setting):
    import _signal
    import atexit
    import os
    import sys
    import threading
    from opcode import opmap

    # What starts no statement has no ways of its own.
    inside = ("<lambda>", "<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>")
    waits = {opmap.get("YIELD_VALUE"), opmap.get("YIELD_FROM")}
    resumable = 0x20 | 0x80 | 0x200
    heads = frozenset(setting["heads"])
    lines, ways, codes = set(), set(), set()
    code = compile(setting["source"], "solution.py", "exec", dont_inherit=True)

    def gather(code):
        codes.add(id(code))
        for one in code.co_consts:
            if isinstance(one, type(code)):
                gather(one)

    gather(code)

    def follow(frame, event, argument):
        code = frame.f_code
        if id(code) not in codes:
            return None
        if frame.f_trace is not None:
            return frame.f_trace
        return visit if code.co_name in inside else stepper(code)

    def visit(frame, event, argument):
        lines.add(frame.f_lineno)
        return visit

    def stepper(code):
        last = 0
        can_wait = code.co_flags & resumable

        def step(frame, event, argument):
            nonlocal last
            if event == "line":
                line = frame.f_lineno
                lines.add(line)
                if last in heads:
                    ways.add((last, line))
                last = line
            elif event == "return":
                if last in heads and not (can_wait and code.co_code[frame.f_lasti] in waits):
                    ways.add((last, 0))
            elif event == "exception" and argument[0] is not StopIteration:
                last = 0
            return step

        return step

    def told():
        parts = (",".join(map(str, sorted(lines))), ",".join("%d>%d" % way for way in sorted(ways)))
        return "reached:%s;%s." % parts

    if "file" in setting:
        path = os.path.join(os.getcwd(), setting["file"])
        leave, opened, replace = os._exit, open, os.replace

        def save():
            sys.settrace(None)
            with opened(path + "~", "w") as file:
                file.write(told())
            replace(path + "~", path)

        def leave_at_once(status):
            save()
            leave(status)

        atexit.register(save)
        os._exit = leave_at_once

    def enough(number, frame):
        # The program goes on, and fast.
        sys.settrace(None)
        if "file" in setting:
            save()

    try:
        _signal.signal(_signal.SIGPROF, enough)
        _signal.setitimer(_signal.ITIMER_PROF, setting["milliseconds"] / 1000)
    except (OSError, ValueError):
        pass
    threading.settrace(follow)
    sys.settrace(follow)
    return code, told


def _isomer_run(setting):
    import sys
    function = setting["function"]
    name = "__main__" if function is None else "solution"
    module = type(sys)(name)
    module.__file__ = "solution.py"
    sys.modules["__main__"] = sys.modules[name] = module
    arguments = ()
    if function is not None:
        import json
        arguments = json.load(sys.stdin)
    code, _ = _isomer_trace(setting)
    exec(code, module.__dict__)
    if function is not None:
        called = module.__dict__.get(function)
        if called is None:
            called = getattr(module.__dict__["Solution"](), function)
        called(*arguments)


def _isomer_begin():
    import json
    setting = json.loads(_SETTING)
    if "file" in setting:
        _isomer_run(setting)
        return None
    return _isomer_trace(setting)


_isomer_begun = _isomer_begin()
if _isomer_begun is not None:
    # Names with a mark of ours are hidden from tests.
    what_isomer_reached = _isomer_begun[1]
    exec(_isomer_begun[0], globals())

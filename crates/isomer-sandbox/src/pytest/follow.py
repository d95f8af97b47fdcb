"""Does in the solution's process what tests do to modules in their own: patches and seeds."""

import sys
import types

from isomer_export import is_installed


def follow(side):
    """Makes `monkeypatch`, `unittest.mock.patch` and `seed` reach the solution."""
    from _pytest.monkeypatch import MonkeyPatch
    follow_monkeypatch(side, MonkeyPatch)
    from unittest import mock
    follow_mock(side, mock)
    follow_seed(side, "random")
    if "numpy" in sys.modules:
        follow_seed(side, "numpy.random")


def patched(side, owner, name):
    if type(owner) is types.ModuleType and is_installed(owner):
        side.ask("patch", None, owner.__name__, name, getattr(owner, name))


def restored(side, owner, name):
    if type(owner) is types.ModuleType and is_installed(owner) and not side.gone:
        side.ask("restore", None, owner.__name__, name)


def follow_monkeypatch(side, kind):
    put, undo = kind.setattr, kind.undo

    def setattr(self, *arguments, **named):
        __tracebackhide__ = True
        put(self, *arguments, **named)
        owner, name = self._setattr[-1][:2]
        patched(side, owner, name)

    def undo_all(self):
        changed = [entry[:2] for entry in self._setattr]
        undo(self)
        for owner, name in reversed(changed):
            restored(side, owner, name)

    kind.setattr, kind.undo = setattr, undo_all


def follow_mock(side, mock):
    enter, leave = mock._patch.__enter__, mock._patch.__exit__

    def __enter__(self):
        made = enter(self)
        patched(side, self.target, self.attribute)
        return made

    def __exit__(self, *reason):
        owner = self.target
        answer = leave(self, *reason)
        restored(side, owner, self.attribute)
        return answer

    mock._patch.__enter__, mock._patch.__exit__ = __enter__, __exit__


def follow_seed(side, name):
    module = sys.modules.get(name)
    if module is None:
        return
    seed = module.seed

    def seed_both(*arguments, **named):
        answer = seed(*arguments, **named)
        value = named.get("seed", named.get("a", arguments[0] if arguments else None))
        side.ask("seed", None, name, value)
        return answer

    module.seed = seed_both

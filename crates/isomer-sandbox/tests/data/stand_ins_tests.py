import pytest, copy, dataclasses, inspect, os, sys, io, random
from unittest import mock
import solution
from solution import *
from solution import Account, Savings, BankError, Insufficient, Color, P, Q, D, add, gen, fact


def test_add():
    assert add(1) == 3 and add(1, b=5) == 6


def test_kw_err():
    with pytest.raises(TypeError):
        add()


def test_sig():
    s = inspect.signature(add)
    assert (
        list(s.parameters) == ["a", "b"]
        and s.parameters["b"].default == 2
        and add.__doc__ == "Adds."
    )


def test_acc():
    a = Account(5)
    assert (
        a.deposit(5) == 10
        and a.n == 10
        and a.double == 20
        and len(a) == 1
        and list(a) == [5]
        and 5 in a
        and a[0] == 5
    )
    assert a == Account(10) and a != Account(1) and a != 10 and not a == 10
    assert isinstance(a, Account) and not isinstance(a, Savings) and isinstance(Savings(), Account)
    a.n = 3
    assert a.n == 3 and repr(a) == "Account(3)" and f"{a}" == "Account(3)"
    assert Account.rate == 0.5 and Account.rich().n == 10**6 and Account.helper(1) == 2
    assert (a + a).n == 6 and sorted([Account(2), Account(1)])[0].n == 1 and hash(a) == hash(3)
    with Account(4) as b:
        pass
    assert b.n == -1
    assert {Account(1): 2}[Account(1)] == 2
    assert hasattr(a, "deposit") and not hasattr(a, "zork") and a.log == [5]
    c = copy.deepcopy(a)
    c.n = 99
    assert a.n == 3
    assert a.__dict__["n"] == 3 and vars(a)["n"] == 3


def test_raises():
    with pytest.raises(ValueError, match="negative"):
        Account().deposit(-1)
    with pytest.raises(Insufficient) as e:
        Account().withdraw(5)
    assert (
        e.value.code == 3
        and str(e.value) == "need 5"
        and isinstance(e.value, BankError)
        and e.value.args == ("need 5",)
    )
    with pytest.raises(BankError):
        Account().withdraw(5)
    assert issubclass(Insufficient, BankError) and issubclass(BankError, Exception)


def test_chain():
    with pytest.raises(RuntimeError) as e:
        chain()
    assert isinstance(e.value.__cause__, KeyError)


def test_json():
    import json

    with pytest.raises(json.JSONDecodeError) as e:
        jsonerr()
    assert e.value.pos == 1


def test_mutate():
    l = [3, 1]
    d = {}
    r = mutate(l, d)
    assert r is l and l == [1, 3, d] and d["k"] is l


def test_cb():
    assert (
        apply(lambda x: x * 2, [1, 2]) == [2, 4]
        and apply(str.upper, ["a"]) == ["A"]
        and apply(int, ["1"]) == [1]
    )


def test_cb_exc():
    class My(ValueError):
        pass

    def bad():
        raise My("zz")

    assert raiser(bad) == "caught zz"

    def bad2():
        raise KeyError("q")

    with pytest.raises(KeyError):
        raiser(bad2)


def test_gen():
    assert list(gen(3)) == [0, 1, 2] and inspect.isgenerator(gen(1))
    g = echo()
    assert next(g) == 1 and g.send(4) == 8
    with pytest.raises(StopIteration):
        next(gen(0))


def test_nt():
    r = mk()
    assert (
        r == (1, 2) and r.x == 1 and isinstance(r, P) and r == P(1, 2) and r._replace(x=5) == (5, 2)
    )
    assert Q(1).total() == 6 and Q(1) == (1, 5)


def test_dc():
    d = D(1)
    assert (
        d == D(1, [])
        and dataclasses.asdict(d) == {"a": 1, "b": []}
        and dataclasses.is_dataclass(d)
        and [f.name for f in dataclasses.fields(D)] == ["a", "b"]
    )


def test_enum():
    assert (
        color(1) is Color.RED
        and color("b") == Color.BLUE
        and Color.RED.value == 1
        and Color.RED.low() == "red"
        and list(Color) == [Color.RED, Color.BLUE]
    )
    with pytest.raises(ValueError):
        color(9)


def test_out(capsys):
    say(1)
    o = capsys.readouterr()
    assert o.out == "hello 1\n" and o.err == "err\n"


def test_input(monkeypatch, capsys):
    it = iter(["4", "5"])
    monkeypatch.setattr("builtins.input", lambda *_: next(it))
    assert ask() == 9
    monkeypatch.setattr(sys, "stdin", io.StringIO("a\nb\n"))
    assert lines() == ["a", "b"]


def test_stdin(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n2\n"))
    assert ask() == 3


def test_patch_time(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 5.0)
    assert now() == 5.0


def test_patch_undone():
    assert now() > 1e9


def test_mock():
    with mock.patch("time.sleep") as s:
        assert sleepy() == 1
    s.assert_called_once_with(100)
    with mock.patch("solution.fetch", return_value=41) as m:
        assert use_fetch() == 42
    m.assert_called_once_with("x")
    with mock.patch.object(solution, "fetch", side_effect=KeyError("u")):
        with pytest.raises(KeyError):
            use_fetch()
    with pytest.raises(RuntimeError):
        use_fetch()
    with mock.patch("solution.time.sleep") as s:
        assert sleepy() == 1


def test_mp(monkeypatch):
    monkeypatch.setattr(solution, "fetch", lambda u: len(u))
    assert use_fetch() == 2


def test_mp_undone():
    with pytest.raises(RuntimeError):
        use_fetch()


def test_patch_method():
    with mock.patch.object(Account, "deposit", return_value=77):
        assert Account().deposit(1) == 77
    assert Account().deposit(1) == 1


def test_env(monkeypatch, tmp_path):
    monkeypatch.setenv("FOO", "bar")
    assert envv() == "bar"
    monkeypatch.chdir(tmp_path)
    assert cwd() == str(tmp_path)


def test_env2():
    assert envv() is None


def test_tmp(tmp_path):
    wr(tmp_path / "x")
    assert (tmp_path / "x").read_text() == "data"


def test_seed():
    random.seed(1)
    a = rnd()
    random.seed(1)
    assert a == rnd()


def test_async():
    import asyncio

    assert asyncio.run(co(1)) == 2 and inspect.iscoroutinefunction(co)


def test_warn():
    with pytest.warns(DeprecationWarning, match="old"):
        warn()


def test_log(caplog):
    log()
    assert "lg 5" in caplog.text


def test_global():
    assert solution.COUNT == 0 and bump() == 1 and solution.COUNT == 1
    solution.COUNT = 5
    assert bump() == 6
    assert solution.CONFIG["a"] == [1, 2]


def test_closure():
    assert adder(2)(3) == 5


def test_recursion():
    with pytest.raises(RecursionError):
        recurse(10**6)


def test_obj():
    class O:
        name = "ab"

        def get(self, x):
            return x + 1

    assert use_obj(O()) == "AB4"


@pytest.mark.parametrize("n,e", [(0, 1), (5, 120)])
def test_fact(n, e):
    assert fact(n) == e


def test_big():
    assert fact(3000) > 10**4300


def test_handle_not_plain():
    assert adder(1) != 1 and Account(1) != 1


def test_sub():
    with pytest.raises(TypeError):

        class S(Account):
            pass


class TestX:
    def setup_method(self):
        self.a = Account(1)

    def test_it(self):
        assert self.a.n == 1

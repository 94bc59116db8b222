"""How the atlas is made: small source trees, and the releases themselves (slow)."""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from keras_imports import atlas, cli
from keras_imports.atlas import build as builder
from keras_imports.atlas.build import archives, build, listed, store
from keras_imports.atlas.build.classes import read_class
from keras_imports.atlas.build.extract import Release, package_of, read_release
from keras_imports.atlas.build.interpret import Interpreter, Value
from keras_imports.atlas.build.runs import intervals
from keras_imports.flavours import FLAVOURS

PROBE = Path(__file__).parents[1] / "data" / "probe.py"


def modules(tf2=True, partial=False, **files):
    """The modules of a tree given as `a__b='source'` for a/b.py (`a` for a/__init__.py)."""
    packages = {name.rpartition("__")[0] for name in files}
    texts = {
        name.replace("__", "/") + ("/__init__.py" if name in packages else ".py"): text
        for name, text in files.items()
    }
    interpreter = Interpreter(texts, "p", tf2, partial)
    interpreter.run()
    return interpreter


def bound(interpreter, path):
    module, _, name = path.rpartition(".")
    return interpreter.modules[module].names.get(name)


CLASS = Value("class", "p.a:A")


def test_a_reexport_is_the_object_itself():
    tree = modules(p="from p.a import A as B\nfrom . import a\nC = a.A", p__a="class A: pass")
    assert bound(tree, "p.B") == bound(tree, "p.C") == CLASS


def test_a_star_import_copies_what_is_bound_by_then():
    tree = modules(p="from .a import *\nfrom .b import *", p__a="class A: pass\n_x = 1", p__b="")
    assert bound(tree, "p.A") == CLASS
    assert bound(tree, "p._x") is None


def test_a_star_import_obeys_all():
    tree = modules(p="from .a import *", p__a="__all__ = ['A']\nclass A: pass\nclass B: pass")
    assert bound(tree, "p.A") == CLASS
    assert bound(tree, "p.B") is None


def test_the_later_binding_wins():
    tree = modules(p="from .a import a\nfrom . import b", p__a="def a(): pass", p__b="")
    assert bound(tree, "p.a") == Value("function", "p.a:a")
    tree = modules(p="from .a import a\nimport p.b", p__a="def a(): pass", p__b="import p.a as x")
    assert bound(tree, "p.a") == Value("function", "p.a:a")


def test_a_submodule_is_an_attribute_only_if_something_imports_it():
    tree = modules(p="import p.a", p__a="", p__b="")
    assert bound(tree, "p.a") == Value("module", "p.a")
    assert bound(tree, "p.b") is None
    assert "p.b" in tree.modules


def test_a_folder_is_added_to_the_search_path():
    tree = modules(
        p="import os\n__path__.append(os.path.join(os.path.dirname(__file__), 'api'))",
        p__api="",
        p__api__a="class A: pass",
    )
    assert bound(tree, "p.a.A") == CLASS
    assert bound(tree, "p.api.a.A") == Value("class", "p.api.a:A")


@pytest.mark.parametrize(
    ("condition", "name"),
    [
        ("tf2.enabled()", "A"),
        ("not tf2.enabled()", "B"),
        ("backend() == 'tensorflow'", "A"),
        ("K.backend() == 'theano'", "B"),
        ("sys.version_info >= (3, 0)", "A"),
        ("sys.version_info[0] == 2", "B"),
        ("TYPE_CHECKING", "B"),
        ("os.environ.get('X', False)", "B"),
        ("unknown() or True", "A"),
        ("unknown() and False", "B"),
        ("unknown()", "A"),
    ],
)
def test_conditions(condition, name):
    source = f"class A: pass\nclass B: pass\nif {condition}:\n  C = A\nelse:\n  C = B"
    assert bound(modules(p=source), "p.C") == Value("class", f"p:{name}")


def test_a_missing_module_takes_the_fallback():
    source = "try:\n  from p.gone import A\nexcept ImportError:\n  from p.a import A"
    assert bound(modules(p=source, p__a="class A: pass"), "p.A") == CLASS


def test_a_module_that_cannot_be_imported_is_not_listed():
    tree = modules(p="", p__a="import p.gone", p__b="(")
    assert set(tree.modules) == {"p"}


def test_lazily_loaded_modules_and_names():
    tree = modules(
        p="a = LazyLoader('a', globals(), 'p.a')\n"
        "def __getattr__(name):\n  if name in ['A', 'B']:\n    return a.A\n",
        p__a="class A: pass",
    )
    assert bound(tree, "p.a") == Value("module", "p.a")
    assert bound(tree, "p.B") == CLASS


def test_names_that_are_filled_in_by_code():
    source = (
        "from . import a\ndef fill():\n  global L\n  L.ALL = {}\n  v = {}\n"
        "  populate_dict_with_module_objects(v, [a], obj_filter=None)\n"
        "  for key, value in v.items():\n    L.ALL[key] = value\n"
        "    L.ALL[to_snake_case(key)] = value\n  L.ALL['one'] = L.ALL['ones']\n"
        "fill()\nglobals().update(L.ALL)"
    )
    tree = modules(p=source, p__a="class Ones: pass\nclass HeNormal: pass")
    assert bound(tree, "p.one") == bound(tree, "p.Ones") == Value("class", "p.a:Ones")
    assert bound(tree, "p.he_normal") == Value("class", "p.a:HeNormal")


def test_a_wrapper_shows_its_own_name_unless_it_is_disguised():
    plain = "def d(f):\n  def w(*a): pass\n  return w\n"
    wrapped = "def d(f):\n  @wraps(f)\n  def w(*a): pass\n  return w\n"
    use = "@d\ndef g(x): pass"
    assert bound(modules(p=plain + use), "p.g") == Value("function", "p:d.<locals>.w")
    assert bound(modules(p=wrapped + use), "p.g") == Value("function", "p:g")


def test_an_export_call_returns_its_argument():
    tree = modules(p="class A: pass\nB = export('x')(A)")
    assert bound(tree, "p.B") == Value("class", "p:A")


def test_signatures_are_inherited_and_complete():
    tree = modules(
        p="class A:\n  def __init__(self, a, /, b=1, *c, d, e='x', **f): raise E\n"
        "class B(A): pass\nclass C: pass\nclass D(other.X): pass"
    )
    assert tree.signature("p:B") == ["a", "/", "b=1", "*c", "d", "e='x'", "**f"]
    assert tree.signature("p:C") == []
    assert tree.signature("p:D") is None
    assert tree.definitions["p:A"].raises


def test_what_a_partial_tree_lacks_is_taken_for_existing():
    tree = modules(partial=True, p="from p.gone import A")
    assert bound(tree, "p.A") == Value("external", "p.gone.A")


def test_intervals():
    assert intervals([3, 0, 1, 5]) == [0, 1, 3, 3, 5, 5]
    assert intervals([]) == []


# Archives


def test_an_archive_is_read_once_unless_what_is_kept_does_not_fit(tmp_path, monkeypatch):
    read = []
    monkeypatch.setattr(archives, "_address", lambda name, version: f"{name} {version}")
    monkeypatch.setattr(
        archives, "_members", lambda address, wanted: read.append(1) or [("a", "b")]
    )

    def sources(pattern):
        return archives.sources("keras", "1.0", re.compile(pattern), tmp_path)

    assert sources("a") == sources("a") == {"a": "b"}
    assert len(read) == 1
    sources("a|b")
    assert len(read) == 2
    for kept in tmp_path.iterdir():
        kept.write_bytes(b"damaged")
    assert sources("a") == {"a": "b"}
    assert len(read) == 3


def test_a_remote_file_is_read_by_ranges(monkeypatch):
    whole = bytes(range(256)) * 20
    asked = []

    def answer(url, method="GET", headers=None):
        if method == "HEAD":
            return b"", {"Content-Length": str(len(whole))}
        first, last = map(int, headers["Range"].removeprefix("bytes=").split("-"))
        asked.append((first, last))
        return whole[first : last + 1], {}

    monkeypatch.setattr(archives, "BLOCK", 1000)
    monkeypatch.setattr(archives, "_open", answer)
    file = archives.RangeFile("http://example/x.whl")
    file.seek(-100, 2)
    assert file.read() == whole[-100:]
    file.seek(1500)
    assert file.read(1000) == whole[1500:2000]
    assert file.read(1000) == whole[2000:3000]
    assert asked == [(5000, 5119), (1000, 1999), (2000, 2999)]
    monkeypatch.setattr(archives, "_open", lambda *_, **__: (whole, {"Content-Length": "5120"}))
    with pytest.raises(archives.ArchiveError, match="ranges"):
        archives.RangeFile("http://example/x.whl").read(1)


# A whole atlas of a made-up Keras


def small(*sources):
    """Releases 2.8, 2.9, … of a `keras` that has one class in `layers`."""
    found = []
    for number, source in enumerate(sources):
        tree = Interpreter(
            {
                "keras/__init__.py": "from keras import layers",
                "keras/layers/__init__.py": source,
                "keras/src/__init__.py": "",
                "keras/src/dense.py": "class Dense:\n  def __init__(self, units): pass",
            },
            "keras",
            True,
            False,
        )
        tree.run()
        bindings = {
            name: {leaf: code(value, name, leaf) for leaf, value in module.names.items()}
            for name, module in tree.modules.items()
        }
        signatures = {name: ("\n".join(tree.signature(name)), False) for name in tree.definitions}
        read = {name: read_class(tree, name) for name in tree.definitions}
        classes = {name: one for name, one in read.items() if one}
        found.append((f"2.{8 + number}.0", Release(bindings, {}, {}, signatures, {}, classes)))
    return {"keras": found}


def code(value, module, leaf):
    return f"{value.kind[0]}:{value.target}" if value.kind != "module" else "m"


def built(releases, tmp_path):
    build(releases, tmp_path / "built")
    return (tmp_path / "built").read_bytes()


WITH_DENSE = "from keras.src.dense import Dense"


def test_the_same_releases_give_the_same_bytes(tmp_path):
    first, second = (built(small(WITH_DENSE, WITH_DENSE), tmp_path) for _ in range(2))
    assert first == second


def test_what_is_read_back_gives_the_same_bytes(stored, tmp_path):
    whole = built(small("", WITH_DENSE, WITH_DENSE, ""), tmp_path)
    stored(whole)
    assert built(store.load(), tmp_path) == whole


@pytest.mark.parametrize("new", range(4))
def test_adding_a_release_gives_what_building_all_does(stored, tmp_path, monkeypatch, capsys, new):
    whole = small("", WITH_DENSE, WITH_DENSE + " as Thick", WITH_DENSE)
    version, release = whole["keras"][new]
    others = [item for item in whole["keras"] if item[0] != version]
    path = stored(built({"keras": others}, tmp_path))
    listed_in = tmp_path / "releases.yml"
    names = ", ".join(f'"{version}"' for version, _ in others)
    listed_in.write_text(f"# What is in the atlas.\nkeras: [{names}]\nkeras-core: []\n")
    monkeypatch.setattr(builder, "RELEASES", listed_in)
    monkeypatch.setattr(builder, "read_release", lambda *_: release)
    assert cli.main(["atlas", "add", f"Keras=={version}"]) == 0
    assert path.read_bytes() == built(whole, tmp_path)
    versions = ", ".join(f'"{version}"' for version, _ in whole["keras"])
    expected = f"# What is in the atlas.\nkeras: [{versions}]\nkeras-core: []\n"
    assert listed_in.read_text() == expected
    assert "4 releases" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("release", "reason"),
    [
        ("keras==2.3.1", "is in the atlas already"),
        ("keras", "is not DISTRIBUTION==VERSION"),
        ("torch==2.0", "'torch' is not in the atlas"),
    ],
)
def test_a_release_that_cannot_be_added(capsys, release, reason):
    assert cli.main(["atlas", "add", release]) == 2
    assert reason in capsys.readouterr().err


@pytest.mark.parametrize("distribution", ["keras", "tf-keras", "tensorflow"])
def test_only_the_list_of_its_distribution_changes(tmp_path, monkeypatch, distribution):
    text = builder.RELEASES.read_text("utf-8")
    newest = listed()[distribution][-1]
    monkeypatch.setattr(builder, "RELEASES", tmp_path / "releases.yml")
    head, name, tail = text.partition(f"\n{distribution}:")
    without = re.sub(rf',\s*"{newest}"\]', "]", tail, count=1)
    builder.RELEASES.write_text(head + name + without, "utf-8")
    builder.list_release(distribution, newest)
    assert builder.RELEASES.read_text("utf-8") == text


def test_what_came_and_left_between_releases(stored, tmp_path):
    stored(built(small("", WITH_DENSE, WITH_DENSE, ""), tmp_path))
    have = [
        bool(atlas.lookup(atlas.environment([f"keras==2.{minor}"]), "keras.layers.Dense"))
        for minor in range(8, 12)
    ]
    assert have == [False, True, True, False]
    (span,) = atlas.history("layers.Dense")["keras"]
    assert (span.first, span.last) == ("2.9.0", "2.10.0")
    assert [p.name for p in span.signature] == ["units"]


def test_the_listed_releases_are_those_in_the_atlas():
    for flavour in FLAVOURS.values():
        names = [name for name in (*flavour.distributions, flavour.nightly) if name in listed()]
        versions = {version for name in names for version in listed()[name]}
        assert set(atlas.releases(flavour.root)) == versions


# Real releases


@pytest.mark.slow
@pytest.mark.parametrize(
    ("distribution", "version"),
    [("keras", "2.2.4"), ("keras", "3.6.0"), ("tensorflow", "1.4.1"), ("tensorflow", "2.4.4"),
     ("tf-keras", "2.16.0")],
)  # fmt: skip
def test_reading_a_release_again_changes_nothing(distribution, version, tmp_path):
    fresh = read_release(distribution, version, tmp_path)
    assert dict(store.load()[package_of(distribution)])[version] == fresh


# The newest release of each flavour.
CURRENT = [
    f"{name}=={atlas.releases(flavour)[-1]}"
    for name, flavour in [
        ("keras", "keras"),
        ("tensorflow", "tensorflow.keras"),
        ("tf-keras", "tf_keras"),
    ]
]


@pytest.mark.slow
@pytest.mark.parametrize("legacy", [False, True])
def test_every_public_path_is_what_is_installed_and_no_other(installed, legacy):
    env = atlas.environment(CURRENT, legacy)
    roots = (
        ["tensorflow.keras", "tf_keras"] if legacy else ["keras", "tensorflow.keras", "tf_keras"]
    )
    paths = sorted(path for root in roots for path in atlas.api(env, root))
    entries = [atlas.lookup(env, path) for path in paths]
    rows = [[e.path, e.kind, e.object, e.importable, e.attribute] for e in entries]
    probe = subprocess.run(
        [installed, PROBE],
        input=json.dumps({"paths": rows, "roots": roots}),
        capture_output=True,
        text=True,
        check=True,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
            "TF_USE_LEGACY_KERAS": "1" if legacy else "0",
        },
    )
    found = json.loads(probe.stdout)
    assert found["wrong"] == []
    private = (".src.", ".src", ".api", ".protobuf")
    for root in roots:
        names = {n for n in found["public"][root] if not any(part in n for part in private)}
        assert {name for name in names if not atlas.lookup(env, name)} == set()
        assert names - set(paths) == set()

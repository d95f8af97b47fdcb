"""Asked by `isomer env`: what an interpreter is and which packages it has."""
import importlib, importlib.util, json, platform, sys

# Missing from 3.7 and older, whose version is still worth saying.
try:
    from importlib import metadata
except ImportError:
    metadata = None

question = json.loads(sys.argv[1])
versions, missing, broken = {}, [], {}
for name in question["distributions"]:
    try:
        versions[name] = metadata.version(name)
    except Exception:
        pass
for name in question["modules"]:
    try:
        if importlib.util.find_spec(name) is None:
            missing.append(name)
    except (ImportError, ValueError):
        missing.append(name)
for name in question["load"]:
    try:
        importlib.import_module(name)
    except BaseException as error:
        broken[name] = "%s: %s" % (type(error).__name__, (str(error).splitlines() or [""])[0])
print(json.dumps({
    "version": platform.python_version(),
    "short": sys.version_info[:2],
    "implementation": sys.implementation.name,
    "versions": versions,
    "missing": missing,
    "broken": broken,
}))

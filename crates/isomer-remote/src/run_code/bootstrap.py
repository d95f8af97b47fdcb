import os, resource, sys
here = os.path.abspath(FOLDER)
os.makedirs(here + "/work", exist_ok=True)
stack = resource.getrlimit(resource.RLIMIT_STACK)[1]
stack = 1 << 30 if stack < 0 else min(stack, 1 << 30)
resource.setrlimit(resource.RLIMIT_STACK, (stack, resource.getrlimit(resource.RLIMIT_STACK)[1]))
names = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
names.update(PYTHONHASHSEED=SEED, TMPDIR=here + "/work", TZ="UTC")
flags = ["-s", "-B", "-X", "utf8"] + ([] if PACKAGES else ["-S"])
os.execve(sys.executable, [sys.executable, *flags, here + "/harness.py"], names)

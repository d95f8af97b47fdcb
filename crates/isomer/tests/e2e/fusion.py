"""A server with SandboxFusion's `/run_code`, as far as a run needs it and without any isolation."""

import base64
import json
import os
import subprocess
import sys
import tempfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def run(request):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in request.get("files", {}).items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(base64.b64decode(content))
        source = os.path.join(folder, "tmp.py")
        with open(source, "w") as file:
            file.write(request["code"])
        done = subprocess.run([sys.executable, source], cwd=folder, capture_output=True, input=b"",
                              timeout=request["run_timeout"])
        files = {}
        for name in request.get("fetch_files", []):
            path = os.path.join(folder, name)
            if os.path.isfile(path):
                with open(path, "rb") as file:
                    files[name] = base64.b64encode(file.read()).decode()
    result = {"status": "Finished", "execution_time": 0.1, "return_code": done.returncode,
              "stdout": done.stdout.decode(), "stderr": done.stderr.decode()}
    return {"status": "Failed" if done.returncode else "Success", "message": "", "compile_result": None,
            "run_result": result, "executor_pod_name": None, "files": files}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, body):
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        self.answer(404, {"detail": "Not Found"})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(200, run(json.loads(body)))

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print("serving on http://127.0.0.1:%d" % server.server_port, file=sys.stderr, flush=True)
server.serve_forever()

//! A real browser, driven over the two pipes of its debugging protocol.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome"];
const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
];
/// No answer takes longer, even on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(60);

/// A browser with one page.
pub(crate) struct Browser {
    child: Child,
    commands: ChildStdin,
    messages: Receiver<Value>,
    session: Option<String>,
    last: u64,
    /// Errors, warnings and refusals that the page caused.
    pub(crate) complaints: Vec<Value>,
    _profile: TempDir,
}

/// Starts a browser; `None`, and a word about it, where there is none, unless there must
/// be one.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
pub(crate) fn start() -> Option<Browser> {
    let found = NAMES.iter().find(|name| {
        let mut asked = Command::new(name);
        asked.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
        asked.status().is_ok_and(|status| status.success())
    });
    if found.is_none() {
        let wanted = option_env!("ISOMER_BROWSER_TESTS") == Some("required");
        assert!(!wanted, "no Chromium: install the package `chromium`");
        eprintln!("skipped: there is no Chromium; install the package `chromium`");
    }
    found.map(|name| Browser::launch(name))
}

impl Browser {
    fn launch(name: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        // The protocol wants descriptors 3 and 4, which a shell can give without unsafe code.
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null 2>/dev/null", "sh", name])
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut answers = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            let mut message = Vec::new();
            while answers.read_until(0, &mut message).is_ok_and(|count| count > 0) {
                message.pop();
                if sender.send(serde_json::from_slice(&message).unwrap()).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let commands = child.stdin.take().unwrap();
        let complaints = Vec::new();
        let mut browser = Self {
            child,
            commands,
            messages,
            session: None,
            last: 0,
            complaints,
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", &json!({"url": "about:blank"}));
        let attach = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.call("Target.attachToTarget", &attach);
        browser.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.call(&format!("{domain}.enable"), &json!({}));
        }
        browser
    }

    /// Sends a command and waits for its answer; what the page says meanwhile is kept.
    pub(crate) fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.last += 1;
        let mut command = json!({"id": self.last, "method": method, "params": parameters});
        if let Some(session) = &self.session {
            command["sessionId"] = json!(session);
        }
        let mut bytes = serde_json::to_vec(&command).unwrap();
        bytes.push(0);
        self.commands.write_all(&bytes).unwrap();
        loop {
            let message = self.messages.recv_timeout(PATIENCE).unwrap();
            if message["id"] == json!(self.last) {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
            self.hear(message);
        }
    }

    fn hear(&mut self, message: Value) {
        let method = message["method"].as_str().unwrap_or_default();
        let url = message["params"]["request"]["url"].as_str().unwrap_or("file:");
        let bad = match method {
            "Runtime.exceptionThrown" | "Log.entryAdded" | "Runtime.consoleAPICalled" => true,
            // The file itself, and nothing else, may be asked for.
            "Network.requestWillBeSent" => !url.starts_with("file:") && !url.starts_with("about:"),
            _ => false,
        };
        if bad {
            self.complaints.push(message);
        }
    }

    /// The value of an expression, awaited.
    pub(crate) fn value(&mut self, expression: &str) -> Value {
        let parameters =
            json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", &parameters);
        assert!(answer["exceptionDetails"].is_null(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Waits until an expression is true.
    pub(crate) fn wait_for(&mut self, expression: &str) {
        let start = Instant::now();
        while self.value(&format!("Boolean({expression})")) != json!(true) {
            let heard = &self.complaints;
            assert!(start.elapsed() < PATIENCE, "never came: {expression}; heard {heard:?}");
            std::thread::sleep(Duration::from_millis(30));
        }
    }

    /// Sets the size of the window, in CSS pixels.
    pub(crate) fn resize(&mut self, width: u32, height: u32) {
        let mobile = width < 600;
        let size =
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.call("Emulation.setDeviceMetricsOverride", &size);
    }

    /// Opens a report and waits until it is drawn.
    pub(crate) fn open(&mut self, file: &Path) {
        self.call("Page.navigate", &json!({"url": format!("file://{}", file.display())}));
        self.wait_for("document.body?.dataset.ready === 'true'");
    }

    /// Goes to a place of the report, and waits for the next picture.
    pub(crate) fn go(&mut self, address: &str) {
        self.value(&format!(
            "location.hash = {address:?}; new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        ));
    }

    /// Presses a key.
    pub(crate) fn press(&mut self, key: &str) {
        let text = if key.chars().count() == 1 { key } else { "" };
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "code": key, "text": text});
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Clicks at a place of the window.
    pub(crate) fn click(&mut self, x: f64, y: f64) {
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1});
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// Pixels by which the page is wider than the window.
    pub(crate) fn overflow(&mut self) -> i64 {
        let wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth";
        self.value(wider).as_i64().unwrap()
    }

    /// A picture of the window, as a PNG file.
    pub(crate) fn picture(&mut self, file: &Path) {
        use base64::Engine as _;
        let answer = self.call("Page.captureScreenshot", &json!({"format": "png"}));
        let data = answer["data"].as_str().unwrap();
        let bytes = base64::engine::general_purpose::STANDARD.decode(data).unwrap();
        std::fs::write(file, bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

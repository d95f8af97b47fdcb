//! The server: one thread of its own, loopback only, gone when dropped.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::dice::Dice;
use super::family::Task;
use super::journal::{Asked, Ending, Journal, Stats};
use super::profile::{Fault, Profile};
use super::recognise::{Kind, wants_pytest};
use super::replies;
use super::wire::{self, Answer, Question};

/// A running mock endpoint. Dropping it closes every connection and ends its thread.
#[derive(Debug)]
pub struct Mock {
    address: SocketAddr,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Shared {
    profile: Profile,
    dice: Dice,
    journal: Journal,
}

impl Mock {
    /// Starts a mock on a free port of the loopback interface.
    pub fn start(profile: Profile) -> std::io::Result<Self> {
        Self::start_at(profile, 0)
    }

    /// Starts a mock on a port of the loopback interface; 0 takes a free one.
    pub fn start_at(profile: Profile, port: u16) -> std::io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", port))?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let dice = Dice::new(profile.seed);
        let shared = Arc::new(Shared { profile, dice, journal: Journal::new() });
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let router = router(Arc::clone(&shared));
        let thread = std::thread::Builder::new().name("mock".to_owned()).spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                let serving = axum::serve(listener, router);
                tokio::select! {
                    _ = serving => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { address, shared, stop: Some(stop), thread: Some(thread) })
    }

    /// What to give to `--base-url`.
    pub fn base_url(&self) -> String {
        format!("http://{}/v1", self.address)
    }

    /// Counters since the start.
    pub fn stats(&self) -> Stats {
        self.shared.journal.stats()
    }

    /// Every request since the start, in order of arrival.
    pub fn asked(&self) -> Vec<Asked> {
        self.shared.journal.asked()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in the server's thread has been reported there.
            let _ = thread.join();
        }
    }
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/v1/chat/completions", post(complete))
        .route("/v1/models", get(models))
        .route("/stats", get(stats))
        .route("/log", get(log))
        .with_state(shared)
}

async fn models(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if !shared.admits(&headers) {
        return wire::error(StatusCode::UNAUTHORIZED, "the key is not accepted");
    }
    axum::response::IntoResponse::into_response(axum::Json(
        json!({"object": "list", "data": [{"id": "mock", "object": "model", "owned_by": "mock"}]}),
    ))
}

async fn stats(State(shared): State<Arc<Shared>>) -> axum::Json<Stats> {
    axum::Json(shared.journal.stats())
}

async fn log(State(shared): State<Arc<Shared>>) -> axum::Json<Value> {
    axum::Json(json!(shared.journal.asked()))
}

/// Tells the journal that a request left, also when the client goes away and the handler is
/// dropped.
struct InFlight<'a>(&'a Journal);

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.leave();
    }
}

async fn complete(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    let mut name = blake3::hash(&body).to_hex().to_string();
    name.truncate(16);
    let question = match serde_json::from_slice::<Question>(&body) {
        Ok(question) => question,
        Err(error) => return wire::error(StatusCode::BAD_REQUEST, &error.to_string()),
    };
    let prompt = question.prompt();
    let kind = Kind::of(&prompt);
    let (number, before) = shared.journal.open(&name, kind);
    let _in_flight = InFlight(&shared.journal);
    if !shared.admits(&headers) {
        shared.journal.close(number, Ending::Unauthorized, None, Duration::ZERO);
        return wire::error(StatusCode::UNAUTHORIZED, "the key is not accepted");
    }
    let before = before.to_string();
    let words = [name.as_str(), before.as_str()];
    let latency = shared.profile.latency.draw(shared.dice, &words);
    if !latency.is_zero() {
        tokio::time::sleep(latency).await;
    }
    let fault = shared.profile.faults.draw(shared.dice, false, &words);
    if fault == Some(Fault::Hang) {
        tokio::time::sleep(Duration::from_secs(3600)).await;
    }
    let asked = Asking { kind, prompt: &prompt, request: &question.request(), words };
    let answer = shared.answer(&name, &asked, fault);
    match fault {
        None => shared.journal.close(number, Ending::Answered, None, latency),
        Some(fault) => {
            shared.journal.close(number, Ending::Faulty, Some(fault.as_str()), latency);
        }
    }
    match fault {
        Some(fault) if !changes_text(fault) => wire::send_fault(&question, &answer, fault),
        _ => wire::send(&question, &answer),
    }
}

/// Faults that are sent as a normal answer with another text.
const fn changes_text(fault: Fault) -> bool {
    use Fault::{EmptyContent, Mangled, NullContent, Refusal, Truncated};
    matches!(fault, EmptyContent | Mangled | NullContent | Refusal | Truncated)
}

/// A question as the answers see it.
struct Asking<'a> {
    kind: Kind,
    /// All of it.
    prompt: &'a str,
    /// Without the constant part.
    request: &'a str,
    /// Its name, and how often it came before.
    words: [&'a str; 2],
}

impl Shared {
    fn admits(&self, headers: &HeaderMap) -> bool {
        let Some(key) = &self.profile.key else { return true };
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        given.and_then(|value| value.strip_prefix("Bearer ")) == Some(key.as_str())
    }

    fn answer(&self, name: &str, asked: &Asking<'_>, fault: Option<Fault>) -> Answer {
        let right = format!(
            "Thinking about request {name}.\n\n{}",
            self.text(asked).unwrap_or_else(|| "I do not know that question.".to_owned())
        );
        let mut finish = "stop";
        let text = match fault {
            Some(Fault::NullContent) => None,
            Some(Fault::EmptyContent) => Some(String::new()),
            Some(Fault::Refusal) => Some("I'm sorry, but I can't help with that.".to_owned()),
            Some(Fault::Truncated) => {
                finish = "length";
                // All mock answers are ASCII, so that any byte is a boundary.
                Some(right[..right.len() / 2].to_owned())
            }
            Some(Fault::Mangled) => Some(mangled(&right)),
            _ => Some(right),
        };
        Answer { name: name.to_owned(), text, finish, prompt_length: asked.prompt.len() }
    }

    fn text(&self, asked: &Asking<'_>) -> Option<String> {
        let Asking { kind, prompt, request, words } = *asked;
        let profile = &self.profile;
        let task = || Task::find(prompt);
        match kind {
            Kind::Elements => Some(replies::elements(self.dice, prompt)),
            Kind::Design => {
                let short = self.dice.share(&["short", prompt]) < profile.short_designs;
                Some(replies::design(self.dice, request, wants_pytest(prompt), short))
            }
            Kind::Solve => task().map(|task| {
                let fault = profile.faults.draw(self.dice, true, &[&task.name]);
                replies::solve(self.dice, &task, wants_pytest(prompt), fault)
            }),
            Kind::NearMiss => {
                task().map(|task| replies::near_misses(self.dice, &task, profile.survivors))
            }
            Kind::Harden => task().map(|task| replies::harden(self.dice, &task, prompt)),
            Kind::Proposals => Some(replies::proposals(profile.proposals, prompt)),
            Kind::Target => task().map(|task| replies::sample(self.dice, &task, &words)),
            Kind::Unknown => None,
        }
    }
}

/// The answer without its last end tag, with chatter on both sides.
fn mangled(right: &str) -> String {
    let end = right.rfind("</").unwrap_or(right.len());
    format!("Sure! Here is what you asked for:\n\n{}\n\nLet me know if it helps!", &right[..end])
}

#[cfg(test)]
mod tests {
    use super::mangled;

    #[test]
    fn mangled_answers_lose_their_last_end_tag() {
        let text = mangled("<a>\n1\n</a>\n<b>\n2\n</b>");
        assert!(text.contains("</a>"));
        assert!(!text.contains("</b>"));
    }
}

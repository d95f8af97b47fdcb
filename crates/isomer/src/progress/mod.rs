//! What a run says on standard error while it works.

mod bar;
mod board;
mod lines;
mod screen;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use isomer_flow::runner::StopLevel;
use isomer_model::Client;
use isomer_record::Event;
use isomer_store::{Reader, StoreError};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use crate::commands::Setting;
use crate::output::Paint;
pub(crate) use bar::bar;
use board::Board;
use screen::Screen;

/// Redraws of a terminal.
const FRAME: Duration = Duration::from_millis(200);
/// Lines for whoever reads a log.
const LINE: Duration = Duration::from_secs(30);
/// Warnings that are shown; a large file may be wrong in every row.
const WARNINGS: u64 = 10;

/// Watches the events of a run until their end.
pub(crate) struct Progress {
    task: JoinHandle<()>,
    speaker: Speaker,
}

impl Progress {
    /// Begins with what earlier starts of the run did.
    pub(crate) fn start(
        events: UnboundedReceiver<Event>,
        reader: &Reader,
        client: Option<Arc<Client>>,
        samples: u32,
        replayed: bool,
        setting: Setting<'_>,
    ) -> Result<Self, StoreError> {
        let board = Board::begin(reader, samples, replayed)?;
        let screen = if setting.loudness.quiet {
            Screen::Silent
        } else if setting.environment.interactive {
            Screen::terminal()
        } else {
            Screen::Log
        };
        let speaker = Speaker { board: Arc::new(Mutex::new(board)), screen, paint: setting.paint };
        let task = tokio::spawn(watch(events, speaker.clone(), client));
        Ok(Self { task, speaker })
    }

    /// Whoever has something to say in between.
    pub(crate) fn speaker(&self) -> Speaker {
        self.speaker.clone()
    }

    /// Waits for the last event and takes the lines off the screen.
    pub(crate) async fn end(self) {
        // The watcher ends when the flow has dropped its sender; it cannot fail.
        let _ = self.task.await;
        self.speaker.screen.clear();
    }
}

async fn watch(
    mut events: UnboundedReceiver<Event>,
    speaker: Speaker,
    client: Option<Arc<Client>>,
) {
    let mut ticks = tokio::time::interval(match speaker.screen {
        Screen::Terminal(_) => FRAME,
        Screen::Log | Screen::Silent => LINE,
    });
    ticks.tick().await;
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) => speaker.take(&event),
                None => break,
            },
            _ = ticks.tick() => speaker.draw(client.as_deref()),
        }
    }
    if matches!(speaker.screen, Screen::Log) {
        speaker.draw(client.as_deref());
    }
}

/// Says things without tearing the progress lines apart.
#[derive(Clone)]
pub(crate) struct Speaker {
    board: Arc<Mutex<Board>>,
    screen: Screen,
    paint: Paint,
}

impl Speaker {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something a user should know that stops nothing.
    pub(crate) fn warn(&self, message: &str) {
        if matches!(self.screen, Screen::Silent) {
            return;
        }
        self.screen.say(&format!("{} {message}", self.paint.warn("warning:")));
    }

    /// A request to stop was heard.
    pub(crate) fn stopping(&self, level: StopLevel) {
        let in_flight = self.board().in_flight();
        match level {
            StopLevel::Run => {}
            StopLevel::Drain => self.screen.say(&format!(
                "Stopping: {in_flight} items in flight finish first. Ctrl-C again stops at once."
            )),
            StopLevel::Now => {
                self.screen.say(&format!("Stopping at once; {in_flight} items are given back."));
            }
        }
    }

    fn take(&self, event: &Event) {
        match event {
            Event::Warning { message } if self.board().warnings < WARNINGS => self.warn(message),
            Event::SeedsRead { skipped, .. } if *skipped > WARNINGS => {
                self.warn(&format!("{skipped} seed rows are skipped, the first of them as above"));
            }
            Event::Failed { stage, error, boundary, .. } => {
                let first = self.board().first_failure(*boundary);
                if first {
                    self.warn(&format!(
                        "an item could not be judged at {} ({}): {error}",
                        stage.as_str(),
                        boundary.as_str()
                    ));
                }
            }
            _ => {}
        }
        tracing::debug!(?event);
        self.board().add(event);
    }

    fn draw(&self, client: Option<&Client>) {
        let stats = client.map(Client::stats);
        let board = self.board();
        match &self.screen {
            Screen::Silent => {}
            Screen::Log => self.screen.say(&lines::one_line(&board, stats.as_ref())),
            Screen::Terminal(terminal) => {
                terminal.show(&lines::all_lines(&board, stats.as_ref(), self.paint));
            }
        }
    }
}

//! The target's answers, each of them paid for once.
//!
//! An answer that was cut at the limit of tokens or refused is a result here, and asking again would
//! only cost again. So the ledger gives those back, too: without text, with the reason they ended.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use isomer_flow::runner::StoreLedger;
use isomer_model::{Finish, Ledger, LedgerEntry, LedgerError, Reply, Source, Usage};
use isomer_store::{Spent, Store, StoreError};

use crate::failure::Failure;

/// Status of answers that end a sample although they are of no use, and how they ended.
const FINAL: [(&str, Finish); 2] =
    [("truncated", Finish::Length), ("refused", Finish::ContentFilter)];

/// What a target has answered.
pub(super) struct TargetLedger {
    store: Store,
    inner: StoreLedger,
    /// By key of the call, the place in [`FINAL`].
    ended: Mutex<HashMap<String, usize>>,
}

impl TargetLedger {
    /// Opens the ledger of one model in the folder of results.
    pub(super) async fn open(folder: &Path, model: &str) -> Result<Self, Failure> {
        let path = path(folder, model);
        let store = Store::create_or_open(&path).map_err(|error| failed(&error))?;
        let mut ended = HashMap::new();
        for (place, (status, _)) in FINAL.iter().enumerate() {
            let keys = store.call_keys(status).await.map_err(|error| failed(&error))?;
            ended.extend(keys.into_iter().map(|key| (key, place)));
        }
        Ok(Self { inner: StoreLedger::new(store.clone()), store, ended: Mutex::new(ended) })
    }

    /// What was spent, over all starts.
    pub(super) async fn spent(&self) -> Result<Spent, Failure> {
        self.store.spent().await.map_err(|error| failed(&error))
    }
}

/// Models of any name have a folder of their own.
fn path(folder: &Path, model: &str) -> PathBuf {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter } else { '-' };
    let name: String = model.chars().map(plain).take(40).collect();
    let digest = blake3::hash(model.as_bytes()).to_hex();
    folder.join("targets").join(format!("{name}-{}", &digest[..8]))
}

#[async_trait]
impl Ledger for TargetLedger {
    async fn find(&self, key: &str) -> Result<Option<Reply>, LedgerError> {
        if let Some(reply) = self.inner.find(key).await? {
            return Ok(Some(reply));
        }
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(ended.get(key).map(|place| Reply {
            text: String::new(),
            reasoning: None,
            finish: FINAL[*place].1.clone(),
            usage: Usage::default(),
            model: String::new(),
            cost_usd: None,
            elapsed_ms: 0,
            source: Source::Ledger,
        }))
    }

    async fn record(&self, entry: LedgerEntry) -> Result<(), LedgerError> {
        let place = FINAL.iter().position(|(status, _)| *status == entry.status);
        let key = entry.key.clone();
        self.inner.record(entry).await?;
        if let Some(place) = place {
            self.ended.lock().unwrap_or_else(PoisonError::into_inner).insert(key, place);
        }
        Ok(())
    }
}

fn failed(error: &StoreError) -> Failure {
    let failure = Failure::because("failed to open the ledger of the target's answers", error);
    match error {
        StoreError::Locked { .. } => {
            failure.help("another `isomer measure` asks the same model; wait for it")
        }
        _ => failure,
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use isomer_model::{Finish, Ledger as _, LedgerEntry, Purpose, Usage};
    use serde_json::json;

    use super::{TargetLedger, path};

    fn entry(key: &str, status: &str) -> LedgerEntry {
        LedgerEntry {
            key: key.to_owned(),
            purpose: Purpose::default(),
            role: "target".to_owned(),
            model: "m".to_owned(),
            attempt: 1,
            status: status.to_owned(),
            request: json!({}),
            reply: None,
            usage: Usage { completion_tokens: 7, ..Usage::default() },
            cost_usd: Some(0.5),
            elapsed_ms: 1,
        }
    }

    /// Programs that other tests start hold this process's locks until they are somebody else.
    async fn opened(folder: &Path) -> TargetLedger {
        for _ in 0..200 {
            if let Ok(ledger) = TargetLedger::open(folder, "a/b:c").await {
                return ledger;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        TargetLedger::open(folder, "a/b:c").await.unwrap()
    }

    #[tokio::test]
    async fn an_answer_that_was_cut_is_not_asked_for_again() {
        let folder = tempfile::tempdir().unwrap();
        for start in 0..2 {
            let ledger = opened(folder.path()).await;
            if start == 0 {
                ledger.record(entry("cut", "truncated")).await.unwrap();
                ledger.record(entry("slow", "timeout")).await.unwrap();
            }
            let reply = ledger.find("cut").await.unwrap().unwrap();
            assert_eq!((reply.finish, reply.text.as_str()), (Finish::Length, ""));
            assert!(ledger.find("slow").await.unwrap().is_none());
            assert_eq!(ledger.spent().await.unwrap().calls, 2);
        }
    }

    #[test]
    fn models_have_folders_of_their_own() {
        let of = |model| path(Path::new("f"), model);
        assert_ne!(of("a/b"), of("a:b"));
        assert!(of("a/b").to_string_lossy().starts_with("f/targets/a-b-"));
    }
}

//! The client: all layers put together.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use async_trait::async_trait;

use crate::budget::{Budget, Budgeted};
use crate::endpoint::{Call, Endpoint, normalise, shown};
use crate::error::ModelError;
use crate::failure::Layer;
use crate::http::Http;
use crate::lane::Lane;
use crate::ledger::{Journaled, Ledger, Remembered};
use crate::limit::Limited;
use crate::message::Request;
use crate::reply::Reply;
use crate::retry::Retried;
use crate::settings::{ClientSettings, EndpointSettings};
use crate::stats::{Counters, Stats};

/// Something that answers requests.
#[async_trait]
pub trait Model: Send + Sync {
    /// Asks and waits for the reply. Dropping the future calls the question off.
    async fn ask(&self, request: Request) -> Result<Reply, ModelError>;
}

type Layers = Remembered<Retried<Budgeted<Journaled<Limited<Http>>>>>;

/// A [`Model`] behind OpenAI-compatible endpoints; made by [`connect`].
pub struct Client {
    layers: Layers,
    default_endpoint: Arc<Endpoint>,
    endpoints: BTreeMap<String, Arc<Endpoint>>,
    lanes: Vec<Arc<Lane>>,
    budget: Arc<Budget>,
    counters: Arc<Counters>,
}

/// Puts the layers together. No call is made yet.
///
/// # Errors
/// [`ModelError::InvalidSettings`] for what cannot work: no HTTP address, no model, or a budget in
/// US dollars for a model of unknown price.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the client is made of them; nobody needs them after"
)]
pub fn connect(
    settings: ClientSettings,
    ledger: Arc<dyn Ledger>,
) -> Result<Arc<Client>, ModelError> {
    settings.check()?;
    let mut lanes = BTreeMap::new();
    let default_endpoint = endpoint(&settings.default_endpoint, &settings, &mut lanes)?;
    let mut endpoints = BTreeMap::new();
    for (role, own) in &settings.endpoints {
        endpoints.insert(role.clone(), endpoint(own, &settings, &mut lanes)?);
    }
    let counters = Arc::new(Counters::default());
    let budget = Arc::new(Budget::new(&settings.budget));
    // From the outside in. What the ledger has costs nothing; every attempt asks the purse; what it
    // brought is written down before it is judged; an attempt waits for its place, not a call.
    let layers = Remembered {
        ledger: Arc::clone(&ledger),
        counters: Arc::clone(&counters),
        inner: Retried {
            settings: settings.retry,
            counters: Arc::clone(&counters),
            inner: Budgeted {
                budget: Arc::clone(&budget),
                assumed_answer_tokens: settings.assumed_answer_tokens,
                inner: Journaled {
                    ledger,
                    counters: Arc::clone(&counters),
                    inner: Limited { inner: Http::new(&settings)? },
                },
            },
        },
    };
    let lanes = lanes.into_values().collect();
    Ok(Arc::new(Client { layers, default_endpoint, endpoints, lanes, budget, counters }))
}

/// An endpoint with its lane; those of the same address and model share one.
fn endpoint(
    own: &EndpointSettings,
    settings: &ClientSettings,
    lanes: &mut BTreeMap<(String, String), Arc<Lane>>,
) -> Result<Arc<Endpoint>, ModelError> {
    let base_url = shown(&normalise(&own.base_url)?);
    let lane = lanes
        .entry((base_url.clone(), own.model.clone()))
        .or_insert_with(|| Arc::new(Lane::new(base_url, settings)));
    Ok(Arc::new(Endpoint::new(own, Arc::clone(lane))?))
}

impl Client {
    /// Live figures.
    pub fn stats(&self) -> Stats {
        let mut stats = self.counters.stats();
        for view in self.lanes.iter().map(|lane| lane.view()) {
            stats.in_flight += view.in_flight;
            stats.concurrency_limit += view.limit;
            stats.waiting += view.waiting;
            stats.paused_for = stats.paused_for.max(view.paused_for);
        }
        (stats.total_usd, stats.total_tokens) = self.budget.spent();
        stats
    }

    /// Whether the ledger has the answer, so that asking costs nothing.
    ///
    /// # Errors
    /// [`ModelError::Ledger`] if it cannot be read.
    pub async fn remembers(&self, request: &Request) -> Result<bool, ModelError> {
        let endpoint = self.endpoint(&request.role);
        let key = request.cache_key(&endpoint.base_url, &endpoint.model);
        let found = self.layers.ledger.find(&key).await;
        found.map(|reply| reply.is_some()).map_err(|error| ModelError::Ledger { message: error.0 })
    }

    /// Base URL and model that a role's calls go to.
    pub fn destination(&self, role: &str) -> (&str, &str) {
        let endpoint = self.endpoint(role);
        (&endpoint.base_url, &endpoint.model)
    }

    fn endpoint(&self, role: &str) -> &Arc<Endpoint> {
        self.endpoints.get(role).unwrap_or(&self.default_endpoint)
    }
}

#[async_trait]
impl Model for Client {
    async fn ask(&self, request: Request) -> Result<Reply, ModelError> {
        let endpoint = Arc::clone(self.endpoint(&request.role));
        let key = request.cache_key(&endpoint.base_url, &endpoint.model);
        let call = Call { request, endpoint, key };
        self.counters.calls.fetch_add(1, Ordering::Relaxed);
        self.layers.call(&call, 1).await.map_err(|failure| {
            self.counters.failed.fetch_add(1, Ordering::Relaxed);
            failure.error
        })
    }
}

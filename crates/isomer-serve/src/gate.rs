//! A bounded queue before the slots: whoever finds it full is told so at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Longest wait that a full queue asks for, in seconds.
const LONGEST_RETRY_SECONDS: u64 = 30;

/// Lets `jobs` requests work at once and `queue` more wait.
pub(crate) struct Gate {
    places: Arc<Semaphore>,
    slots: Arc<Semaphore>,
    capacity: usize,
    jobs: usize,
    /// Mean time in a slot, in ms, over about the last 16 requests.
    mean_ms: AtomicU64,
    /// Requests that wait.
    pub(crate) waiting: Gauge,
    /// Requests in a slot.
    pub(crate) busy: Gauge,
}

/// A place in the queue, given back when dropped.
pub(crate) struct Place {
    gate: Arc<Gate>,
    permit: OwnedSemaphorePermit,
    waiting: Counted,
}

/// The right to work, given back when dropped.
pub(crate) struct Slot {
    gate: Arc<Gate>,
    since: Instant,
    _busy: Counted,
    _place: OwnedSemaphorePermit,
    /// Always there: nobody closes the semaphore.
    _permit: Option<OwnedSemaphorePermit>,
}

/// One more in a gauge for as long as it lives.
struct Counted(Gauge);

impl Counted {
    fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// No place is left; the seconds after which one is likely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Full(pub(crate) u64);

impl Gate {
    /// A gate with everything free.
    pub(crate) fn new(jobs: usize, queue: usize) -> Self {
        let capacity = jobs + queue;
        Self {
            places: Arc::new(Semaphore::new(capacity)),
            slots: Arc::new(Semaphore::new(jobs)),
            capacity,
            jobs,
            mean_ms: AtomicU64::new(0),
            waiting: Gauge::default(),
            busy: Gauge::default(),
        }
    }

    /// Takes a place, if one is free.
    pub(crate) fn enter(self: &Arc<Self>) -> Result<Place, Full> {
        match Arc::clone(&self.places).try_acquire_owned() {
            Ok(permit) => {
                let waiting = Counted::new(&self.waiting);
                Ok(Place { gate: Arc::clone(self), permit, waiting })
            }
            Err(_) => Err(Full(self.retry_seconds())),
        }
    }

    fn retry_seconds(&self) -> u64 {
        let queued = (self.capacity - self.jobs) as u64;
        let rounds_ms = self.mean_ms.load(Ordering::Relaxed) * queued / self.jobs as u64;
        rounds_ms.div_ceil(1000).clamp(1, LONGEST_RETRY_SECONDS)
    }

    fn worked_for(&self, ms: u64) {
        let mean = self.mean_ms.load(Ordering::Relaxed);
        let next = if mean == 0 { ms } else { (mean * 15 + ms) / 16 };
        // Two at once may lose one of the figures; a mean of many survives that.
        self.mean_ms.store(next, Ordering::Relaxed);
    }
}

impl Place {
    /// Waits for a slot, first come first served.
    pub(crate) async fn slot(self) -> Slot {
        let Self { gate, permit, waiting } = self;
        let slot = Arc::clone(&gate.slots).acquire_owned().await.ok();
        drop(waiting);
        let busy = Counted::new(&gate.busy);
        Slot { gate, since: Instant::now(), _busy: busy, _place: permit, _permit: slot }
    }
}

impl Slot {
    /// Seconds since the work began.
    pub(crate) fn seconds(&self) -> f64 {
        self.since.elapsed().as_secs_f64()
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let ms = self.since.elapsed().as_millis();
        self.gate.worked_for(u64::try_from(ms).unwrap_or(u64::MAX));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::FutureExt as _;

    use super::{Full, Gate};

    #[tokio::test]
    async fn places_come_back_in_every_way_of_leaving() {
        let gate = Arc::new(Gate::new(1, 1));
        let slot = gate.enter().unwrap().slot().await;
        let waiting = gate.enter().unwrap();
        assert_eq!((gate.busy.get(), gate.waiting.get()), (1, 1));
        assert!(matches!(gate.enter(), Err(Full(1))));
        // Gives up while it waits.
        assert!(waiting.slot().now_or_never().is_none());
        assert_eq!(gate.waiting.get(), 0);
        let next = gate.enter().unwrap();
        drop(slot);
        let _slot = next.slot().now_or_never().expect("a slot is free");
        assert_eq!((gate.busy.get(), gate.waiting.get()), (1, 0));
    }

    #[test]
    fn a_full_queue_asks_for_the_time_it_needs() {
        let gate = Gate::new(2, 20);
        for (mean_ms, seconds) in [(0, 1), (10, 1), (500, 5), (60_000, 30)] {
            gate.mean_ms.store(mean_ms, std::sync::atomic::Ordering::Relaxed);
            assert_eq!(gate.retry_seconds(), seconds);
        }
    }
}

//! What each error means for the call, for the endpoint and for the run: one table.

use crate::error::{ModelError, Phase};

/// Whether the same call is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// It would fail again, or the next answer must be asked for differently.
    Never,
    /// Each try may be billed, so only a few.
    Few,
    /// Failing costs nothing but time: as often as the settings allow.
    Often,
}

/// What the outcome says about the endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Health {
    /// It works.
    Answering,
    /// It works and has too much to do: fewer calls at once.
    Busy,
    /// It fails under load: fewer calls at once, and none if this goes on.
    Choking,
    /// It fails whatever the load.
    Failing,
    /// Nothing: it was not asked.
    Unasked,
}

/// The row of one error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Treatment {
    pub(crate) again: Again,
    pub(crate) health: Health,
    pub(crate) stops_run: bool,
}

impl Treatment {
    /// The table.
    pub(crate) const fn of(error: &ModelError) -> Self {
        use Again::{Few, Never, Often};
        use Health::{Answering, Busy, Choking, Failing, Unasked};
        use ModelError as E;
        let (again, health, stops_run) = match error {
            E::InvalidSettings { .. }
            | E::MissingRecording { .. }
            | E::Recording { .. }
            | E::Ledger { .. }
            | E::BreakerOpen { .. } => (Never, Unasked, true),
            E::BudgetReached { .. } => (Never, Unasked, false),
            E::Unauthorized { .. }
            | E::PaymentRequired { .. }
            | E::Forbidden { .. }
            | E::NotFound { .. }
            | E::BadRequest { .. } => (Never, Answering, true),
            E::Overflow { .. } | E::Truncated { .. } | E::Refused { .. } => {
                (Never, Answering, false)
            }
            E::RateLimited { .. } => (Often, Busy, false),
            E::ServerError { status: 503 | 529, .. } | E::Timeout { which: Phase::Connect, .. } => {
                (Often, Choking, false)
            }
            E::ServerError { .. } | E::Connection { .. } | E::Dns { .. } => (Often, Failing, false),
            E::Timeout { .. } => (Few, Choking, false),
            E::CutStream { .. } | E::HtmlPage { .. } => (Few, Failing, false),
            E::NoChoices
            | E::NullContent { .. }
            | E::EmptyContent { .. }
            | E::InvalidJson { .. } => (Few, Answering, false),
        };
        Self { again, health, stops_run }
    }
}

//! Jails for one piece of work: warm ones where there are some, others where they die.

use crate::SandboxError;
use crate::jail::{Answer, Jail, Kind};
use crate::reply::Reply;
use crate::sandbox::Shared;

/// Jails in a row that may die of one input before the work is given up.
const MOST_DEATHS: u32 = 8;

/// Jails in a row that may die before they are ready, which says nothing about any input.
const MOST_FALSE_STARTS: u32 = 16;

/// Gives jails, and forgives some of their deaths: a jail's end is never a verdict, and the input
/// runs again elsewhere.
pub(crate) struct Supply<'shared> {
    shared: &'shared Shared,
    /// Jails that died since the last answer.
    deaths: u32,
}

impl<'shared> Supply<'shared> {
    pub(crate) const fn new(shared: &'shared Shared) -> Self {
        Self { shared, deaths: 0 }
    }

    /// A jail that is ready: a warm one, or a new one.
    pub(crate) async fn take(&self, kind: Kind) -> Result<Jail, SandboxError> {
        // One that died in the pool says nothing about the work, but a new one is sure to be alive.
        let warm = if self.deaths == 0 { self.shared.pool.take(&kind) } else { None };
        if let Some(jail) = warm {
            return Ok(jail);
        }
        let mut false_starts = 0;
        loop {
            match Jail::open(self.shared, kind.clone()).await? {
                Ok(jail) => return Ok(jail),
                Err(_) if false_starts < MOST_FALSE_STARTS => false_starts += 1,
                Err(detail) => return Err(SandboxError::Broken { detail }),
            }
        }
    }

    /// What a jail answered, and the jail; nothing if it died and another one has to try.
    pub(crate) async fn survivor(
        &mut self,
        jail: Jail,
        answer: Answer,
    ) -> Result<Option<(Jail, Reply)>, SandboxError> {
        let detail = match answer {
            Answer::Reply(reply) => {
                self.deaths = 0;
                return Ok(Some((jail, reply)));
            }
            Answer::Hung => {
                jail.close().await;
                "the driver does not answer".to_owned()
            }
            Answer::Dead(detail) => detail,
        };
        self.deaths += 1;
        self.shared.groups.sweep_stale();
        if self.deaths > MOST_DEATHS { Err(SandboxError::Broken { detail }) } else { Ok(None) }
    }

    /// Keeps a jail for the next job of its kind, if it is as good as new.
    pub(crate) async fn give_back(&self, jail: Jail, dirty: bool) {
        let unwanted = if dirty { Some(jail) } else { self.shared.pool.give_back(jail) };
        if let Some(jail) = unwanted {
            jail.close().await;
        }
    }
}

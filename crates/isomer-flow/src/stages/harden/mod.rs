//! Step 5: near-misses attack the tests, and the tests are improved until the near-misses fail.
//!
//! 1. `attack`: the attacker writes plausible wrong solutions; all run on the suite.
//! 2. `fresh`: while some survive, more seeds of the generator, which cost nothing, look for
//!    inputs that tell them from the reference; such tests join the suite.
//! 3. `rewrite`: what still survives is shown to the tester, who writes a better generator
//!    (`generator`), or tests to add to a file (`additions`). They are taken only if the reference
//!    passes, and more near-misses fail than before.
//! 4. `close`: survivors that never differed from the reference are left out of the kill rate.

mod additions;
mod attack;
mod close;
mod contender;
mod edit;
mod fresh;
mod generator;
mod rewrite;
mod state;

use isomer_record::{Hardened, Verified};

use super::{Cx, Exit, Item};

/// Attacks the tests of `verified`.
pub async fn run(cx: &Cx, item: &Item, verified: Verified) -> Result<Hardened, Exit> {
    let mut state = attack::run(cx, item, verified).await?;
    close::enough(&state, cx.pack.harden.min_counted)?;
    loop {
        fresh::run(cx, &mut state).await?;
        if !state.contested() || state.rounds >= cx.settings.harden_rounds {
            break;
        }
        rewrite::run(cx, item, &mut state).await?;
    }
    close::run(&cx.pack.harden, state)
}

//! How the mock behaves: latency, faults by rate, and how good its answers are.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::dice::Dice;

/// A setting that could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// A latency in an unknown form.
    #[error("latency `{0}` is none of `0`, `200ms`, `1.5s` or `lognormal:1s:0.8`")]
    Latency(String),
    /// A fault with an unknown name or a rate outside `[0, 1]`.
    #[error("fault `{0}` is not `name=rate`; names: {names}", names = Fault::names())]
    Fault(String),
}

/// How long an answer takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Latency {
    /// As fast as the mock can.
    Instant,
    /// Always the same.
    Fixed(Duration),
    /// Log-normal with this median and this sigma of the logarithm.
    Lognormal {
        /// Half of the answers are faster.
        median: Duration,
        /// Standard deviation of the natural logarithm.
        sigma: f64,
    },
}

impl Latency {
    /// The latency of the `words`' request.
    pub(crate) fn draw(self, dice: Dice, words: &[&str]) -> Duration {
        match self {
            Self::Instant => Duration::ZERO,
            Self::Fixed(length) => length,
            Self::Lognormal { median, sigma } => {
                let factor = (sigma * dice.normal(&[words, &["latency"]].concat())).exp();
                // A single draw beyond a minute would measure chance and not the client.
                median.mul_f64(factor).min(Duration::from_secs(60))
            }
        }
    }
}

impl FromStr for Latency {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || ProfileError::Latency(text.to_owned());
        if let Some(rest) = text.strip_prefix("lognormal:") {
            let (median, sigma) = rest.split_once(':').ok_or_else(wrong)?;
            let sigma = sigma.parse().map_err(|_| wrong())?;
            return Ok(Self::Lognormal { median: duration(median).ok_or_else(wrong)?, sigma });
        }
        let length = duration(text).ok_or_else(wrong)?;
        Ok(if length.is_zero() { Self::Instant } else { Self::Fixed(length) })
    }
}

fn duration(text: &str) -> Option<Duration> {
    let seconds = if let Some(number) = text.strip_suffix("ms") {
        number.parse::<f64>().ok()? / 1000.0
    } else {
        text.strip_suffix('s').unwrap_or(text).parse::<f64>().ok()?
    };
    Duration::try_from_secs_f64(seconds).ok()
}

impl fmt::Display for Latency {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instant => formatter.write_str("0 ms"),
            Self::Fixed(length) => write!(formatter, "{} ms", length.as_millis()),
            Self::Lognormal { median, sigma } => {
                write!(formatter, "lognormal({} s, {sigma})", median.as_secs_f64())
            }
        }
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])* $variant:ident = $name:literal;)*) => {
        /// A way in which an answer is not what the client hopes for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Fault { $($(#[$doc])* $variant,)* }

        impl Fault {
            /// All faults.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name used on the command line and in the statistics.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }
        }
    };
}

faults! {
    /// Status 429 with `Retry-After: 1`.
    RateLimited = "429";
    /// Status 500 with a JSON error.
    ServerError = "500";
    /// No byte of an answer, for an hour.
    Hang = "hang";
    /// The connection breaks in the middle of the body.
    CutStream = "cut";
    /// Status 200 with a body that is no JSON.
    InvalidJson = "invalid_json";
    /// Status 200 with the HTML page of a proxy.
    HtmlPage = "html";
    /// `content` is the empty string.
    EmptyContent = "empty";
    /// `content` is null.
    NullContent = "null";
    /// `choices` is empty.
    NoChoices = "no_choices";
    /// Half an answer with `finish_reason` `length`.
    Truncated = "truncated";
    /// The end tag is missing and prose stands around.
    Mangled = "mangled";
    /// The model declines.
    Refusal = "refusal";
    /// The reference solution is wrong (depends on the task alone).
    WrongSolution = "wrong_solution";
    /// The generator never ends (depends on the task alone).
    EndlessGenerator = "endless_generator";
    /// The code attacks whoever runs it (depends on the task alone).
    HostileCode = "hostile";
}

impl Fault {
    /// Whether the fault lies in the code of an answer and not in its transport or form.
    pub const fn is_in_code(self) -> bool {
        matches!(self, Self::WrongSolution | Self::EndlessGenerator | Self::HostileCode)
    }

    fn names() -> String {
        Self::ALL.iter().map(|fault| fault.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// Faults with their rates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Faults(Vec<(Fault, f64)>);

impl Faults {
    /// Faults at the rates given; what is not named does not happen.
    pub fn new(rates: impl IntoIterator<Item = (Fault, f64)>) -> Self {
        Self(rates.into_iter().collect())
    }

    /// At most one fault for the `words`, among those in code or among the others.
    pub(crate) fn draw(&self, dice: Dice, in_code: bool, words: &[&str]) -> Option<Fault> {
        let mut share = dice.share(&[words, &["fault"]].concat());
        for (fault, rate) in self.0.iter().filter(|(fault, _)| fault.is_in_code() == in_code) {
            if share < *rate {
                return Some(*fault);
            }
            share -= rate;
        }
        None
    }
}

impl FromStr for Faults {
    type Err = ProfileError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = |part: &str| {
            let (name, rate) = part.split_once('=')?;
            let fault = Fault::ALL.iter().find(|fault| fault.as_str() == name)?;
            let rate = rate.parse::<f64>().ok().filter(|rate| (0.0..=1.0).contains(rate))?;
            Some((*fault, rate))
        };
        text.split(',')
            .filter(|part| !part.is_empty())
            .map(|part| parse(part).ok_or_else(|| ProfileError::Fault(part.to_owned())))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// How good proposed changes of a schema are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proposals {
    /// The first two elements will tell where a problem plays and what is asked.
    Better,
    /// The first element will say the same of every problem.
    Worse,
    /// The answer is prose.
    Prose,
}

/// Everything that decides how the mock answers.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Seed of all chance.
    pub seed: u64,
    /// How long an answer takes.
    pub latency: Latency,
    /// What goes wrong, and how often.
    pub faults: Faults,
    /// Share of designs whose statement is far too short, so that the task ends there.
    pub short_designs: f64,
    /// Share of tasks whose first tests let a near-miss survive.
    pub survivors: f64,
    /// What becomes of a schema when its changes are followed.
    pub proposals: Proposals,
    /// The only accepted key; `None` accepts every caller.
    pub key: Option<String>,
}

impl Default for Profile {
    fn default() -> Self {
        Self {
            seed: 1,
            latency: Latency::Instant,
            faults: Faults::default(),
            short_designs: 0.0,
            survivors: 0.4,
            proposals: Proposals::Better,
            key: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Dice, Fault, Faults, Latency};

    #[test]
    fn latencies_are_read() {
        let cases = [
            ("0", Latency::Instant),
            ("200ms", Latency::Fixed(Duration::from_millis(200))),
            ("1.5s", Latency::Fixed(Duration::from_millis(1500))),
            ("lognormal:1s:0.8", Latency::Lognormal { median: Duration::from_secs(1), sigma: 0.8 }),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse::<Latency>().unwrap(), expected, "{text}");
        }
        assert!("soon".parse::<Latency>().is_err());
        assert!("-1s".parse::<Latency>().is_err());
    }

    #[test]
    fn faults_come_at_their_rates() {
        let faults: Faults = "429=0.2,hang=0.1,hostile=0.5".parse().unwrap();
        let dice = Dice::new(3);
        let drawn: Vec<Option<Fault>> =
            (0..2000).map(|index: u32| faults.draw(dice, false, &[&index.to_string()])).collect();
        let count = |wanted| drawn.iter().filter(|fault| **fault == wanted).count();
        assert!((340..460).contains(&count(Some(Fault::RateLimited))));
        assert!((150..250).contains(&count(Some(Fault::Hang))));
        assert_eq!(count(Some(Fault::HostileCode)), 0);
        assert!("429=2".parse::<Faults>().is_err());
        assert!("typhoon=0.1".parse::<Faults>().is_err());
    }
}

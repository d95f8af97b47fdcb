//! The real binary against a mock endpoint: what a user would see, from the outside.
//!
//! One test program for all of it, because each one more is linked on its own.

#[cfg(test)]
mod budget;
#[cfg(test)]
mod complete;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod curate;
#[cfg(test)]
mod disk;
#[cfg(test)]
mod environment;
#[cfg(test)]
mod export;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod input;
#[cfg(test)]
mod inspect;
#[cfg(test)]
mod key;
#[cfg(test)]
mod measure;
#[cfg(test)]
mod own_domain;
#[cfg(test)]
mod proxy;
mod pytest;
#[cfg(test)]
mod quickstart;
#[cfg(test)]
mod remote;
#[cfg(test)]
mod replay;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod support;
#[cfg(test)]
mod target;
#[cfg(test)]
mod terminal;

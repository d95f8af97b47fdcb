//! The weaker walls, for places that forbid namespaces: Landlock instead of a root of its own.

use landlock::{
    ABI, Access, AccessFs, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus, Scope,
    path_beneath_rules,
};

use super::{Bind, Layer, Missing, Setup, confine};

const LAYER: &str = "Landlock";

/// Restricts the file system to the interpreter (read-only) and the private folder.
pub(super) fn confine(setup: &Setup) -> Result<(), Missing> {
    let Some(folder) = &setup.folder else {
        return Err(Missing::new(LAYER, "there is no private folder"));
    };
    nix::unistd::chdir(folder).layer(LAYER)?;
    confine::drop_bounding_set();
    confine::drop_capabilities().layer("no privileges")?;
    let read = setup.binds.iter().filter_map(|bind| match bind {
        Bind::Folder(path) | Bind::File(path) | Bind::Link(path, _) => Some(path),
        Bind::Empty(_) | Bind::Shown(..) => None,
    });
    let devices = ["/dev/zero", "/dev/random", "/dev/urandom"];
    let abi = ABI::V5;
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(abi))
        .and_then(|rules| rules.scope(Scope::from_all(ABI::V6)))
        .and_then(Ruleset::create)
        .and_then(|rules| rules.add_rules(path_beneath_rules(read, AccessFs::from_read(abi))))
        .and_then(|rules| rules.add_rules(path_beneath_rules(devices, AccessFs::from_read(abi))))
        .and_then(|rules| rules.add_rules(path_beneath_rules([folder], AccessFs::from_all(abi))))
        .and_then(|rules| {
            rules.add_rules(path_beneath_rules(["/dev/null"], AccessFs::from_file(abi)))
        })
        .and_then(landlock::RulesetCreated::restrict_self)
        .layer(LAYER)?;
    if status.ruleset == RulesetStatus::NotEnforced {
        return Err(Missing::new(LAYER, "the kernel does not have it"));
    }
    Ok(())
}

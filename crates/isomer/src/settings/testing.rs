//! Fixed settings for tests.

use super::identity::{Answers, Identity, PackIdentity, RoleModel, SeedsIdentity};

pub(crate) fn identity() -> Identity {
    let role = |name: &str, model: &str, temperature| {
        let model = model.to_owned();
        (name.to_owned(), RoleModel { model, temperature, ..RoleModel::default() })
    };
    Identity {
        answers: Answers::Live,
        samples: 2,
        seed: 7,
        repairs: 1,
        near_misses: 5,
        harden_rounds: 3,
        seeds: SeedsIdentity {
            digest: "0123456789abcdef0123".to_owned(),
            files: vec!["/data/seeds.jsonl".into()],
            strict: false,
        },
        pack: PackIdentity {
            source: "algorithm".to_owned(),
            digest: "aa".repeat(32),
            schema: None,
            core: vec!["Core Algorithm Idea".to_owned()],
        },
        roles: super::ROLES
            .iter()
            .map(|name| match *name {
                "solver" => role(name, "strong-model", Some(0.2)),
                _ => role(name, "cheap-model", None),
            })
            .collect(),
    }
}

//! The one normalised record that every row of every file becomes, kept as columns.
//!
//! [`NewEntry`] is a record on its way in, with borrowed texts; [`Entries`] keeps all of them by
//! column and answers with the vocabulary's types. Nothing outside this module knows how the
//! columns are laid out.

mod column;
mod columns;
mod damaged;
mod earlier;
mod full;
mod identity;
mod scope;
mod text;
mod totals;
mod vocabulary;

#[cfg(test)]
pub(crate) use columns::LOOKS;
pub use columns::{Entries, NewEntry};
pub use damaged::DamagedId;
pub use earlier::Earlier;
pub use full::EntriesFull;
pub use identity::Identity;
#[allow(unused_imports, reason = "the verifier recomputes identities")]
pub(crate) use identity::{IdentityFields, core_of, hash_of};
pub use scope::Scopes;
pub use totals::{InputTotals, TotalKey, TotalRow};
pub(crate) use vocabulary::named;
pub use vocabulary::{Disposition, Kind, Part, Reason, Side, Status};

//! Patterns, and how one is answered once it is known what is bound before.

use super::block::{Block, Row};
use super::items::item_end;
use super::store::{COLUMNS_MAX, NStore};
use crate::tuple::{Element, pack};
use crate::{Error, Result};

/// One column of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// The column equals this.
    Value(Element),
    /// The column is what the variable of this name stands for.
    Var(String),
}

/// What tuples must look like: one term for each column.
pub type Pattern = Vec<Term>;

impl Term {
    /// A variable.
    pub fn var(name: impl Into<String>) -> Term {
        Term::Var(name.into())
    }

    /// A value.
    pub fn value(value: impl Into<Element>) -> Term {
        Term::Value(value.into())
    }
}

/// A column whose content is known before the scan.
#[derive(Clone, Debug)]
enum Known {
    /// A packed item.
    Item(Vec<u8>),
    /// The slot of a variable bound before.
    Slot(usize),
}

/// How to answer one pattern for a row of bindings.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// The number of the index.
    pub(super) index: usize,
    /// The columns that are known, in the order of the index.
    known: Vec<Known>,
    /// Which of the columns that follow (counted from the first unknown one) become new slots, in the slots' order.
    new: Vec<usize>,
    /// Pairs of columns that follow which a repeated variable wants equal.
    equal: Vec<(usize, usize)>,
    /// How many columns follow.
    follow: usize,
    /// Whether the tuple's value becomes a slot after the new ones.
    value: bool,
}

/// The slots of bindings: the variable that each holds; nothing for a value.
pub(crate) type Slots = Vec<Option<String>>;

impl Step {
    /// Plans `pattern`, given what is bound, and adds to `slots` what it binds.
    pub(super) fn plan(store: &NStore, pattern: &[Term], value: bool, slots: &mut Slots) -> Result<Step> {
        if pattern.len() != store.columns() {
            let message = format!("expected {} columns, got {}", store.columns(), pattern.len());
            return Err(Error::argument("pattern", message));
        }
        let mut known = Vec::new();
        for (column, term) in pattern.iter().enumerate() {
            match term {
                Term::Value(value) => known.push((column, Known::Item(pack(std::slice::from_ref(value))?))),
                Term::Var(name) => {
                    if let Some(slot) = slots.iter().position(|slot| slot.as_ref() == Some(name)) {
                        known.push((column, Known::Slot(slot)));
                    }
                }
            }
        }
        let columns: Vec<usize> = known.iter().map(|(column, _)| *column).collect();
        let index = store.index_for(&columns);
        let order = &store.indices()[index].order;
        let (before, after) = order.split_at(known.len());
        let ordered = before.iter().filter_map(|column| known.iter().find(|(known, _)| known == column));
        let known = ordered.map(|(_, known)| known.clone()).collect();
        let place = |column: usize| after.iter().position(|&other| other == column);
        let (mut new, mut equal, mut names) = (Vec::new(), Vec::new(), Vec::<(&String, usize)>::new());
        for (column, term) in pattern.iter().enumerate() {
            let (Term::Var(name), Some(place)) = (term, place(column)) else { continue };
            match names.iter().find(|(other, _)| *other == name) {
                Some((_, first)) => equal.push((*first, place)),
                None => {
                    names.push((name, place));
                    new.push(place);
                }
            }
        }
        slots.extend(names.into_iter().map(|(name, _)| Some(name.clone())));
        if value {
            slots.push(None);
        }
        Ok(Step { index, known, new, equal, follow: after.len(), value })
    }

    /// How many columns are known before the scan.
    pub(super) fn known(&self) -> usize {
        self.known.len()
    }

    /// Whether the whole tuple is known, so that it is one key.
    pub(super) fn is_whole(&self) -> bool {
        self.follow == 0
    }

    /// How many slots a row gets.
    pub(super) fn width(&self, before: usize) -> usize {
        before + self.new.len() + usize::from(self.value)
    }

    /// What the keys of the tuples begin with that match for a row.
    pub(super) fn prefix(&self, store: &NStore, row: &Row<'_>) -> Vec<u8> {
        let mut key = Vec::with_capacity(64);
        key.extend_from_slice(&store.indices()[self.index].prefix);
        for known in &self.known {
            key.extend_from_slice(match known {
                Known::Item(item) => item,
                Known::Slot(slot) => row.get(*slot),
            });
        }
        key
    }

    /// Adds to `out` what a row and a tuple that was found give: nothing if a repeated variable does not agree.
    /// `prefix` is how much of the key is known.
    pub(super) fn accept(
        &self,
        store: &NStore,
        row: &Row<'_>,
        width: usize,
        (key, value): (&[u8], &[u8]),
        prefix: usize,
        out: &mut Block,
    ) -> Result<()> {
        let mut spans = [(0, 0); COLUMNS_MAX];
        let mut at = prefix;
        for span in &mut spans[..self.follow] {
            let end = item_end(key, at).map_err(|_| store.foreign())?;
            *span = (at, end);
            at = end;
        }
        if at != key.len() {
            return Err(store.foreign());
        }
        let item = |place: usize| &key[spans[place].0..spans[place].1];
        if self.equal.iter().any(|&(first, again)| item(first) != item(again)) {
            return Ok(());
        }
        out.begin_row(row, width);
        for &place in &self.new {
            out.push(item(place));
        }
        if self.value {
            out.push_bytes(value);
        }
        Ok(())
    }
}

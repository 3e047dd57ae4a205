use std::collections::HashMap;
use std::hash::Hash;

/// Values by ID, in order of creation. Nothing is ever removed.
pub(crate) struct Store<I, T> {
    items: Vec<T>,
    by_id: HashMap<I, usize>,
}

impl<I: Eq + Hash, T> Store<I, T> {
    pub(crate) fn new() -> Self {
        Self {
            items: Vec::new(),
            by_id: HashMap::new(),
        }
    }

    /// Adds a value and returns its position.
    pub(crate) fn push(&mut self, id: I, item: T) -> usize {
        let at = self.items.len();
        self.by_id.insert(id, at);
        self.items.push(item);
        at
    }

    pub(crate) fn position(&self, id: &I) -> Option<usize> {
        self.by_id.get(id).copied()
    }

    pub(crate) fn get(&self, id: &I) -> Option<&T> {
        self.items.get(self.position(id)?)
    }

    pub(crate) fn get_mut(&mut self, id: &I) -> Option<&mut T> {
        let at = self.position(id)?;
        self.items.get_mut(at)
    }

    pub(crate) fn at_mut(&mut self, position: usize) -> Option<&mut T> {
        self.items.get_mut(position)
    }

    pub(crate) fn all(&self) -> &[T] {
        &self.items
    }

    pub(crate) fn all_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

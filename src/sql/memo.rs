//! What texts and trees came to, for the next time: a schema says `now()` and `''` thousands of times.

use std::cell::RefCell;

use rustc_hash::FxHashMap;

/// Bytes of the longest thing whose result is kept; longer ones seldom come twice.
const LONGEST: usize = 2048;
/// Results that are kept; a full memo starts anew.
const MOST: usize = 2048;

/// Results of one function, by what it was given; one for each thread, so that none waits.
pub struct Memo<T>(RefCell<FxHashMap<Box<[u8]>, T>>);

impl<T: Clone> Memo<T> {
    /// One that knows nothing.
    pub fn new() -> Self {
        Self(RefCell::default())
    }

    /// What `make` gives for `key`, or gave before. A failure is not kept.
    ///
    /// # Errors
    /// Those of `make`.
    pub fn get<E>(&self, key: &[u8], make: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        if let Some(known) = self.0.borrow().get(key) {
            return Ok(known.clone());
        }
        let made = make()?;
        if key.len() <= LONGEST {
            let mut known = self.0.borrow_mut();
            if known.len() >= MOST {
                known.clear();
            }
            known.insert(key.into(), made.clone());
        }
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_not_made_again() {
        let memo = Memo::new();
        assert_eq!(memo.get::<()>(b"a", || Ok(1)), Ok(1));
        assert_eq!(memo.get::<()>(b"a", || Ok(2)), Ok(1));
        assert_eq!(memo.get(b"b", || Err("failed")), Err("failed"));
        assert_eq!(memo.get::<()>(b"b", || Ok(3)), Ok(3));
    }

    #[test]
    fn memory_has_an_end() {
        let memo = Memo::new();
        for number in 0..=MOST {
            assert_eq!(memo.get::<()>(number.to_string().as_bytes(), || Ok(number)), Ok(number));
        }
        assert_eq!(memo.0.borrow().len(), 1);
        assert_eq!(memo.get::<()>(&[0; LONGEST + 1], || Ok(7)), Ok(7));
        assert_eq!(memo.0.borrow().len(), 1);
    }
}

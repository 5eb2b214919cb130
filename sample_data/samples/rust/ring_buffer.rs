/// A queue of fixed size that overwrites its oldest entry when full.
#[derive(Debug)]
pub struct RingBuffer<T, const N: usize> {
    slots: [Option<T>; N],
    start: usize,
    len: usize,
}

impl<T, const N: usize> Default for RingBuffer<T, N> {
    fn default() -> Self {
        Self { slots: std::array::from_fn(|_| None), start: 0, len: 0 }
    }
}

impl<T, const N: usize> RingBuffer<T, N> {
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the entry that had to go, if any.
    pub fn push(&mut self, value: T) -> Option<T> {
        let place = (self.start + self.len) % N;
        let old = self.slots[place].replace(value);
        if old.is_some() {
            self.start = (self.start + 1) % N;
        } else {
            self.len += 1;
        }
        old
    }

    pub fn pop(&mut self) -> Option<T> {
        let value = self.slots[self.start].take()?;
        self.start = (self.start + 1) % N;
        self.len -= 1;
        Some(value)
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        (0..self.len).filter_map(move |i| self.slots[(self.start + i) % N].as_ref())
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overwrites_the_oldest() {
        let mut buffer: RingBuffer<u8, 3> = RingBuffer::new();
        for value in 1..=3 {
            assert_eq!(buffer.push(value), None);
        }
        assert_eq!(buffer.push(4), Some(1));
        assert_eq!(buffer.iter().copied().collect::<Vec<_>>(), [2, 3, 4]);
    }

    #[test]
    fn is_first_in_first_out() {
        let mut buffer: RingBuffer<&str, 2> = RingBuffer::new();
        buffer.push("a");
        buffer.push("b");
        assert_eq!((buffer.pop(), buffer.pop(), buffer.pop()), (Some("a"), Some("b"), None));
        assert!(buffer.is_empty());
    }
}

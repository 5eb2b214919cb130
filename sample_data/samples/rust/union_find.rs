pub struct UnionFind {
    parent: Vec<usize>,
    size: Vec<usize>,
    groups: usize,
}

impl UnionFind {
    pub fn new(n: usize) -> Self {
        UnionFind { parent: (0..n).collect(), size: vec![1; n], groups: n }
    }

    pub fn find(&mut self, mut x: usize) -> usize {
        while self.parent[x] != x {
            self.parent[x] = self.parent[self.parent[x]];
            x = self.parent[x];
        }
        x
    }

    pub fn union(&mut self, a: usize, b: usize) -> bool {
        let (mut a, mut b) = (self.find(a), self.find(b));
        if a == b {
            return false;
        }
        if self.size[a] < self.size[b] {
            std::mem::swap(&mut a, &mut b);
        }
        self.parent[b] = a;
        self.size[a] += self.size[b];
        self.groups -= 1;
        true
    }

    pub fn groups(&self) -> usize {
        self.groups
    }
}

pub fn minimum_spanning_tree(nodes: usize, edges: &mut [(u32, usize, usize)]) -> Option<u64> {
    edges.sort_unstable();
    let mut forest = UnionFind::new(nodes);
    let total = edges
        .iter()
        .filter(|&&(_, a, b)| forest.union(a, b))
        .map(|&(cost, _, _)| u64::from(cost))
        .sum();
    (forest.groups() <= 1).then_some(total)
}

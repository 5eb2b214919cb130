use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StockError {
    Unknown(String),
    Short { sku: String, wanted: u32, left: u32 },
}

#[derive(Debug, Default)]
pub struct Inventory {
    stock: BTreeMap<String, u32>,
}

impl Inventory {
    pub fn receive(&mut self, sku: &str, quantity: u32) {
        *self.stock.entry(sku.to_owned()).or_default() += quantity;
    }

    /// Takes all lines of an order or none of them.
    pub fn ship(&mut self, order: &[(&str, u32)]) -> Result<(), StockError> {
        let mut wanted: BTreeMap<&str, u32> = BTreeMap::new();
        for &(sku, quantity) in order {
            *wanted.entry(sku).or_default() += quantity;
        }
        for (&sku, &quantity) in &wanted {
            let left = *self.stock.get(sku).ok_or_else(|| StockError::Unknown(sku.to_owned()))?;
            if left < quantity {
                return Err(StockError::Short { sku: sku.to_owned(), wanted: quantity, left });
            }
        }
        for (sku, quantity) in wanted {
            if let Some(left) = self.stock.get_mut(sku) {
                *left -= quantity;
            }
        }
        Ok(())
    }

    pub fn running_low(&self, threshold: u32) -> impl Iterator<Item = (&str, u32)> {
        self.stock.iter().filter(move |(_, &left)| left < threshold).map(|(sku, &left)| (sku.as_str(), left))
    }
}

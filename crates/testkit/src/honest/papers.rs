//! Papers that money lines name: vouchers and invoices, each with a number of its own.

use serde_json::{Value, json};

use super::compound::Compound;
use super::yuan;

impl Compound {
    /// A voucher of a class.
    pub(super) fn voucher(&mut self, class: &str) -> Value {
        let media = if class == "photo" { "image/jpeg" } else { "application/pdf" };
        let mut voucher = json!({"class": class, "digest": self.chance.digest(), "media": media, "size": self.chance.within(20_000, 90_000)});
        if class == "list" {
            voucher["salted"] = json!(true);
        }
        voucher
    }

    /// Several vouchers of a class.
    pub(super) fn vouchers(&mut self, class: &str, count: usize) -> Value {
        (0..count).map(|_| self.voucher(class)).collect()
    }

    /// The number of an invoice that nobody used before.
    pub(super) fn invoice_number(&mut self) -> String {
        self.invoices += 1;
        format!("2{:019}", self.invoices)
    }

    /// An invoice paid in full, as an expense names it.
    pub(super) fn invoice(&mut self, cents: i64) -> Value {
        json!({"amount": yuan(cents), "number": self.invoice_number(), "total": yuan(cents)})
    }
}

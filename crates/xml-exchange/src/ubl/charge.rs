//! Money beside the lines.

use ecrm_xml::{Element, Writer, XmlError};

use super::names::cbc;
use super::value::{Amount, Part, one, only, put, required, texts};

/// A charge, or an allowance: a price reduction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AllowanceCharge {
    /// `ChargeIndicator`: a charge where it is true, an allowance where it is false.
    pub is_charge: bool,
    /// `AllowanceChargeReasonCode`: of UN/EDIFACT 7161 for charges (`FC` is freight), 5189 for allowances.
    pub reason_code: Option<String>,
    /// `AllowanceChargeReason`.
    pub reasons: Vec<String>,
    /// `Amount`.
    pub amount: Amount,
}

impl AllowanceCharge {
    /// A charge for a reason.
    #[must_use]
    pub fn charge(reason: &str, amount: Amount) -> Self {
        Self {
            is_charge: true,
            ..Self::allowance(reason, amount)
        }
    }

    /// A price reduction for a reason.
    #[must_use]
    pub fn allowance(reason: &str, amount: Amount) -> Self {
        Self {
            reasons: vec![reason.to_owned()],
            amount,
            ..Self::default()
        }
    }
}

impl Part for AllowanceCharge {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            is_charge: required(element, cbc("ChargeIndicator"))?,
            reason_code: one(element, cbc("AllowanceChargeReasonCode"))?,
            reasons: texts(element, cbc("AllowanceChargeReason")),
            amount: required(element, cbc("Amount"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("ChargeIndicator"), [&self.is_charge]);
        put(writer, cbc("AllowanceChargeReasonCode"), &self.reason_code);
        put(writer, cbc("AllowanceChargeReason"), &self.reasons);
        put(writer, cbc("Amount"), [&self.amount]);
    }
}

/// All of one tax, or all taxes together. How they come about is kept beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaxTotal {
    /// `TaxAmount`.
    pub amount: Amount,
    /// `TaxIncludedIndicator`: whether the prices of the lines have it in them.
    pub is_included: Option<bool>,
}

impl Part for TaxTotal {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            amount: required(element, cbc("TaxAmount"))?,
            is_included: one(element, cbc("TaxIncludedIndicator"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("TaxAmount"), [&self.amount]);
        put(writer, cbc("TaxIncludedIndicator"), &self.is_included);
    }
}

/// What a document comes to. Without `PayableAmount` it says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MonetaryTotal {
    /// `LineExtensionAmount`: the sum of the lines.
    pub lines: Option<Amount>,
    /// `TaxExclusiveAmount`.
    pub without_tax: Option<Amount>,
    /// `TaxInclusiveAmount`.
    pub with_tax: Option<Amount>,
    /// `AllowanceTotalAmount`.
    pub allowances: Option<Amount>,
    /// `ChargeTotalAmount`.
    pub charges: Option<Amount>,
    /// `PrepaidAmount`: what was paid already.
    pub prepaid: Option<Amount>,
    /// `PayableRoundingAmount`: what was added to make the sum round.
    pub rounding: Option<Amount>,
    /// `PayableAmount`: what is left to be paid.
    pub payable: Amount,
}

impl Part for MonetaryTotal {
    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        Ok(Self {
            lines: only(element, cbc("LineExtensionAmount"))?,
            without_tax: only(element, cbc("TaxExclusiveAmount"))?,
            with_tax: only(element, cbc("TaxInclusiveAmount"))?,
            allowances: only(element, cbc("AllowanceTotalAmount"))?,
            charges: only(element, cbc("ChargeTotalAmount"))?,
            prepaid: only(element, cbc("PrepaidAmount"))?,
            rounding: only(element, cbc("PayableRoundingAmount"))?,
            payable: required(element, cbc("PayableAmount"))?,
        })
    }

    fn write(&self, writer: &mut Writer<'_>) {
        put(writer, cbc("LineExtensionAmount"), &self.lines);
        put(writer, cbc("TaxExclusiveAmount"), &self.without_tax);
        put(writer, cbc("TaxInclusiveAmount"), &self.with_tax);
        put(writer, cbc("AllowanceTotalAmount"), &self.allowances);
        put(writer, cbc("ChargeTotalAmount"), &self.charges);
        put(writer, cbc("PrepaidAmount"), &self.prepaid);
        put(writer, cbc("PayableRoundingAmount"), &self.rounding);
        put(writer, cbc("PayableAmount"), [&self.payable]);
    }
}

//! Each input is a notice; and none shows what it says of a person.

use std::fmt;

use super::{
    AccountCreated, AddressChanged, BackInStock, BookingConfirmed, CallBackBooked, CallBackMissed, CartLeft,
    ChangedAddress, ConsentChanged, DeliveryDelayed, InquiryAcknowledged, InquiryAnswered, InquiryResolved,
    InvoiceIssued, ItemSubstituted, Late, LineBackOrdered, Notice, OrderCancelled, OrderConfirmed, OrderDelivered,
    OrderReceived, OrderShipped, PaymentFailed, PaymentReceived, PaymentRefunded, ReadyForPickup, ReturnReceived,
    ReviewRequest, WithdrawalReceived,
};

impl<'a> From<AccountCreated<'a>> for Notice<'a> {
    fn from(input: AccountCreated<'a>) -> Self {
        Self::AccountCreated(input)
    }
}

impl<'a> From<AddressChanged<'a>> for Notice<'a> {
    fn from(input: AddressChanged<'a>) -> Self {
        Self::AddressChanged(input)
    }
}

impl<'a> From<BackInStock<'a>> for Notice<'a> {
    fn from(input: BackInStock<'a>) -> Self {
        Self::BackInStock(input)
    }
}

impl<'a> From<BookingConfirmed<'a>> for Notice<'a> {
    fn from(input: BookingConfirmed<'a>) -> Self {
        Self::BookingConfirmed(input)
    }
}

impl<'a> From<CallBackBooked<'a>> for Notice<'a> {
    fn from(input: CallBackBooked<'a>) -> Self {
        Self::CallBackBooked(input)
    }
}

impl<'a> From<CallBackMissed<'a>> for Notice<'a> {
    fn from(input: CallBackMissed<'a>) -> Self {
        Self::CallBackMissed(input)
    }
}

impl<'a> From<CartLeft<'a>> for Notice<'a> {
    fn from(input: CartLeft<'a>) -> Self {
        Self::CartLeft(input)
    }
}

impl<'a> From<ConsentChanged> for Notice<'a> {
    fn from(input: ConsentChanged) -> Self {
        Self::ConsentChanged(input)
    }
}

impl<'a> From<DeliveryDelayed<'a>> for Notice<'a> {
    fn from(input: DeliveryDelayed<'a>) -> Self {
        Self::DeliveryDelayed(input)
    }
}

impl<'a> From<InquiryAcknowledged<'a>> for Notice<'a> {
    fn from(input: InquiryAcknowledged<'a>) -> Self {
        Self::InquiryAcknowledged(input)
    }
}

impl<'a> From<InquiryAnswered<'a>> for Notice<'a> {
    fn from(input: InquiryAnswered<'a>) -> Self {
        Self::InquiryAnswered(input)
    }
}

impl<'a> From<InquiryResolved<'a>> for Notice<'a> {
    fn from(input: InquiryResolved<'a>) -> Self {
        Self::InquiryResolved(input)
    }
}

impl<'a> From<InvoiceIssued<'a>> for Notice<'a> {
    fn from(input: InvoiceIssued<'a>) -> Self {
        Self::InvoiceIssued(input)
    }
}

impl<'a> From<ItemSubstituted<'a>> for Notice<'a> {
    fn from(input: ItemSubstituted<'a>) -> Self {
        Self::ItemSubstituted(input)
    }
}

impl<'a> From<LineBackOrdered<'a>> for Notice<'a> {
    fn from(input: LineBackOrdered<'a>) -> Self {
        Self::LineBackOrdered(input)
    }
}

impl<'a> From<OrderCancelled<'a>> for Notice<'a> {
    fn from(input: OrderCancelled<'a>) -> Self {
        Self::OrderCancelled(input)
    }
}

impl<'a> From<OrderConfirmed<'a>> for Notice<'a> {
    fn from(input: OrderConfirmed<'a>) -> Self {
        Self::OrderConfirmed(input)
    }
}

impl<'a> From<OrderDelivered<'a>> for Notice<'a> {
    fn from(input: OrderDelivered<'a>) -> Self {
        Self::OrderDelivered(input)
    }
}

impl<'a> From<OrderReceived<'a>> for Notice<'a> {
    fn from(input: OrderReceived<'a>) -> Self {
        Self::OrderReceived(input)
    }
}

impl<'a> From<OrderShipped<'a>> for Notice<'a> {
    fn from(input: OrderShipped<'a>) -> Self {
        Self::OrderShipped(input)
    }
}

impl<'a> From<PaymentFailed<'a>> for Notice<'a> {
    fn from(input: PaymentFailed<'a>) -> Self {
        Self::PaymentFailed(input)
    }
}

impl<'a> From<PaymentReceived<'a>> for Notice<'a> {
    fn from(input: PaymentReceived<'a>) -> Self {
        Self::PaymentReceived(input)
    }
}

impl<'a> From<PaymentRefunded<'a>> for Notice<'a> {
    fn from(input: PaymentRefunded<'a>) -> Self {
        Self::PaymentRefunded(input)
    }
}

impl<'a> From<ReadyForPickup<'a>> for Notice<'a> {
    fn from(input: ReadyForPickup<'a>) -> Self {
        Self::ReadyForPickup(input)
    }
}

impl<'a> From<ReturnReceived<'a>> for Notice<'a> {
    fn from(input: ReturnReceived<'a>) -> Self {
        Self::ReturnReceived(input)
    }
}

impl<'a> From<ReviewRequest<'a>> for Notice<'a> {
    fn from(input: ReviewRequest<'a>) -> Self {
        Self::ReviewRequest(input)
    }
}

impl<'a> From<WithdrawalReceived<'a>> for Notice<'a> {
    fn from(input: WithdrawalReceived<'a>) -> Self {
        Self::WithdrawalReceived(input)
    }
}

impl fmt::Debug for Notice<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Notice({})", self.kind().name())
    }
}

impl fmt::Debug for AccountCreated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccountCreated(…)")
    }
}

impl fmt::Debug for AddressChanged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AddressChanged(…)")
    }
}

impl fmt::Debug for BackInStock<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackInStock(…)")
    }
}

impl fmt::Debug for BookingConfirmed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BookingConfirmed(…)")
    }
}

impl fmt::Debug for CallBackBooked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallBackBooked(…)")
    }
}

impl fmt::Debug for CallBackMissed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CallBackMissed(…)")
    }
}

impl fmt::Debug for CartLeft<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CartLeft(…)")
    }
}

impl fmt::Debug for DeliveryDelayed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeliveryDelayed(…)")
    }
}

impl fmt::Debug for InquiryAcknowledged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InquiryAcknowledged(…)")
    }
}

impl fmt::Debug for InquiryAnswered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InquiryAnswered(…)")
    }
}

impl fmt::Debug for InquiryResolved<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InquiryResolved(…)")
    }
}

impl fmt::Debug for InvoiceIssued<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InvoiceIssued(…)")
    }
}

impl fmt::Debug for ItemSubstituted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ItemSubstituted(…)")
    }
}

impl fmt::Debug for LineBackOrdered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LineBackOrdered(…)")
    }
}

impl fmt::Debug for OrderCancelled<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderCancelled(…)")
    }
}

impl fmt::Debug for OrderConfirmed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderConfirmed(…)")
    }
}

impl fmt::Debug for OrderDelivered<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderDelivered(…)")
    }
}

impl fmt::Debug for OrderReceived<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderReceived(…)")
    }
}

impl fmt::Debug for OrderShipped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OrderShipped(…)")
    }
}

impl fmt::Debug for PaymentFailed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentFailed(…)")
    }
}

impl fmt::Debug for PaymentReceived<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentReceived(…)")
    }
}

impl fmt::Debug for PaymentRefunded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PaymentRefunded(…)")
    }
}

impl fmt::Debug for ReadyForPickup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReadyForPickup(…)")
    }
}

impl fmt::Debug for ReturnReceived<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReturnReceived(…)")
    }
}

impl fmt::Debug for ReviewRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReviewRequest(…)")
    }
}

impl fmt::Debug for WithdrawalReceived<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WithdrawalReceived(…)")
    }
}

impl fmt::Debug for ChangedAddress<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ChangedAddress(…)")
    }
}

impl fmt::Debug for Late<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Late(…)")
    }
}

//! Each input is a notice.

use super::{
    AccountCreated, AddressChanged, BackInStock, BookingConfirmed, CallBackBooked, CallBackMissed, CartLeft,
    ConsentChanged, DeliveryDelayed, InquiryAcknowledged, InquiryAnswered, InquiryResolved, InvoiceIssued,
    ItemSubstituted, LineBackOrdered, Notice, OrderCancelled, OrderConfirmed, OrderDelivered, OrderReceived,
    OrderShipped, PaymentFailed, PaymentReceived, PaymentRefunded, ReadyForPickup, ReturnReceived, ReviewRequest,
    WithdrawalReceived,
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

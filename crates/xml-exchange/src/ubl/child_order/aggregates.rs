//! The children of the aggregates that this crate understands, in the order of the schemas of UBL 2.1.

use ecrm_xml::Name;

use crate::ubl::names::{cac, cbc};

/// The children of an aggregate by its local name.
pub(super) fn of(aggregate: &str) -> &'static [Name<'static>] {
    match aggregate {
        "AddressLine" => ADDRESS_LINE,
        "PostalAddress" | "DeliveryAddress" | "Address" => ADDRESS,
        "AllowanceCharge" => ALLOWANCE_CHARGE,
        "Contact" | "BuyerContact" | "DeliveryContact" | "SellerContact" | "DespatchContact" => CONTACT,
        "Country" => COUNTRY,
        "BuyerCustomerParty" | "DeliveryCustomerParty" => CUSTOMER_PARTY,
        "Delivery" => DELIVERY,
        "DespatchLine" => DESPATCH_LINE,
        "DocumentReference" => DOCUMENT_REFERENCE,
        "DocumentResponse" => DOCUMENT_RESPONSE,
        "BuyersItemIdentification" | "SellersItemIdentification" | "StandardItemIdentification" => ITEM_IDENTIFICATION,
        "Item" => ITEM,
        "Language" => LANGUAGE,
        "LineItem" => LINE_ITEM,
        "LineReference" => LINE_REFERENCE,
        "LineResponse" => LINE_RESPONSE,
        "DeliveryLocation" => LOCATION,
        "AnticipatedMonetaryTotal" | "LegalMonetaryTotal" => MONETARY_TOTAL,
        "OrderLineReference" => ORDER_LINE_REFERENCE,
        "OrderLine" => ORDER_LINE,
        "OrderReference" => ORDER_REFERENCE,
        "PartyIdentification" => PARTY_IDENTIFICATION,
        "PartyLegalEntity" => PARTY_LEGAL_ENTITY,
        "PartyName" => PARTY_NAME,
        "PartyTaxScheme" => PARTY_TAX_SCHEME,
        "Party" | "SenderParty" | "ReceiverParty" | "DeliveryParty" => PARTY,
        "RequestedDeliveryPeriod" | "PromisedDeliveryPeriod" | "EstimatedDeliveryPeriod" => PERIOD,
        "Person" => PERSON,
        "Price" => PRICE,
        "Response" => RESPONSE,
        "Shipment" => SHIPMENT,
        "SellerSupplierParty" | "DespatchSupplierParty" => SUPPLIER_PARTY,
        "TaxScheme" => TAX_SCHEME,
        "TaxTotal" => TAX_TOTAL,
        _ => &[],
    }
}

const ADDRESS: &[Name<'static>] = &[
    cbc("ID"),
    cbc("AddressTypeCode"),
    cbc("AddressFormatCode"),
    cbc("Postbox"),
    cbc("Floor"),
    cbc("Room"),
    cbc("StreetName"),
    cbc("AdditionalStreetName"),
    cbc("BlockName"),
    cbc("BuildingName"),
    cbc("BuildingNumber"),
    cbc("InhouseMail"),
    cbc("Department"),
    cbc("MarkAttention"),
    cbc("MarkCare"),
    cbc("PlotIdentification"),
    cbc("CitySubdivisionName"),
    cbc("CityName"),
    cbc("PostalZone"),
    cbc("CountrySubentity"),
    cbc("CountrySubentityCode"),
    cbc("Region"),
    cbc("District"),
    cbc("TimezoneOffset"),
    cac("AddressLine"),
    cac("Country"),
    cac("LocationCoordinate"),
];

const ADDRESS_LINE: &[Name<'static>] = &[cbc("Line")];

const ALLOWANCE_CHARGE: &[Name<'static>] = &[
    cbc("ID"),
    cbc("ChargeIndicator"),
    cbc("AllowanceChargeReasonCode"),
    cbc("AllowanceChargeReason"),
    cbc("MultiplierFactorNumeric"),
    cbc("PrepaidIndicator"),
    cbc("SequenceNumeric"),
    cbc("Amount"),
    cbc("BaseAmount"),
    cbc("AccountingCostCode"),
    cbc("AccountingCost"),
    cbc("PerUnitAmount"),
    cac("TaxCategory"),
    cac("TaxTotal"),
    cac("PaymentMeans"),
];

const CONTACT: &[Name<'static>] = &[
    cbc("ID"),
    cbc("Name"),
    cbc("Telephone"),
    cbc("Telefax"),
    cbc("ElectronicMail"),
    cbc("Note"),
    cac("OtherCommunication"),
];

const COUNTRY: &[Name<'static>] = &[cbc("IdentificationCode"), cbc("Name")];

const CUSTOMER_PARTY: &[Name<'static>] = &[
    cbc("CustomerAssignedAccountID"),
    cbc("SupplierAssignedAccountID"),
    cbc("AdditionalAccountID"),
    cac("Party"),
    cac("DeliveryContact"),
    cac("AccountingContact"),
    cac("BuyerContact"),
];

const DELIVERY: &[Name<'static>] = &[
    cbc("ID"),
    cbc("Quantity"),
    cbc("MinimumQuantity"),
    cbc("MaximumQuantity"),
    cbc("ActualDeliveryDate"),
    cbc("ActualDeliveryTime"),
    cbc("LatestDeliveryDate"),
    cbc("LatestDeliveryTime"),
    cbc("ReleaseID"),
    cbc("TrackingID"),
    cac("DeliveryAddress"),
    cac("DeliveryLocation"),
    cac("AlternativeDeliveryLocation"),
    cac("RequestedDeliveryPeriod"),
    cac("PromisedDeliveryPeriod"),
    cac("EstimatedDeliveryPeriod"),
    cac("CarrierParty"),
    cac("DeliveryParty"),
    cac("NotifyParty"),
    cac("Despatch"),
    cac("DeliveryTerms"),
    cac("MinimumDeliveryUnit"),
    cac("MaximumDeliveryUnit"),
    cac("Shipment"),
];

const DESPATCH_LINE: &[Name<'static>] = &[
    cbc("ID"),
    cbc("UUID"),
    cbc("Note"),
    cbc("LineStatusCode"),
    cbc("DeliveredQuantity"),
    cbc("BackorderQuantity"),
    cbc("BackorderReason"),
    cbc("OutstandingQuantity"),
    cbc("OutstandingReason"),
    cbc("OversupplyQuantity"),
    cac("OrderLineReference"),
    cac("DocumentReference"),
    cac("Item"),
    cac("Shipment"),
];

const DOCUMENT_REFERENCE: &[Name<'static>] = &[
    cbc("ID"),
    cbc("CopyIndicator"),
    cbc("UUID"),
    cbc("IssueDate"),
    cbc("IssueTime"),
    cbc("DocumentTypeCode"),
    cbc("DocumentType"),
    cbc("XPath"),
    cbc("LanguageID"),
    cbc("LocaleCode"),
    cbc("VersionID"),
    cbc("DocumentStatusCode"),
    cbc("DocumentDescription"),
    cac("Attachment"),
    cac("ValidityPeriod"),
    cac("IssuerParty"),
    cac("ResultOfVerification"),
];

const DOCUMENT_RESPONSE: &[Name<'static>] = &[
    cac("Response"),
    cac("DocumentReference"),
    cac("IssuerParty"),
    cac("RecipientParty"),
    cac("LineResponse"),
];

const ITEM: &[Name<'static>] = &[
    cbc("Description"),
    cbc("PackQuantity"),
    cbc("PackSizeNumeric"),
    cbc("CatalogueIndicator"),
    cbc("Name"),
    cbc("HazardousRiskIndicator"),
    cbc("AdditionalInformation"),
    cbc("Keyword"),
    cbc("BrandName"),
    cbc("ModelName"),
    cac("BuyersItemIdentification"),
    cac("SellersItemIdentification"),
    cac("ManufacturersItemIdentification"),
    cac("StandardItemIdentification"),
    cac("CatalogueItemIdentification"),
    cac("AdditionalItemIdentification"),
    cac("CatalogueDocumentReference"),
    cac("ItemSpecificationDocumentReference"),
    cac("OriginCountry"),
    cac("CommodityClassification"),
    cac("TransactionConditions"),
    cac("HazardousItem"),
    cac("ClassifiedTaxCategory"),
    cac("AdditionalItemProperty"),
    cac("ManufacturerParty"),
    cac("InformationContentProviderParty"),
    cac("OriginAddress"),
    cac("ItemInstance"),
    cac("Certificate"),
    cac("Dimension"),
];

const ITEM_IDENTIFICATION: &[Name<'static>] = &[
    cbc("ID"),
    cbc("ExtendedID"),
    cbc("BarcodeSymbologyID"),
    cac("PhysicalAttribute"),
    cac("MeasurementDimension"),
    cac("IssuerParty"),
];

const LANGUAGE: &[Name<'static>] = &[cbc("ID"), cbc("Name"), cbc("LocaleCode")];

const LINE_ITEM: &[Name<'static>] = &[
    cbc("ID"),
    cbc("SalesOrderID"),
    cbc("UUID"),
    cbc("Note"),
    cbc("LineStatusCode"),
    cbc("Quantity"),
    cbc("LineExtensionAmount"),
    cbc("TotalTaxAmount"),
    cbc("MinimumQuantity"),
    cbc("MaximumQuantity"),
    cbc("MinimumBackorderQuantity"),
    cbc("MaximumBackorderQuantity"),
    cbc("InspectionMethodCode"),
    cbc("PartialDeliveryIndicator"),
    cbc("BackOrderAllowedIndicator"),
    cbc("AccountingCostCode"),
    cbc("AccountingCost"),
    cbc("WarrantyInformation"),
    cac("Delivery"),
    cac("DeliveryTerms"),
    cac("OriginatorParty"),
    cac("OrderedShipment"),
    cac("PricingReference"),
    cac("AllowanceCharge"),
    cac("Price"),
    cac("Item"),
    cac("SubLineItem"),
    cac("WarrantyValidityPeriod"),
    cac("WarrantyParty"),
    cac("TaxTotal"),
    cac("ItemPriceExtension"),
    cac("LineReference"),
];

const LINE_REFERENCE: &[Name<'static>] = &[
    cbc("LineID"),
    cbc("UUID"),
    cbc("LineStatusCode"),
    cac("DocumentReference"),
];

const LINE_RESPONSE: &[Name<'static>] = &[cac("LineReference"), cac("Response")];

const LOCATION: &[Name<'static>] = &[
    cbc("ID"),
    cbc("Description"),
    cbc("Conditions"),
    cbc("CountrySubentity"),
    cbc("CountrySubentityCode"),
    cbc("LocationTypeCode"),
    cbc("InformationURI"),
    cbc("Name"),
    cac("ValidityPeriod"),
    cac("Address"),
    cac("SubsidiaryLocation"),
    cac("LocationCoordinate"),
];

const MONETARY_TOTAL: &[Name<'static>] = &[
    cbc("LineExtensionAmount"),
    cbc("TaxExclusiveAmount"),
    cbc("TaxInclusiveAmount"),
    cbc("AllowanceTotalAmount"),
    cbc("ChargeTotalAmount"),
    cbc("PrepaidAmount"),
    cbc("PayableRoundingAmount"),
    cbc("PayableAmount"),
    cbc("PayableAlternativeAmount"),
];

const ORDER_LINE: &[Name<'static>] = &[
    cbc("SubstitutionStatusCode"),
    cbc("Note"),
    cac("LineItem"),
    cac("SellerProposedSubstituteLineItem"),
    cac("SellerSubstitutedLineItem"),
    cac("BuyerProposedSubstituteLineItem"),
    cac("CatalogueLineReference"),
    cac("QuotationLineReference"),
    cac("OrderLineReference"),
    cac("DocumentReference"),
];

const ORDER_LINE_REFERENCE: &[Name<'static>] = &[
    cbc("LineID"),
    cbc("SalesOrderLineID"),
    cbc("UUID"),
    cbc("LineStatusCode"),
    cac("OrderReference"),
];

const ORDER_REFERENCE: &[Name<'static>] = &[
    cbc("ID"),
    cbc("SalesOrderID"),
    cbc("CopyIndicator"),
    cbc("UUID"),
    cbc("IssueDate"),
    cbc("IssueTime"),
    cbc("CustomerReference"),
    cbc("OrderTypeCode"),
    cac("DocumentReference"),
];

const PARTY: &[Name<'static>] = &[
    cbc("MarkCareIndicator"),
    cbc("MarkAttentionIndicator"),
    cbc("WebsiteURI"),
    cbc("LogoReferenceID"),
    cbc("EndpointID"),
    cbc("IndustryClassificationCode"),
    cac("PartyIdentification"),
    cac("PartyName"),
    cac("Language"),
    cac("PostalAddress"),
    cac("PhysicalLocation"),
    cac("PartyTaxScheme"),
    cac("PartyLegalEntity"),
    cac("Contact"),
    cac("Person"),
    cac("AgentParty"),
    cac("ServiceProviderParty"),
    cac("PowerOfAttorney"),
    cac("FinancialAccount"),
];

const PARTY_IDENTIFICATION: &[Name<'static>] = &[cbc("ID")];

const PARTY_LEGAL_ENTITY: &[Name<'static>] = &[
    cbc("RegistrationName"),
    cbc("CompanyID"),
    cbc("RegistrationDate"),
    cbc("RegistrationExpirationDate"),
    cbc("CompanyLegalFormCode"),
    cbc("CompanyLegalForm"),
    cbc("SoleProprietorshipIndicator"),
    cbc("CompanyLiquidationStatusCode"),
    cbc("CorporateStockAmount"),
    cbc("FullyPaidSharesIndicator"),
    cac("RegistrationAddress"),
    cac("CorporateRegistrationScheme"),
    cac("HeadOfficeParty"),
    cac("ShareholderParty"),
];

const PARTY_NAME: &[Name<'static>] = &[cbc("Name")];

const PARTY_TAX_SCHEME: &[Name<'static>] = &[
    cbc("RegistrationName"),
    cbc("CompanyID"),
    cbc("TaxLevelCode"),
    cbc("ExemptionReasonCode"),
    cbc("ExemptionReason"),
    cac("RegistrationAddress"),
    cac("TaxScheme"),
];

const PERIOD: &[Name<'static>] = &[
    cbc("StartDate"),
    cbc("StartTime"),
    cbc("EndDate"),
    cbc("EndTime"),
    cbc("DurationMeasure"),
    cbc("DescriptionCode"),
    cbc("Description"),
];

const PERSON: &[Name<'static>] = &[
    cbc("ID"),
    cbc("FirstName"),
    cbc("FamilyName"),
    cbc("Title"),
    cbc("MiddleName"),
    cbc("OtherName"),
    cbc("NameSuffix"),
    cbc("JobTitle"),
    cbc("NationalityID"),
    cbc("GenderCode"),
    cbc("BirthDate"),
    cbc("BirthplaceName"),
    cbc("OrganizationDepartment"),
    cac("Contact"),
    cac("FinancialAccount"),
    cac("IdentityDocumentReference"),
    cac("ResidenceAddress"),
];

const PRICE: &[Name<'static>] = &[
    cbc("PriceAmount"),
    cbc("BaseQuantity"),
    cbc("PriceChangeReason"),
    cbc("PriceTypeCode"),
    cbc("PriceType"),
    cbc("OrderableUnitFactorRate"),
    cac("ValidityPeriod"),
    cac("PriceList"),
    cac("AllowanceCharge"),
    cac("PricingExchangeRate"),
];

const RESPONSE: &[Name<'static>] = &[
    cbc("ReferenceID"),
    cbc("ResponseCode"),
    cbc("Description"),
    cbc("EffectiveDate"),
    cbc("EffectiveTime"),
    cac("Status"),
];

const SHIPMENT: &[Name<'static>] = &[
    cbc("ID"),
    cbc("ShippingPriorityLevelCode"),
    cbc("HandlingCode"),
    cbc("HandlingInstructions"),
    cbc("Information"),
    cbc("GrossWeightMeasure"),
    cbc("NetWeightMeasure"),
    cbc("NetNetWeightMeasure"),
    cbc("GrossVolumeMeasure"),
    cbc("NetVolumeMeasure"),
    cbc("TotalGoodsItemQuantity"),
    cbc("TotalTransportHandlingUnitQuantity"),
    cbc("InsuranceValueAmount"),
    cbc("DeclaredCustomsValueAmount"),
    cbc("DeclaredForCarriageValueAmount"),
    cbc("DeclaredStatisticsValueAmount"),
    cbc("FreeOnBoardValueAmount"),
    cbc("SpecialInstructions"),
    cbc("DeliveryInstructions"),
    cbc("SplitConsignmentIndicator"),
    cbc("ConsignmentQuantity"),
    cac("Consignment"),
    cac("GoodsItem"),
    cac("ShipmentStage"),
    cac("Delivery"),
    cac("TransportHandlingUnit"),
    cac("ReturnAddress"),
    cac("OriginAddress"),
    cac("FirstArrivalPortLocation"),
    cac("LastExitPortLocation"),
    cac("ExportCountry"),
    cac("FreightAllowanceCharge"),
];

const SUPPLIER_PARTY: &[Name<'static>] = &[
    cbc("CustomerAssignedAccountID"),
    cbc("AdditionalAccountID"),
    cbc("DataSendingCapability"),
    cac("Party"),
    cac("DespatchContact"),
    cac("AccountingContact"),
    cac("SellerContact"),
];

const TAX_SCHEME: &[Name<'static>] = &[
    cbc("ID"),
    cbc("Name"),
    cbc("TaxTypeCode"),
    cbc("CurrencyCode"),
    cac("JurisdictionRegionAddress"),
];

const TAX_TOTAL: &[Name<'static>] = &[
    cbc("TaxAmount"),
    cbc("RoundingAmount"),
    cbc("TaxEvidenceIndicator"),
    cbc("TaxIncludedIndicator"),
    cac("TaxSubtotal"),
];

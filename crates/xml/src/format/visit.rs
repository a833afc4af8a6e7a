//! Visits, with the pages and searches in them.

use ecrm_core::{Channel, Code, PageView, Search, Visit};

use super::parts::own;
use crate::values::{
    optional_text, read_instant, required, required_text, write_attribute, write_instant, write_optional_text,
    write_text,
};
use crate::{Element, Name, Writer, XmlError, XmlForm};

const PATH: Name<'static> = own("path");
const QUERY: Name<'static> = own("query");
const REFERRER: Name<'static> = own("referrer");
const SECTION: Name<'static> = own("section");

impl XmlForm for Visit {
    const NAME: Name<'static> = own("visit");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "channel", self.channel().code());
        write_optional_text(writer, REFERRER, self.referrer());
        for page in self.pages() {
            page.write(writer);
        }
        for search in self.searches() {
            search.write(writer);
        }
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let mut visit = Self::new(required(element, "channel", Channel::from_code)?);
        if let Some(referrer) = optional_text(element, REFERRER)? {
            visit = visit.with_referrer(referrer);
        }
        for page in element.all(PageView::NAME) {
            visit = visit.with_page(PageView::read(&page)?);
        }
        for search in element.all(Search::NAME) {
            visit = visit.with_search(Search::read(&search)?);
        }
        Ok(visit)
    }
}

impl XmlForm for PageView {
    const NAME: Name<'static> = own("page");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "at", write_instant(self.at()));
        write_text(writer, PATH, self.path());
        write_optional_text(writer, SECTION, self.section());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let page = Self::new(required_text(element, PATH)?, required(element, "at", read_instant)?);
        Ok(match optional_text(element, SECTION)? {
            Some(section) => page.in_section(section),
            None => page,
        })
    }
}

impl XmlForm for Search {
    const NAME: Name<'static> = own("search");

    fn write(&self, writer: &mut Writer<'_>) {
        writer.start(Self::NAME);
        write_attribute(writer, "at", write_instant(self.at()));
        write_attribute(writer, "results", self.results());
        write_text(writer, QUERY, self.query());
        writer.end();
    }

    fn read(element: &Element<'_>) -> Result<Self, XmlError> {
        let query = required_text(element, QUERY)?;
        let results = required(element, "results", str::parse)?;
        Ok(Self::new(query, results, required(element, "at", read_instant)?))
    }
}

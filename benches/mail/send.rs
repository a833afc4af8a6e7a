pub(crate) fn run(_: u16) {}

//! Names of files that are safe on every file system, from titles that anybody may have chosen.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use factify_core::DocumentId;
use factify_core::documents::SourceFormat;

use crate::output::is_hidden;

/// The maximum length of a name, in bytes. File systems allow 255; an id, an extension and the mark of a part need space.
const MAX_BYTES: usize = 180;

/// The names that Windows reserves for devices, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];
const NUMBERED_DEVICES: [&str; 2] = ["com", "lpt"];

/// The extension of a format.
fn extension(format: Option<&SourceFormat>) -> &'static str {
    match format {
        Some(SourceFormat::Pdf) => "pdf",
        Some(SourceFormat::Docx) => "docx",
        Some(SourceFormat::Xlsx) => "xlsx",
        Some(SourceFormat::Csv) => "csv",
        Some(SourceFormat::Markdown) => "md",
        _ => "bin",
    }
}

/// The names of one run. No two are the same, even if the file system ignores case.
#[derive(Default)]
pub(super) struct Names {
    taken: Mutex<HashSet<String>>,
    /// Whether each name has the id, so that it is the same in each run.
    with_ids: bool,
}

impl Names {
    pub(super) fn new(with_ids: bool) -> Self {
        let taken = Mutex::default();
        Self { taken, with_ids }
    }

    /// A name for a document. The second document with the same name gets its id into its name.
    pub(super) fn name(
        &self,
        document: DocumentId,
        title: &str,
        format: Option<&SourceFormat>,
    ) -> String {
        let extension = extension(format);
        let mut stem = safe(title);
        let end = stem.len().saturating_sub(extension.len() + 1);
        let has_extension = stem.get(end..).is_some_and(|end| {
            end.strip_prefix('.')
                .is_some_and(|end| end.eq_ignore_ascii_case(extension))
        });
        if has_extension && end > 0 {
            stem.truncate(end);
        }
        if stem.is_empty() {
            stem = document.to_string();
        }
        let name = format!("{stem}.{extension}");
        if !self.with_ids && self.take(&name) {
            return name;
        }
        // An id is unique.
        format!("{stem}.{document}.{extension}")
    }

    fn take(&self, name: &str) -> bool {
        let mut names = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        names.insert(name.to_lowercase())
    }
}

/// The title without what could leave the directory, hide the file, look like an option, or be refused by a file
/// system.
fn safe(title: &str) -> String {
    let mut name = String::new();
    for symbol in title.trim().chars() {
        let is_refused = is_hidden(symbol) || r#"/\:*?"<>|"#.contains(symbol);
        let symbol = if is_refused { '_' } else { symbol };
        if name.len() + symbol.len_utf8() > MAX_BYTES {
            break;
        }
        name.push(symbol);
    }
    // Windows removes them.
    name.truncate(name.trim_end_matches(['.', ' ']).len());
    let is_special = name.starts_with(['.', '-', '~']) || is_device(&name);
    if is_special {
        name.insert(0, '_');
    }
    name
}

fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or_default();
    let base = base.trim_end().to_lowercase();
    let is_numbered = || {
        let mut symbols = base.chars();
        let number = symbols.next_back();
        number.is_some_and(|it| matches!(it, '0'..='9' | '¹' | '²' | '³'))
            && NUMBERED_DEVICES.contains(&symbols.as_str())
    };
    DEVICES.contains(&base.as_str()) || is_numbered()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "doc_01h2xcejqtf2nbrexx3vqjhp41";
    const OTHER: &str = "doc_01h2xcejqtf2nbrexx3vqjhp42";

    #[test]
    fn a_name_is_safe_on_every_file_system() {
        let long = "ü".repeat(255);
        let cut = format!("{}.pdf", "ü".repeat(90));
        for (title, expected) in [
            ("Report", "Report.pdf"),
            ("Report.pdf", "Report.pdf"),
            ("Report.PDF", "Report.pdf"),
            ("Report 1.5", "Report 1.5.pdf"),
            (".pdf", "_.pdf"),
            ("  Report  ", "Report.pdf"),
            ("../../etc/passwd", "_.._.._etc_passwd.pdf"),
            ("/etc/passwd", "_etc_passwd.pdf"),
            (r"C:\boot.ini", "C__boot.ini.pdf"),
            ("..", "doc_01h2xcejqtf2nbrexx3vqjhp41.pdf"),
            ("...", "doc_01h2xcejqtf2nbrexx3vqjhp41.pdf"),
            (" ", "doc_01h2xcejqtf2nbrexx3vqjhp41.pdf"),
            (".bashrc", "_.bashrc.pdf"),
            ("-rf", "_-rf.pdf"),
            ("~", "_~.pdf"),
            ("a\0b\nc\u{1b}[31m", "a_b_c_[31m.pdf"),
            ("gpj\u{202e}exe", "gpj_exe.pdf"),
            ("CON", "_CON.pdf"),
            ("nul.txt", "_nul.txt.pdf"),
            ("com1", "_com1.pdf"),
            ("LPT²", "_LPT².pdf"),
            ("console", "console.pdf"),
            ("Ends. . ", "Ends.pdf"),
            ("年次報告書", "年次報告書.pdf"),
            (&long, &cut),
        ] {
            let names = Names::default();
            let id = DocumentId::literal(ID);
            let name = names.name(id, title, Some(&SourceFormat::Pdf));
            assert_eq!(name, expected, "{title:?}");
        }
    }

    #[test]
    fn documents_with_the_same_title_have_different_names() {
        let names = Names::default();
        let format = Some(&SourceFormat::Csv);
        let (one, other) = (DocumentId::literal(ID), DocumentId::literal(OTHER));
        assert_eq!(names.name(one, "Sales", format), "Sales.csv");
        assert_eq!(
            names.name(other, "SALES", format),
            format!("SALES.{OTHER}.csv")
        );
    }

    #[test]
    fn the_extension_is_that_of_the_format() {
        for (format, expected) in [
            (Some(SourceFormat::Docx), "a.docx"),
            (Some(SourceFormat::Xlsx), "a.xlsx"),
            (Some(SourceFormat::Markdown), "a.md"),
            (None, "a.bin"),
        ] {
            let name = Names::default().name(DocumentId::literal(ID), "a", format.as_ref());
            assert_eq!(name, expected);
        }
    }
}
